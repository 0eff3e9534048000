/* The records of 3.5 to 5.9, by headers that lead from one to the next; and in which order they were written. */
#include "vmcore/bytes.h"
#include "vmcore/kernel_log_records.h"
#include "vmcore/kernel_log_search.h"

#include <stdlib.h>
#include <string.h>

enum { CHAIN_LEAST = 6, CHAIN_MOST = SEARCH_PAGE / RECORDS_HEADER_LEAST, HEADER_SIZES = 3, HOLE_MOST = 256 * 1024 };

/*
 * With caller id (5.1 and later), packed to 4 bytes or not; without. The longest first: records with an id also look like
 * such without, whose text begins with that id, but not the other way round, as the text would then go beyond the record.
 */
static const unsigned int header_sizes[HEADER_SIZES] = { 24, 20, 16 };

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

/*
 * Texts begin with something that can be seen; colours of programs that write to /dev/kmsg aside. Of a record without text,
 * nothing need be there behind the header.
 */
static bool is_text(const struct records_layout *layout, const unsigned char *bytes, const struct record_header *header)
{
	if (!header->text_length)
		return true;
	unsigned char first = bytes[layout->header];
	return first == '\033' || (first >= '\t' && first <= '\r') || (first >= ' ' && first != 0x7f);
}

/* The first record of every log: few others are needed then. */
static bool is_banner(const struct records_layout *layout, const unsigned char *bytes, const struct record_header *header)
{
	static const char banner[] = "Linux version ";

	return header->text_length >= sizeof banner && memcmp(bytes + layout->header, banner, sizeof banner - 1) == 0;
}

/* Records in a row: how many have text, how many of these begin with what is none, and their length in bytes. */
struct chain {
	size_t texts, odd, length;
	bool banner;
};

static bool is_good(const struct chain *chain)
{
	return chain->odd <= chain->texts / 4;
}

/* Counts the next of `size` bytes into the chain; with `sign` -1, takes its first record out of it. */
static bool count_record(const struct dump *dump, const struct records_layout *layout, const unsigned char *bytes,
			 size_t size, int sign, struct chain *chain)
{
	struct record_header header;

	records_get_header(layout, bytes, dump->big_endian, &header);
	if (header.length > size)
		return false;
	bool odd = !is_text(layout, bytes, &header);
	size_t length = (size_t)header.length;
	chain->odd = sign < 0 ? chain->odd - odd : chain->odd + odd;
	chain->texts = sign < 0 ? chain->texts - (header.text_length > 0) : chain->texts + (header.text_length > 0);
	chain->length = sign < 0 ? chain->length - length : chain->length + length;
	chain->banner |= is_banner(layout, bytes, &header);
	return true;
}

/*
 * How many records of a chain have text for text, the first of a log counting for as many as a log must have; in *length,
 * how many bytes they are. 0: too few; *length is then that of those to be left out for the rest to be good, so that no
 * record is looked at more than a few times.
 */
