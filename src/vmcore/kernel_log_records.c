/*
 * The records of 3.5 to 5.9 (kernel/printk/printk.c; kernel/printk.c before 3.11): a ring of headers, each with text,
 * dictionary and padding behind it. A header with length 0 marks that the next record is at the ring's start.
 */
#include "vmcore/kernel_log_records.h"

#include "vmcore/bytes.h"

#include <inttypes.h>
#include <stdlib.h>

struct records {
	struct log_reader reader;
	struct dump *dump;
	struct records_layout layout;
	struct memory_window window;
	uint64_t at, next;
	bool wraps; /* the newest records lie before the oldest: the ring's end is still to come */
	bool ended;
	uint64_t first;
};

/* Padding makes lengths multiples of the struct's alignment, which is 4 or 8 (LOG_ALIGN). */
enum { ALIGNMENT = 4, PADDING_MOST = 8, CHAIN_LIKELY = 4 };

void records_get_header(const struct records_layout *layout, const unsigned char *bytes, bool big_endian,
			struct record_header *header)
{
	header->time_ns = bytes_get(bytes + layout->time, 8, big_endian);
	header->length = bytes_get(bytes + layout->length, 2, big_endian);
	header->text_length = bytes_get(bytes + layout->text_length, 2, big_endian);
	header->dict_length = layout->has_dict ? bytes_get(bytes + layout->dict_length, 2, big_endian) : 0;
}

bool records_plausible(const struct records_layout *layout, const struct record_header *header)
{
	uint64_t content = layout->header + header->text_length + header->dict_length;

	if (header->length % ALIGNMENT != 0 || header->length < content)
		return false;
	return !layout->has_dict || header->length < content + PADDING_MOST;
}

size_t records_chain(const struct records_layout *layout, const unsigned char *bytes, size_t length, bool big_endian,
		     size_t most)
{
	uint64_t time_ns = 0;
	size_t at = 0, count = 0;

	while (count < most && length - at >= layout->header) {
		struct record_header header;
		records_get_header(layout, bytes + at, big_endian, &header);
		if (!records_plausible(layout, &header) || header.length > RECORDS_LIKELY_MOST ||
		    header.time_ns > INT64_MAX / 2 || header.time_ns + 1000000000 < time_ns)
			return 0;
		time_ns = header.time_ns;
		count++;
		if (header.length > length - at)
			break;
		at += header.length;
	}
	return count;
}

/* Where the records must end that are still to come on this side of the ring's end. */
static uint64_t side_end(const struct records *records)
{
	return records->wraps ? records->window.size : records->next;
}

static void wrap(struct records *records)
{
	records->ended = !records->wraps;
	records->wraps = false;
	records->at = 0;
}

