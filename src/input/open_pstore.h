/* From pieces of pstore to an input. For open.c and members.c only. */
#ifndef INPUT_OPEN_PSTORE_H
#define INPUT_OPEN_PSTORE_H

#include "input/input.h"
#include "input/pstore.h"

/* The pieces of a directory, which input takes with it. */
bool open_pstore(struct input *input, const char *path, const struct input_options *options, struct error *error);

/* Makes the log that they are put together to the input's; the pieces stay the caller's, and must outlive it. */
bool open_pstore_log(struct input *input, struct pstore *pieces, struct error *error);

/*
 * Where the input's log is pieces of pstore in one file, puts them in order. False: it could not be read, *error. Any other
 * log is left as it is.
 */
bool open_pstore_text(struct input *input, struct error *error);

#endif
