/* Records out of lines: which form the log has, what of a line is the kernel's, and where one line holds two records. */
#include "log/log.h"

#include "log/clean.h"
#include "log/console.h"
#include "log/journal.h"
#include "log/lines.h"
#include "log/session.h"
#include "log/stamp.h"
#include "log/wrapping.h"

#include <stdlib.h>
#include <string.h>

struct log {
	struct lines lines;
	struct wrappings wrappings; /* what is known of them */
	struct session session;
	const char *format;
	struct record shared; /* what the records of the line in work have in common */
	struct text rest;     /* of that line: not yet given */
	bool has_rest;
	bool stamped;               /* printk stamps were seen */
	struct journal_entry entry; /* the journal entry in work; rest points into its message */
	bool export;                /* the log is in the journal's export format */
	bool other_program;         /* the line in work is not the kernel's: nor are its further pieces */
	bool out_of_memory;
	bool told; /* the reading error was told */
};

struct log *log_new(struct log_source *source)
{
	struct log *log = calloc(1, sizeof *log);

	if (!log)
		return NULL;
	lines_start(&log->lines, source);
	log->format = "text";
	journal_entry_free(&log->entry);
	return log;
}

void log_free(struct log *log)
{
	if (!log)
		return;
	journal_entry_free(&log->entry);
	lines_stop(&log->lines);
	free(log);
}

const char *log_format(const struct log *log)
{
	return log->format;
}

static void seen_format(struct log *log, const char *format)
{
	if (strcmp(log->format, "text") == 0)
		log->format = format;
}

/* Before v3.5 a continued line could have its level behind a blank: " <0>Kernel panic". */
static void eat_level(struct text *t, struct record *record)
{
	struct text rest = text_trim_start(*t);

	if (wrapping_eat_level(&rest, record))
		*t = rest;
}

/* Some transports and many mails put blanks in front of the stamp. */
static bool eat_stamp(struct text *t, struct record *record)
{
	struct text rest = text_trim_start(*t);

	if (!stamp_eat_printk(&rest, record))
		return false;
	console_eat_vendor(&rest, record);
	*t = rest;
	return true;
}

/* The line's first record is its text up to a line feed (in a journal's message) or up to a second stamp. */
static bool next_of_line(struct log *log, struct record *record)
{
	struct text rest = log->rest;
	const char *begin = rest.data;

	if (!log->has_rest)
		return false;
	*record = log->shared;
	rest = clean_ends(rest);
	eat_level(&rest, record);
	bool stamped = eat_stamp(&rest, record);
	size_t feed = text_find_char(rest, '\n');
	struct text head = text_first(rest, feed);
	size_t second = stamp_find_inside(head);
	record->text = text_first(head, second);
	record->offset += rest.length ? (uint64_t)(rest.data - begin) : 0;
	record->continued |= !stamped && record->time_ns == RECORD_NO_TIME && log->stamped;
	log->stamped |= stamped;
	log->shared.continued = false;
	log->rest = second != SIZE_MAX ? text_from_offset(rest, second)
				       : text_from_offset(rest, feed == SIZE_MAX ? feed : feed + 1);
	log->has_rest = log->rest.length > 0;
	log->shared.offset = record->offset + (log->rest.length ? (uint64_t)(log->rest.data - rest.data) : 0);
	return true;
}

static void start_line(struct log *log, struct text text, const struct record *shared)
{
	log->shared = *shared;
	log->rest = text;
	log->has_rest = true;
}

static bool start_entry(struct log *log)
{
	struct journal_entry *entry = &log->entry;
	struct record shared = {
		.time_ns = entry->time_ns,
		.level = entry->level,
		.line = entry->line,
		.offset = entry->offset,
		.host = text_from(entry->host),
		.wall_time = journal_wall_time(entry),
		.zone_said = true,
	};

	if (!entry->kernel || !entry->message)
		return false;
	start_line(log, (struct text){ entry->message, entry->length }, &shared);
	return true;
}

/* /dev/kmsg writes what is no printable ASCII, and the backslash, as \\xNN (kernel/printk/printk.c, append_char()). */
static struct text without_escapes(struct log *log, struct text text)
{
	size_t length = 0;
	char *to;

	if (text_find(text, "\\x") == SIZE_MAX || !(to = lines_room(&log->lines, text)))
		return text;
	while (text.length) {
		struct text rest = text, digits = text_first(text_from_offset(text, 2), 2);
		uint64_t value;
		size_t count;
		if (text_eat(&rest, "\\x") && text_eat_hex_digits(&digits, &value, &count) && count == 2) {
			to[length++] = (char)value;
			text = text_from_offset(rest, 2);
		} else {
			to[length++] = text.data[0];
			text = text_from_offset(text, 1);
		}
	}
	return (struct text){ to, length };
}