/* Moves to the next place where records stand in a row, or wraps. */
static void find_next(struct records *records)
{
	uint64_t end = side_end(records);

	records->at = (records->at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	while (records->at < end) {
		struct error error = { 0 };
		size_t available;
		uint64_t left = end - records->at;
		size_t wanted = CHAIN_LIKELY * RECORDS_LIKELY_MOST;
		if (wanted > left)
			wanted = (size_t)left;
		const unsigned char *bytes = memory_window_peek(&records->window, records->at, wanted, &available, &error);
		if (available < records->layout.header) {
			if (!records->window.lost_end || records->window.lost_end <= records->at)
				break;
			records->at = (records->window.lost_end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
			continue;
		}
		size_t chain = records_chain(&records->layout, bytes, available, records->dump->big_endian, CHAIN_LIKELY);
		/* The last record before the end may be alone. */
		struct record_header header;
		records_get_header(&records->layout, bytes, records->dump->big_endian, &header);
		if (chain >= 2 || (chain == 1 && header.length == left))
			return;
		records->at += ALIGNMENT;
	}
	wrap(records);
}

static void lose(struct records *records, uint64_t skip)
{
	records->at += skip;
	find_next(records);
}

static int get_priority(const struct records *records, const unsigned char *header)
{
	const unsigned char *bytes = header + RECORDS_PRIORITY;
	bool big = records->dump->big_endian;

	if (!records->layout.has_priority)
		return ENTRY_NO_PRIORITY;
	if (records->layout.early_level && bytes[!big] == 0 && bytes[big] <= LOG_PRIORITY_MOST)
		return bytes[big];
	return log_priority(bytes, big);
}

static void fill_entry(const struct records *records, const unsigned char *bytes, const struct record_header *header,
		       struct log_entry *entry)
{
	*entry = (struct log_entry){ .time_ns = header->time_ns, .priority = get_priority(records, bytes) };
	entry->has_caller = records->layout.has_caller;
	if (entry->has_caller)
		entry->caller = (uint32_t)bytes_get(bytes + RECORDS_CALLER, 4, records->dump->big_endian);
}

/* The mark at the ring's end: all zeros. */
static bool is_marker(const struct records *records, const struct record_header *header)
{
	return header->length == 0 && header->text_length == 0 && header->dict_length == 0 && records->wraps;
}

/* What stands at records->at. False: it was no record, and at is where to look next. */
static bool take(struct records *records, struct log_entry *entry)
{
	struct error error = { 0 };
	struct record_header header;
	const unsigned char *bytes =
		memory_window_get(&records->window, records->at, (size_t)records->layout.header, &error);

	if (!bytes) {
		uint64_t lost_end = records->window.lost_end;
		report_lost(records->reader.report, 1, &error);
		lose(records, lost_end > records->at ? lost_end - records->at : ALIGNMENT);
		return false;
	}
	records_get_header(&records->layout, bytes, records->dump->big_endian, &header);
	fill_entry(records, bytes, &header, entry);
	if (is_marker(records, &header)) {
		entry->marker = true;
		wrap(records);
		return true;
	}
	if (!records_plausible(&records->layout, &header) || header.length > side_end(records) - records->at) {
		error_set(&error,
			  "the record at byte %" PRIu64 " of the log's buffer cannot be %" PRIu64
			  " bytes long, with %" PRIu64 " of text",
			  records->at, header.length, header.text_length);
		report_senseless(records->reader.report, &error);
		lose(records, ALIGNMENT);
		return false;
	}
	uint64_t text = records->at + records->layout.header;
	records->at += header.length;
	entry->text.length = (size_t)header.text_length;
	if (header.text_length)
		entry->text.data = (const char *)memory_window_get(&records->window, text, entry->text.length, &error);
	if (entry->text.length && !entry->text.data) {
		report_lost(records->reader.report, 1, &error);
		return false;
	}
	if (!log_time_plausible(header.time_ns)) {
		error_set(&error, "a record of the log has a time of %" PRIu64 " ns, which makes no sense", header.time_ns);
		report_senseless(records->reader.report, &error);
	}
	return true;
}

static bool next(struct log_reader *reader, struct log_entry *entry)
{
	struct records *records = (struct records *)reader;

	while (!records->ended) {
		if (records->at == records->next && !records->wraps)
			break;
		/* Less than a header is left before the end: nothing was written there. */
		if (side_end(records) - records->at < records->layout.header)
			wrap(records);
		else if (take(records, entry))
			return true;
	}
	return false;
}

static void rewind_records(struct log_reader *reader)
{
	struct records *records = (struct records *)reader;

	records->at = records->first;
	records->wraps = records->next < records->first;
	records->ended = false;
}

static void close_records(struct log_reader *reader)
{
	struct records *records = (struct records *)reader;

	memory_window_close(&records->window);
	free(records);
}

struct log_reader *records_open_at(struct dump *dump, const struct records_layout *layout, const struct records_place *place,
				   struct kernel_log_report *report, struct error *error)
{
	struct records *records = calloc(1, sizeof *records);

	if (!records) {
		error_out_of_memory(error);
		return NULL;
	}
	records->reader = (struct log_reader){ "records", report, next, close_records, .rewind = rewind_records };
	records->dump = dump;
	records->layout = *layout;
	records->first = place->first;
	records->next = place->next;
	rewind_records(&records->reader);
	if (memory_window_open(&records->window, dump, place->physical, place->buffer, place->size, LOG_TEXT_WINDOW, error))
		return &records->reader;
	close_records(&records->reader);
	return NULL;
}
