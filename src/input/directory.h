/* Crash directories, as kdump's scripts of the distributions leave them: which file in one is what. */
#ifndef INPUT_DIRECTORY_H
#define INPUT_DIRECTORY_H

#include "base/error.h"
#include "base/text.h"
#include "input/link.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum { CRASH_DIRECTORY_DUMPS_MOST = 64 };

struct directory_options {
	struct link_roots roots;
	uint64_t time; /* of the crash that is wanted, as in the names of its files; 0: the latest */
	/* The names that are to be looked at; none: all that are in the directory, which costs more the more there are. */
	const struct text *names; /* each ends with a NUL */
	size_t name_count;
};

/*
 * What one crash left. All paths begin with the path of the directory and are of regular files (or symbolic links to such)
 * when it was read. A log or a dump is there, or both are, and one of them can be opened; or pstore is.
 */
struct crash_directory {
	char *log;      /* the kernel log of the machine that died; NULL: none */
	bool log_whole; /* by its name it was saved to its end, and it is compressed, or text that ends with a line's end */
	char log_not_whole[120]; /* why not, a sentence part: "it ends in the middle of a line"; empty: it is, or no log */
	char **dumps;            /* one, or the parts of a split dump by their numbers; NULL: none */
	size_t dump_count;       /* at most CRASH_DIRECTORY_DUMPS_MOST */
	bool dump_incomplete;    /* by its name the dump was never saved to its end, or nothing is in it */
	char *saving_log;        /* the crash kernel's own log, for saving_failure(); NULL: none. Never the answer */
	char *readme;            /* README.txt of SUSE's kdump; NULL: none */
	bool pstore;             /* pieces of pstore are in it, and neither log nor dump */
	char *left_out; /* a name that would be a log's or a dump's, and why it is none: "vmcore (not a regular file)"; or
			   NULL */
};

/*
 * One directory is one input: of files with a time in their names, those of the latest time count, or of the time that is
 * wanted, log and dump alike. Which is the best source, the caller says: the log where it is whole, else the dump, else what
 * there is of the log.
 *
 * False: *error says that it cannot be read, what was expected in it, why saving failed where the crash kernel's log tells,
 * or which of the directories in it are crash directories; then there is nothing to free.
 */
bool directory_read(const char *path, const struct directory_options *options, struct crash_directory *found,
		    struct error *error);
void directory_free(struct crash_directory *found);

/*
 * Whether a file of a directory is a regular one, or a link to such that may be followed; fills *status. False: it vanished,
 * a link in it leads nowhere, it is a device, a pipe...: *why_not, a sentence part.
 */
bool directory_regular_file(int directory, const char *name, struct link_roots roots, struct stat *status,
			    struct error *why_not);

#endif