/* How rsyslog writes control characters, '#' and three octal digits (EscapeControlCharactersOnReceive); a line feed was one
 * in the middle of a datagram. */
static struct text without_octal(struct log *log, struct text text)
{
	size_t length = 0;
	char *to;

	if (text_find(text, "#0") == SIZE_MAX || !(to = lines_room(&log->lines, text)))
		return text;
	while (text.length) {
		bool tab = text_starts(text, "#011"), feed = text_starts(text, "#012") || text_starts(text, "#015");
		to[length++] = tab ? '\t' : feed ? '\n' : text.data[0];
		text = text_from_offset(text, tab || feed ? 4 : 1);
	}
	return (struct text){ to, length };
}

/* " SUBSYSTEM=acpi": behind a record of /dev/kmsg stands what the kernel knows of its device, a line each. */
static bool is_dictionary(const struct log *log, struct text text)
{
	return log->wrappings.extended && text_starts(text, " ") && text_find_char(text, '=') != SIZE_MAX;
}

/* True: the line, or the entry that it ended, holds a record of the kernel. */
static bool take_line(struct log *log, const struct reader_line *line)
{
	struct record shared = {
		.time_ns = RECORD_NO_TIME,
		.wall_time = RECORD_NO_TIME,
		.level = RECORD_NO_LEVEL,
		.line = line->number,
		.offset = line->offset,
	};
	struct text text = line->text;
	const char *begin = text.data;
	const char *format;

	if (log->export || (!line->piece && journal_is_export(text))) {
		log->export = true;
		seen_format(log, "journal-export");
		return journal_export(&log->lines.reader, line, &log->entry) && start_entry(log);
	}
	if (!line->piece && journal_is_json(text) && journal_json(line, &log->entry)) {
		seen_format(log, "journal-json");
		return start_entry(log);
	}
	if (!line->piece) {
		enum wrapping_verdict verdict = wrapping_strip(&text, &shared, &log->wrappings, &format);
		if (verdict != WRAPPING_NONE)
			seen_format(log, format);
		log->other_program =
			verdict == WRAPPING_OTHER || is_dictionary(log, text) || session_is_other(&log->session, text);
	}
	if (log->other_program)
		return false;
	shared.offset += text.length ? (uint64_t)(text.data - begin) : 0;
	if (strcmp(log->format, "syslog") == 0)
		text = without_octal(log, text);
	if (log->wrappings.extended)
		text = without_escapes(log, text);
	start_line(log, text, &shared);
	return true;
}

static void out_of_memory(struct log *log)
{
	log->out_of_memory = true;
	log->lines.reader.failed = true;
	error_out_of_memory(&log->lines.reader.error);
}

/* Of the export format, every byte counts. */
static bool next_line(struct log *log, struct reader_line *line)
{
	if (log->export && lines_are_given(&log->lines))
		return reader_next(&log->lines.reader, line);
	return lines_next(&log->lines, &log->wrappings, line);
}

enum log_status log_next(struct log *log, struct record *record, struct error *error)
{
	struct reader_line line;

	if (next_of_line(log, record))
		return LOG_RECORD;
	journal_entry_free(&log->entry); /* its records were given */
	while (!log->out_of_memory && next_line(log, &line)) {
		bool kernel = take_line(log, &line);
		if (log->entry.out_of_memory)
			out_of_memory(log);
		if (log->lines.reader.failed && log->lines.out_of_memory)
			break;
		if (kernel && next_of_line(log, record))
			return LOG_RECORD;
		if (!log->export || !line.text.length)
			journal_entry_free(&log->entry);
	}
	/* The last entry of an export may lack its empty line. */
	if (log->export && start_entry(log) && next_of_line(log, record))
		return LOG_RECORD;
	if (log->lines.reader.failed && !log->told) {
		log->told = true;
		*error = log->lines.reader.error;
		return LOG_FAILED;
	}
	return LOG_END;
}

void log_skip_quiet(struct log *log, const struct scanner *scanner)
{
	if (!log->has_rest && lines_are_given(&log->lines))
		reader_skip_quiet(&log->lines.reader, scanner);
}

bool log_is_inside_line(const struct log *log)
{
	return log->lines.reader.inside && !log->has_rest && lines_are_given(&log->lines);
}

size_t log_lines(const struct log *log)
{
	return log->lines.reader.line - 1 + log->lines.reader.inside; /* the last line may lack its line feed */
}
