/*
 * Flattened files: struct makedumpfile_header (signature, type, version; big endian; 4096 bytes), then blocks of data, each
 * with the offset at which makedumpfile would have written it.
 */
#include "vmcore/flattened.h"
#include "vmcore/bytes.h"
#include "vmcore/flattened_index.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char signature[16] = "makedumpfile";

/*
 * Of a file that was cut, a hole is what was still to come. Only short ones are certain to be holes: what fills up the block
 * of a header, 64 KiB with the largest pages.
 */
enum { HOLE = 65536 };

/* The block that was read last: most reads go on in it or behind it. */
struct place {
	const struct flattened_run *run; /* NULL: none yet */
	uint64_t begin, end;             /* of its data, in the dump */
	uint64_t file;                   /* of its header */
	uint64_t blocks;                 /* of the file, from the first of the run to this */
};

struct flattened {
	struct image image;
	struct image *file;
	struct flattened_index index;
	struct place place;
	struct flattened_holes holes;
};

/* Follows the run to the block that holds `offset`. Begins anew where the block of before lies behind it. */
static bool follow(struct flattened *flattened, const struct flattened_run *run, uint64_t offset, struct error *error)
{
	struct place place = flattened->place;
	struct image *file = flattened->file;
	struct flattened_block block;

	if (place.run != run || offset < place.begin)
		place = (struct place){ run, run->first, run->first, run->file, 0 };
	else if (offset < place.end)
		return true;
	flattened->place.run = NULL;
	for (uint64_t next = place.file, expected = place.begin; place.blocks <= flattened->index.stride; place.blocks++) {
		if (!flattened_block_read(file, next, &block, error))
			return false;
		if (block.size < 0 || (uint64_t)block.size > INT64_MAX - next - FLATTENED_BLOCK_HEADER)
			break;
		if (block.size > 0 && block.offset >= 0 && (uint64_t)block.offset == expected) {
			place.begin = expected;
			place.end = expected += (uint64_t)block.size;
			place.file = next;
			if (offset < place.end) {
				flattened->place = place;
				return true;
			}
		}
		next += FLATTENED_BLOCK_HEADER + (uint64_t)block.size;
	}
	return error_set(error, "byte %" PRIu64 " of the dump is no longer where it was in the flattened file", offset);
}

/* The gap before a run; NULL: there is none, or what is missing is behind the last run. */
static struct flattened_gap gap_before(const struct flattened *flattened, const struct flattened_run *run)
{
	if (!run)
		return (struct flattened_gap){ 0 };
	return (struct flattened_gap){ run > flattened->index.runs.items ? run[-1].end : 0, run->begin };
}

/* Whether the gap before a run is a hole, for all that is known. */
static bool is_hole(const struct flattened *flattened, const struct flattened_run *run)
{
	struct flattened_gap gap = gap_before(flattened, run);
	const struct flattened_holes *holes = &flattened->holes;

	if (flattened->index.cut)
		return run && gap.end - gap.begin < HOLE;
	return gap.end - gap.begin < holes->most && gap.end % holes->alignment == 0 && gap.end <= holes->end;
}

/* As much as lies in one block, or in one hole; *length: of that. */
static bool read_piece(struct flattened *flattened, uint64_t offset, void *buffer, size_t *length, struct error *error)
{
	const struct flattened_run *run = flattened_index_find(&flattened->index, offset);
	uint64_t until = !run ? flattened->image.size : offset < run->begin ? run->begin : run->end;
	bool written = run && offset >= run->begin;

	if (written && !follow(flattened, run, offset, error))
		return false;
	if (written && flattened->place.end < until)
		until = flattened->place.end;
	if (*length > until - offset)
		*length = (size_t)(until - offset);
	if (written)
		return flattened->file->read(
			flattened->file, flattened->place.file + FLATTENED_BLOCK_HEADER + (offset - flattened->place.begin),
			buffer, *length, error);
	if (!is_hole(flattened, run))
		return error_set(error, "byte %" PRIu64 " of the dump is missing: %s", offset,
				 flattened->index.cut ? flattened->index.cause.message
						      : "it is in no block of the flattened file");
	memset(buffer, 0, *length);
	return true;
}

