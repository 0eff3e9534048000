/* The other parts of a dump that makedumpfile split over several files. */
#ifndef INPUT_SIBLINGS_H
#define INPUT_SIBLINGS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct siblings {
	char **paths; /* sorted by name; the file that was asked for is among them */
	size_t count; /* 0: the name does not end in a number, or nothing beside it is called alike */
};

/*
 * Regular files beside this one whose names differ from its own in the number at the end only: vmcore1 and vmcore2, dump.1
 * and dump.2, vmcore.1.gz and vmcore.2.gz. At most DUMP_FILES_MOST. Whether they belong together only their content tells.
 * False: out of memory.
 */
bool siblings_find(const char *path, struct siblings *siblings, struct error *error);

/*
 * The end of a path: the file's name; how much of a name is left without the digits at its end and what lies behind them,
 * the ending of compressed files; and how many digits these are.
 */
const char *siblings_name(const char *path);
size_t siblings_stem(const char *name);
size_t siblings_digits(const char *name);

void siblings_free(struct siblings *siblings);

#endif
