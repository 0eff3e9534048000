/* A flattened file (makedumpfile -F: a dump written through a pipe) as the dump that it holds. */
#ifndef VMCORE_FLATTENED_H
#define VMCORE_FLATTENED_H

#include "vmcore/image.h"

/* Whether the file begins with the signature. */
bool flattened_recognise(struct image *file);

/* Takes `file` over where it succeeds. NULL: *error. */
struct image *flattened_open(struct image *file, struct error *error);

/* Why image_is_cut(), a sentence part with the place; empty where it is not. */
const char *flattened_cut_cause(const struct image *image);

#endif
