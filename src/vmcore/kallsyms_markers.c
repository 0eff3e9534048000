/*
 * From the token table of kallsyms back to markers, names and their count. The markers end where the token table begins, and
 * go up from 0, so that from behind they go down to it. They tell how many names there are, but for 256, and how many bytes
 * of names lie before the last of them: so names begin a little before there, with their exact count before them.
 */
#include "vmcore/bytes.h"
#include "vmcore/kallsyms_scan.h"

#include <stdlib.h>

enum {
	BLOCK = KALLSYMS_BLOCK,
	MARKERS_MOST = KALLSYMS_COUNT_MOST / BLOCK,
	BLOCK_BYTES_MOST = 32 * 1024, /* 256 names take 3,000 or so */
	WALKS_MOST = 16,              /* places that could be the begin of the names, walked over to see */
};

struct markers {
	uint64_t begin; /* of the table */
	uint64_t count;
	uint64_t first, last; /* the second marker, where the second block begins, and the last; 0 where there is only one */
};

/* Reads markers of `width` bytes that end at `end`. */
static bool read_markers(struct dump *dump, uint64_t end, size_t width, struct markers *markers)
{
	struct error ignored = { 0 };
	uint64_t value, above = UINT64_MAX;

	*markers = (struct markers){ .begin = end };
	while (markers->count < MARKERS_MOST && markers->begin >= width) {
		markers->begin -= width;
		if (dump_read_number(dump, markers->begin, width, &value, &ignored) != MEMORY_OK)
			return false;
		if (value >= above || value > KALLSYMS_WALK_MOST || (markers->count && above - value > BLOCK_BYTES_MOST))
			return false;
		if (!markers->count++)
			markers->last = value;
		if (value == 0)
			return true;
		markers->first = value;
		above = value;
	}
	return false;
}

/* Walks over so many names. */
static bool walk_names(struct dump *dump, struct kallsyms_walk *walk, uint64_t from, uint64_t count, uint64_t *end)
{
	struct error ignored = { 0 };
	struct text codes;

	kallsyms_walk_from(walk, dump, from);
	for (; count; count--)
		if (!kallsyms_walk_next(walk, &codes, &ignored) || codes.length == 0)
			return false;
	*end = walk->address;
	return true;
}

/* Whether names that begin there go with the markers: the blocks are where they say, and the names end where they begin. */
static bool names_fit(struct dump *dump, struct kallsyms_walk *walk, const struct markers *markers, uint64_t names,
		      uint64_t count)
{
	uint64_t end, padded, word = dump->word;

	if (!walk_names(dump, walk, names + markers->last, count - (markers->count - 1) * BLOCK, &end))
		return false;
	padded = (end + (word - 1)) / word * word;
	if (padded != markers->begin)
		return false;
	return markers->count == 1 || (walk_names(dump, walk, names, BLOCK, &end) && end == names + markers->first);
}

/* Looks for num_syms, a word or since 4.20 an int in the place of one, right before the names. */
static bool find_count(struct dump *dump, struct kallsyms_tables *tables, struct kallsyms_walk *walk,
		       const struct markers *markers,
		       bool (*use)(void *state, struct kallsyms_tables *tables, uint64_t count_at), void *state)
{
	struct error ignored = { 0 };
	size_t word = dump->word;
	uint64_t least = (markers->count - 1) * BLOCK; /* names, each a byte or more in front of the markers */
	uint64_t names = markers->begin - markers->last;
	unsigned int walks = 0;

	if (names > markers->begin || markers->last < least)
		return false;
	names = names / word * word;
	for (size_t tried = 0; tried < BLOCK_BYTES_MOST / word && names >= 2 * word; tried++, names -= word) {
		uint64_t count;
		if (dump_read_number(dump, names - word, 4, &count, &ignored) != MEMORY_OK)
			return false;
		if (count == 0 && word == 8 && dump->big_endian &&
		    dump_read_number(dump, names - word, 8, &count, &ignored) != MEMORY_OK)
			return false;
		if (count <= least || count > least + BLOCK)
			continue;
		if (walks++ == WALKS_MOST)
			return false;
		if (!names_fit(dump, walk, markers, names, count))
			continue;
		tables->names = names;
		tables->count = count;
		if (use(state, tables, names - word))
			return true;
	}
	return false;
}

bool kallsyms_find_names(struct dump *dump, struct kallsyms_tables *tables, struct kallsyms_walk *walk,
			 bool (*use)(void *state, struct kallsyms_tables *tables, uint64_t count_at), void *state)
{
	/* Markers are words before 4.20 and 4 bytes since; of those there may be one more, to fill a word. */
	const struct {
		size_t width, padding;
	} forms[] = { { 4, 0 }, { 4, 4 }, { dump->word, 0 } };

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct markers markers;
		if (!read_markers(dump, tables->token_table - forms[i].padding, forms[i].width, &markers))
			continue;
		tables->markers = markers.begin;
		tables->marker_size = forms[i].width;
		if (find_count(dump, tables, walk, &markers, use, state))
			return true;
	}
	return false;
}
