/* Symbols of the kernel by their name, whatever they are of: data too. */
#include "debuginfo/parts.h"

#include <string.h>

/* Per-CPU variables of x86_64 before 6.15 count from 0, wherever the kernel lies. */
static uint64_t address_of(const GElf_Sym *symbol, GElf_Addr moved)
{
	return symbol->st_value >> 63 ? moved : symbol->st_value;
}

size_t debuginfo_symbols_named(struct debuginfo *debuginfo, const char *const *names, size_t count, uint64_t *addresses)
{
	int symbols = debuginfo->kernel ? libdw.dwfl_module_getsymtab(debuginfo->kernel) : 0;
	size_t found = 0;

	for (int i = 1; i < symbols && found < count; i++) {
		GElf_Sym symbol;
		GElf_Addr moved;
		const char *name = libdw.dwfl_module_getsym_info(debuginfo->kernel, i, &symbol, &moved, NULL, NULL, NULL);
		if (!name || !name[0] || symbol.st_shndx == SHN_UNDEF)
			continue;
		for (size_t n = 0; n < count; n++) {
			if (addresses[n] || strcmp(name, names[n]) != 0)
				continue;
			addresses[n] = address_of(&symbol, moved);
			found++;
		}
	}
	return found;
}
