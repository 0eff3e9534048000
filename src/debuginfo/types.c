/* Where members lie, by DWARF 2 to 5. What is asked for is what BTF answers too: stacks/types.h. */
#include "debuginfo/type_table.h"

#include <dwarf.h>

enum {
	POINTER_BYTES = 8,
	NESTED_MOST = 16,     /* anonymous structures within each other, typedefs of typedefs, names in a path */
	LOOKED_MOST = 1 << 17 /* members that one search looks at, all told */
};

static bool number(Dwarf_Die *die, unsigned int name, uint64_t *value)
{
	Dwarf_Attribute attribute;
	Dwarf_Word word;

	if (libdw.dwarf_formudata(libdw.dwarf_attr(die, name, &attribute), &word) != 0)
		return false;
	*value = word;
	return true;
}

/* The type of a member, of elements, of what a typedef stands for: behind typedefs and qualifiers. */
static bool type_of(Dwarf_Die *die, Dwarf_Die *type)
{
	Dwarf_Die at = *die;

	for (int i = 0; i < NESTED_MOST; i++) {
		Dwarf_Attribute attribute;
		if (!libdw.dwarf_formref_die(libdw.dwarf_attr(&at, DW_AT_type, &attribute), type))
			return false;
		switch (libdw.dwarf_tag(type)) {
		case DW_TAG_typedef:
		case DW_TAG_const_type:
		case DW_TAG_volatile_type:
		case DW_TAG_restrict_type:
		case DW_TAG_atomic_type:
			at = *type;
			break;
		default:
			return true;
		}
	}
	return false;
}

/* How many there are in a dimension of an array; 0 where its declaration does not say: "[]". */
static uint64_t dimension(Dwarf_Die *range)
{
	uint64_t value;

	if (number(range, DW_AT_count, &value))
		return value;
	return number(range, DW_AT_upper_bound, &value) ? value + 1 : 0;
}

/* How many elements an array has: of several dimensions, all of them, as pahole(1) writes BTF. */
static bool element_count(Dwarf_Die *array, uint64_t *elements)
{
	Dwarf_Die die;
	int count = 0;

	*elements = 1;
	if (libdw.dwarf_child(array, &die) != 0)
		return false;
	do {
		if (libdw.dwarf_tag(&die) == DW_TAG_subrange_type) {
			*elements *= dimension(&die);
			count++;
		}
	} while (count < NESTED_MOST && type_sibling(&die));
	return count > 0;
}

static uint64_t size_of(Dwarf_Die *type, int depth)
{
	uint64_t size, count;
	Dwarf_Die element;

	switch (libdw.dwarf_tag(type)) {
	case DW_TAG_array_type:
		if (depth == NESTED_MOST || !element_count(type, &count) || !type_of(type, &element))
			return 0;
		return count * size_of(&element, depth + 1);
	case DW_TAG_pointer_type:
		return number(type, DW_AT_byte_size, &size) ? size : POINTER_BYTES;
	case DW_TAG_base_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
		return number(type, DW_AT_byte_size, &size) ? size : 0;
	default:
		return 0;
	}
}

static bool is_structure(Dwarf_Die *type)
{
	int tag = libdw.dwarf_tag(type);

	return tag == DW_TAG_structure_type || tag == DW_TAG_union_type;
}

/* A member found, its offset in bits. */
struct place {
	Dwarf_Die member;
	uint64_t bits;
	bool is_bitfield;
};

/* A number, or, of DWARF 2, an expression that adds one. Members of a union have neither. */
static bool byte_offset(Dwarf_Die *member, uint64_t *offset)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *operations;
	size_t count;

	*offset = 0;
	if (!libdw.dwarf_attr(member, DW_AT_data_member_location, &attribute) ||
	    number(member, DW_AT_data_member_location, offset))
		return true;
	if (libdw.dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1 ||
	    operations[0].atom != DW_OP_plus_uconst)
		return false;
	*offset = operations[0].number;
	return true;
}