static size_t count_records(const struct dump *dump, const struct records_layout *layout, const unsigned char *bytes,
			    size_t size, size_t *length)
{
	size_t count = records_run(layout, bytes, size, dump->big_endian, CHAIN_MOST).count, at = 0;
	struct chain chain = { 0 };

	for (size_t i = 0; i < count; i++)
		if (!count_record(dump, layout, bytes + chain.length, size - chain.length, 1, &chain))
			break;
	*length = chain.length;
	if (is_good(&chain))
		return chain.texts + (chain.banner ? SEARCH_RECORDS_LEAST : 0);
	while (chain.length && !is_good(&chain)) {
		size_t before = chain.length;
		count_record(dump, layout, bytes + at, size - at, -1, &chain);
		at += before - chain.length;
	}
	*length = at;
	return 0;
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

/* Records in a row at the beginning of these bytes, and how many bytes they are; 0: none, in so many bytes. */
static size_t count_at(const struct dump *dump, unsigned int header, const unsigned char *bytes, size_t size, size_t *length)
{
	struct records_layout layout = usual_layout(header);

	*length = 4;
	if (size < header || records_run(&layout, bytes, size, dump->big_endian, CHAIN_LEAST).count < CHAIN_LEAST)
		return 0;
	size_t count = count_records(dump, &layout, bytes, size, length);
	return count >= CHAIN_LEAST - 1 ? count : 0;
}

void search_records_page(const struct dump *dump, const struct search_page *page, struct extents *extents)
{
	bool swap = dump->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
	uint64_t weights[HEADER_SIZES] = { 0 };
	size_t rejected[HEADER_SIZES] = { 0 }; /* up to where there are no records with such headers */

	for (size_t at = 0; at + RECORDS_HEADER_LEAST * CHAIN_LEAST <= page->length;) {
		size_t step = 4;
		for (size_t i = 0; is_likely(page->bytes + at, swap) && i < HEADER_SIZES && step == 4; i++) {
			size_t length, count = 0;
			if (at < rejected[i])
				continue;
			count = count_at(dump, header_sizes[i], page->bytes + at, page->length - at, &length);
			weights[i] += count;
			rejected[i] = at + length;
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
	struct kernel_log_report lost; /* since the last record */
	uint64_t oldest;               /* the number of the oldest record, from 0 */
	uint64_t at;                   /* the next one's number */
	bool second;
	bool remains_seen;
};

static bool start(struct rotated *rotated, struct error *error)
{
	if (rotated->inner)
		rotated->inner->close(rotated->inner);
	rotated->inner = records_open_at(rotated->dump, &rotated->layout, &rotated->place, &rotated->lost, error);
	rotated->lost = (struct kernel_log_report){ 0 };
	rotated->at = 0;
	return rotated->inner;
}

/*
 * What lies between two records is lost. What lies before them all, or behind, is no damage; nor is what lies in one place
 * between them, the remains of the record there that the newest has overwritten in part. Memory that is missing may be.
 */
static void count_lost(struct rotated *rotated)
{
	struct kernel_log_report *report = rotated->reader.report, *lost = &rotated->lost;
	uint64_t remains = rotated->remains_seen ? 0 : lost->senseless;

	if (rotated->at > 0 && lost->senseless)
		rotated->remains_seen = true;
	if (rotated->at > 0 && lost->unreadable > remains) {
		report_lost(report, lost->unreadable - remains, &lost->first);
		report->senseless += lost->senseless - remains;
	}
	*lost = (struct kernel_log_report){ 0 };
}

/* The record at rotated->at is given: in the first round those from the oldest on, in the second those before it. */
static bool is_given(struct rotated *rotated)
{
	bool given = rotated->second || rotated->at >= rotated->oldest;

	if (given)
		count_lost(rotated);
	else
		rotated->lost = (struct kernel_log_report){ 0 };
	rotated->at++;
	return given;
}

static bool next(struct log_reader *reader, struct log_entry *entry)
{
	struct rotated *rotated = (struct rotated *)reader;
	struct error error;

	while (rotated->inner) {
		if (rotated->second && rotated->at == rotated->oldest)
			return false;
		if (rotated->inner->next(rotated->inner, entry)) {
			if (is_given(rotated))
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

static void rewind_rotated(struct log_reader *reader)
{
	struct rotated *rotated = (struct rotated *)reader;
	struct error error;

	rotated->second = false;
	rotated->remains_seen = false;
	start(rotated, &error);
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

static bool is_missing(struct dump *dump, uint64_t begin, uint64_t end)
{
	unsigned char bytes[4];
	struct error error;

	for (; begin < end; begin += SEARCH_PAGE)
		if (dump_read_physical(dump, begin, bytes, sizeof bytes, &error) == MEMORY_OK)
			return false;
	return true;
}

/* Adds those extents that only memory which is not there parts from this one: they are of one log, with a loss within. */
static struct extent with_neighbours(struct dump *dump, const struct extents *extents, const struct extent *heaviest)
{
	struct extent whole = *heaviest;

	for (size_t i = 0; i < extents->count; i++) {
		const struct extent *other = &extents->items[i];
		if (other->kind != whole.kind)
			continue;
		if (other->begin >= whole.end && other->begin - whole.end <= HOLE_MOST &&
		    is_missing(dump, whole.end, other->begin))
			whole.end = other->end;
	}
	for (size_t i = extents->count; i-- > 0;) {
		const struct extent *other = &extents->items[i];
		if (other->kind == whole.kind && other->end <= whole.begin && whole.begin - other->end <= HOLE_MOST &&
		    is_missing(dump, other->end, whole.begin))
			whole.begin = other->begin;
	}
	return whole;
}

struct log_reader *search_records_open(struct dump *dump, const struct extents *extents, struct kernel_log_report *report,
				       struct error *error)
{
	const struct extent *heaviest = extents_heaviest(extents);
	struct rotated *rotated;

	if (!heaviest || heaviest->weight < SEARCH_RECORDS_LEAST)
		return NULL;
	struct extent whole = with_neighbours(dump, extents, heaviest), *extent = &whole;
	rotated = calloc(1, sizeof *rotated);
	if (!rotated) {
		error_out_of_memory(error);
		return NULL;
	}
	rotated->reader = (struct log_reader){ "records", report, next, close_rotated, .rewind = rewind_rotated };
	rotated->dump = dump;
	rotated->layout = usual_layout(extent->kind);
	rotated->place.physical = true;
	rotated->place.guessed = true;
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
