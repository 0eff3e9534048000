/*
 * The records of 3.5 to 5.9 (kernel/printk/printk.c; kernel/printk.c before 3.11): a ring of headers, each with text,
 * dictionary and padding behind it. A header with length 0 marks that the next record is at the ring's start.
 */
#include "vmcore/kernel_log_records.h"

#include "vmcore/bytes.h"
#include "vmcore/cause.h"

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
	bool guessed;
	uint64_t first;
	uint64_t time_ns; /* of the last record given */
	uint64_t skipped; /* bytes that were looked through for records */
};

/* Padding makes lengths multiples of the struct's alignment, which is 4 or 8 (LOG_ALIGN). */
enum { ALIGNMENT = 4, PADDING_MOST = 8, CHAIN_LIKELY = 4, JITTER_NS = 1000000000 };

/* Bytes that are looked through for records. Where they are more, the end is still looked at: the newest are there. */
enum { SKIPPED_MOST = 16 * 1024 * 1024 };

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

static bool is_zero(const struct record_header *header)
{
	return header->length == 0 && header->text_length == 0 && header->dict_length == 0;
}

struct records_run records_run(const struct records_layout *layout, const unsigned char *bytes, size_t length,
			       bool big_endian, size_t most)
{
	struct records_run run = { .end = RUN_EDGE };
	uint64_t time_ns = 0;
	size_t at = 0;

	while (length - at >= layout->header) {
		struct record_header header;
		if (run.count == most) {
			run.end = RUN_ENOUGH;
			break;
		}
		records_get_header(layout, bytes + at, big_endian, &header);
		if (!records_plausible(layout, &header) || header.length > RECORDS_LIKELY_MOST ||
		    header.time_ns > INT64_MAX / 2 || header.time_ns + JITTER_NS < time_ns) {
			run.end = is_zero(&header) ? RUN_MARK : RUN_BROKEN;
			break;
		}
		time_ns = header.time_ns;
		run.count++;
		if (header.length > length - at)
			break;
		at += header.length;
	}
	return run;
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

/* The mark at the ring's end stands where the next record had no room: no farther from the end than a record is long. */
static bool is_mark_near_end(const struct records *records)
{
	return records->wraps && side_end(records) - records->at <= RECORDS_LIKELY_MOST + records->layout.header;
}

/*
 * Whether the bytes at records->at, `available` of them, are records again. Between two damaged places two will do; before
 * the mark, or before the end, one. Where the buffer is a guess, what is no record may be other memory.
 */
static bool begins_records(const struct records *records, const unsigned char *bytes, size_t available)
{
	struct record_header header;
	struct records_run run = records_run(&records->layout, bytes, available, records->dump->big_endian, CHAIN_LIKELY);

	if (run.end == RUN_MARK && run.count && is_mark_near_end(records) && !records->guessed)
		return true;
	if ((run.end == RUN_MARK || run.end == RUN_BROKEN) && records->guessed)
		return false;
	records_get_header(&records->layout, bytes, records->dump->big_endian, &header);
	return run.count >= 2 || (run.count == 1 && header.length == side_end(records) - records->at);
}

/* Records behind the mark are what it left of an older round: the log goes on at the ring's start. */
static bool are_remains(const struct records *records, const unsigned char *bytes)
{
	struct record_header header;

	records_get_header(&records->layout, bytes, records->dump->big_endian, &header);
	return log_time_plausible(records->time_ns) && header.time_ns + JITTER_NS < records->time_ns;
}

/* Bytes at records->at that have room for records to be told by; NULL: fewer than a header, and *behind where to go on. */
static const unsigned char *peek_records(struct records *records, size_t *available, uint64_t *behind)
{
	uint64_t left = side_end(records) - records->at;
	size_t wanted = CHAIN_LIKELY * RECORDS_LIKELY_MOST;
	struct error ignored;
	const unsigned char *bytes = memory_window_peek(&records->window, records->at, left < wanted ? (size_t)left : wanted,
							available, &ignored);

	if (*available >= records->layout.header)
		return bytes;
	uint64_t lost_end = records->window.lost_end;
	*behind = lost_end > records->at ? (lost_end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : side_end(records);
	return NULL;
}

/* Moves to the next place where records stand in a row, or wraps. */
static void find_next(struct records *records)
{
	uint64_t end = side_end(records), mark = UINT64_MAX, behind = 0;

	records->at = (records->at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	while (records->at < end) {
		struct record_header header;
		size_t available;
		if (records->skipped > SKIPPED_MOST && end - records->at > SKIPPED_MOST) {
			records->at = (end - SKIPPED_MOST) / ALIGNMENT * ALIGNMENT;
			dump_remark(records->dump,
				    "of what should be the kernel log more than %d bytes hold no records; of the others "
				    "only the last were looked at",
				    SKIPPED_MOST);
		}
		const unsigned char *bytes = peek_records(records, &available, &behind);
		if (!bytes) {
			records->at = behind;
			continue;
		}
		if (begins_records(records, bytes, available)) {
			if (mark != UINT64_MAX && are_remains(records, bytes))
				break;
			return;
		}
		records_get_header(&records->layout, bytes, records->dump->big_endian, &header);
		if (mark == UINT64_MAX && is_zero(&header) && is_mark_near_end(records))
			mark = records->at;
		records->at += ALIGNMENT;
		records->skipped += ALIGNMENT;
	}
	wrap(records);
}

/*
 * Goes on at the next record behind `skip` bytes. How many were there is not known: they count as one, and the error says
 * how many bytes they are, if it is to be kept.
 */
static void lose(struct records *records, uint64_t skip, bool senseless, struct error *error)
{
	struct kernel_log_report *report = records->reader.report;
	uint64_t begin = records->at, end = side_end(records);
	bool wraps = records->wraps;
	struct error why = *error;

	records->at += skip;
	find_next(records);
	bool found = records->wraps == wraps && !records->ended;
	uint64_t skipped = (found ? records->at : end) - begin;
	if (report_keeps_error(report))
		error_set(error, "%s; %" PRIu64 " bytes were skipped up to the %s", cause(&why, CAUSE_USUAL).text, skipped,
			  found ? "next record" : "end");
	if (senseless)
		report_senseless(report, error);
	else
		report_lost(report, 1, error);
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

/* What stands at records->at. False: it was no record, and at is where to look next. */
static bool take(struct records *records, struct log_entry *entry)
{
	struct error error = { 0 };
	struct record_header header;
	const unsigned char *bytes =
		memory_window_get(&records->window, records->at, (size_t)records->layout.header, &error);

	if (!bytes) {
		uint64_t lost_end = records->window.lost_end;
		lose(records, lost_end > records->at ? lost_end - records->at : ALIGNMENT, false, &error);
		return false;
	}
	records_get_header(&records->layout, bytes, records->dump->big_endian, &header);
	fill_entry(records, bytes, &header, entry);
	if (is_zero(&header) && is_mark_near_end(records)) {
		entry->marker = true;
		wrap(records);
		return true;
	}
	if (!records_plausible(&records->layout, &header) || header.length > side_end(records) - records->at) {
		if (report_keeps_error(records->reader.report))
			error_set(&error,
				  "the record at byte %" PRIu64 " of the log's buffer cannot be %" PRIu64
				  " bytes long, with %" PRIu64 " of text",
				  records->at, header.length, header.text_length);
		lose(records, ALIGNMENT, true, &error);
		return false;
	}
	records->time_ns = header.time_ns;
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
		if (report_keeps_error(records->reader.report))
			error_set(&error, "a record of the log has a time of %" PRIu64 " ns, which makes no sense",
				  header.time_ns);
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
	records->time_ns = 0;
	records->skipped = 0;
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
	records->guessed = place->guessed;
	records->first = place->first;
	records->next = place->next;
	rewind_records(&records->reader);
	if (memory_window_open(&records->window, dump, place->physical, place->buffer, place->size, LOG_TEXT_WINDOW, error))
		return &records->reader;
	close_records(&records->reader);
	return NULL;
}
