/*
 * What a module's file leaves for the kernel to fill in, in its text: displacements of calls and jumps to other sections and
 * other modules. libdwfl has filled in addresses by now, but not what counts from its own place.
 */
#include "debuginfo/parts.h"
#include "debuginfo/variables.h"

#include <string.h>

/* The section that an address lies in. */
static Elf_Scn *section_at(Elf *elf, uint64_t address, GElf_Shdr *shdr)
{
	Elf_Scn *section = NULL;

	while ((section = libdw.elf_nextscn(elf, section)) != NULL)
		if (libdw.gelf_getshdr(section, shdr) && (shdr->sh_flags & SHF_ALLOC) && address >= shdr->sh_addr &&
		    address - shdr->sh_addr < shdr->sh_size)
			return section;
	return NULL;
}

/* The section of relocations for it; NULL: it has none. */
static Elf_Scn *relocations_of(Elf *elf, Elf_Scn *of)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;

	while ((section = libdw.elf_nextscn(elf, section)) != NULL)
		if (libdw.gelf_getshdr(section, &shdr) && shdr.sh_type == SHT_RELA && shdr.sh_info == libdw.elf_ndxscn(of))
			return section;
	return NULL;
}

static bool is_defined(Dwfl_Module *module, const GElf_Rela *rela)
{
	GElf_Sym symbol;
	GElf_Addr at;

	return libdw.dwfl_module_getsym_info(module, (int)GELF_R_SYM(rela->r_info), &symbol, &at, NULL, NULL, NULL) &&
	       symbol.st_shndx != SHN_UNDEF;
}

bool debuginfo_relocations(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, struct debuginfo_relocation *items,
			   size_t most, size_t *count)
{
	Dwfl_Module *module = module_at(debuginfo, begin);
	GElf_Addr bias = 0;
	GElf_Shdr shdr;
	Elf *elf = module ? libdw.dwfl_module_getelf(module, &bias) : NULL;
	Elf_Scn *section = elf ? section_at(elf, begin - bias, &shdr) : NULL;
	Elf_Scn *relocations = section ? relocations_of(elf, section) : NULL;
	Elf_Data *data = relocations ? libdw.elf_getdata(relocations, NULL) : NULL;

	*count = 0;
	if (!section || (relocations && (!data || (data->d_size && !data->d_buf))))
		return false;
	for (size_t i = 0; data && i < data->d_size / sizeof(Elf64_Rela); i++) {
		GElf_Rela rela;
		struct debuginfo_relocation found = { 0 };
		if (!module_relocation(module, data, i, &rela, &found.value))
			return false;
		found.place = shdr.sh_addr + bias + rela.r_offset;
		if (found.place < begin || found.place >= end)
			continue;
		if (*count == most)
			return false;
		found.defined = is_defined(module, &rela);
		items[(*count)++] = found;
	}
	return true;
}
