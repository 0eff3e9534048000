/* What there is to triage in a directory, by the names in it alone: for who looks through many. */
#ifndef INPUT_DIRECTORY_SURVEY_H
#define INPUT_DIRECTORY_SURVEY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "input/link.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* A file that no crash of the directory would read. */
struct directory_file {
	struct text name;
	uint64_t size;    /* bytes */
	int64_t modified; /* ns since 1970 */
};

/* One crash: what directory_read() would take as one input with this time. */
struct directory_group {
	uint64_t time; /* in the names of its files, see crash_file.h; 0: there are none with a time */
	struct text
		best;  /* the name of its log, of its dump where there is none, or of what else shows that there was one */
	uint64_t size; /* of all of its files, bytes: also of those that are not whole, and of the crash kernel's log */
	int64_t modified;   /* the latest modification of any, ns since 1970 */
	struct text *files; /* their names */
	size_t file_count;
	bool pstore; /* it is pieces of pstore; then there is no other group */
};

struct directory_survey {
	struct arena arena;
	struct directory_group *groups; /* the latest first: that is what directory_read() takes where no time is given */
	size_t group_count;
	struct directory_file *leftovers; /* logs and dumps, complete by name and not empty, that no group reads, by name */
	size_t leftover_count;
	struct text left_out; /* as of a crash_directory: "vmcore (not a regular file)"; empty: nothing */
	bool more; /* there were more than DIRECTORY_SURVEY_MOST files of crashes: the others were not looked at */
};

enum { DIRECTORY_SURVEY_MOST = 100000 };

/*
 * Looks at the directory behind a descriptor, which stays the caller's; no file in it is opened. Links that lead out of the
 * roots are left out. A directory of something else gives no groups. The survey is to be freed in every case. False: *error.
 */
bool directory_survey(int directory, struct link_roots roots, struct directory_survey *survey, struct error *error);
void directory_survey_free(struct directory_survey *survey);

/* When a file was last modified, ns since 1970, as far as that can be told: a file system's time may be beyond it. */
int64_t directory_modified(const struct stat *status);

#endif
