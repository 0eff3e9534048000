/* The functions of the kernel and of modules, by their ELF symbol tables. */
#include "debuginfo/function_symbol.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* Between the end of a function and the next symbol: alignment, and room for the tracer before an entry. */
	PADDING_MOST = 64,
	PAGE_MOST = 1 << 16, /* of arm64 and ppc64 */
	FUNCTIONS_MOST = 1 << 20,
};

/* Of several at one address, those whose size is known come last: they are told. */
static int by_address(const void *a, const void *b)
{
	const struct debuginfo_function *left = &((const struct known_function *)a)->function;
	const struct debuginfo_function *right = &((const struct known_function *)b)->function;

	if (left->address != right->address)
		return left->address < right->address ? -1 : 1;
	if ((left->size ^ right->size) & FUNCTION_OPEN)
		return left->size & FUNCTION_OPEN ? -1 : 1;
	return text_compare(left->name, right->name);
}

void functions_collect(struct function_table *table, Dwfl_Module *module)
{
	int count = module && !table->collected ? libdw.dwfl_module_getsymtab(module) : 0;

	table->collected = true;
	if (count <= 0 || count > FUNCTIONS_MOST)
		return;
	table->items = calloc((size_t)count, sizeof *table->items);
	for (int i = 1; table->items && i < count; i++) {
		if (function_symbol(module, i, &table->items[table->count]))
			table->count++;
	}
	if (table->count)
		qsort(table->items, table->count, sizeof *table->items, by_address);
	function_close(table->items, table->count);
}

static const struct function_table *functions(struct debuginfo *debuginfo)
{
	functions_collect(&debuginfo->functions, debuginfo->kernel);
	return &debuginfo->functions;
}

bool debuginfo_function_at(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_function *function)
{
	const struct function_table *table = functions(debuginfo);
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (table->items[middle].function.address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address - table->items[low - 1].function.address >= table->items[low - 1].function.size)
		return false;
	*function = table->items[low - 1].function;
	return true;
}

/*
 * A function's size as the kernel counts it is up to the next symbol: it may be larger than that of the ELF file; or less,
 * where the symbol of an entry point lies within. The last of a module's section may have the rest of a page too.
 */
static bool size_fits(uint64_t wanted, const struct function_table *table, size_t i, bool in_module)
{
	const struct known_function *items = table->items;
	uint64_t size = items[i].function.size;
	bool is_last = i + 1 == table->count || items[i + 1].section != items[i].section;

	return !wanted || (wanted >= size && wanted - size < (in_module && is_last ? PAGE_MOST : PADDING_MOST)) ||
	       wanted == function_room(items, table->count, i);
}

size_t debuginfo_functions_named(struct debuginfo *debuginfo, struct text name, struct text module, uint64_t size,
				 struct debuginfo_function *found, size_t most)
{
	const struct function_table *table = module.length ? modules_functions(debuginfo, module) : functions(debuginfo);
	size_t count = 0;

	for (size_t i = 0; table && i < table->count; i++) {
		const struct debuginfo_function *function = &table->items[i].function;
		if (!text_equal(function->name, name) || !size_fits(size, table, i, module.length > 0))
			continue;
		if (count < most)
			found[count] = *function;
		count++;
	}
	return count;
}
