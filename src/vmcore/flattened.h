/* A flattened file (makedumpfile -F: a dump written through a pipe) as the dump that it holds. */
#ifndef VMCORE_FLATTENED_H
#define VMCORE_FLATTENED_H

#include "vmcore/image.h"

/* Whether the file begins with the signature. */
bool flattened_recognise(struct image *file);

/* Takes `file` over where it succeeds. NULL: *error. */
struct image *flattened_open(struct image *file, struct error *error);

/*
 * Where a dump may have bytes that no block of the flattened file holds: makedumpfile seeks over what fills up the block of
 * a header and of a bitmap, and writes all else (1.7.2 in all its modes; QEMU 7.2's dump-guest-memory likewise). Such a hole
 * is shorter than `most` bytes, and ends at a multiple of `alignment` at or before byte `end`.
 */
struct flattened_holes {
	uint64_t most, alignment, end;
};

struct flattened_gap {
	uint64_t begin, end; /* bytes of the dump */
};

/*
 * From now on holes read as zeros, and any other gap cannot be read. Until then, and of a file that was cut, all can that
 * may be holes. Nothing happens to an image that is not flattened.
 */
void flattened_set_holes(struct image *image, struct flattened_holes holes);

/* How many gaps there are that are no holes, of a file that was not cut; the first of them. */
size_t flattened_count_gaps(const struct image *image, struct flattened_gap *first);

/* Whether some byte of these, which do not lie behind the image's end, is in no block, be it in a hole or not. */
bool flattened_has_gap(const struct image *image, uint64_t offset, uint64_t length, struct flattened_gap *gap);

/* Why image_is_cut(), a sentence part with the place; empty where it is not. */
const char *flattened_cut_cause(const struct image *image);

#endif
