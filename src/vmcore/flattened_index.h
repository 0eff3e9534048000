/*
 * Where the bytes of a flattened file (makedumpfile -F) lie: runs of blocks that follow each other in the file put in order,
 * though other blocks may lie between them in the file as it is.
 */
#ifndef VMCORE_FLATTENED_INDEX_H
#define VMCORE_FLATTENED_INDEX_H

#include "vmcore/image.h"

/*
 * Bytes `begin` up to `end` of the dump are in the blocks that continue the block whose header is at `file`, each at the
 * first place behind where a block begins at the byte at which the one before ended. That block's own data begin at byte
 * `first` of the dump, at or before `begin`.
 */
struct flattened_run {
	uint64_t begin, end;
	uint64_t first;
	uint64_t file;
};

struct flattened_runs {
	struct flattened_run *items; /* sorted, none overlaps another */
	size_t count, capacity;
};

/* struct makedumpfile_data_header: where the data belong and how many bytes; both -1 at the end. Big endian on all machines.
 */
struct flattened_block {
	int64_t offset, size;
};

enum {
	FLATTENED_HEADER = 4096, /* bytes before the first block (MAX_SIZE_MDF_HEADER) */
	FLATTENED_BLOCK_HEADER = 16,
	FLATTENED_RUNS_MOST = 65536, /* 2 MiB */
};

struct flattened_index {
	struct flattened_runs runs;
	uint64_t stride;    /* how many blocks of the file a run lies within, at most */
	uint64_t size;      /* behind the last byte of the dump that was written */
	bool cut;           /* the blocks ended before their end mark did */
	struct error cause; /* then: why, and where */
};

/* Reads all block headers of `file` once. False: *error; the index needs no freeing then. */
bool flattened_index_build(struct flattened_index *index, struct image *file, struct error *error);
void flattened_index_free(struct flattened_index *index);

/* The first run that ends behind byte `offset` of the dump; NULL: none. */
const struct flattened_run *flattened_index_find(const struct flattened_index *index, uint64_t offset);

bool flattened_block_read(struct image *file, uint64_t offset, struct flattened_block *block, struct error *error);

#endif
