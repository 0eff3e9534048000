/* The index of a flattened file. Later blocks win: makedumpfile writes the header of a dump once more at the end. */
#include "vmcore/flattened_index.h"
#include "vmcore/bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 * makedumpfile collects pages and their descriptors in two buffers of 64 KiB (16 for pages of 64 KiB) and writes each out as
 * a block when it is full: two streams, interleaved. A stream of which the last block is remembered goes on as one run.
 */
enum { OPEN_RUNS = 4, RECENT_RUNS = 512, EMPTY_BLOCKS_MOST = 65536, STRIDE_LEAST = 16 };

/* With that many bytes a block, and two streams, an index of 32768 runs: half of what there is room for. */
enum { USUAL_BLOCK = 65536, USUAL_RUNS = 8192 };

struct open_run {
	struct flattened_run run;
	uint64_t begun; /* number of its first block */
	uint64_t last;  /* number of its last block */
};

struct builder {
	struct flattened_index *index;
	struct image *file;
	struct open_run open[OPEN_RUNS]; /* empty where run.end is 0 */
	struct flattened_runs recent;
	uint64_t blocks, empty;
};

bool flattened_block_read(struct image *file, uint64_t offset, struct flattened_block *block, struct error *error)
{
	unsigned char bytes[FLATTENED_BLOCK_HEADER];

	if (!file->read(file, offset, bytes, sizeof bytes, error))
		return false;
	block->offset = (int64_t)bytes_get(bytes, 8, true);
	block->size = (int64_t)bytes_get(bytes + 8, 8, true);
	return true;
}

static bool make_room(struct flattened_runs *runs, size_t capacity)
{
	if (capacity <= runs->capacity)
		return true;
	if (capacity < runs->capacity * 2)
		capacity = runs->capacity * 2;
	struct flattened_run *grown = realloc(runs->items, capacity * sizeof *grown);
	if (!grown)
		return false;
	runs->items = grown;
	runs->capacity = capacity;
	return true;
}

/*
 * Lays newer runs over older ones. In place: the older ones move to the end of their memory first. Each newer run adds
 * itself and at most splits one older in two, so what is written never reaches what is still to be read.
 */
static bool overlay(struct flattened_runs *older, const struct flattened_run *newer, size_t count)
{
	if (count == 0)
		return true;
	if (!make_room(older, older->count + 2 * count))
		return false;
	struct flattened_run *out = older->items, *end = older->items + older->capacity, *old = end - older->count;
	const struct flattened_run *newer_end = newer + count;

	memmove(old, older->items, older->count * sizeof *old);
	while (old < end || newer < newer_end) {
		if (newer == newer_end || (old < end && old->end <= newer->begin)) {
			*out++ = *old++;
		} else if (old == end || newer->end <= old->begin) {
			*out++ = *newer++;
		} else if (old->begin < newer->begin) {
			*out = *old;
			out++->end = newer->begin;
			old->begin = newer->begin;
		} else if (old->end <= newer->end) {
			old++;
		} else {
			old->begin = newer->end;
		}
	}
	older->count = (size_t)(out - older->items);
	return true;
}

static bool merge_recent(struct builder *builder)
{
	bool merged = overlay(&builder->index->runs, builder->recent.items, builder->recent.count);

	builder->recent.count = 0;
	return merged;
}

static bool close_run(struct builder *builder, struct open_run *open)
{
	if (!open->run.end)
		return true;
	bool added = overlay(&builder->recent, &open->run, 1);
	open->run.end = 0;
	return added && (builder->recent.count < RECENT_RUNS || merge_recent(builder));
}

/*
 * Two runs that wait for the same byte could not be told apart by who follows them later: only the newest goes on. Closing
 * is in the order in which runs begin to matter: the older one first, so that the newer wins.
 */
static bool close_rivals(struct builder *builder, const struct open_run *of)
{
	for (struct open_run *open = builder->open; open < builder->open + OPEN_RUNS; open++)
		if (open != of && open->run.end == of->run.end && !close_run(builder, open))
			return false;
	return true;
}

static bool overlaps(const struct flattened_run *run, uint64_t begin, uint64_t end)
{
	return run->end && run->begin < end && begin < run->end;
}

