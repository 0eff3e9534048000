/* The records of 3.5 to 5.9, by headers that lead from one to the next; and in which order they were written. */
#include "vmcore/bytes.h"
#include "vmcore/kernel_log_records.h"
#include "vmcore/kernel_log_search.h"

#include <stdlib.h>
#include <string.h>

enum { CHAIN_LEAST = 6, CHAIN_MOST = SEARCH_PAGE / RECORDS_HEADER_LEAST, RECORDS_LEAST = 20, HEADER_SIZES = 3 };

/* With caller id (5.1 and later), packed to 4 bytes or not; without. */
static const unsigned int header_sizes[HEADER_SIZES] = { 16, 20, 24 };

static struct records_layout usual_layout(unsigned int header)
{
	return (struct records_layout){
		.header = header,
		.time = 0,
		.length = 8,
		.text_length = 10,
		.dict_length = 12,
		.has_dict = true,
		.has_priority = true,
		.has_caller = header > RECORDS_CALLER,
	};
}

/* Texts begin with something that can be seen; colours of programs that write to /dev/kmsg aside. */
static bool is_text(const struct records_layout *layout, const unsigned char *bytes, const struct record_header *header)
{
	unsigned char first = bytes[layout->header];

	return !header->text_length || first == '\033' || (first >= '\t' && first <= '\r') ||
	       (first >= ' ' && first != 0x7f);
}

/* How many records of a chain have text for text; in *length, how many bytes they are. */
static size_t count_records(const struct dump *dump, const struct records_layout *layout, const unsigned char *bytes,
			    size_t size, size_t *length)
{
	size_t count = records_chain(layout, bytes, size, dump->big_endian, CHAIN_MOST), texts = 0, odd = 0;

	*length = 0;
	for (size_t i = 0; i < count; i++) {
		struct record_header header;
		records_get_header(layout, bytes + *length, dump->big_endian, &header);
		if (header.length > size - *length)
			break;
		odd += !is_text(layout, bytes + *length, &header);
		texts += header.text_length > 0;
		*length += header.length;
	}
	return odd > texts / 4 ? 0 : texts;
}

/* Whether a length could be that of a header of any of the sizes, text and dictionary; most of memory ends here. */
static bool is_likely(const unsigned char *bytes, bool swap)
{
	uint16_t lengths[3]; /* whole, text, dictionary */

	memcpy(lengths, bytes + 8, sizeof lengths);
	if (swap)
		for (size_t i = 0; i < 3; i++)
			lengths[i] = __builtin_bswap16(lengths[i]);
	unsigned int content = (unsigned int)lengths[1] + lengths[2], whole = lengths[0];
	return lengths[1] && whole % 4 == 0 && whole >= content + 16 && whole < content + 24 + 8;
}

/* Records in a row at the beginning of these bytes, and how many bytes they are; 0: none. */
static size_t count_at(const struct dump *dump, unsigned int header, const unsigned char *bytes, size_t size, size_t *length)
{
	struct records_layout layout = usual_layout(header);

	if (size < header || records_chain(&layout, bytes, size, dump->big_endian, CHAIN_LEAST) < CHAIN_LEAST)
		return 0;
	size_t count = count_records(dump, &layout, bytes, size, length);
	return count >= CHAIN_LEAST - 1 ? count : 0;
}

void search_records_page(const struct dump *dump, const struct search_page *page, struct extents *extents)
{
	bool swap = dump->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	uint64_t weights[HEADER_SIZES] = { 0 };

	for (size_t at = 0; at + RECORDS_HEADER_LEAST * CHAIN_LEAST <= page->length;) {
		size_t step = 4, length = 0;
		for (size_t i = 0; is_likely(page->bytes + at, swap) && i < HEADER_SIZES && step == 4; i++) {
			size_t count = count_at(dump, header_sizes[i], page->bytes + at, page->length - at, &length);
			weights[i] += count;
			step = count ? length : 4;
		}
		at += step;
	}
	for (size_t i = 0; i < HEADER_SIZES; i++)
		if (weights[i])
			extents_add(extents, page, weights[i], header_sizes[i]);
}

/* Reads the same run of memory twice: first from the oldest record on, then up to it. */
struct rotated {
	struct log_reader reader;
	struct log_reader *inner;
	struct dump *dump;
	struct records_layout layout;
	struct records_place place;
	struct kernel_log_report ignored; /* what lies around the records is no damage */
	uint64_t oldest;                  /* the number of the oldest record, from 0 */
	uint64_t at;                      /* the next one's number */
	bool second;
};

static bool start(struct rotated *rotated, struct error *error)
{
	if (rotated->inner)
		rotated->inner->close(rotated->inner);
	rotated->inner = records_open_at(rotated->dump, &rotated->layout, &rotated->place, &rotated->ignored, error);
	rotated->at = 0;
	return rotated->inner;
}

static bool next(struct log_reader *reader, struct log_entry *entry)
{
	struct rotated *rotated = (struct rotated *)reader;
	struct error error;

	while (rotated->inner) {
		if (rotated->second && rotated->at == rotated->oldest)
			return false;
		if (rotated->inner->next(rotated->inner, entry)) {
			if (rotated->at++ >= rotated->oldest || rotated->second)
				return true;
		} else if (rotated->second || !rotated->oldest || !start(rotated, &error)) {
			return false;
		} else {
			rotated->second = true;
		}
	}
	return false;
}

static void close_rotated(struct log_reader *reader)
{
	struct rotated *rotated = (struct rotated *)reader;

	if (rotated->inner)
		rotated->inner->close(rotated->inner);
	free(rotated);
}

/* Time goes back once in a ring: there the oldest record is. */
static void find_oldest(struct rotated *rotated)
{
	struct log_entry entry;
	uint64_t time_ns = 0, number = 0;

	for (; rotated->inner->next(rotated->inner, &entry); number++) {
		if (entry.time_ns + 1000000000 < time_ns)
			rotated->oldest = number;
		time_ns = entry.time_ns;
	}
}

struct log_reader *search_records_open(struct dump *dump, const struct extents *extents, struct kernel_log_report *report,
				       struct error *error)
{
	const struct extent *extent = extents_heaviest(extents);
	struct rotated *rotated;

	if (!extent || extent->weight < RECORDS_LEAST)
		return NULL;
	rotated = calloc(1, sizeof *rotated);
	if (!rotated) {
		error_out_of_memory(error);
		return NULL;
	}
	rotated->reader = (struct log_reader){ "records", report, next, close_rotated };
	rotated->dump = dump;
	rotated->layout = usual_layout(extent->kind);
	rotated->place.physical = true;
	extent_surroundings(extent, &rotated->place.buffer, &rotated->place.size);
	rotated->place.next = rotated->place.size;
	if (start(rotated, error)) {
		find_oldest(rotated);
		if (start(rotated, error))
			return &rotated->reader;
	}
	close_rotated(&rotated->reader);
	return NULL;
}
