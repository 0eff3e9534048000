/* Variables by their DWARF locations: which register a pointer is in. */
#include "debuginfo/variables.h"

#include "debuginfo/parts.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* DW_OP_entry_value: the register that its own expression names. */
static bool read_entry(Dwarf_Attribute *attribute, const Dwarf_Op *operation, unsigned int *reg)
{
	Dwarf_Attribute inner;
	Dwarf_Op *operations;
	size_t count;

	if (libdw.dwarf_getlocation_attr(attribute, operation, &inner) != 0 ||
	    libdw.dwarf_getlocation(&inner, &operations, &count) != 0 || count != 1)
		return false;
	*reg = operations[0].atom - DW_OP_reg0;
	return operations[0].atom >= DW_OP_reg0 && operations[0].atom <= DW_OP_reg31;
}

/*
 * Operations as a register's content plus a number. Of a variable's location, DW_OP_stack_value must be their end: else the
 * variable lies in memory there; a call's value has none. What reads memory or comes in pieces is nothing that is known
 * here.
 */
static bool read_value(Dwarf_Attribute *attribute, const Dwarf_Op *operations, size_t count, bool is_location,
		       struct debuginfo_value *value)
{
	unsigned int first = count ? operations[0].atom : 0;

	*value = (struct debuginfo_value){ .kind = VALUE_REGISTER };
	if (first >= DW_OP_reg0 && first <= DW_OP_reg31) {
		value->reg = first - DW_OP_reg0;
		return count == 1;
	}
	if (first >= DW_OP_breg0 && first <= DW_OP_breg31) {
		value->reg = first - DW_OP_breg0;
		value->offset = (int64_t)operations[0].number;
	} else if (first == DW_OP_entry_value || first == DW_OP_GNU_entry_value) {
		value->kind = VALUE_AT_ENTRY;
		if (!read_entry(attribute, &operations[0], &value->reg))
			return false;
	} else {
		return false;
	}
	for (size_t i = 1; i < count; i++) {
		if (operations[i].atom == DW_OP_plus_uconst)
			value->offset += (int64_t)operations[i].number;
		else
			return is_location && operations[i].atom == DW_OP_stack_value && i + 1 == count;
	}
	return !is_location;
}

const struct debuginfo_type *pointed_to(struct debuginfo *debuginfo, Dwarf_Die *die)
{
	Dwarf_Attribute attribute;
	Dwarf_Die type, pointed;

	if (!libdw.dwarf_formref_die(libdw.dwarf_attr_integrate(die, DW_AT_type, &attribute), &type) ||
	    libdw.dwarf_peel_type(&type, &type) != 0 || libdw.dwarf_tag(&type) != DW_TAG_pointer_type ||
	    !libdw.dwarf_formref_die(libdw.dwarf_attr_integrate(&type, DW_AT_type, &attribute), &pointed))
		return NULL;
	return structure_of(debuginfo, &pointed);
}

static bool take_variable(struct debuginfo *debuginfo, Dwarf_Die *die, uint64_t address, struct debuginfo_pointer *pointer)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *operations;
	size_t count;
	int tag = libdw.dwarf_tag(die);

	if ((tag != DW_TAG_variable && tag != DW_TAG_formal_parameter) ||
	    !libdw.dwarf_attr(die, DW_AT_location, &attribute) ||
	    libdw.dwarf_getlocation_addr(&attribute, address, &operations, &count, 1) != 1 ||
	    !read_value(&attribute, operations, count, true, &pointer->value))
		return false;
	pointer->name = text_from(libdw.dwarf_diename(die));
	pointer->type = pointer->name.length ? pointed_to(debuginfo, die) : NULL;
	return pointer->type != NULL;
}

/* The function that the scope belongs to is the next one outwards that is one. */
static struct text function_of(Dwarf_Die *scopes, int count, int from)
{
	for (int i = from; i < count; i++) {
		int tag = libdw.dwarf_tag(&scopes[i]);
		if (tag == DW_TAG_inlined_subroutine || tag == DW_TAG_subprogram)
			return text_from(libdw.dwarf_diename(&scopes[i]));
	}
	return TEXT_NONE;
}

static size_t take_scope(struct debuginfo *debuginfo, Dwarf_Die *scope, uint64_t address, struct text function,
			 struct debuginfo_pointer *pointers, size_t most)
{
	Dwarf_Die child;
	size_t taken = 0;

	if (libdw.dwarf_child(scope, &child) != 0)
		return 0;
	do {
		if (taken == most || !take_variable(debuginfo, &child, address, &pointers[taken]))
			continue;
		pointers[taken++].function = function;
	} while (taken < most && libdw.dwarf_siblingof(&child, &child) == 0);
	return taken;
}

