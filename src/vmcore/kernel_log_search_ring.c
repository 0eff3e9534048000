/*
 * The ring buffer of 5.10 and later, by the shape of its arrays: descriptors whose ids count up, and whose blocks follow
 * each other; infos whose sequence numbers count up; and texts, each behind its id. A sequence number minus its record's id
 * is the number of descriptors, a power of two, which ties the first two together; the ids within the texts tie the third.
 */
#include "vmcore/bytes.h"
#include "vmcore/kernel_log_ring.h"
#include "vmcore/kernel_log_search.h"

#include <stdlib.h>

enum {
	DESCS_LEAST = 16, /* in a row, within a page of 170 of them */
	INFOS_LEAST = 8,  /* within a page of 46 */
	TEXTS_LEAST = 8,
	TEXTS_MOST = 64,       /* the newest, that the texts are looked for by */
	BLOCK_MOST = 9 * 1024, /* no text that the kernel writes is longer */
	PAIRS_MOST = 3,
	/* The kernel makes one descriptor for each 32 bytes of text (PRB_AVGBITS, kernel/printk/printk.c). */
	AVERAGE_BITS = 5,
	/* What of an id is the same however wide the kernel reckons the first: so far as 32 bits, also where ids have 62. */
	ID_BITS = 0x3fffffff,
};

/* Of records since boot: a machine does not live to see more. */
#define SEQUENCE_MOST (UINT64_C(1) << 48)

/* Of struct printk_info; with a task's name in it (CONFIG_PRINTK_EXECUTION_CTX, seen in 7.3), aligned to 8 or to 4. */
static const unsigned int info_sizes[] = { 88, 112, 108 };

/* Adds what was seen to what is known of the same array; the least seen is dropped where there are too many. */
static void numbered_add(struct numbered_list *list, struct numbered seen, uint64_t mask)
{
	struct numbered *item = NULL, *least = list->items;

	for (size_t i = 0; i < list->count && !item; i++) {
		if (list->items[i].origin == seen.origin && list->items[i].size == seen.size)
			item = &list->items[i];
		if (list->items[i].count < least->count)
			least = &list->items[i];
	}
	if (!item) {
		if (list->count < NUMBERED_MOST)
			least = &list->items[list->count++];
		else if (least->count > seen.count)
			return;
		*least = seen;
		return;
	}
	item->count += seen.count;
	if (((seen.newest - item->newest) & mask) < mask / 2) {
		item->newest = seen.newest;
		item->address = seen.address;
	}
}

/* A block's ends: whole words, one behind the other; or both odd, of a record without text. */
static bool likely_block(const struct dump *dump, uint64_t begin, uint64_t next, uint64_t *expected)
{
	if (begin % dump->word)
		return begin == next && begin < 8;
	if (*expected != UINT64_MAX && begin != *expected)
		return false;
	*expected = next;
	return next % dump->word == 0 && next > begin;
}

static size_t count_descs(const struct dump *dump, const uint64_t *words, size_t count)
{
	uint64_t expected = UINT64_MAX;
	size_t found = 0;

	while ((found + 1) * 3 <= count && words[found * 3] == words[0] + found &&
	       likely_block(dump, words[found * 3 + 1], words[found * 3 + 2], &expected))
		found++;
	return found;
}

static void note_descs(const struct dump *dump, const struct search_page *page, const uint64_t *words, size_t count,
		       struct numbered_list *list)
{
	unsigned int shift = (unsigned int)dump->word * 8 - 2;
	uint64_t mask = ring_id_mask(dump), size = dump->word * 3;

	for (size_t i = 0; i + 3 < count; i++) {
		if (words[i] >> shift != RING_FINALIZED || words[i + 3] != words[i] + 1)
			continue;
		size_t found = count_descs(dump, words + i, count - i);
		if (found < DESCS_LEAST)
			continue;
		uint64_t newest = (words[i] & mask) + found - 1;
		uint64_t address = page->address + (i + (found - 1) * 3) * dump->word;
		numbered_add(list, (struct numbered){ address - newest * size, found, newest, address, size }, mask);
		i += found * 3 - 1;
	}
}

static bool likely_info(const struct dump *dump, const unsigned char *bytes, uint64_t sequence, uint64_t *time_ns)
{
	uint64_t time = bytes_get(bytes + 8, 8, dump->big_endian);

	if (bytes_get(bytes, 8, dump->big_endian) != sequence || time < *time_ns / 2 || time > INT64_MAX ||
	    bytes_get(bytes + 16, 2, dump->big_endian) > BLOCK_MOST)
		return false;
	*time_ns = time;
	return true;
}

