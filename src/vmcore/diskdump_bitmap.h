/*
 * A bitmap of pages in a dump, too large to be kept in memory (32 MiB for 1 TiB): which pages there are, and how many lie
 * before one.
 */
#ifndef VMCORE_DISKDUMP_BITMAP_H
#define VMCORE_DISKDUMP_BITMAP_H

#include "vmcore/image.h"

/* Bit n is bit n % 8, counted from the lowest, of byte n / 8, whatever the machine's byte order. */
struct diskdump_bitmap {
	struct image *image;
	uint64_t offset;     /* of the bitmap, in the image */
	uint64_t begin, end; /* bits that count: those before and behind read as 0 */
	/* counts[n]: set bits before chunk n * chunks_a_count; `known` of them */
	uint64_t *counts;
	uint64_t known, counts_capacity, chunks_a_count;
	struct bitmap_chunk *chunk; /* the one in memory */
};

/* Frees what the bitmap had before it fails. `begin` <= `end`. False: out of memory. */
bool diskdump_bitmap_open(struct diskdump_bitmap *bitmap, struct image *image, uint64_t offset, uint64_t begin,
			  uint64_t end);
void diskdump_bitmap_close(struct diskdump_bitmap *bitmap);

/* False: *error, and the bit is not known. */
bool diskdump_bitmap_test(struct diskdump_bitmap *bitmap, uint64_t bit, bool *set, struct error *error);

/* How many bits are set from `begin` up to `bit`. Counts the bitmap up to there the first time. */
bool diskdump_bitmap_rank(struct diskdump_bitmap *bitmap, uint64_t bit, uint64_t *rank, struct error *error);

/* The next run of at most `most` set bits at or behind *bit. False: none, or it cannot be read. */
bool diskdump_bitmap_next_run(struct diskdump_bitmap *bitmap, uint64_t *bit, uint64_t *count, uint64_t most);

#endif
