/* What the tables that lead into code have in common: lists of places, relocations of modules. */
#include "debuginfo/parts.h"

bool code_places_add(struct code_places *places, uint64_t code, uint64_t place)
{
	if (code < places->begin || code >= places->end)
		return true;
	if (places->count == places->most)
		return false;
	places->items[places->count++] = place;
	return true;
}

bool module_relocations(Dwfl_Module *module, Elf_Scn *section, relocation_visitor *visit, void *state)
{
	Elf_Data *data = libdw.elf_getdata(section, NULL);

	if (!data || (data->d_size && !data->d_buf))
		return false;
	for (size_t i = 0; i < data->d_size / sizeof(Elf64_Rela); i++) {
		GElf_Rela rela;
		GElf_Sym symbol;
		GElf_Addr at;
		if (!libdw.gelf_getrela(data, (int)i, &rela) ||
		    !libdw.dwfl_module_getsym_info(module, (int)GELF_R_SYM(rela.r_info), &symbol, &at, NULL, NULL, NULL))
			return false;
		struct module_relocation relocation = {
			.offset = rela.r_offset,
			.value = at + (uint64_t)rela.r_addend,
			.defined = symbol.st_shndx != SHN_UNDEF,
		};
		if (!visit(state, &relocation))
			return false;
	}
	return true;
}
