/* The kernel's symbol table, by VMCOREINFO or by its shape, checked against a symbol whose address is known. */
#include "vmcore/kallsyms.h"

#include "vmcore/kallsyms_tables.h"
#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <stdlib.h>

enum { ALIASES_MOST = 4096 };

struct kallsyms {
	struct dump *dump;
	struct kallsyms_tables tables;
	struct kallsyms_tokens tokens;
	struct kallsyms_walk walk;
	/* Where each 256th name begins, as far as names were walked over: where no markers tell. */
	uint64_t *blocks;
	size_t blocks_known;
};

/* kallsyms_sym_address() of kernel/kallsyms.c. */
static bool symbol_address(struct kallsyms *kallsyms, uint64_t index, uint64_t *address)
{
	const struct kallsyms_tables *tables = &kallsyms->tables;
	struct error ignored = { 0 };
	size_t word = kallsyms->dump->word, size = tables->form == ADDRESSES ? word : 4;
	uint64_t place = tables->values + index * size, value;

	if (dump_read_number(kallsyms->dump, place, size, &value, &ignored) != MEMORY_OK)
		return false;
	if (tables->form == ADDRESSES || (tables->form == OFFSETS_OR_VALUES && value <= INT32_MAX))
		*address = value;
	else if (tables->form == OFFSETS_OR_VALUES)
		*address = tables->base + (UINT32_MAX - value); /* base - 1 - offset */
	else if (tables->form == OFFSETS)
		*address = tables->base + value;
	else
		*address = place + value - (value > INT32_MAX ? UINT64_C(1) << 32 : 0);
	if (word == 4)
		*address &= UINT32_MAX;
	return true;
}