/*
 * Bit-fields: since DWARF 4, DW_AT_data_bit_offset counts from the structure's beginning. Before, DW_AT_bit_offset counts
 * from the highest bit of a unit of storage, the lowest of which comes first on the little-endian machines that are
 * examined.
 */
static bool locate(Dwarf_Die *member, struct place *place)
{
	uint64_t offset, width = 0, from, unit = 0;
	Dwarf_Die type;

	*place = (struct place){ .member = *member, .is_bitfield = number(member, DW_AT_bit_size, &width) };
	if (number(member, DW_AT_data_bit_offset, &place->bits))
		return true;
	if (!byte_offset(member, &offset))
		return false;
	place->bits = offset * 8;
	if (!place->is_bitfield || !number(member, DW_AT_bit_offset, &from))
		return true;
	if (!number(member, DW_AT_byte_size, &unit) && type_of(member, &type))
		unit = size_of(&type, 0);
	place->bits += unit * 8 - from - width;
	return true;
}

/* The member of that name, within anonymous structures too. *looked bounds what hostile nesting costs. */
static bool find_in(Dwarf_Die *structure, struct text name, int depth, uint32_t *looked, struct place *place)
{
	Dwarf_Die die, inner;

	if (libdw.dwarf_child(structure, &die) != 0)
		return false;
	do {
		if (libdw.dwarf_tag(&die) != DW_TAG_member)
			continue;
		const char *called = libdw.dwarf_diename(&die);
		if (called && text_is(name, called))
			return locate(&die, place);
		struct place outer;
		if (called || depth == NESTED_MOST || !type_of(&die, &inner) || !is_structure(&inner) ||
		    !locate(&die, &outer))
			continue;
		if (find_in(&inner, name, depth + 1, looked, place)) {
			place->bits += outer.bits;
			return true;
		}
	} while (++*looked < LOOKED_MOST && type_sibling(&die));
	return false;
}

static bool find_path(struct debuginfo *debuginfo, const char *structure, const char *path, struct place *found)
{
	struct text rest = text_from(path);
	uint64_t bits = 0;
	Dwarf_Die type;

	if (!type_table_structure(debuginfo, structure, &type))
		return false;
	for (int i = 0; i < NESTED_MOST; i++) {
		size_t dot = text_find_char(rest, '.');
		uint32_t looked = 0;
		if (!is_structure(&type) || !find_in(&type, text_first(rest, dot), 0, &looked, found))
			return false;
		found->bits += bits;
		bits = found->bits;
		if (dot == SIZE_MAX)
			return true;
		rest = text_from_offset(rest, dot + 1);
		if (!type_of(&found->member, &type))
			return false;
	}
	return false;
}

bool debuginfo_member(struct debuginfo *debuginfo, const char *structure, const char *path, struct debuginfo_member *member)
{
	struct place place;
	Dwarf_Die type;

	if (!find_path(debuginfo, structure, path, &place))
		return false;
	*member = (struct debuginfo_member){ .offset = place.bits / 8 };
	if (!place.is_bitfield && type_of(&place.member, &type))
		member->size = size_of(&type, 0);
	return true;
}

bool debuginfo_element(struct debuginfo *debuginfo, const char *structure, const char *path,
		       struct debuginfo_member *element, uint64_t *count)
{
	struct place place;
	Dwarf_Die array, type;

	if (!find_path(debuginfo, structure, path, &place) || !type_of(&place.member, &array) ||
	    libdw.dwarf_tag(&array) != DW_TAG_array_type || !element_count(&array, count) || !type_of(&array, &type))
		return false;
	*element = (struct debuginfo_member){ place.bits / 8, size_of(&type, 0) };
	return true;
}

bool debuginfo_enumerator(struct debuginfo *debuginfo, const char *name, uint64_t *value)
{
	return type_table_enumerator(debuginfo, name, value);
}

uint64_t debuginfo_structure_size(struct debuginfo *debuginfo, const char *structure)
{
	Dwarf_Die type;

	return type_table_structure(debuginfo, structure, &type) ? size_of(&type, 0) : 0;
}
