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
};

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

/* By the marks that a log leaves in memory. */
struct log_reader *log_search(struct dump *dump, struct kernel_log_report *report, struct error *error);

/* Counts `count` lost records; the first such error is kept. */
void report_lost(struct kernel_log_report *report, uint64_t count, const struct error *error);

/*
 * facility * 8 + level of the two bytes { u8 facility; u8 flags:5, level:3; } that struct printk_log has since 3.6, and
 * struct printk_info.
 */
int log_priority(const unsigned char *bytes, bool big_endian);

#endif
