/*
 * Opening files where symbolic links must not lead everywhere: who scans a directory that others may write to does not want
 * to be shown files of other places in it.
 */
#ifndef INPUT_LINK_H
#define INPUT_LINK_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* Directories, by absolute real paths, that what is opened must lie below; or files, that it must be. */
struct link_roots {
	const char *const *paths;
	size_t count; /* 0: links may lead anywhere */
};

/*
 * As openat() (with AT_FDCWD or a directory), but a file that lies outside of the roots is not opened: what was opened is
 * what was judged, whatever becomes of the links meanwhile. -1: *error says why in a sentence part.
 */
int link_open(int directory, const char *path, int flags, struct link_roots roots, struct error *error);

/* Whether link_open() would open it, without that. False: *error. */
bool link_allowed(int directory, const char *path, struct link_roots roots, struct error *error);

#endif
