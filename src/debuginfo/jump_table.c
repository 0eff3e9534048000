/*
 * Where the kernel's static keys may make a function jump to: no instruction of the file shows it. An entry of the table
 * between __start___jump_table and __stop___jump_table is code, target (4 bytes each, counted from the place of the number
 * itself) and key (8): CONFIG_HAVE_ARCH_JUMP_LABEL_RELATIVE, include/linux/jump_label.h, x86 and arm64 since 4.19. Before,
 * three addresses of 8 bytes each.
 */
#include "debuginfo/parts.h"
#include "debuginfo/variables.h"

#include <string.h>

enum { RELATIVE_ENTRY = 16, ABSOLUTE_ENTRY = 24 };

struct jump_table {
	const unsigned char *bytes;
	uint64_t begin; /* its address */
	size_t length;
};

static bool find_table(struct debuginfo *debuginfo, struct jump_table *table)
{
	static const char *const names[] = { "__start___jump_table", "__stop___jump_table" };
	uint64_t bounds[2] = { 0 };

	if (debuginfo_symbols_named(debuginfo, names, 2, bounds) != 2 || bounds[1] <= bounds[0])
		return false;
	table->begin = bounds[0];
	table->length = bounds[1] - bounds[0];
	table->bytes = file_bytes(debuginfo, table->begin, table->length);
	return table->bytes != NULL;
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

struct jumps {
	uint64_t begin, end; /* of the code that is asked about */
	uint64_t *targets;
	size_t most, count;
};

/* False: they are too many. */
static bool add_jump(struct jumps *jumps, uint64_t code, uint64_t target)
{
	if (code < jumps->begin || code >= jumps->end)
		return true;
	if (jumps->count == jumps->most)
		return false;
	jumps->targets[jumps->count++] = target;
	return true;
}

static bool jumps_of_kernel(struct debuginfo *debuginfo, struct jumps *jumps)
{
	struct jump_table table = { 0 };
	struct debuginfo_function function;

	if (!find_table(debuginfo, &table))
		return true;
	bool is_relative =
		table.length >= RELATIVE_ENTRY && debuginfo_function_at(debuginfo, relative(&table, 0), &function);
	size_t entry = is_relative ? RELATIVE_ENTRY : ABSOLUTE_ENTRY;
	for (size_t at = 0; at + entry <= table.length; at += entry) {
		uint64_t code = is_relative ? relative(&table, at) : absolute(debuginfo, &table, at);
		uint64_t target = is_relative ? relative(&table, at + 4) : absolute(debuginfo, &table, at + 8);
		if (!add_jump(jumps, code, target))
			return false;
	}
	return true;
}

/* Of a file that is not linked, the relocations say what the entries are. */
static bool jumps_of_relocations(Dwfl_Module *module, Elf_Data *data, size_t entry, struct jumps *jumps)
{
	size_t count = data->d_size / sizeof(Elf64_Rela);
	uint64_t code = 0;

	for (size_t i = 0; i < count; i++) {
		GElf_Rela rela;
		GElf_Sym symbol;
		GElf_Addr address;
		if (!libdw.gelf_getrela(data, (int)i, &rela) ||
		    !libdw.dwfl_module_getsym_info(module, (int)GELF_R_SYM(rela.r_info), &symbol, &address, NULL, NULL,
						   NULL))
			return false;
		if (rela.r_offset % entry == 0)
			code = address + (uint64_t)rela.r_addend;
		else if (rela.r_offset % entry == (entry == RELATIVE_ENTRY ? 4 : 8) &&
			 !add_jump(jumps, code, address + (uint64_t)rela.r_addend))
			return false;
	}
	return true;
}

static bool jumps_of_module(Dwfl_Module *module, struct jumps *jumps)
{
	GElf_Addr bias;
	Elf *elf = libdw.dwfl_module_getelf(module, &bias);
	Elf_Scn *section = NULL, *relocations = NULL;
	GElf_Shdr shdr;
	size_t names, entry = 0;

	if (!elf || libdw.elf_getshdrstrndx(elf, &names) != 0)
		return false;
	while ((section = libdw.elf_nextscn(elf, section)) != NULL) {
		const char *name = libdw.gelf_getshdr(section, &shdr) ? libdw.elf_strptr(elf, names, shdr.sh_name) : NULL;
		if (name && strcmp(name, "__jump_table") == 0)
			entry = shdr.sh_size % RELATIVE_ENTRY == 0 ? RELATIVE_ENTRY : ABSOLUTE_ENTRY;
		if (name && strcmp(name, ".rela__jump_table") == 0 && shdr.sh_type == SHT_RELA)
			relocations = section;
	}
	Elf_Data *data = relocations ? libdw.elf_getdata(relocations, NULL) : NULL;
	if (!entry)
		return true;
	return data && data->d_buf && jumps_of_relocations(module, data, entry, jumps);
}

bool debuginfo_jumps(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, uint64_t *targets, size_t most,
		     size_t *count)
{
	struct jumps jumps = { begin, end, targets, most, 0 };
	Dwfl_Module *module = module_at(debuginfo, begin);
	bool known = module &&
		     (module == debuginfo->kernel ? jumps_of_kernel(debuginfo, &jumps) : jumps_of_module(module, &jumps));

	*count = jumps.count;
	return known;
}
