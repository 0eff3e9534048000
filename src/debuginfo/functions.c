/* The functions of the kernel, by its ELF symbol table. */
#include "debuginfo/function_symbol.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* Between the end of a function and the next symbol: alignment, and room for the tracer before an entry. */
	PADDING_MOST = 64,
	FUNCTIONS_MOST = 1 << 20,
};

/* Of several at one address, those whose size is known come last: they are told. */
static int by_address(const void *a, const void *b)
{
	const struct debuginfo_function *left = a, *right = b;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	if ((left->size ^ right->size) & FUNCTION_OPEN)
		return left->size & FUNCTION_OPEN ? -1 : 1;
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
		struct debuginfo_function function;
		if (function_symbol(debuginfo->kernel, i, &function))
			table->items[table->count++] = function;
	}
	if (table->count)
		qsort(table->items, table->count, sizeof *table->items, by_address);
	function_close(table->items, table->count);
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

/*
 * A log counts a function's size up to the next symbol: it may be larger than that of the ELF file; or less, where the
 * symbol of an entry point lies within.
 */
static bool size_fits(uint64_t wanted, const struct function_table *table, size_t i)
{
	uint64_t size = table->items[i].size;

	return !wanted || (wanted >= size && wanted - size < PADDING_MOST) ||
	       wanted == function_room(table->items, table->count, i);
}

size_t debuginfo_functions_named(struct debuginfo *debuginfo, struct text name, struct text module, uint64_t size,
				 struct debuginfo_function *found, size_t most)
{
	const struct function_table *table = functions(debuginfo);
	size_t count = 0;

	for (size_t i = 0; i < table->count && !module.length; i++) {
		if (!text_equal(table->items[i].name, name) || !size_fits(size, table, i))
			continue;
		if (count < most)
			found[count] = table->items[i];
		count++;
	}
	return count;
}
