/* One pass over a module's Elf64_Sym (include/uapi/linux/elf.h: name 4 bytes, info 1, other 1, section 2, value 8, size 8).
 */
#include "stacks/module_symbols.h"

#include <string.h>

enum { SYMBOL_BYTES = 24, AT_ONCE = 128, SECTION_UNDEFINED = 0 };

struct search {
	uint64_t address;
	uint64_t below, next; /* the last symbol that is not above the address, the first that is */
	uint32_t name;        /* of the former: offset in the string table */
};

static uint64_t number(const struct dump *dump, const unsigned char *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value |= (uint64_t)bytes[dump->big_endian ? size - 1 - i : i] << 8 * i;
	return value;
}

static bool name_at(struct dump *dump, uint64_t address, char *name, size_t most)
{
	struct error ignored;

	for (size_t length = 0; length + 1 < most; length++) {
		if (dump_read(dump, address + length, name + length, 1, &ignored) != MEMORY_OK)
			return false;
		if (!name[length])
			return length > 0;
	}
	name[most - 1] = '\0';
	return true;
}

/* Marks of the architecture and the assembler, which no trace names (is_mapping_symbol(), include/linux/module_symbol.h). */
static bool has_name(struct dump *dump, const struct kernel_module *module, uint32_t name)
{
	struct error ignored;
	char first;

	return dump_read(dump, module->strings + name, &first, 1, &ignored) == MEMORY_OK && first && first != '$';
}

static void look_at(struct search *search, struct dump *dump, const struct kernel_module *module,
		    const unsigned char *symbol)
{
	uint64_t value = number(dump, symbol + 8, 8);
	uint32_t name = (uint32_t)number(dump, symbol, 4);

	if (number(dump, symbol + 6, 2) == SECTION_UNDEFINED)
		return;
	if (value <= search->address && value > search->below && has_name(dump, module, name)) {
		search->below = value;
		search->name = name;
	} else if (value > search->address && value < search->next && has_name(dump, module, name)) {
		search->next = value;
	}
}

static uint64_t range_end(const struct kernel_module *module, uint64_t address)
{
	for (size_t i = 0; i < module->range_count; i++)
		if (address >= module->ranges[i].start && address - module->ranges[i].start < module->ranges[i].size)
			return module->ranges[i].start + module->ranges[i].size;
	return 0;
}

bool module_symbol_at(struct dump *dump, const struct kernel_module *module, uint64_t address,
		      struct kallsyms_symbol *symbol)
{
	struct search search = { .address = address, .next = range_end(module, address) };
	unsigned char bytes[AT_ONCE * SYMBOL_BYTES];
	struct error ignored;

	if (dump->word != 8 || !module->symbols || module->symbol_count > MODULE_SYMBOLS_MOST || !search.next)
		return false;
	for (uint64_t i = 0; i < module->symbol_count; i += AT_ONCE) {
		size_t count = module->symbol_count - i < AT_ONCE ? (size_t)(module->symbol_count - i) : AT_ONCE;
		if (dump_read(dump, module->symbols + i * SYMBOL_BYTES, bytes, count * SYMBOL_BYTES, &ignored) != MEMORY_OK)
			return false;
		for (size_t s = 0; s < count; s++)
			look_at(&search, dump, module, bytes + s * SYMBOL_BYTES);
	}
	symbol->address = search.below;
	symbol->size = search.next - search.below;
	return search.below && range_end(module, search.below) &&
	       name_at(dump, module->strings + search.name, symbol->name, sizeof symbol->name);
}
