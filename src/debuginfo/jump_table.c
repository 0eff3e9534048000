/*
 * Where the kernel's static keys may make a function jump to: no instruction of the file shows it. An entry of the table
 * between __start___jump_table and __stop___jump_table is code, target (4 bytes each, counted from the place of the number
 * itself) and key (8): CONFIG_HAVE_ARCH_JUMP_LABEL_RELATIVE, include/linux/jump_label.h, x86 and arm64 since 4.19. Before,
 * three addresses of 8 bytes each.
 */
#include "debuginfo/check.h"
#include "debuginfo/parts.h"
#include "debuginfo/variables.h"

#include <string.h>

enum { RELATIVE_ENTRY = 16, ABSOLUTE_ENTRY = 24 };

static const struct jump_table *find_table(struct debuginfo *debuginfo)
{
	static const char *const names[] = { "__start___jump_table", "__stop___jump_table" };
	struct jump_table *table = &debuginfo->jump_table;
	uint64_t bounds[2] = { 0 };

	if (table->looked_for)
		return table;
	table->looked_for = true;
	if (debuginfo_symbols_named(debuginfo, names, 2, bounds) != 2 || bounds[1] <= bounds[0])
		return table;
	table->begin = bounds[0];
	table->length = bounds[1] - bounds[0];
	table->bytes = file_bytes(debuginfo, table->begin, table->length);
	return table;
}

static uint64_t relative(const struct jump_table *table, size_t at)
{
	int32_t distance;

	memcpy(&distance, table->bytes + at, sizeof distance);
	return table->begin + at + (uint64_t)(int64_t)distance;
}

static uint64_t absolute(struct debuginfo *debuginfo, const struct jump_table *table, size_t at)
{
	uint64_t address;

	memcpy(&address, table->bytes + at, sizeof address);
	return address + (debuginfo->wanted.has_kaslr_offset ? debuginfo->wanted.kaslr_offset : 0);
}

static bool jumps_of_kernel(struct debuginfo *debuginfo, struct code_places *jumps)
{
	const struct jump_table *table = find_table(debuginfo);
	struct debuginfo_function function;

	if (!table->length)
		return true;
	if (!table->bytes)
		return false;
	bool is_relative =
		table->length >= RELATIVE_ENTRY && debuginfo_function_at(debuginfo, relative(table, 0), &function);
	size_t entry = is_relative ? RELATIVE_ENTRY : ABSOLUTE_ENTRY;
	for (size_t at = 0; at + entry <= table->length; at += entry) {
		uint64_t code = is_relative ? relative(table, at) : absolute(debuginfo, table, at);
		uint64_t target = is_relative ? relative(table, at + 4) : absolute(debuginfo, table, at + 8);
		if (!code_places_add(jumps, code, target))
			return false;
	}
	return true;
}

/* Entries that libdwfl has relocated in place, as it does with addresses. */
static bool absolute_jumps(Elf_Scn *section, struct code_places *jumps)
{
	Elf_Data *data = libdw.elf_getdata(section, NULL);
	uint64_t entry[ABSOLUTE_ENTRY / sizeof(uint64_t)];

	if (!data || !data->d_buf)
		return false;
	for (size_t at = 0; at + ABSOLUTE_ENTRY <= data->d_size; at += ABSOLUTE_ENTRY) {
		memcpy(entry, (const char *)data->d_buf + at, sizeof entry);
		if (!code_places_add(jumps, entry[0], entry[1]))
			return false;
	}
	return true;
}

struct relative_entries {
	struct code_places *jumps;
	uint64_t code; /* of the entry that is read */
};

/* Numbers that count from their own place are left as relocations. */
static bool take_relative(void *state, const struct module_relocation *relocation)
{
	struct relative_entries *entries = state;

	if (relocation->offset % RELATIVE_ENTRY == 0)
		entries->code = relocation->value;
	return relocation->offset % RELATIVE_ENTRY != 4 || code_places_add(entries->jumps, entries->code, relocation->value);
}

/* Of a module, which is not linked, the one or the other: what is none of it does not lie in the code. */
static bool jumps_of_module(Dwfl_Module *module, struct code_places *jumps)
{
	struct relative_entries entries = { jumps, 0 };
	GElf_Addr bias;
	GElf_Shdr shdr;
	Elf *elf = libdw.dwfl_module_getelf(module, &bias);
	Elf_Scn *table = elf ? elf_file_section(elf, "__jump_table", &shdr) : NULL;

	if (!table)
		return elf != NULL;
	if (shdr.sh_type != SHT_PROGBITS || !absolute_jumps(table, jumps))
		return false;
	Elf_Scn *relocations = elf_file_section(elf, ".rela__jump_table", &shdr);
	return relocations && shdr.sh_type == SHT_RELA && module_relocations(module, relocations, take_relative, &entries);
}

bool debuginfo_jumps(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, uint64_t *targets, size_t most,
		     size_t *count)
{
	struct code_places jumps = { begin, end, targets, most, 0 };
	Dwfl_Module *module = module_at(debuginfo, begin);
	bool known = module &&
		     (module == debuginfo->kernel ? jumps_of_kernel(debuginfo, &jumps) : jumps_of_module(module, &jumps));

	*count = jumps.count;
	return known;
}
