/* Of the files of one crash, which is the best of each role. For directory.c and directory_survey.c only. */
#ifndef INPUT_DIRECTORY_CHOICE_H
#define INPUT_DIRECTORY_CHOICE_H

#include "input/crash_file.h"
#include "input/directory.h"

#include <stdbool.h>
#include <stddef.h>

/* A file of a crash directory. */
struct candidate {
	char *name; /* NULL: none yet */
	struct crash_file file;
	bool empty;
};

/* Files that are named as the parts of one split dump are, by number. */
struct parts {
	struct candidate items[CRASH_DIRECTORY_DUMPS_MOST];
	size_t count;
};

/* The best so far. Zero-initialised is ready for use. */
struct choice {
	struct candidate log, dump, saving_log, readme;
	struct parts parts[2]; /* vmcore1..., vmcore.1... */
	bool out_of_memory;
};

/* Takes the candidate in, whose name is copied, if it is better than what there is of its role. */
void choice_add(struct choice *choice, const struct candidate *candidate);

/* The dump, or the parts of a split one; they are the choice's. */
const struct candidate *choice_dumps(const struct choice *choice, size_t *count);

void choice_free(struct choice *choice);

/* Sets *best to the candidate, with a copy of the name, if it is better; then true. */
bool candidate_keep_better(struct candidate *best, const struct candidate *candidate, bool *out_of_memory);

#endif
