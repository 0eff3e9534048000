/* The kernel log in a dump, in whichever of its three formats, as text. */
#ifndef VMCORE_KERNEL_LOG_H
#define VMCORE_KERNEL_LOG_H

#include "vmcore/dump.h"

enum kernel_log_form {
	/*
	 * As vmcore-dmesg(8) prints it, byte for byte: "[%5llu.%06llu] TEXT\n", what is neither printable nor blank as \xNN.
	 * Of the character buffer (before 3.5) the bytes as they are.
	 */
	KERNEL_LOG_PLAIN,
	/*
	 * The same lines, with what printk knows besides before the time, as `dmesg -r` and CONFIG_PRINTK_CALLER write it:
	 * "<LEVEL>[%5llu.%06llu][ CALLER] TEXT\n" where the record has a caller id; LEVEL is facility * 8 + level. For
	 * triage.
	 */
	KERNEL_LOG_FULL,
};

struct kernel_log;

/* What happened on the way; whole after the last piece. */
struct kernel_log_report {
	const char *layout;  /* "ring-buffer", "records", "characters", "searched" */
	uint64_t records;    /* given */
	uint64_t reserved;   /* records that a CPU was still writing: left out, as vmcore-dmesg does */
	uint64_t unreadable; /* records lost because their memory is not in the dump; or it, or their time, makes no sense.
				At least: before 5.10, what was lost between two good records counts as one */
	uint64_t senseless;  /* of these, the ones that are in the dump */
	uint64_t safe_messages; /* lines from the per-CPU safe buffers of 4.8 to 5.14 that were never flushed; these are
				   looked for only where the log's end does not tell that the kernel has flushed them */
	bool searched; /* found by its own marks in memory: the last resort. The log may be incomplete in ways that nothing
			  tells, and `first` says why the search was needed */
	struct error first; /* the first thing that went wrong; message empty: nothing */
};

/*
 * Finds the log: by VMCOREINFO (SYMBOL(prb), SYMBOL(log_first_idx), SYMBOL(log_end)); where that is missing or leads
 * nowhere, by searching memory: at most 64 GiB of it, so that the end of a larger dump may not be seen, which a remark
 * tells. Where VMCOREINFO leads to a page that was left out, cut off, or is in a file of the set that was not given, the log
 * is most likely gone with it: then no more than 1 GiB is searched. Every size and offset of the dump is checked before use,
 * and memory stays bounded whatever they say. NULL: *error says why there is no log and what was tried.
 */
struct kernel_log *kernel_log_open(struct dump *dump, enum kernel_log_form form, struct error *error);

/* The next piece, whole lines, valid until the next call. False: the end. Damage ends nothing that can still be read. */
bool kernel_log_next(struct kernel_log *log, struct text *piece);
const struct kernel_log_report *kernel_log_report(const struct kernel_log *log);
void kernel_log_close(struct kernel_log *log);

#endif
