/*
 * A dump as a run of bytes with an offset: the file itself, or a flattened file put in order on the way. Below it nobody
 * knows what the bytes mean; above it nobody knows how they are stored.
 */
#ifndef VMCORE_IMAGE_H
#define VMCORE_IMAGE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image {
	uint64_t size; /* bytes; offsets at or behind it cannot be read. Of a flattened file: behind the last byte written */
	/*
	 * Exactly `length` bytes at `offset`. False: *error says at which byte and why (past the end of a file that was cut
	 * short; a read error), what was asked for and the file's size. Bytes that a flattened file never wrote read as
	 * zero, as long as they may be holes (flattened.h).
	 */
	bool (*read)(struct image *image, uint64_t offset, void *buffer, size_t length, struct error *error);
	/*
	 * The first offset >= `offset` that may hold anything but zeros (SEEK_DATA, where the file system knows holes) or
	 * what cannot be read, or image->size. Only a hint that makes searching a sparse file quick.
	 */
	uint64_t (*next_data)(struct image *image, uint64_t offset);
	void (*close)(struct image *image); /* frees the image; not the descriptor, which is the caller's */
};

/*
 * A regular file, a block device or /proc/vmcore, by pread(): never mapped, so that a file cut while it is read gives an
 * error. A flattened file (makedumpfile -F) is recognised by its signature "makedumpfile\0" and is put in order by an index
 * of its blocks, which is made by walking their headers once and merges what lies one behind the other. NULL: *error.
 */
struct image *image_open(int fd, struct error *error);

/* Whether the file is flattened. */
bool image_is_flattened(const struct image *image);

/* A flattened file that ends in the middle of a block, or without its end mark: what is there can be read. */
bool image_is_cut(const struct image *image);

#endif
