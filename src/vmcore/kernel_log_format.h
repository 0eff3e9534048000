/* What the log's formats have in common: a reader that gives one entry after the other. Inside of kernel_log*.c only. */
#ifndef VMCORE_KERNEL_LOG_FORMAT_H
#define VMCORE_KERNEL_LOG_FORMAT_H

#include "vmcore/kernel_log.h"
#include "vmcore/kernel_log_memory.h"

enum { ENTRY_NO_PRIORITY = -1 };

/* One record; or of the character buffer a run of bytes, which may begin and end anywhere in a line. */
struct log_entry {
	bool bytes;       /* text is to be given as it is; nothing else is set */
	bool marker;      /* no record: the mark at a buffer's end, which vmcore-dmesg(8) prints as an empty record */
	uint64_t time_ns; /* since boot */
	int priority;     /* facility * 8 + level, or ENTRY_NO_PRIORITY */
	bool has_caller;
	uint32_t caller; /* pid of a task; with bit 31 the number of a CPU (printk_caller_id(), since 5.1) */
	struct text text;
};

/* A format's reader begins with this. */
struct log_reader {
	const char *layout;
	struct kernel_log_report *report; /* where it counts what it meets */
	/* The next entry, its text good until the next call. False: the end. */
	bool (*next)(struct log_reader *reader, struct log_entry *entry);
	void (*close)(struct log_reader *reader);
	void (*rewind)(struct log_reader *reader); /* back to the first entry; NULL: it cannot */
	uint64_t odd;                              /* entries given with numbers that the kernel seldom or never writes */
	/* What log_reader_judge() found. */
	uint64_t good;      /* entries with text and nothing odd; no more than it takes to trust them are counted */
	bool doubtful;      /* this is no log, or not this log's layout, or a log badly damaged */
	struct error doubt; /* why */
};

/*
 * Reads the first entries, and goes back. Only where something is wrong with them all of the log is read, to tell a log with
 * a few damaged places from numbers that lead to the wrong place.
 */
void log_reader_judge(struct log_reader *reader);

/* Closes the worse of two readers of one log, of which the first was found before; either may be NULL. */
struct log_reader *log_reader_better(struct log_reader *first, struct log_reader *second);

enum {
	LOG_TEXT_MOST = UINT16_MAX, /* a record's text: its length is 16 bits in every format */
	LOG_WINDOW = 64 * 1024,
	LOG_TEXT_WINDOW = 128 * 1024,
	LOG_PRIORITY_MOST = 191, /* facility 23, level 7: RFC 5424 */
};

/* By VMCOREINFO. NULL: *error says what is missing or makes no sense. */
struct log_reader *ring_open(struct dump *dump, struct kernel_log_report *report, struct error *error);
struct log_reader *records_open(struct dump *dump, struct kernel_log_report *report, struct error *error);
struct log_reader *characters_open(struct dump *dump, struct kernel_log_report *report, struct error *error);

/* Of a ring of bytes, `length` from `first` on. */
struct characters_place {
	bool physical; /* the address */
	uint64_t buffer, size;
	uint64_t first, length;
};
struct log_reader *characters_open_at(struct dump *dump, const struct characters_place *place,
				      struct kernel_log_report *report, struct error *error);

/* By the marks that a log leaves in memory, of which at most `most` bytes are looked through. */
struct log_reader *log_search(struct dump *dump, uint64_t most, struct kernel_log_report *report, struct error *error);

/* In whichever way it can be had; judged. NULL: *error says what was tried. */
struct log_reader *log_find(struct dump *dump, struct kernel_log_report *report, struct error *error);

/* Whether report_lost() would keep the error's text; else there is no need to make it. */
bool report_keeps_error(const struct kernel_log_report *report);

/* Counts `count` lost records; the first such error is kept. */
void report_lost(struct kernel_log_report *report, uint64_t count, const struct error *error);

/* The same of a record whose memory is there, but is not what the kernel writes. */
void report_senseless(struct kernel_log_report *report, const struct error *error);

/*
 * Within 36 years since boot, or as long before it: clocks that stepped back behind their start are seen in real logs. What
 * other numbers stand where a time is expected seldom look so.
 */
static inline bool log_time_plausible(uint64_t time_ns)
{
	return time_ns + (UINT64_C(1) << 60) < UINT64_C(1) << 61;
}

/* Whether a part of the log has no more bytes than the machine had memory. False: *error, with what it is called. */
bool log_size_fits(const struct dump *dump, const char *what, uint64_t size, struct error *error);

/* A field of a structure, as the dump tells it. */
struct log_field {
	uint64_t at, size; /* bytes */
	bool told;         /* false: there is no such field */
};

enum { LOG_FIELDS_MOST = 8 };

/* Whether fields lie at multiples of their size, of 4 at most, or of `word` if that is their size; and none in another. */
bool log_fields_fit(const struct log_field *fields, size_t count, uint64_t word);

/*
 * facility * 8 + level of the two bytes { u8 facility; u8 flags:5, level:3; } that struct printk_log has since 3.6, and
 * struct printk_info.
 */
int log_priority(const unsigned char *bytes, bool big_endian);

#endif
