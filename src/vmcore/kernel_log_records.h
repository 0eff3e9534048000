/* The records of 3.5 to 5.9, where their buffer is known. Inside of kernel_log*.c only. */
#ifndef VMCORE_KERNEL_LOG_RECORDS_H
#define VMCORE_KERNEL_LOG_RECORDS_H

#include "vmcore/kernel_log_format.h"

/* Where the fields lie in struct printk_log ("struct log" before 3.11), bytes. */
struct records_layout {
	uint64_t header; /* the struct's size; the text is behind it */
	uint64_t time, length, text_length, dict_length;
	bool has_dict;
	bool has_priority, has_caller;
	bool early_level; /* 3.5: perhaps a u16 of both facility and level, where later are facility, flags, level */
};

enum {
	RECORDS_PRIORITY = 14, /* where facility, flags and level are in every version, and the caller id of 5.1 and later */
	RECORDS_CALLER = 16,
	RECORDS_HEADER_LEAST = 16,
	RECORDS_LIKELY_MOST = 8192, /* no record that the kernel writes is longer, text and dictionary */
};

struct records_place {
	bool physical; /* the address */
	bool guessed;  /* where the buffer begins and ends: what stands in it may be other memory */
	uint64_t buffer, size;
	uint64_t first, next; /* where the oldest record is, and behind the newest; offsets in the buffer */
};

struct record_header {
	uint64_t time_ns;
	uint64_t length, text_length, dict_length;
};

struct log_reader *records_open_at(struct dump *dump, const struct records_layout *layout, const struct records_place *place,
				   struct kernel_log_report *report, struct error *error);

void records_get_header(const struct records_layout *layout, const unsigned char *bytes, bool big_endian,
			struct record_header *header);

/* Whether it can be a record at all: its length is what header, text and dictionary make. */
bool records_plausible(const struct records_layout *layout, const struct record_header *header);

/* Records in a row, each likely and none older than the one before by more than a second. */
struct records_run {
	size_t count;
	enum {
		RUN_ENOUGH, /* as many as were asked for */
		RUN_EDGE,   /* the bytes end, or the last record goes over their end */
		RUN_MARK,   /* a header of zeros, as it stands before the buffer's end */
		RUN_BROKEN, /* what follows is no record */
	} end;
};

/* Those at the beginning of these bytes; at most `most` are counted. */
struct records_run records_run(const struct records_layout *layout, const unsigned char *bytes, size_t length,
			       bool big_endian, size_t most);

#endif
