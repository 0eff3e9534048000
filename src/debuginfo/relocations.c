/*
 * What a module's file leaves for the kernel to fill in, in its text: displacements of calls and jumps to other sections and
 * other modules. libdwfl has filled in addresses by now, but not what counts from its own place.
 */
#include "debuginfo/parts.h"
#include "debuginfo/variables.h"

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

struct taking {
	uint64_t base, begin, end; /* where the section lies; what is asked about */
	struct debuginfo_relocation *items;
	size_t most, count;
};

static bool take(void *state, const struct module_relocation *relocation)
{
	struct taking *taking = state;
	uint64_t place = taking->base + relocation->offset;

	if (place < taking->begin || place >= taking->end)
		return true;
	if (taking->count == taking->most)
		return false;
	taking->items[taking->count++] = (struct debuginfo_relocation){ place, relocation->value, relocation->defined };
	return true;
}

bool debuginfo_relocations(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, struct debuginfo_relocation *items,
			   size_t most, size_t *count)
{
	struct taking taking = { .begin = begin, .end = end, .items = items, .most = most };
	Dwfl_Module *module = module_at(debuginfo, begin);
	GElf_Addr bias = 0;
	GElf_Shdr shdr;
	Elf *elf = module ? libdw.dwfl_module_getelf(module, &bias) : NULL;
	Elf_Scn *section = elf ? section_at(elf, begin - bias, &shdr) : NULL;
	Elf_Scn *relocations = section ? relocations_of(elf, section) : NULL;

	taking.base = section ? shdr.sh_addr + bias : 0;
	bool known = section && (!relocations || module_relocations(module, relocations, take, &taking));
	*count = taking.count;
	return known;
}
