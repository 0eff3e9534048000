/* Which members of an archive are logs. For open.c only; input_next_member() is here too. */
#ifndef INPUT_MEMBERS_H
#define INPUT_MEMBERS_H

#include "input/archive.h"
#include "input/input.h"

/* path: of the archive, the caller's, as are the bytes; both must outlive the members. NULL: *error. */
struct members *members_start(const char *path, const struct archive_bytes *bytes, struct error *error);
void members_free(struct members *members); /* NULL is allowed */

#endif