/* What an open run holds of these bytes is older than they are: it is put in the index before them. */
static bool close_overwritten(struct builder *builder, uint64_t begin, uint64_t end)
{
	for (struct open_run *open = builder->open; open < builder->open + OPEN_RUNS; open++)
		if (overlaps(&open->run, begin, end) && !close_run(builder, open))
			return false;
	return true;
}

static bool add_block(struct builder *builder, uint64_t file, uint64_t begin, uint64_t end)
{
	struct open_run *oldest = builder->open;

	if (!close_overwritten(builder, begin, end))
		return false;
	for (struct open_run *open = builder->open; open < builder->open + OPEN_RUNS; open++) {
		if (open->run.end == begin && begin && builder->blocks - open->begun < builder->index->stride) {
			open->run.end = end;
			open->last = builder->blocks;
			return close_rivals(builder, open);
		}
		if (!open->run.end || (oldest->run.end && open->last < oldest->last))
			oldest = open;
	}
	if (!close_run(builder, oldest))
		return false;
	*oldest = (struct open_run){ { begin, end, begin, file }, builder->blocks, builder->blocks };
	return close_rivals(builder, oldest);
}

static bool cut(struct builder *builder, const char *why, uint64_t at)
{
	builder->index->cut = true;
	error_set(&builder->index->cause, "the flattened file %s at byte %" PRIu64 " of %" PRIu64, why, at,
		  builder->file->size);
	return true;
}

/* False: out of memory. */
static bool add_blocks(struct builder *builder)
{
	struct flattened_index *index = builder->index;
	uint64_t at = FLATTENED_HEADER, size = builder->file->size;
	struct flattened_block block;
	struct error ignored;

	for (;; builder->blocks++) {
		if (size < FLATTENED_BLOCK_HEADER || at > size - FLATTENED_BLOCK_HEADER)
			return cut(builder, "is cut short: it ends without its end mark", at < size ? at : size);
		if (!flattened_block_read(builder->file, at, &block, &ignored))
			return cut(builder, "cannot be read", at);
		if (block.offset == -1 && block.size == -1)
			return true;
		if (block.offset < 0 || block.size < 0 || block.offset > INT64_MAX - block.size)
			return cut(builder, "is damaged: no block begins", at);
		if (block.size == 0 && ++builder->empty > EMPTY_BLOCKS_MOST)
			return cut(builder, "is damaged: too many empty blocks", at);
		uint64_t begin = (uint64_t)block.offset, length = (uint64_t)block.size;
		uint64_t there = size - at - FLATTENED_BLOCK_HEADER;
		uint64_t end = begin + (length < there ? length : there);
		if (end > begin && !add_block(builder, at, begin, end))
			return false;
		if (end > index->size)
			index->size = end;
		if (length > there)
			return cut(builder, "is cut short: it ends in the middle of a block,", size);
		if (index->runs.count > FLATTENED_RUNS_MOST)
			return cut(builder, "is too scattered to be read behind the block", at);
		at += FLATTENED_BLOCK_HEADER + length;
	}
}

bool flattened_index_build(struct flattened_index *index, struct image *file, struct error *error)
{
	struct builder builder = { .index = index, .file = file };
	uint64_t stride = file->size / USUAL_BLOCK / USUAL_RUNS;

	*index = (struct flattened_index){ .stride = stride < STRIDE_LEAST ? STRIDE_LEAST : stride };
	bool built = add_blocks(&builder);
	for (size_t i = 0; i < OPEN_RUNS; i++)
		built = built && close_run(&builder, &builder.open[i]);
	built = built && merge_recent(&builder);
	free(builder.recent.items);
	if (built)
		return true;
	flattened_index_free(index);
	return error_out_of_memory(error);
}

void flattened_index_free(struct flattened_index *index)
{
	free(index->runs.items);
	index->runs = (struct flattened_runs){ 0 };
}

const struct flattened_run *flattened_index_find(const struct flattened_index *index, uint64_t offset)
{
	size_t low = 0, high = index->runs.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (index->runs.items[middle].end <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->runs.count ? &index->runs.items[low] : NULL;
}
