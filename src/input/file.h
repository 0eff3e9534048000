/* One file of an input: a log to be read as it comes, a dump to be read here and there, or an archive of many files. */
#ifndef INPUT_FILE_H
#define INPUT_FILE_H

#include "base/error.h"
#include "input/archive.h"
#include "input/content.h"
#include "input/input.h"
#include "input/stream.h"
#include "log/source.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct input_file {
	struct log_source *source; /* of a log; NULL: it is none */
	int fd;                    /* of a dump: may be that of a temporary file, into which it was unpacked; else -1 */
	struct archive_bytes tar;  /* of an archive; without stream: it is none */
	char notice[300];          /* what the user should know of how it was read; empty: nothing */
	char cut[300]; /* of a dump: why what was unpacked is not all of it, as dump.incomplete_why; empty: it is */
};

/*
 * Opens a file, "-" for standard input, and looks what it is. A log or an archive that is compressed is unpacked on the way,
 * a dump into a temporary file. Of the options, temporary_directory and link_roots count. NULL: *error says what is wrong
 * and what was expected.
 */
struct input_file *input_file_open(const char *path, const struct input_options *options, struct error *error);

/*
 * The same for a member of an archive, whose bytes come as a stream's do. Gives what it is: of CONTENT_TEXT, *file is to be
 * closed; else it is NULL and *error says what is wrong. budget: of what is unpacked, see struct stream.
 */
enum content input_file_open_member(struct input_file **file,
				    ssize_t (*read)(struct stream *, char *, size_t, struct error *), void *state,
				    uint64_t *budget, struct error *error);

/*
 * What to say where open() or stat() of that path (taken from that directory, or AT_FDCWD) failed with this errno: a link
 * that leads nowhere is told from a file that is not there. Returns false.
 */
bool input_file_refuse(int directory, const char *path, int why, struct error *error);

void input_file_close(struct input_file *file); /* NULL is allowed */

#endif
