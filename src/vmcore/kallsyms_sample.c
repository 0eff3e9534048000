/*
 * Where the names of kallsyms end, by a look at one page in sixteen: a page of names is a chain of lengths that are small
 * and never 0, through all of it, which nothing else in a kernel is. Reading every page there is costs ten times as much.
 */
#include "vmcore/kallsyms_scan.h"

enum {
	PAGE = 4096,
	STRIDE = 16 * PAGE,
	STARTS = 64,       /* a name begins within so many bytes */
	CODES_MOST = 64,   /* of nearly every name; where one is longer the next page will do */
	NAME_AVERAGE = 24, /* bytes it takes, at most; real ones 10 */
};

static bool is_chain(const unsigned char *bytes, size_t at)
{
	size_t names = 0;

	for (; at < PAGE; names++) {
		if (bytes[at] == 0 || bytes[at] > CODES_MOST)
			return false;
		at += bytes[at] + 1U;
	}
	return names >= PAGE / NAME_AVERAGE;
}

static bool is_page_of_names(struct dump *dump, uint64_t address)
{
	unsigned char bytes[PAGE];
	struct error ignored = { 0 };

	if (dump_read(dump, address, bytes, sizeof bytes, &ignored) != MEMORY_OK)
		return false;
	for (size_t start = 0; start < STARTS; start++)
		if (is_chain(bytes, start))
			return true;
	return false;
}

bool kallsyms_sample(struct dump *dump, uint64_t low, uint64_t *high, uint64_t *last)
{
	uint64_t place = *high / STRIDE * STRIDE;

	while (place > low && place - low >= STRIDE) {
		place -= STRIDE;
		if (!is_page_of_names(dump, place))
			continue;
		*high = place;
		uint64_t names = place, behind = place + STRIDE;
		while (behind - names > PAGE) {
			uint64_t middle = names + (behind - names) / 2 / PAGE * PAGE;
			if (is_page_of_names(dump, middle))
				names = middle;
			else
				behind = middle;
		}
		*last = names;
		return true;
	}
	return false;
}