size_t debuginfo_pointers(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_pointer *pointers, size_t most)
{
	struct scopes scopes;
	size_t taken = 0;

	if (!scopes_at(debuginfo, address, &scopes))
		return 0;
	for (int i = 0; i < scopes.count && taken < most; i++) {
		struct text function = function_of(scopes.items, scopes.count, i);
		if (function.length)
			taken += take_scope(debuginfo, &scopes.items[i], address - scopes.bias, function, &pointers[taken],
					    most - taken);
	}
	free(scopes.items);
	return taken;
}

static bool is_call_site(Dwarf_Die *die, uint64_t address)
{
	Dwarf_Attribute attribute;
	Dwarf_Addr at;
	int tag = libdw.dwarf_tag(die);

	/* Before DWARF 5, GNU's: its low_pc is the address to return to, as DW_AT_call_return_pc is. */
	if (tag == DW_TAG_call_site)
		return libdw.dwarf_formaddr(libdw.dwarf_attr(die, DW_AT_call_return_pc, &attribute), &at) == 0 &&
		       at == address;
	return tag == DW_TAG_GNU_call_site &&
	       libdw.dwarf_formaddr(libdw.dwarf_attr(die, DW_AT_low_pc, &attribute), &at) == 0 && at == address;
}

static bool take_parameter(Dwarf_Die *die, unsigned int reg, struct debuginfo_value *value)
{
	Dwarf_Attribute attribute;
	Dwarf_Op *operations;
	size_t count;
	bool gnu = libdw.dwarf_tag(die) == DW_TAG_GNU_call_site_parameter;

	if ((!gnu && libdw.dwarf_tag(die) != DW_TAG_call_site_parameter) ||
	    !libdw.dwarf_attr(die, DW_AT_location, &attribute) ||
	    libdw.dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1 ||
	    operations[0].atom != DW_OP_reg0 + reg)
		return false;
	return libdw.dwarf_attr(die, gnu ? DW_AT_GNU_call_site_value : DW_AT_call_value, &attribute) &&
	       libdw.dwarf_getlocation(&attribute, &operations, &count) == 0 &&
	       read_value(&attribute, operations, count, false, value);
}

static bool find_parameter(Dwarf_Die *site, unsigned int reg, struct debuginfo_value *value)
{
	Dwarf_Die child;

	if (libdw.dwarf_child(site, &child) != 0)
		return false;
	do {
		if (take_parameter(&child, reg, value))
			return true;
	} while (libdw.dwarf_siblingof(&child, &child) == 0);
	return false;
}

bool debuginfo_argument(struct debuginfo *debuginfo, uint64_t address, unsigned int reg, struct debuginfo_value *value)
{
	struct scopes scopes;
	Dwarf_Die child;
	bool found = false;

	if (!scopes_at(debuginfo, address - 1, &scopes))
		return false;
	for (int i = 0; i < scopes.count && !found; i++) {
		if (libdw.dwarf_child(&scopes.items[i], &child) != 0)
			continue;
		do {
			found = is_call_site(&child, address - scopes.bias) && find_parameter(&child, reg, value);
		} while (!found && libdw.dwarf_siblingof(&child, &child) == 0);
	}
	free(scopes.items);
	return found;
}

const unsigned char *file_bytes(struct debuginfo *debuginfo, uint64_t address, size_t length)
{
	Dwfl_Module *module = module_at(debuginfo, address);
	GElf_Addr bias;
	Elf *elf = module ? libdw.dwfl_module_getelf(module, &bias) : NULL;
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	while (elf && (section = libdw.elf_nextscn(elf, section)) != NULL) {
		if (!libdw.gelf_getshdr(section, &shdr) || shdr.sh_type != SHT_PROGBITS || !(shdr.sh_flags & SHF_ALLOC) ||
		    address - bias < shdr.sh_addr || address - bias - shdr.sh_addr >= shdr.sh_size)
			continue;
		uint64_t at = address - bias - shdr.sh_addr;
		Elf_Data *data = libdw.elf_getdata(section, NULL);
		if (!data || !data->d_buf || at > data->d_size || length > data->d_size - at)
			return NULL;
		return (const unsigned char *)data->d_buf + at;
	}
	return NULL;
}

bool debuginfo_text(struct debuginfo *debuginfo, uint64_t address, void *buffer, size_t length)
{
	const unsigned char *bytes = file_bytes(debuginfo, address, length);

	if (bytes)
		memcpy(buffer, bytes, length);
	return bytes != NULL;
}
