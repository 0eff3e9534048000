/* Types by name: a walk over the compilation units, and a hash table of what it met. */
#include "debuginfo/type_table.h"

#include <dwarf.h>
#include <stdlib.h>

enum {
	SPACE_FIRST = 1 << 12,
	ENTRIES_MOST = 1 << 20 /* of a distribution's kernel: 60000 */
};

enum kind { STRUCTURE = 1, ENUMERATOR };

struct entry {
	const char *name; /* in the file's own strings */
	uint64_t value;   /* of a structure, where its DIE lies in .debug_info */
	enum kind kind;   /* 0: the entry is free */
};

struct type_table {
	Dwarf *dwarf;   /* NULL: it has none */
	Dwarf_Off next; /* the unit that has not been walked over */
	bool whole;     /* there is no other, or no memory for more */
	struct entry *entries;
	size_t count, space; /* space is a power of two */
};

static struct entry *find(const struct type_table *table, enum kind kind, const char *name)
{
	size_t at = (size_t)text_hash(TEXT_HASH_START, text_from(name));

	for (;; at++) {
		struct entry *entry = &table->entries[at & (table->space - 1)];
		if (!entry->kind || (entry->kind == kind && strcmp(entry->name, name) == 0))
			return entry;
	}
}

static bool grow(struct type_table *table)
{
	struct type_table larger = { .space = table->space ? table->space * 2 : SPACE_FIRST };

	larger.entries = table->count < ENTRIES_MOST ? calloc(larger.space, sizeof *larger.entries) : NULL;
	if (!larger.entries)
		return false;
	for (size_t i = 0; i < table->space; i++)
		if (table->entries[i].kind)
			*find(&larger, table->entries[i].kind, table->entries[i].name) = table->entries[i];
	free(table->entries);
	table->entries = larger.entries;
	table->space = larger.space;
	return true;
}

/* The first of a name stays. */
static void add(struct type_table *table, enum kind kind, const char *name, uint64_t value)
{
	if (table->count >= table->space / 2 && !grow(table)) {
		table->whole = true;
		return;
	}
	struct entry *entry = find(table, kind, name);
	if (entry->kind)
		return;
	*entry = (struct entry){ name, value, kind };
	table->count++;
}

bool type_sibling(Dwarf_Die *die)
{
	Dwarf_Off before = libdw.dwarf_dieoffset(die);

	return libdw.dwarf_siblingof(die, die) == 0 && libdw.dwarf_dieoffset(die) > before;
}

static bool number(Dwarf_Die *die, unsigned int name, Dwarf_Word *value)
{
	Dwarf_Attribute attribute;

	return libdw.dwarf_formudata(libdw.dwarf_attr(die, name, &attribute), value) == 0;
}

static void add_enumerators(struct type_table *table, Dwarf_Die *enumeration)
{
	Dwarf_Word bytes, value;
	Dwarf_Die die;

	if (libdw.dwarf_child(enumeration, &die) != 0 || !number(enumeration, DW_AT_byte_size, &bytes))
		return;
	do {
		const char *name = libdw.dwarf_diename(&die);
		if (name && libdw.dwarf_tag(&die) == DW_TAG_enumerator && number(&die, DW_AT_const_value, &value))
			add(table, ENUMERATOR, name, bytes < 8 ? value & ((UINT64_C(1) << 8 * bytes) - 1) : value);
	} while (!table->whole && type_sibling(&die));
}

static void add_structure(struct type_table *table, Dwarf_Die *die)
{
	const char *name = libdw.dwarf_diename(die);
	Dwarf_Attribute attribute;

	if (name && !libdw.dwarf_attr(die, DW_AT_declaration, &attribute))
		add(table, STRUCTURE, name, libdw.dwarf_dieoffset(die));
}

/* The types of C lie on the level below the unit, whatever they are nested in. */
static void walk_unit(struct type_table *table, Dwarf_Off at)
{
	Dwarf_Die die;

	if (!libdw.dwarf_offdie(table->dwarf, at, &die) || libdw.dwarf_child(&die, &die) != 0)
		return;
	do {
		switch (libdw.dwarf_tag(&die)) {
		case DW_TAG_structure_type:
		case DW_TAG_union_type:
			add_structure(table, &die);
			break;
		case DW_TAG_enumeration_type:
			add_enumerators(table, &die);
			break;
		default:
			break;
		}
	} while (!table->whole && type_sibling(&die));
}

static void walk_next(struct type_table *table)
{
	Dwarf_Off at = table->next;
	size_t header;

	if (libdw.dwarf_nextcu(table->dwarf, at, &table->next, &header, NULL, NULL, NULL) != 0 || table->next <= at)
		table->whole = true;
	else
		walk_unit(table, at + header);
}

/* NULL: out of memory. */
static struct type_table *table_of(struct debuginfo *debuginfo)
{
	Dwarf_Addr bias;

	if (debuginfo->types)
		return debuginfo->types;
	struct type_table *table = calloc(1, sizeof *table);
	if (!table)
		return NULL;
	table->dwarf = libdw.dwfl_module_getdwarf(debuginfo->kernel, &bias);
	table->whole = !table->dwarf || !grow(table);
	debuginfo->types = table;
	return table;
}

static bool look_up(struct debuginfo *debuginfo, enum kind kind, const char *name, uint64_t *value)
{
	struct type_table *table = table_of(debuginfo);

	while (table && table->space) {
		const struct entry *entry = find(table, kind, name);
		*value = entry->value;
		if (entry->kind || table->whole)
			return entry->kind;
		walk_next(table);
	}
	return false;
}

bool type_table_structure(struct debuginfo *debuginfo, const char *name, Dwarf_Die *structure)
{
	uint64_t at;

	return look_up(debuginfo, STRUCTURE, name, &at) &&
	       libdw.dwarf_offdie(debuginfo->types->dwarf, at, structure) != NULL;
}

bool type_table_enumerator(struct debuginfo *debuginfo, const char *name, uint64_t *value)
{
	return look_up(debuginfo, ENUMERATOR, name, value);
}

void type_table_free(struct type_table *table)
{
	if (!table)
		return;
	free(table->entries);
	free(table);
}
