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
};

/*
 * Opens a file, "-" for standard input, and looks what it is. A log that is compressed is unpacked on the way, a dump into
 * a temporary file in that directory. NULL: *error says what is wrong and what was expected.
 */
struct input_file *input_file_open(const char *path, const char *temporary_directory, struct error *error);
void input_file_close(struct input_file *file); /* NULL is allowed */

#endif
