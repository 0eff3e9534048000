/* The journal's two machine forms: one JSON object a line, and the export format. */
#ifndef LOG_JOURNAL_H
#define LOG_JOURNAL_H

#include "base/text.h"
#include "log/log.h"
#include "log/reader.h"

#include <stdbool.h>

/* One entry's fields, as far as they matter here. Texts of journal_json() live in the entry; free with journal_entry_free().
 */
struct journal_entry {
	char *message; /* allocated; NULL: none */
	size_t length;
	bool kernel;    /* _TRANSPORT=kernel, or SYSLOG_IDENTIFIER=kernel where there is no transport */
	bool transport; /* _TRANSPORT was there */
	size_t line;    /* of the message */
	uint64_t offset;
	int level;
	int64_t time_ns;
	char *host;         /* allocated; NULL: not said */
	int64_t written;    /* when the sender says it was (_SOURCE_REALTIME_TIMESTAMP), s since 1970; RECORD_NO_TIME */
	int64_t received;   /* when the journal had it (__REALTIME_TIMESTAMP) */
	bool out_of_memory; /* the entry is not whole */
};

void journal_entry_free(struct journal_entry *entry);

/* When it was written, seconds since 1970, UTC; RECORD_NO_TIME: not said. */
int64_t journal_wall_time(const struct journal_entry *entry);

/* Does this line look like an entry of journalctl -o json? */
bool journal_is_json(struct text line);

/* Reads such a line. False: it is not one after all. */
bool journal_json(const struct reader_line *line, struct journal_entry *entry);

/* Does this line begin an entry of journalctl -o export (systemd, docs/JOURNAL_EXPORT_FORMATS.md)? */
bool journal_is_export(struct text line);

/*
 * Takes one line of the export format, and what follows it in the reader where the field is binary (a name alone on its
 * line, then a 64-bit little-endian length, the bytes, a line feed). True when the line, an empty one, ends an entry.
 */
bool journal_export(struct reader *reader, const struct reader_line *line, struct journal_entry *entry);

#endif
