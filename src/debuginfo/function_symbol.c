/*
 * Which symbols of an ELF file are functions: those of that type, and those without one that name a place in code:
 * assembly's entry points (entry_SYSCALL_64_after_hwframe, native_irq_return_iret) and bounds that the linker sets. kallsyms
 * has them all.
 */
#include "debuginfo/function_symbol.h"

#include <string.h>

enum { SAME_ADDRESS_MOST = 256 };

/* scripts/kallsyms.c leaves them out too: where code and data begin (arm64, riscv: "$x", "$d"), the compiler's own labels.
 */
static bool is_marker(const char *name)
{
	return name[0] == '$' || strncmp(name, ".L", 2) == 0 || strncmp(name, "L0", 2) == 0;
}

/* Of code: *end is where it ends, in the numbers of the symbols' values. */
static bool code_section(Elf *elf, GElf_Word index, const GElf_Ehdr *header, uint64_t *end)
{
	GElf_Shdr section;

	if (!libdw.gelf_getshdr(libdw.elf_getscn(elf, index), &section) || !(section.sh_flags & SHF_EXECINSTR))
		return false;
	*end = (header->e_type == ET_REL ? 0 : section.sh_addr) + section.sh_size;
	return true;
}

bool function_symbol(Dwfl_Module *module, int index, struct known_function *known)
{
	GElf_Sym symbol;
	GElf_Addr address;
	GElf_Word section;
	GElf_Ehdr header;
	Elf *elf = NULL;
	uint64_t end;
	const char *name = libdw.dwfl_module_getsym_info(module, index, &symbol, &address, &section, &elf, NULL);

	if (!name || !name[0] || section == SHN_UNDEF)
		return false;
	int type = GELF_ST_TYPE(symbol.st_info);
	if (type != STT_FUNC && type != STT_NOTYPE)
		return false;
	struct debuginfo_function *function = &known->function;
	*function = (struct debuginfo_function){ .name = text_from(name), .address = address, .size = symbol.st_size };
	known->section = section;
	if (type == STT_FUNC && symbol.st_size)
		return true;
	if (is_marker(name) || !elf || !libdw.gelf_getehdr(elf, &header) || !code_section(elf, section, &header, &end) ||
	    symbol.st_value >= end)
		return false;
	if (!symbol.st_size)
		function->size = FUNCTION_OPEN | (end - symbol.st_value);
	return true;
}

uint64_t function_room(const struct known_function *functions, size_t count, size_t i)
{
	for (size_t next = i + 1; next < count && next - i <= SAME_ADDRESS_MOST; next++)
		if (functions[next].function.address != functions[i].function.address)
			return functions[next].function.address - functions[i].function.address;
	return UINT64_MAX;
}

void function_close(struct known_function *functions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!(functions[i].function.size & FUNCTION_OPEN))
			continue;
		uint64_t room = function_room(functions, count, i), rest = functions[i].function.size & ~FUNCTION_OPEN;
		functions[i].function.size = room < rest ? room : rest;
	}
}