static bool read_bytes(struct image *image, uint64_t offset, void *buffer, size_t length, struct error *error)
{
	struct flattened *flattened = (struct flattened *)image;
	unsigned char *to = buffer;

	if (offset > image->size || length > image->size - offset)
		return error_set(
			error,
			"%zu bytes at byte %" PRIu64 " lie behind the end of the dump, which has %" PRIu64 " bytes%s%s",
			length, offset, image->size, flattened->index.cut ? ": " : "", flattened->index.cause.message);
	while (length) {
		size_t piece = length;
		if (!read_piece(flattened, offset, to, &piece, error))
			return false;
		to += piece;
		offset += piece;
		length -= piece;
	}
	return true;
}

/* Nothing can be read of what was never written but zeros. Of a cut file nothing is known to be that. */
static uint64_t next_data(struct image *image, uint64_t offset)
{
	const struct flattened *flattened = (const struct flattened *)image;
	const struct flattened_run *run = flattened_index_find(&flattened->index, offset);

	if (flattened->index.cut)
		return offset < image->size ? offset : image->size;
	if (!run)
		return image->size;
	return offset < run->begin ? run->begin : offset;
}

static void close_image(struct image *image)
{
	struct flattened *flattened = (struct flattened *)image;

	flattened->file->close(flattened->file);
	flattened_index_free(&flattened->index);
	free(flattened);
}

bool flattened_recognise(struct image *file)
{
	char bytes[sizeof signature];
	struct error ignored;

	return file->size >= sizeof bytes && file->read(file, 0, bytes, sizeof bytes, &ignored) &&
	       memcmp(bytes, signature, sizeof bytes) == 0;
}

static bool check_header(struct image *file, struct error *error)
{
	unsigned char bytes[16];

	if (file->size < FLATTENED_HEADER)
		return error_set(error, "a flattened dump cut short within its header: %" PRIu64 " bytes of %d", file->size,
				 FLATTENED_HEADER);
	if (!file->read(file, sizeof signature, bytes, sizeof bytes, error))
		return false;
	uint64_t type = bytes_get(bytes, 8, true), version = bytes_get(bytes + 8, 8, true);
	if (type == 1 && version == 1)
		return true;
	return error_set(error,
			 "a flattened dump of type %" PRIu64 ", version %" PRIu64
			 " (at byte 16); type 1, version 1 was expected",
			 type, version);
}

struct image *flattened_open(struct image *file, struct error *error)
{
	struct flattened *flattened = calloc(1, sizeof *flattened);

	if (!flattened) {
		error_out_of_memory(error);
		return NULL;
	}
	if (!check_header(file, error) || !flattened_index_build(&flattened->index, file, error)) {
		free(flattened);
		return NULL;
	}
	flattened->file = file;
	flattened->holes = (struct flattened_holes){ UINT64_MAX, 1, UINT64_MAX };
	flattened->image = (struct image){ flattened->index.size, read_bytes, next_data, close_image };
	return &flattened->image;
}

bool image_is_flattened(const struct image *image)
{
	return image->read == read_bytes;
}

bool image_is_cut(const struct image *image)
{
	return image_is_flattened(image) && ((const struct flattened *)image)->index.cut;
}

const char *flattened_cut_cause(const struct image *image)
{
	return image_is_cut(image) ? ((const struct flattened *)image)->index.cause.message : "";
}

void flattened_set_holes(struct image *image, struct flattened_holes holes)
{
	if (image_is_flattened(image))
		((struct flattened *)image)->holes = holes;
}

size_t flattened_count_gaps(const struct image *image, struct flattened_gap *first)
{
	const struct flattened *flattened = (const struct flattened *)image;
	size_t count = 0;

	if (!image_is_flattened(image))
		return 0;
	for (size_t i = 0; i < flattened->index.runs.count; i++) {
		const struct flattened_run *run = &flattened->index.runs.items[i];
		struct flattened_gap gap = gap_before(flattened, run);
		if (gap.begin == gap.end || is_hole(flattened, run))
			continue;
		if (!count++)
			*first = gap;
	}
	return count;
}

bool flattened_has_gap(const struct image *image, uint64_t offset, uint64_t length, struct flattened_gap *gap)
{
	const struct flattened *flattened = (const struct flattened *)image;

	if (!image_is_flattened(image))
		return false;
	uint64_t end = length < UINT64_MAX - offset ? offset + length : UINT64_MAX;
	while (offset < end) {
		const struct flattened_run *run = flattened_index_find(&flattened->index, offset);
		if (!run)
			return false; /* behind the end: no gap */
		*gap = gap_before(flattened, run);
		if (offset < run->begin)
			return true;
		offset = run->end;
	}
	return false;
}