/* How many infos stand in a row at the beginning of these bytes. */
static size_t count_infos(const struct dump *dump, const unsigned char *bytes, size_t length, size_t size)
{
	uint64_t first, time_ns = 0;
	size_t found = 0;

	if (length < size)
		return 0;
	first = bytes_get(bytes, 8, dump->big_endian);
	if (first > SEQUENCE_MOST)
		return 0;
	while ((found + 1) * size <= length && likely_info(dump, bytes + found * size, first + found, &time_ns))
		found++;
	return found;
}

static void note_infos(const struct dump *dump, const struct search_page *page, const uint64_t *words, size_t count,
		       size_t size, struct numbered_list *list)
{
	size_t distance = size / dump->word, low = dump->word == 4 && dump->big_endian;

	for (size_t i = low; size % dump->word == 0 && i + distance < count; i++) {
		if (words[i + distance] != words[i] + 1)
			continue;
		size_t begin = (i - low) * dump->word;
		size_t found = count_infos(dump, page->bytes + begin, page->length - begin, size);
		if (found < INFOS_LEAST)
			continue;
		uint64_t newest = bytes_get(page->bytes + begin, 8, dump->big_endian) + found - 1;
		uint64_t address = page->address + begin + (found - 1) * size;
		numbered_add(list, (struct numbered){ address - newest * size, found, newest, address, size }, UINT64_MAX);
		i += found * distance - 1;
	}
}

void search_ring_page(const struct dump *dump, const struct search_page *page, struct ring_marks *marks)
{
	uint64_t words[SEARCH_PAGE / 4];
	size_t count = search_load_words(dump, page, words);

	note_descs(dump, page, words, count, &marks->descs);
	for (size_t i = 0; i < sizeof info_sizes / sizeof *info_sizes; i++)
		note_infos(dump, page, words, count, info_sizes[i], &marks->infos);
}

/* The number of descriptors, by the newest of both arrays, of which a few may not have been seen. 0: they do not fit. */
static unsigned int count_bits(const struct numbered *descs, const struct numbered *infos)
{
	uint64_t difference = (infos->newest - descs->newest) & ID_BITS;

	for (unsigned int bits = 7; bits <= RING_COUNT_BITS_MOST; bits++) {
		uint64_t count = UINT64_C(1) << bits, slack = count / 4 < 256 ? count / 4 : 256;
		if (difference >= count - slack && difference <= count + slack)
			return bits;
	}
	return 0;
}

/* What the texts are looked for by: the newest records' ids, and where their blocks begin. */
struct texts {
	struct dump *dump;
	struct search_budget *budget;
	unsigned int size_bits;
	uint64_t id; /* of the first */
	size_t count;
	struct {
		uint64_t begin;
		bool here; /* it has a block, and that does not go over the ring's end */
	} blocks[TEXTS_MOST];
	bool found;
	uint64_t address;
};

static bool get_block(struct dump *dump, uint64_t descs, uint64_t index, uint64_t id, struct texts *texts, size_t i)
{
	unsigned char bytes[24];
	struct error error;
	size_t word = dump->word;
	uint64_t size = UINT64_C(1) << texts->size_bits;

	texts->blocks[i].here = false;
	if (dump_read_physical(dump, descs + index * word * 3, bytes, word * 3, &error) != MEMORY_OK)
		return false;
	uint64_t begin = bytes_get(bytes + word, word, dump->big_endian);
	uint64_t next = bytes_get(bytes + 2 * word, word, dump->big_endian);
	if ((bytes_get(bytes, word, dump->big_endian) & ring_id_mask(dump)) != id)
		return false;
	texts->blocks[i].begin = begin & (size - 1);
	texts->blocks[i].here = begin % word == 0 && (begin & (size - 1)) < (next & (size - 1));
	return true;
}

static bool holds_id(const struct texts *texts, uint64_t address, uint64_t id)
{
	unsigned char bytes[8];
	struct error error;
	size_t word = texts->dump->word;

	return dump_read_physical(texts->dump, address, bytes, word, &error) == MEMORY_OK &&
	       bytes_get(bytes, word, texts->dump->big_endian) == id;
}

