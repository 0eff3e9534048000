/*
 * The last resort: a dump without VMCOREINFO, and none in its memory either. The log's structures are told by what no other
 * memory holds: numbers that count up at the right distances, headers that lead from one to the next, lines with stamps.
 * Memory is read once to note such places, and once more for the ring buffer's texts. Nothing here needs a virtual address.
 */
#include "vmcore/kernel_log_search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCK = 256 * 1024,
	READS_LEAST = 4096,       /* single ones, however little memory there is */
	BRIDGE = 2 * SEARCH_PAGE, /* so far apart may be what belongs together: long records leave few marks in a page */
};

struct walk {
	struct dump *dump;
	unsigned char *block;
	bool (*visit)(void *state, const struct search_page *page);
	void *state;
};

static bool visit_pages(struct walk *walk, uint64_t address, size_t length)
{
	for (size_t at = 0; at < length;) {
		size_t size = SEARCH_PAGE - (size_t)((address + at) % SEARCH_PAGE);
		if (size > length - at)
			size = length - at;
		struct search_page page = { address + at, walk->block + at, size / 4 * 4 };
		if (!walk->visit(walk->state, &page))
			return false;
		at += size;
	}
	return true;
}

/* Whole; or, where a page is not there, page by page. */
static bool walk_block(struct walk *walk, uint64_t address, size_t length)
{
	struct error error;

	if (dump_read_physical(walk->dump, address, walk->block, length, &error) == MEMORY_OK)
		return visit_pages(walk, address, length);
	for (size_t at = 0; at < length;) {
		size_t size = SEARCH_PAGE - (size_t)((address + at) % SEARCH_PAGE);
		if (size > length - at)
			size = length - at;
		if (dump_read_physical(walk->dump, address + at, walk->block, size, &error) == MEMORY_OK &&
		    !visit_pages(walk, address + at, size))
			return false;
		at += size;
	}
	return true;
}

/* How much of a run is read next, without the bytes before an address that is a multiple of 4. */
static size_t block_size(uint64_t length, uint64_t skip)
{
	uint64_t left = length > skip ? length - skip : 0;

	return left < BLOCK ? (size_t)left : BLOCK;
}

static void spend(struct search_budget *budget, struct dump *dump, uint64_t address, size_t size)
{
	budget->reads += size / SEARCH_PAGE;
	budget->bytes -= size < budget->bytes ? size : budget->bytes;
	if (!budget->bytes)
		dump_remark(dump,
			    "the search for the log in memory ended at physical address 0x%" PRIx64 ": enough was searched",
			    address + size);
}

bool search_walk(struct dump *dump, struct search_budget *budget, bool (*visit)(void *state, const struct search_page *page),
		 void *state, struct error *error)
{
	struct walk walk = { .dump = dump, .visit = visit, .state = state };
	uint64_t address = 0, length, from = 0;
	bool going = true;

	if (!dump->reader->next_run)
		return error_set(error, "memory of this format cannot be searched");
	walk.block = malloc(BLOCK);
	if (!walk.block)
		return error_out_of_memory(error);
	while (going && budget->bytes && dump->reader->next_run(dump, &address, &length) && length && address >= from) {
		uint64_t aligned = (address + 3) & ~UINT64_C(3);
		size_t size = block_size(length, aligned - address);
		going = !size || walk_block(&walk, aligned, size);
		spend(budget, dump, aligned, size);
		address = aligned + size;
		if (address < from || address == 0)
			break;
		from = address;
	}
	free(walk.block);
	return true;
}

size_t search_load_words(const struct dump *dump, const struct search_page *page, uint64_t *words)
{
	bool swap = dump->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	size_t count = page->length / dump->word;

	for (size_t i = 0; i < count; i++) {
		if (dump->word == 8) {
			uint64_t value;
			memcpy(&value, page->bytes + i * 8, 8);
			words[i] = swap ? __builtin_bswap64(value) : value;
		} else {
			uint32_t value;
			memcpy(&value, page->bytes + i * 4, 4);
			words[i] = swap ? __builtin_bswap32(value) : value;
		}
	}
	return count;
}

void extents_add(struct extents *extents, const struct search_page *page, uint64_t weight, unsigned int kind)
{
	struct extent *lightest = extents->items;

	for (size_t i = 0; i < extents->count; i++) {
		struct extent *extent = &extents->items[i];
		if (page->address - extent->end <= BRIDGE && extent->kind == kind) {
			extent->end = page->address + page->length;
			extent->weight += weight;
			return;
		}
		if (extent->weight < lightest->weight)
			lightest = extent;
	}
	if (extents->count < EXTENTS_MOST)
		lightest = &extents->items[extents->count++];
	else if (lightest->weight > weight)
		return;
	*lightest = (struct extent){ page->address, page->address + page->length, weight, kind };
}

const struct extent *extents_heaviest(const struct extents *extents)
{
	const struct extent *heaviest = extents->items;

	for (size_t i = 1; i < extents->count; i++)
		if (extents->items[i].weight > heaviest->weight)
			heaviest = &extents->items[i];
	return extents->count ? heaviest : NULL;
}

void extent_surroundings(const struct extent *extent, uint64_t *begin, uint64_t *size)
{
	uint64_t end = extent->end > UINT64_MAX - SEARCH_PAGE ? UINT64_MAX : extent->end + SEARCH_PAGE;

	*begin = extent->begin > SEARCH_PAGE ? extent->begin - SEARCH_PAGE : 0;
	*size = end - *begin;
}

struct marks {
	const struct dump *dump;
	struct ring_marks ring;
	struct extents records, characters;
};

static bool note_page(void *state, const struct search_page *page)
{
	struct marks *marks = state;

	search_ring_page(marks->dump, page, &marks->ring);
	search_records_page(marks->dump, page, &marks->records);
	search_characters_page(page, &marks->characters);
	return true;
}

struct log_reader *log_search(struct dump *dump, uint64_t most, struct kernel_log_report *report, struct error *error)
{
	struct marks *marks = calloc(1, sizeof *marks);
	struct log_reader *reader = NULL;

	if (!marks || (dump->word != 4 && dump->word != 8)) {
		error_set(error, "memory cannot be searched: out of memory, or the size of a word is not known");
		free(marks);
		return NULL;
	}
	marks->dump = dump;
	struct search_budget budget = { .bytes = most };
	if (search_walk(dump, &budget, note_page, marks, error)) {
		budget = (struct search_budget){ .bytes = most, .reads = READS_LEAST };
		reader = search_ring_open(dump, &budget, &marks->ring, report, error);
		if (!reader)
			reader = search_records_open(dump, &marks->records, report, error);
		if (!reader)
			reader = search_characters_open(dump, &marks->characters, report, error);
		if (!reader)
			error_set(error, "nothing in memory looks like a kernel log of %d lines or more",
				  SEARCH_RECORDS_LEAST);
	}
	free(marks);
	return reader;
}
