/*
 * input/: takes a path (file, directory, archive, pipe), gives the log in it as a source of bytes, unpacked on the way, and
 * what the container says of it. What an input is, is told from its content, never from its name.
 */
#ifndef INPUT_INPUT_H
#define INPUT_INPUT_H

#include "base/error.h"
#include "log/source.h"

#include <stdbool.h>

struct input {
	struct log_source *source;
	char *path; /* the file that is read: differs from what was asked for where that is a directory */
	/* For the functions of input/ only: */
	void (*close)(struct input *input);
	void *state;
};

/*
 * Opens a path; "-" is standard input. False: *error says what is wrong and what was expected (its path is left to the
 * caller), and there is nothing to close.
 */
bool input_open(struct input *input, const char *path, struct error *error);
void input_close(struct input *input);

#endif
