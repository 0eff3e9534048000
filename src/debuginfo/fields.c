/* What lies at an offset within a structure: the members' names, down to the one that begins there. */
#include "debuginfo/parts.h"
#include "debuginfo/variables.h"

#include <dwarf.h>

enum { LEVELS_MOST = 16 };

/* A type is handed out as a pointer to its entry. */
static Dwarf_Die *entry(const struct debuginfo_type *type)
{
	return (Dwarf_Die *)(uintptr_t)type;
}

static bool is_structure(Dwarf_Die *die)
{
	int tag = libdw.dwarf_tag(die);

	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

const struct debuginfo_type *structure_of(struct debuginfo *debuginfo, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die peeled;
	bool declared = false;

	if (libdw.dwarf_peel_type(die, &peeled) != 0 || !is_structure(&peeled))
		return NULL;
	if (libdw.dwarf_formflag(libdw.dwarf_attr(&peeled, DW_AT_declaration, &attribute), &declared) == 0 && declared)
		return NULL;
	/* The name of an anonymous structure is that of its typedef. */
	Dwarf_Die *kept = arena_alloc(&debuginfo->arena, sizeof *kept);
	if (kept)
		*kept = libdw.dwarf_diename(&peeled) ? peeled : *die;
	return (const struct debuginfo_type *)kept;
}

static struct text structure_name(struct debuginfo *debuginfo, Dwarf_Die *named, Dwarf_Die *peeled)
{
	const char *name = libdw.dwarf_diename(named);

	if (!name)
		return TEXT_NONE;
	if (libdw.dwarf_tag(named) == DW_TAG_typedef)
		return text_from(name);
	return arena_print(&debuginfo->arena, "%s %s", libdw.dwarf_tag(peeled) == DW_TAG_union_type ? "union" : "struct",
			   name);
}

static bool offset_of(Dwarf_Die *member, uint64_t *offset)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number;

	*offset = 0; /* a union's members have none */
	if (!libdw.dwarf_attr(member, DW_AT_data_member_location, &attribute))
		return !libdw.dwarf_attr(member, DW_AT_data_bit_offset, &attribute) &&
		       !libdw.dwarf_attr(member, DW_AT_bit_size, &attribute);
	if (libdw.dwarf_formudata(&attribute, &number) != 0)
		return false;
	*offset = number;
	return true;
}

static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Attribute attribute;

	return libdw.dwarf_formref_die(libdw.dwarf_attr_integrate(die, DW_AT_type, &attribute), type) &&
	       libdw.dwarf_peel_type(type, type) == 0;
}

/* How many members cover the offset, and the last of them. Bit-fields share their bytes: none of them is known to be meant.
 */
static size_t members_at(Dwarf_Die *structure, uint64_t offset, Dwarf_Die *found, Dwarf_Die *found_type, uint64_t *begin)
{
	Dwarf_Die child, type;
	Dwarf_Word size;
	uint64_t at;
	size_t count = 0;

	if (libdw.dwarf_child(structure, &child) != 0)
		return 0;
	do {
		if (libdw.dwarf_tag(&child) != DW_TAG_member || !offset_of(&child, &at) || !type_of(&child, &type) ||
		    libdw.dwarf_aggregate_size(&type, &size) != 0 || offset < at || offset - at >= size)
			continue;
		*found = child;
		*found_type = type;
		*begin = at;
		count++;
	} while (libdw.dwarf_siblingof(&child, &child) == 0);
	return count;
}

/* Of several dimensions, the element's type is the last one's: its place in the others would have to be told too. */
static bool has_dimensions(Dwarf_Die *array)
{
	Dwarf_Die child;
	size_t count = 0;

	if (libdw.dwarf_child(array, &child) != 0)
		return false;
	do {
		count += libdw.dwarf_tag(&child) == DW_TAG_subrange_type;
	} while (libdw.dwarf_siblingof(&child, &child) == 0);
	return count > 1;
}

/* Of an array, the element that the offset falls into; the type becomes the element's. False: it cannot be said. */
static bool enter_array(struct debuginfo *debuginfo, Dwarf_Die *type, uint64_t *offset, struct text *path)
{
	Dwarf_Word size;
	Dwarf_Die element;

	if (has_dimensions(type) || !type_of(type, &element) || libdw.dwarf_aggregate_size(&element, &size) != 0 || !size)
		return false;
	*path = arena_print(&debuginfo->arena, "%.*s[%llu]", TEXT_ARGS(*path), (unsigned long long)(*offset / size));
	*offset %= size;
	*type = element;
	return true;
}

/* Goes one member down, if there is one that it must be. False: here it ends. */
static bool go_down(struct debuginfo *debuginfo, Dwarf_Die *type, uint64_t *offset, struct debuginfo_field *field,
		    Dwarf_Die *member, bool *several)
{
	Dwarf_Die found, found_type;
	uint64_t begin;

	size_t members = members_at(type, *offset, &found, &found_type, &begin);

	*several = members > 1;
	if (members != 1)
		return false;
	const char *name = libdw.dwarf_diename(&found);
	if (name && field->path.length)
		field->path = arena_print(&debuginfo->arena, "%.*s.%s", TEXT_ARGS(field->path), name);
	else if (name)
		field->path = text_from(name);
	*offset -= begin;
	*member = found;
	*type = found_type;
	while (libdw.dwarf_tag(type) == DW_TAG_array_type)
		if (!enter_array(debuginfo, type, offset, &field->path))
			return false;
	return name ? *offset > 0 && is_structure(type) : is_structure(type);
}

bool debuginfo_field(struct debuginfo *debuginfo, const struct debuginfo_type *structure, uint64_t offset,
		     struct debuginfo_field *field)
{
	Dwarf_Die type, member = { 0 };
	Dwarf_Word size;
	bool several = false;

	*field = (struct debuginfo_field){ 0 };
	if (!structure || libdw.dwarf_peel_type(entry(structure), &type) != 0 ||
	    libdw.dwarf_aggregate_size(&type, &size) != 0 || offset >= size)
		return false;
	field->structure = structure_name(debuginfo, entry(structure), &type);
	if (!field->structure.length)
		return false;
	uint64_t rest = offset;
	for (int level = 0; level < LEVELS_MOST; level++)
		if (!go_down(debuginfo, &type, &rest, field, &member, &several))
			break;
	field->exact = field->path.length && !rest;
	field->may_be_structure = several || (!rest && is_structure(&type));
	if (field->exact && libdw.dwarf_tag(&type) == DW_TAG_pointer_type)
		field->to = pointed_to(debuginfo, &member);
	return true;
}
