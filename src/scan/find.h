/*
 * Finds what is to be triaged below directories: crash directories in every layout, loose dumps and logs, pstore, archives of
 * sosreport and supportconfig; system logs where asked. Looks at names and sizes; opens no file but to see whether it is a
 * dump or still being written.
 */
#ifndef SCAN_FIND_H
#define SCAN_FIND_H

#include "base/arena.h"
#include "base/error.h"
#include "history/sighting.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct find_options {
	bool system_logs;        /* messages, syslog, kern.log... and their rotated forms, too */
	bool other_file_systems; /* go down into those too */
};

/* One thing to triage. */
struct find_item {
	struct sighting_source source;
	struct text directory; /* of a crash that shares its directory with later ones: that directory; else empty */
	uint64_t time;         /* and the time in the names of its files, see input/crash_file.h; 0: the latest */
};

/* Something that is not triaged, and why. */
struct find_left {
	struct text path;
	struct text why; /* a sentence part */
	bool busy;       /* it is being written: for the next time; else it could not be read */
};

struct find_result {
	struct arena arena;
	struct find_item *items; /* by directory, then by name */
	size_t count;
	struct find_left *left;
	size_t left_count;
};

/*
 * Adds what lies below one root to the result. A symbolic link is followed where it is the root itself; other links to
 * directories never are, and those to files only where they stay below a root. False: out of memory, or *stop.
 */
bool find_below(struct find_result *result, const char *const *roots, size_t root_count, const struct find_options *options,
		const volatile sig_atomic_t *stop, struct error *error);
void find_free(struct find_result *result);

#endif
