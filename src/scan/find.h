/*
 * Finds what is to be triaged below directories: crash directories in every layout, loose dumps and logs, pstore, archives
 * of sosreport and supportconfig; system logs where asked. Looks at names, sizes and times; opens a file only where its name
 * says nothing, to see whether it is a dump.
 */
#ifndef SCAN_FIND_H
#define SCAN_FIND_H

#include "base/arena.h"
#include "base/error.h"
#include "history/sighting.h"
#include "input/link.h"

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
	struct sighting_source source; /* its texts end with a NUL */
	enum {
		FIND_DIRECTORY, /* a crash directory; or pieces of pstore */
		FIND_FILE,      /* a dump or an archive */
		FIND_LOG,       /* a log, which may grow while it is read */
	} type;
	struct text directory; /* of a crash that shares its directory with later ones: that directory; else empty */
	struct text *files;    /* FIND_DIRECTORY: the names of the crash's files in it */
	size_t file_count;
	uint64_t time; /* and the time in the names of its files, see input/crash_file.h; 0: the latest */
};

/* Something that looks like a crash and cannot be triaged, and why. */
struct find_left {
	struct text path;
	struct text why; /* a sentence part */
};

/* Zero-initialised is ready for use. */
struct find_result {
	struct arena arena;
	struct find_item *items; /* sorted by path, each once */
	size_t count;
	struct find_left *left;
	size_t left_count;
};

/*
 * Adds what lies below the roots, which are real absolute paths, to the result. Symbolic links to directories are never
 * followed, those to files only where they stay below a root. False: out of memory, or *stop was set.
 */
bool find_below(struct find_result *result, struct link_roots roots, const struct find_options *options,
		const volatile sig_atomic_t *stop, struct error *error);
void find_free(struct find_result *result);

/* Whether an item is being written by somebody: then *why says by which sign. A log is never busy: it may always grow. */
bool find_is_busy(const struct find_item *item, struct error *why);

/* Whether what an item is made of has still the size and the time that it was found with. A log may have grown. */
bool find_is_unchanged(const struct find_item *item);

#endif
