/*
 * log/: from bytes to records. Takes a source (where bytes come from: input/ makes one) and gives the kernel log's records
 * one after the other, every wrapping stripped: printk's time stamp and caller id, syslog, journal, dmesg's decorations,
 * netconsole, consoles' captures, quoting.
 *
 * One pass, and memory that does not grow with the log: a record's text points into the source's window and is good until
 * the next call that reads on. Who wants to keep it copies it.
 */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include "base/error.h"
#include "base/text.h"
#include "base/wall_clock.h"
#include "log/scan.h"
#include "log/source.h"

#include <stdbool.h>
#include <stdint.h>

#define RECORD_NO_TIME  INT64_MIN
#define RECORD_NO_LEVEL (-1)

/* One record of the kernel log: a printk() call, or one line of it where the log only has lines. */
struct record {
	struct text text; /* without wrapping and line end, leading blanks kept; bytes as logged, may not be UTF-8 */
	int64_t time_ns;  /* since boot, from the log's own stamp; RECORD_NO_TIME where it has none */
	/*
	 * Who wrote it and when, as the transport says. The host's name points where text does; empty: not said. The time is
	 * in seconds since 1970, UTC; of a stamp without a zone, as if it were UTC (zone_said tells); RECORD_NO_TIME: not
	 * said, or only the clock that a stamp without a year gives (month 0: it does not): when that was, the file's age
	 * tells.
	 */
	struct text host;
	struct text guest; /* which virtual machine's console it is, where a hypervisor shows several: Xen's "d1"; points
			      where text does; empty: not said */
	int64_t wall_time;
	struct wall_clock clock;
	bool zone_said;
	int level;        /* 0 (emergency) to 7 (debug); RECORD_NO_LEVEL where the log does not say */
	char caller_kind; /* printk's caller id, CONFIG_PRINTK_CALLER: 'T' a task, 'C' a CPU; 0 where the log has none */
	uint32_t caller;  /* that task's pid, or that CPU's number */
	size_t line;      /* 1-based, in the input as the user sees it */
	uint64_t offset;  /* where the record's text begins in the (unpacked) input, bytes; near there, where a transport
			     encodes it */
	bool continued;   /* it began without a stamp, in a log that has stamps: perhaps the rest of the record before */
};

struct log;

/* Reads from the source, which stays the caller's and must outlive the log. NULL when out of memory. */
struct log *log_new(struct log_source *source);
void log_free(struct log *log);

enum log_status { LOG_RECORD, LOG_END, LOG_FAILED };

/*
 * The next record. LOG_FAILED: reading went wrong, *error says what and at which offset; all records before it were given,
 * and a further call gives LOG_END.
 */
enum log_status log_next(struct log *log, struct record *record, struct error *error);

/*
 * Jumps over lines that hold none of the scanner's words, at the speed of memory, but stays at least LOG_CONTEXT_LINES lines
 * (or LOG_CONTEXT_BYTES) before the next one that does, where there are that many unread. For who is not within a crash.
 */
enum { LOG_CONTEXT_LINES = 300, LOG_CONTEXT_BYTES = 32 * 1024 };
void log_skip_quiet(struct log *log, const struct scanner *scanner);

/*
 * What was learnt of the form on the way: "text" (printk's own stamps or none), or the first other wrapping that was seen:
 * "syslog", "journal-json", "journal-export", "dmesg", "kmsg" (netconsole's extended form too), "console" (times, hosts
 * or guests that a capture puts in front).
 */
const char *log_format(const struct log *log);

size_t log_lines(const struct log *log); /* lines read so far */

/* Does the line that was read last end without a line end: is it cut, or longer than what is given at once? */
bool log_is_inside_line(const struct log *log);

#endif
