/* One file of an input: a log to be read as it comes, or a dump to be read here and there. */
#ifndef INPUT_FILE_H
#define INPUT_FILE_H

#include "base/error.h"
#include "log/source.h"

#include <stdbool.h>

struct input_file {
	struct log_source *source; /* of a log; NULL: it is a dump */
	int fd;                    /* of a dump: may be that of a temporary file, into which it was unpacked */
	char notice[300];          /* what the user should know of how it was read; empty: nothing */
	char cut[300]; /* of a dump: why what was unpacked is not all of it, as dump.incomplete_why; empty: it is */
};

/*
 * Opens a file, "-" for standard input, and looks what it is. A log that is compressed is unpacked on the way, a dump into
 * a temporary file in that directory. NULL: *error says what is wrong and what was expected.
 */
struct input_file *input_file_open(const char *path, const char *temporary_directory, struct error *error);

/*
 * What to say where open() or stat() of that path (taken from that directory, or AT_FDCWD) failed with this errno: a link
 * that leads nowhere is told from a file that is not there. Returns false.
 */
bool input_file_refuse(int directory, const char *path, int why, struct error *error);

void input_file_close(struct input_file *file); /* NULL is allowed */

#endif
