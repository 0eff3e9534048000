/*
 * Finding the tables of kallsyms where VMCOREINFO does not tell (before 6.0). The token table has a shape that nothing else
 * has: the digits stand for themselves, as names hold them all, and its index agrees with it. What else there is lies before
 * it: in all versions up to 6.3 (scripts/kallsyms.c, write_src())
 *
 *   offsets, relative_base  or  addresses;  num_syms, names, markers, token_table, token_index
 *
 * and since 6.4 num_syms, names, markers, token_table, token_index, offsets, relative_base; each aligned to a word. Not
 * found are 6.2, 6.3 and later ones of 6.1, with seqs_of_names behind the markers: their VMCOREINFO tells.
 */
#define _GNU_SOURCE /* memmem() */
#include "vmcore/kallsyms_scan.h"

#include "vmcore/bytes.h"
#include "vmcore/cause.h"
#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	SCAN_MOST = 64 * 1024 * 1024,
	PLACES_MOST = 256,        /* that hold the digits, and are looked at */
	TABLES_MOST = 16,         /* that are token tables with their index */
	FITTING_MOST = 12,        /* that look like all of the tables, and are given to fits() */
	DIGITS_LENGTH = 20,       /* "0\0" to "9\0" */
	PIECE = 16 * 1024,        /* bytes read at a time */
	SAMPLES_MOST = 16,        /* places that look like names */
	BEHIND_NAMES = 48 * 1024, /* bytes of markers and tokens; half a million names have 8 KiB of markers */
	TABLE_MOST = 8 * 1024     /* bytes of a token table on either side of the digits; real ones have about 1000 in all */
};

static const char digits[DIGITS_LENGTH] = "0\0001\0002\0003\0004\0005\0006\0007\0008\0009";

struct scan {
	struct dump *dump;
	struct kallsyms_walk *walk;
	bool (*fits)(void *state, const struct kallsyms_tables *tables);
	void *state;
	size_t places, tables, fitting;
	struct error unreadable; /* the first page that could not be read */
	unsigned char piece[PIECE + DIGITS_LENGTH];
	unsigned char around[2 * TABLE_MOST + KALLSYMS_TOKENS * 2];
};

/* Memory, page by page; zeros where it cannot be read. */
static void read_some(struct scan *scan, uint64_t address, unsigned char *buffer, size_t length)
{
	struct error why = { 0 };

	while (length) {
		size_t part = 4096 - (size_t)(address % 4096);
		if (part > length)
			part = length;
		if (dump_read(scan->dump, address, buffer, part, &why) != MEMORY_OK) {
			memset(buffer, 0, part);
			if (!scan->unreadable.message[0])
				scan->unreadable = why;
		}
		address += part;
		buffer += part;
		length -= part;
	}
}

/* Behind `count` strings from `at` on; 0: there are not so many in the bytes. */
static size_t skip_strings(const unsigned char *bytes, size_t length, size_t at, size_t count)
{
	for (; count; count--) {
		const unsigned char *end = at < length ? memchr(bytes + at, 0, length - at) : NULL;
		if (!end)
			return 0;
		at = (size_t)(end - bytes) + 1;
	}
	return at;
}

/*
 * Whether the token table lies around the digits at `place`. Forward from them to its end, there the index, which tells the
 * table's begin; then all of it is checked (kallsyms_read_tokens()).
 */
static bool find_tokens(struct scan *scan, uint64_t place, struct kallsyms_tables *tables)
{
	size_t word = scan->dump->word, length = sizeof scan->around - TABLE_MOST;
	struct kallsyms_tokens tokens = { 0 };
	struct error ignored = { 0 };

	read_some(scan, place, scan->around, length);
	size_t end = skip_strings(scan->around, length - KALLSYMS_TOKENS * 2 - word, 0, KALLSYMS_TOKENS - '0');
	if (!end)
		return false;
	tables->token_index = (place + end + (word - 1)) / word * word;
	const unsigned char *index = scan->around + (tables->token_index - place);
	uint64_t before = bytes_get(index + 2 * '0', 2, scan->dump->big_endian);
	if (before < '0' || before > TABLE_MOST || before > place)
		return false;
	tables->token_table = place - before;
	bool right = kallsyms_read_tokens(scan->dump, tables, &tokens, &ignored);
	free(tokens.text);
	return right;
}

static bool give(struct scan *scan, const struct kallsyms_tables *tables)
{
	return scan->fitting++ < FITTING_MOST && scan->fits(scan->state, tables);
}

