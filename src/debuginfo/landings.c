/*
 * Where an exception in an instruction that may have one goes on: __ex_table, arch/x86/include/asm/extable.h. Entries of 4
 * bytes a number, each counted from its own place: instruction, landing; since 4.6 a third (handler, or since 5.16 type) on
 * x86. The linked table is sorted by instruction.
 */
#include "debuginfo/check.h"
#include "debuginfo/parts.h"
#include "debuginfo/variables.h"

#include <string.h>

enum { NUMBER = 4, SHORT_ENTRY = 8, LONG_ENTRY = 12, SORTED_LOOKED_AT = 64 };

struct table {
	const unsigned char *bytes;
	size_t length;
	uint64_t begin; /* its address */
};

static uint64_t place_at(const struct table *table, size_t at)
{
	int32_t distance;

	memcpy(&distance, table->bytes + at, sizeof distance);
	return table->begin + at + (uint64_t)(int64_t)distance;
}

static bool is_sorted(const struct table *table, size_t entry)
{
	uint64_t last = 0;

	for (size_t i = 0; i < SORTED_LOOKED_AT && (i + 1) * entry <= table->length; i++) {
		uint64_t place = place_at(table, i * entry);
		if (place < last)
			return false;
		last = place;
	}
	return true;
}

static bool landings_of_kernel(Elf *elf, GElf_Addr bias, struct code_places *landings)
{
	GElf_Shdr shdr;
	Elf_Scn *section = elf_file_section(elf, "__ex_table", &shdr);
	Elf_Data *data = section && shdr.sh_type == SHT_PROGBITS ? libdw.elf_getdata(section, NULL) : NULL;
	struct table table;

	if (!section)
		return true;
	if (!data || !data->d_buf)
		return false;
	table = (struct table){ data->d_buf, data->d_size, shdr.sh_addr + bias };
	size_t entry = is_sorted(&table, LONG_ENTRY) ? LONG_ENTRY : SHORT_ENTRY;
	for (size_t at = 0; at + entry <= table.length; at += entry) {
		uint64_t landing = place_at(&table, at + NUMBER);
		if (!code_places_add(landings, landing, landing))
			return false;
	}
	return true;
}

/* Of a file that is not linked, which entries it has is not told: the second number of either may be a landing. */
static bool take_landing(void *state, const struct module_relocation *relocation)
{
	bool may_be = relocation->offset % LONG_ENTRY == NUMBER || relocation->offset % SHORT_ENTRY == NUMBER;

	return !may_be || code_places_add(state, relocation->value, relocation->value);
}

static bool landings_of_module(Dwfl_Module *module, Elf *elf, struct code_places *landings)
{
	GElf_Shdr shdr;

	if (!elf_file_section(elf, "__ex_table", &shdr))
		return true;
	Elf_Scn *relocations = elf_file_section(elf, ".rela__ex_table", &shdr);
	return relocations && shdr.sh_type == SHT_RELA && module_relocations(module, relocations, take_landing, landings);
}

bool debuginfo_landings(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, uint64_t *places, size_t most,
			size_t *count)
{
	struct code_places landings = { begin, end, places, most, 0 };
	Dwfl_Module *module = module_at(debuginfo, begin);
	GElf_Addr bias = 0;
	Elf *elf = module ? libdw.dwfl_module_getelf(module, &bias) : NULL;
	bool known = elf && (module == debuginfo->kernel ? landings_of_kernel(elf, bias, &landings)
							 : landings_of_module(module, elf, &landings));

	*count = landings.count;
	return known;
}