/* The first symbol that is not below the address: they are sorted. Of tables that are not, or cannot be read, any number. */
static uint64_t first_from(struct kallsyms *kallsyms, uint64_t address)
{
	uint64_t low = 0, high = kallsyms->tables.count;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2, found;
		if (symbol_address(kallsyms, middle, &found) && found < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Notes that the walk is before that name, if it is the first of a block that is not known yet. */
static void note_block(struct kallsyms *kallsyms, uint64_t index)
{
	if (!kallsyms->blocks)
		kallsyms->blocks = calloc((size_t)(kallsyms->tables.count / KALLSYMS_BLOCK + 1), sizeof *kallsyms->blocks);
	if (kallsyms->blocks && index == kallsyms->blocks_known * (uint64_t)KALLSYMS_BLOCK && index < kallsyms->tables.count)
		kallsyms->blocks[kallsyms->blocks_known++] = kallsyms->walk.address;
}

/* The first name of a block at or before that name: the walk is put there. */
static bool walk_to_block(struct kallsyms *kallsyms, uint64_t index, uint64_t *at)
{
	const struct kallsyms_tables *tables = &kallsyms->tables;
	struct error ignored = { 0 };
	uint64_t block = index / KALLSYMS_BLOCK, marker = 0;

	if (tables->marker_size) {
		uint64_t place = tables->markers + block * tables->marker_size;
		if (block && dump_read_number(kallsyms->dump, place, tables->marker_size, &marker, &ignored) != MEMORY_OK)
			return false;
		marker += tables->names;
	} else {
		if (block >= kallsyms->blocks_known)
			block = kallsyms->blocks_known ? kallsyms->blocks_known - 1 : 0;
		marker = kallsyms->blocks_known ? kallsyms->blocks[block] : tables->names;
	}
	*at = block * KALLSYMS_BLOCK;
	kallsyms_walk_from(&kallsyms->walk, kallsyms->dump, marker);
	return true;
}

/* Puts the walk before that name. */
static bool walk_to(struct kallsyms *kallsyms, uint64_t index)
{
	struct error ignored = { 0 };
	struct text codes;
	uint64_t at;

	if (!walk_to_block(kallsyms, index, &at))
		return false;
	for (; at < index; at++) {
		note_block(kallsyms, at);
		if (!kallsyms_walk_next(&kallsyms->walk, &codes, &ignored))
			return false;
	}
	return true;
}

/* Whether a symbol of that name is at that address. Several names may be there. */
static bool has_symbol(struct kallsyms *kallsyms, const char *name, uint64_t expected)
{
	struct error ignored = { 0 };
	struct text codes;
	uint64_t address, index = first_from(kallsyms, expected);

	if (index >= kallsyms->tables.count || !walk_to(kallsyms, index))
		return false;
	for (; index < kallsyms->tables.count; index++) {
		if (!symbol_address(kallsyms, index, &address) || address != expected ||
		    !kallsyms_walk_next(&kallsyms->walk, &codes, &ignored))
			return false;
		if (kallsyms_is_name(&kallsyms->tokens, codes, text_from(name)))
			return true;
	}
	return false;
}

/*
 * Whether the tables give a symbol the address that VMCOREINFO does: _stext, which is in every kernel's. Of offsets with a
 * base that shows which form they have, too.
 */
static bool agrees_with_vmcoreinfo(struct kallsyms *kallsyms)
{
	uint64_t expected;

	if (!vmcoreinfo_symbol(kallsyms->dump->vmcoreinfo, "_stext", &expected))
		return false;
	if (has_symbol(kallsyms, "_stext", expected))
		return true;
	if (kallsyms->tables.form != OFFSETS)
		return false;
	kallsyms->tables.form = OFFSETS_OR_VALUES;
	return has_symbol(kallsyms, "_stext", expected);
}

/* Takes tables that may be right. */
static bool use_tables(struct kallsyms *kallsyms, const struct kallsyms_tables *tables, struct error *error)
{
	free(kallsyms->tokens.text);
	free(kallsyms->blocks);
	kallsyms->blocks = NULL;
	kallsyms->blocks_known = 0;
	kallsyms->tables = *tables;
	if (!kallsyms_read_tokens(kallsyms->dump, &kallsyms->tables, &kallsyms->tokens, error))
		return false;
	if (!agrees_with_vmcoreinfo(kallsyms))
		return error_set(error, "kallsyms does not give _stext the address that VMCOREINFO gives it");
	return true;
}

static bool fits(void *state, const struct kallsyms_tables *tables)
{
	struct error ignored = { 0 };

	return use_tables(state, tables, &ignored);
}

/* SYMBOL(kallsyms_names) and its fellows, of 6.0 and later. *told: they are there, right or wrong. */
static bool open_by_vmcoreinfo(struct kallsyms *kallsyms, bool *told, struct error *error)
{
	struct text info = kallsyms->dump->vmcoreinfo;
	struct kallsyms_tables tables = { 0 };
	uint64_t count_at, base_at;
	size_t word = kallsyms->dump->word;

	*told = vmcoreinfo_symbol(info, "kallsyms_names", &tables.names) &&
		vmcoreinfo_symbol(info, "kallsyms_num_syms", &count_at) &&
		vmcoreinfo_symbol(info, "kallsyms_token_table", &tables.token_table) &&
		vmcoreinfo_symbol(info, "kallsyms_token_index", &tables.token_index);
	if (!*told)
		return false;
	bool has_offsets = vmcoreinfo_symbol(info, "kallsyms_offsets", &tables.values);
	bool has_base = vmcoreinfo_symbol(info, "kallsyms_relative_base", &base_at);
	if (!has_offsets && !vmcoreinfo_symbol(info, "kallsyms_addresses", &tables.values))
		return error_set(error, "VMCOREINFO tells neither kallsyms_offsets nor kallsyms_addresses");
	tables.form = !has_offsets ? ADDRESSES : has_base ? OFFSETS : OFFSETS_FROM_HERE;
	if (tables.form == OFFSETS && dump_read_number(kallsyms->dump, base_at, word, &tables.base, error) != MEMORY_OK)
		return false;
	if (dump_read_number(kallsyms->dump, count_at, 4, &tables.count, error) != MEMORY_OK)
		return false;
	if (tables.count > KALLSYMS_COUNT_MOST)
		return error_set(error, "kallsyms_num_syms is %" PRIu64 ", expected at most %d", tables.count,
				 KALLSYMS_COUNT_MOST);
	return use_tables(kallsyms, &tables, error);
}

struct kallsyms *kallsyms_open(struct dump *dump, struct error *error)
{
	struct kallsyms *kallsyms = calloc(1, sizeof *kallsyms);
	struct error by_shape = { 0 };
	bool told;

	if (!kallsyms) {
		error_out_of_memory(error);
		return NULL;
	}
	kallsyms->dump = dump;
	if (open_by_vmcoreinfo(kallsyms, &told, error))
		return kallsyms;
	if (kallsyms_scan(dump, &kallsyms->walk, fits, kallsyms, &by_shape))
		return kallsyms;
	if (!told)
		*error = by_shape;
	kallsyms_close(kallsyms);
	return NULL;
}

/* Looks for the names that have no address yet among the symbols from..to; how many were found. */
static size_t find_between(struct kallsyms *kallsyms, uint64_t from, uint64_t to, const struct kallsyms_wanted *wanted,
			   uint64_t *addresses, size_t missing)
{
	struct error ignored = { 0 };
	struct text codes;
	size_t found = 0;

	if (from >= to || !missing || !walk_to(kallsyms, from))
		return 0;
	for (uint64_t index = from; index < to && found < missing; index++) {
		note_block(kallsyms, index);
		if (!kallsyms_walk_next(&kallsyms->walk, &codes, &ignored))
			break;
		if (!kallsyms_may_be_wanted(wanted, &kallsyms->tokens, codes))
			continue;
		for (size_t i = 0; i < wanted->count; i++)
			if (!addresses[i] && kallsyms_is_name(&kallsyms->tokens, codes, wanted->names[i]) &&
			    symbol_address(kallsyms, index, &addresses[i]))
				found += addresses[i] != 0;
	}
	return found;
}

/*
 * Variables are looked for more than functions: per-CPU ones, which come before all else where they count from 0, and those
 * behind the tables themselves, which are in read-only data; then the rest. Nothing is walked over twice.
 */
static size_t find_wanted(struct kallsyms *kallsyms, const struct kallsyms_wanted *wanted, uint64_t *addresses)
{
	uint64_t text = 0, data = 0, end = kallsyms->tables.count, begin;

	if (kallsyms->tables.marker_size && vmcoreinfo_symbol(kallsyms->dump->vmcoreinfo, "_stext", &begin)) {
		text = first_from(kallsyms, begin);
		data = first_from(kallsyms, kallsyms->tables.token_table);
	}
	if (text > data)
		text = data = 0;
	size_t found = find_between(kallsyms, 0, text, wanted, addresses, wanted->count);
	found += find_between(kallsyms, data, end, wanted, addresses, wanted->count - found);
	return found + find_between(kallsyms, text, data, wanted, addresses, wanted->count - found);
}

size_t kallsyms_find(struct kallsyms *kallsyms, const char *const *names, size_t count, uint64_t *addresses)
{
	struct kallsyms_wanted wanted;
	struct text *texts = calloc(count ? count : 1, sizeof *texts);
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		addresses[i] = 0;
		if (texts)
			texts[i] = text_from(names[i]);
	}
	if (texts) {
		kallsyms_want(&wanted, &kallsyms->tokens, texts, count);
		found = find_wanted(kallsyms, &wanted, addresses);
	}
	free(texts);
	return found;
}

/* Expands a name, without its type, which comes back: 't', 'T' ...; 0: there is none. */
static char expand(const struct kallsyms_tokens *tokens, struct text codes, char *name, size_t most)
{
	size_t length = 0;
	char type = 0;

	for (size_t i = 0; i < codes.length; i++) {
		unsigned char code = (unsigned char)codes.data[i];
		struct text token = { tokens->text + tokens->begin[code], tokens->length[code] };
		if (!type && token.length) {
			type = token.data[0];
			token = text_from_offset(token, 1);
		}
		if (token.length > most - 1 - length)
			token.length = most - 1 - length;
		if (token.length)
			memcpy(name + length, token.data, token.length);
		length += token.length;
	}
	name[length] = '\0';
	return type;
}

/* The first of those at the address of symbol `index`, and where the next address is; false: it cannot be read. */
static bool aliases(struct kallsyms *kallsyms, uint64_t index, uint64_t *first, uint64_t *address, uint64_t *end)
{
	uint64_t count = kallsyms->tables.count, at;

	if (!symbol_address(kallsyms, index, address))
		return false;
	*first = index;
	while (*first > 0 && index - *first < ALIASES_MOST && symbol_address(kallsyms, *first - 1, &at) && at == *address)
		--*first;
	for (*end = *address; index < count && *end == *address; index++)
		if (!symbol_address(kallsyms, index, end))
			return false;
	return *end > *address;
}

bool kallsyms_at(struct kallsyms *kallsyms, uint64_t address, struct kallsyms_symbol *symbol)
{
	struct error ignored = { 0 };
	struct text codes;
	uint64_t end, index, next = first_from(kallsyms, address + 1);

	if (!next || !aliases(kallsyms, next - 1, &index, &symbol->address, &end) || address < symbol->address ||
	    address >= end)
		return false;
	symbol->size = end - symbol->address;
	if (!walk_to(kallsyms, index) || !kallsyms_walk_next(&kallsyms->walk, &codes, &ignored))
		return false;
	char type = expand(&kallsyms->tokens, codes, symbol->name, sizeof symbol->name);
	return symbol->name[0] && type && strchr("tTwW", type);
}

void kallsyms_close(struct kallsyms *kallsyms)
{
	if (!kallsyms)
		return;
	free(kallsyms->tokens.text);
	free(kallsyms->blocks);
	free(kallsyms);
}
