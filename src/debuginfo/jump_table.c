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

static bool find_symbol(struct debuginfo *debuginfo, const char *wanted, uint64_t *address)
{
	int count = libdw.dwfl_module_getsymtab(debuginfo->kernel);
	GElf_Sym symbol;
	GElf_Addr at;

	for (int i = 1; i < count; i++) {
		const char *name = libdw.dwfl_module_getsym_info(debuginfo->kernel, i, &symbol, &at, NULL, NULL, NULL);
		if (!name || strcmp(name, wanted) != 0)
			continue;
		*address = at;
		return true;
	}
	return false;
}

static bool find_table(struct debuginfo *debuginfo, struct jump_table *table)
{
	uint64_t end;

	if (!find_symbol(debuginfo, "__start___jump_table", &table->begin) ||
	    !find_symbol(debuginfo, "__stop___jump_table", &end) || end <= table->begin)
		return false;
	table->length = end - table->begin;
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

bool debuginfo_jumps(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, uint64_t *targets, size_t most,
		     size_t *count)
{
	struct jump_table table = { 0 };
	struct debuginfo_function function;

	*count = 0;
	if (!find_table(debuginfo, &table))
		return false;
	bool is_relative =
		table.length >= RELATIVE_ENTRY && debuginfo_function_at(debuginfo, relative(&table, 0), &function);
	size_t entry = is_relative ? RELATIVE_ENTRY : ABSOLUTE_ENTRY;
	for (size_t at = 0; at + entry <= table.length; at += entry) {
		uint64_t code = is_relative ? relative(&table, at) : absolute(debuginfo, &table, at);
		uint64_t target = is_relative ? relative(&table, at + 4) : absolute(debuginfo, &table, at + 8);
		if (code < begin || code >= end)
			continue;
		if (*count == most)
			return false;
		targets[(*count)++] = target;
	}
	return true;
}
