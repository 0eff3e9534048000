/* The functions of the kernel, by its ELF symbol table. */
#include "debuginfo/parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* Between the end of a function and the next symbol: alignment, and room for the tracer before an entry. */
	PADDING_MOST = 64,
	FUNCTIONS_MOST = 1 << 20,
};

static int by_address(const void *a, const void *b)
{
	const struct debuginfo_function *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	return text_compare(left->name, right->name);
}

static void collect(struct debuginfo *debuginfo)
{
	struct function_table *table = &debuginfo->functions;
	int count = libdw.dwfl_module_getsymtab(debuginfo->kernel);

	if (count <= 0 || count > FUNCTIONS_MOST)
		return;
	table->items = calloc((size_t)count, sizeof *table->items);
	for (int i = 1; table->items && i < count; i++) {
		GElf_Sym symbol;
		GElf_Addr address;
		const char *name = libdw.dwfl_module_getsym_info(debuginfo->kernel, i, &symbol, &address, NULL, NULL, NULL);
		if (name && name[0] && GELF_ST_TYPE(symbol.st_info) == STT_FUNC && symbol.st_shndx != SHN_UNDEF)
			table->items[table->count++] = (struct debuginfo_function){ .name = text_from(name),
										    .address = address,
										    .size = symbol.st_size };
	}
	if (table->count)
		qsort(table->items, table->count, sizeof *table->items, by_address);
}

static const struct function_table *functions(struct debuginfo *debuginfo)
{
	if (!debuginfo->functions.items)
		collect(debuginfo);
	return &debuginfo->functions;
}

bool debuginfo_function_at(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_function *function)
{
	const struct function_table *table = functions(debuginfo);
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (table->items[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - table->items[low - 1].address >= table->items[low - 1].size)
		return false;
	*function = table->items[low - 1];
	return true;
}

/* A log counts a function's size up to the next symbol: it may be larger than that of the ELF file. */
static bool size_fits(uint64_t wanted, uint64_t size)
{
	return !wanted || (wanted >= size && wanted - size < PADDING_MOST);
}

size_t debuginfo_functions_named(struct debuginfo *debuginfo, struct text name, struct text module, uint64_t size,
				 struct debuginfo_function *found, size_t most)
{
	const struct function_table *table = functions(debuginfo);
	size_t count = 0;

	for (size_t i = 0; i < table->count && !module.length; i++) {
		if (!text_equal(table->items[i].name, name) || !size_fits(size, table->items[i].size))
			continue;
		if (count < most)
			found[count] = table->items[i];
		count++;
	}
	return count;
}