/* Tries the places that the values can have, with names and their count known. `before` is where num_syms is. */
static bool try_values(struct scan *scan, struct kallsyms_tables *tables, uint64_t before)
{
	size_t word = scan->dump->word;
	uint64_t offsets_size = (tables->count * 4 + (word - 1)) / word * word;
	uint64_t index_end = tables->token_index + KALLSYMS_TOKENS * 2;
	struct error ignored = { 0 };

	tables->form = OFFSETS;
	tables->values = before - word - offsets_size;
	if (dump_read_number(scan->dump, before - word, word, &tables->base, &ignored) == MEMORY_OK && give(scan, tables))
		return true;
	tables->values = index_end;
	if (dump_read_number(scan->dump, index_end + offsets_size, word, &tables->base, &ignored) == MEMORY_OK &&
	    give(scan, tables))
		return true;
	tables->form = ADDRESSES;
	tables->values = before - tables->count * word;
	return give(scan, tables);
}

static bool try_tables(void *state, struct kallsyms_tables *tables, uint64_t before)
{
	return try_values(state, tables, before);
}

/* The digits, from the end of what can be searched to its begin: read-only data is nearer to the data than to the text. */
static bool search(struct scan *scan, uint64_t low, uint64_t high)
{
	struct kallsyms_tables tables = { 0 };

	for (uint64_t end = high; end > low;) {
		size_t length = end - low < PIECE ? (size_t)(end - low) : PIECE;
		uint64_t begin = end - length;
		/* With the bytes behind it, of the piece before. */
		size_t behind = high - end < DIGITS_LENGTH - 1 ? (size_t)(high - end) : DIGITS_LENGTH - 1;
		read_some(scan, begin, scan->piece, length + behind);
		struct text rest = { (const char *)scan->piece, length + behind };
		while (rest.length >= DIGITS_LENGTH) {
			const char *hit = memmem(rest.data, rest.length, digits, DIGITS_LENGTH);
			if (!hit)
				break;
			if (scan->places++ == PLACES_MOST)
				return false;
			uint64_t place = begin + (uint64_t)(hit - (const char *)scan->piece);
			if (find_tokens(scan, place, &tables) && scan->tables++ < TABLES_MOST &&
			    kallsyms_find_names(scan->dump, &tables, scan->walk, try_tables, scan))
				return true;
			rest = text_from_offset(rest, (size_t)(hit - rest.data) + 1);
		}
		end = begin;
	}
	return false;
}

/* From the begin of the text to the first of the data whose place is known. */
static bool find_bounds(struct dump *dump, uint64_t *low, uint64_t *high)
{
	static const char *const in_data[] = { "init_uts_ns", "swapper_pg_dir", "init_top_pgt",   "init_level4_pgt",
					       "prb",         "log_buf",        "node_online_map" };
	uint64_t address;

	if (!vmcoreinfo_symbol(dump->vmcoreinfo, "_stext", low) || *low > UINT64_MAX - SCAN_MOST)
		return false;
	*high = *low + SCAN_MOST;
	bool bounded = false;
	for (size_t i = 0; i < sizeof in_data / sizeof *in_data; i++) {
		if (!vmcoreinfo_symbol(dump->vmcoreinfo, in_data[i], &address) || address <= *low)
			continue;
		if (!bounded || address < *high)
			*high = address;
		bounded = true;
	}
	if (*high - *low > SCAN_MOST)
		*low = *high - SCAN_MOST;
	return true;
}

/* Behind the last page of names are the markers, 4 or 8 bytes for 256 names, and then the tokens. */
static bool search_behind_names(struct scan *scan, uint64_t low, uint64_t high)
{
	uint64_t last, from = high;

	for (size_t samples = 0; samples < SAMPLES_MOST && kallsyms_sample(scan->dump, low, &from, &last); samples++) {
		uint64_t end = high - last < BEHIND_NAMES ? high : last + BEHIND_NAMES;
		if (search(scan, last, end))
			return true;
	}
	return false;
}

bool kallsyms_scan(struct dump *dump, struct kallsyms_walk *walk,
		   bool (*fits)(void *state, const struct kallsyms_tables *tables), void *state, struct error *error)
{
	uint64_t low, high;

	if (dump->word != 4 && dump->word != 8)
		return error_set(error, "kallsyms: words of %zu bytes", dump->word);
	if (!find_bounds(dump, &low, &high))
		return error_set(error, "kallsyms: VMCOREINFO does not tell where the kernel's text begins");
	struct scan *scan = calloc(1, sizeof *scan);
	if (!scan)
		return error_out_of_memory(error);
	scan->dump = dump;
	scan->walk = walk;
	scan->fits = fits;
	scan->state = state;
	bool found = search_behind_names(scan, low, high) || search(scan, low, high);
	if (!found)
		error_set(error, "the tables of kallsyms were not found between 0x%" PRIx64 " and 0x%" PRIx64 "%s%s", low,
			  high, scan->unreadable.message[0] ? ", where not all can be read: " : "",
			  cause(&scan->unreadable, CAUSE_USUAL).text);
	free(scan);
	return found;
}
