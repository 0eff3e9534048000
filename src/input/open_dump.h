/* The files of a dump: one, or the parts of a split one. For open.c only. */
#ifndef INPUT_OPEN_DUMP_H
#define INPUT_OPEN_DUMP_H

#include "input/file.h"
#include "input/input.h"

/*
 * Opens the dump in `first`, the file at that path, which input takes over in every case; where parts of it are missing,
 * also what lies beside it and is called alike, as far as it belongs to it. Sets input->vmcore.
 */
bool open_dump(struct input *input, struct input_file *first, const char *path, const struct input_options *options,
	       struct error *error);

/* The same for the dump files of a directory: those that do not belong to the first are left out, with a note. */
bool open_dump_files(struct input *input, char *const *paths, size_t count, const struct input_options *options,
		     struct error *error);

/* Of what was done with a file, adds to the notes. */
void add_notice(struct input *input, const struct input_file *file);
void add_note(struct input *input, struct text note); /* the empty text is none */

#endif
