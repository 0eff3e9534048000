/* What the tables that lead into code have in common: lists of places, relocations of modules. */
#include "debuginfo/parts.h"

#include <string.h>

bool code_places_add(struct code_places *places, uint64_t code, uint64_t place)
{
	if (code < places->begin || code >= places->end)
		return true;
	if (places->count == places->most)
		return false;
	places->items[places->count++] = place;
	return true;
}

Elf_Scn *module_section(Elf *elf, const char *wanted, GElf_Shdr *shdr)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (libdw.elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((section = libdw.elf_nextscn(elf, section)) != NULL) {
		const char *name = libdw.gelf_getshdr(section, shdr) ? libdw.elf_strptr(elf, names, shdr->sh_name) : NULL;
		if (name && strcmp(name, wanted) == 0)
			return section;
	}
	return NULL;
}

bool module_relocation(Dwfl_Module *module, Elf_Data *data, size_t index, GElf_Rela *rela, uint64_t *address)
{
	GElf_Sym symbol;
	GElf_Addr at;

	if (!libdw.gelf_getrela(data, (int)index, rela) ||
	    !libdw.dwfl_module_getsym_info(module, (int)GELF_R_SYM(rela->r_info), &symbol, &at, NULL, NULL, NULL))
		return false;
	*address = at + (uint64_t)rela->r_addend;
	return true;
}