/* Where the reads are used up, nothing is: only made-up memory is so full of what looks like texts. */
static bool is_ring_of_texts(const struct texts *texts, uint64_t address)
{
	size_t right = 0, wrong = 0;

	for (size_t i = 0; i < texts->count && wrong <= texts->count / 4; i++) {
		if (!texts->blocks[i].here)
			continue;
		if (!texts->budget->reads)
			return false;
		texts->budget->reads--;
		bool holds = holds_id(texts, address + texts->blocks[i].begin, (texts->id + i) & ring_id_mask(texts->dump));
		right += holds;
		wrong += !holds;
	}
	return right >= TEXTS_LEAST && right >= wrong * 3;
}

/* Looks for two neighbours of the newest records within the page. */
static bool find_texts(void *state, const struct search_page *page)
{
	struct texts *texts = state;
	uint64_t words[SEARCH_PAGE / 4], mask = ring_id_mask(texts->dump);
	size_t word = texts->dump->word, count = search_load_words(texts->dump, page, words);

	for (size_t i = 0; i < count; i++) {
		uint64_t k = (words[i] - texts->id) & mask;
		if (k + 1 >= texts->count || words[i] > mask || !texts->blocks[k].here || !texts->blocks[k + 1].here)
			continue;
		uint64_t distance = (texts->blocks[k + 1].begin - texts->blocks[k].begin) / word;
		uint64_t address = page->address + i * word;
		if (distance >= count - i || words[i + distance] != ((words[i] + 1) & mask) ||
		    address < texts->blocks[k].begin)
			continue;
		texts->address = address - texts->blocks[k].begin;
		texts->found = is_ring_of_texts(texts, texts->address);
		if (texts->found)
			return false;
	}
	return true;
}

static struct log_reader *open_pair(struct dump *dump, struct search_budget *budget, const struct numbered *descs,
				    const struct numbered *infos, struct kernel_log_report *report, struct error *error)
{
	struct ring_place place = { .physical = true, .find_ids = true };
	struct ring_layout layout;
	struct texts texts = { .dump = dump, .budget = budget };

	ring_usual_layout(dump, &layout);
	layout.info_size = infos->size;
	place.count_bits = count_bits(descs, infos);
	place.size_bits = place.count_bits + AVERAGE_BITS;
	uint64_t index_mask = (UINT64_C(1) << place.count_bits) - 1;
	place.descs = descs->address - (descs->newest & index_mask) * layout.desc_size;
	place.infos = infos->address - (infos->newest & index_mask) * layout.info_size;
	texts.size_bits = place.size_bits;
	texts.count = descs->count < TEXTS_MOST ? descs->count : TEXTS_MOST;
	texts.id = (descs->newest - texts.count + 1) & ring_id_mask(dump);
	for (size_t i = 0; i < texts.count; i++) {
		uint64_t id = (texts.id + i) & ring_id_mask(dump);
		get_block(dump, place.descs, id & index_mask, id, &texts, i);
	}
	if (!search_walk(dump, budget, find_texts, &texts, error) || !texts.found)
		return NULL;
	place.texts = texts.address;
	return ring_open_at(dump, &layout, &place, report, error);
}

/* The pairs of arrays that fit each other, the newest log first: a ring that was replaced by a larger one stays in memory.
 */
struct log_reader *search_ring_open(struct dump *dump, struct search_budget *budget, const struct ring_marks *marks,
				    struct kernel_log_report *report, struct error *error)
{
	struct log_reader *best = NULL;
	uint64_t newest = UINT64_MAX;

	for (int tries = 0; tries < PAIRS_MOST; tries++) {
		const struct numbered *descs = NULL, *infos = NULL;
		for (size_t i = 0; i < marks->infos.count; i++)
			for (size_t j = 0; j < marks->descs.count; j++) {
				const struct numbered *info = &marks->infos.items[i];
				if (info->newest >= newest || (infos && info->newest <= infos->newest) ||
				    !count_bits(&marks->descs.items[j], info))
					continue;
				infos = info;
				descs = &marks->descs.items[j];
			}
		if (!infos)
			break;
		struct log_reader *reader = open_pair(dump, budget, descs, infos, report, error);
		if (reader)
			log_reader_judge(reader);
		best = log_reader_better(best, reader);
		if (best && !best->doubtful)
			break;
		newest = infos->newest;
	}
	return best;
}
