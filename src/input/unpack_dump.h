/*
 * Compressed dumps: a dump is read here and there, which compressed data cannot be. It is unpacked to a temporary file
 * first, if that costs no more than a dump of its size may.
 */
#ifndef INPUT_UNPACK_DUMP_H
#define INPUT_UNPACK_DUMP_H

#include "base/error.h"
#include "log/source.h"

#include <stddef.h>
#include <stdint.h>

struct unpack_dump_order {
	const char *packing;   /* what content_of() calls the compression: "gzip", "xz"... */
	uint64_t packed_size;  /* bytes of the compressed file; 0: not known (a pipe) */
	const char *directory; /* for the temporary file, which has no name there and goes with its descriptor */
};

struct unpacked_dump {
	char notice[300];    /* a sentence: what was done */
	uint64_t size;       /* bytes that came of it */
	struct error damage; /* what ended the data too early; no message: they came to their end */
};

/*
 * Takes all that the source gives (its window being the dump's beginning) to a temporary file, with holes where the dump has
 * blocks of zeros. Gives a descriptor for reading and writing, the caller's to close, or -1 and *error, which says how to
 * make room and how to unpack it by hand.
 *
 * Ends with an error where less than 5 % of the file system (at least 64 MiB, at most 4 GiB) would stay free; and where the
 * data is not what comes of dumps: more than 64 times the packed size besides zeros, or more than 1024 times (gzip's best)
 * with them, both allowed to reach a GiB (4 with zeros); 16 GiB of what comes through a pipe.
 *
 * Data that is damaged or cut short gives a dump that is cut short.
 */
int unpack_dump_to_temporary(struct log_source *source, const struct unpack_dump_order *order,
			     struct unpacked_dump *unpacked, struct error *error);

/* "gunzip FILE" and the like, for builds that cannot unpack and for errors. Of an unknown packing, "another program". */
const char *unpack_dump_by_hand(const char *packing);

#endif
