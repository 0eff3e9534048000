/* Bitmaps, a chunk at a time. */
#include "vmcore/diskdump_bitmap.h"

#include <stdlib.h>
#include <string.h>

/* A chunk is for 1 GiB of memory in pages of 4 KiB. Within it, what comes before each group of bytes is counted as well. */
enum {
	CHUNK = 32 * 1024, /* bytes */
	CHUNK_BITS = CHUNK * 8,
	GROUP = 512, /* bytes; at most 64 words, see count_group() */
	GROUPS = CHUNK / GROUP,
	COUNTS_MOST = 32768, /* 256 KiB, one a chunk up to 32 TiB */
};

struct bitmap_chunk {
	uint64_t number; /* UINT64_MAX: none is loaded */
	uint32_t before[GROUPS + 1];
	unsigned char bytes[CHUNK];
};

bool diskdump_bitmap_open(struct diskdump_bitmap *bitmap, struct image *image, uint64_t offset, uint64_t begin, uint64_t end)
{
	*bitmap = (struct diskdump_bitmap){ .image = image, .offset = offset, .begin = begin, .end = end };
	bitmap->chunks_a_count = end / CHUNK_BITS / COUNTS_MOST + 1;
	bitmap->chunk = malloc(sizeof *bitmap->chunk);
	if (bitmap->chunk)
		bitmap->chunk->number = UINT64_MAX;
	return bitmap->chunk != NULL;
}

void diskdump_bitmap_close(struct diskdump_bitmap *bitmap)
{
	free(bitmap->chunk);
	free(bitmap->counts);
	*bitmap = (struct diskdump_bitmap){ 0 };
}

/* Set bits of a group: by bytes for 16 words, which come to at most 128 a byte, then by pairs of bytes. */
static uint32_t count_group(const unsigned char *bytes)
{
	const uint64_t even = UINT64_C(0x5555555555555555), pairs = UINT64_C(0x3333333333333333);
	const uint64_t nibbles = UINT64_C(0x0f0f0f0f0f0f0f0f), halves = UINT64_C(0x00ff00ff00ff00ff);
	uint64_t sum = 0;

	for (size_t quarter = 0; quarter < 4; quarter++) {
		uint64_t by_byte = 0; /* 16 words, at most 8 each: 128 */
		for (size_t i = 0; i < GROUP / 8 / 4; i++) {
			uint64_t word;
			memcpy(&word, bytes + (quarter * (GROUP / 8 / 4) + i) * 8, 8);
			word -= word >> 1 & even;
			word = (word & pairs) + (word >> 2 & pairs);
			by_byte += (word + (word >> 4)) & nibbles;
		}
		sum += (by_byte & halves) + (by_byte >> 8 & halves);
	}
	return (uint32_t)(sum * UINT64_C(0x0001000100010001) >> 48);
}

static void clear_bits(unsigned char *bytes, uint64_t from, uint64_t to)
{
	for (; from < to && from % 8; from++)
		bytes[from / 8] &= (unsigned char)~(1U << from % 8);
	for (; from < to && to % 8; to--)
		bytes[(to - 1) / 8] &= (unsigned char)~(1U << (to - 1) % 8);
	if (from < to)
		memset(bytes + from / 8, 0, (size_t)((to - from) / 8));
}

static void count_chunk(struct bitmap_chunk *chunk)
{
	chunk->before[0] = 0;
	for (size_t i = 0; i < GROUPS; i++)
		chunk->before[i + 1] = chunk->before[i] + count_group(chunk->bytes + i * GROUP);
}

/* A chunk that lies in a hole of a sparse file, as far as it counts, needs no reading. That of a flattened one may be a
 * loss.
 */
static bool is_hole(struct diskdump_bitmap *bitmap, uint64_t number, size_t length)
{
	uint64_t offset = bitmap->offset + number * CHUNK;

	return !image_is_flattened(bitmap->image) && offset < bitmap->image->size &&
	       length <= bitmap->image->size - offset && bitmap->image->next_data(bitmap->image, offset) - offset >= length;
}

static bool load(struct diskdump_bitmap *bitmap, uint64_t number, struct error *error)
{
	struct bitmap_chunk *chunk = bitmap->chunk;
	uint64_t first = number * CHUNK_BITS, bits = bitmap->end - first;
	size_t length = bits < CHUNK_BITS ? (size_t)((bits + 7) / 8) : CHUNK;

	if (chunk->number == number)
		return true;
	chunk->number = UINT64_MAX;
	if (is_hole(bitmap, number, length))
		memset(chunk->bytes, 0, length);
	else if (!bitmap->image->read(bitmap->image, bitmap->offset + number * CHUNK, chunk->bytes, length, error))
		return false;
	memset(chunk->bytes + length, 0, CHUNK - length);
	if (bits < CHUNK_BITS)
		clear_bits(chunk->bytes, bits, length * 8);
	if (bitmap->begin > first)
		clear_bits(chunk->bytes, 0, bitmap->begin - first < CHUNK_BITS ? bitmap->begin - first : CHUNK_BITS);
	count_chunk(chunk);
	chunk->number = number;
	return true;
}

bool diskdump_bitmap_test(struct diskdump_bitmap *bitmap, uint64_t bit, bool *set, struct error *error)
{
	*set = false;
	if (bit < bitmap->begin || bit >= bitmap->end)
		return true;
	if (!load(bitmap, bit / CHUNK_BITS, error))
		return false;
	*set = bitmap->chunk->bytes[bit % CHUNK_BITS / 8] >> bit % 8 & 1;
	return true;
}

static bool note_count(struct diskdump_bitmap *bitmap, uint64_t count, struct error *error)
{
	if (bitmap->known == bitmap->counts_capacity) {
		uint64_t capacity = bitmap->counts_capacity ? bitmap->counts_capacity * 2 : 64;
		uint64_t *grown = realloc(bitmap->counts, (size_t)capacity * sizeof *grown);
		if (!grown)
			return error_out_of_memory(error);
		bitmap->counts = grown;
		bitmap->counts_capacity = capacity;
	}
	bitmap->counts[bitmap->known++] = count;
	return true;
}

/* Set bits before a chunk. */
static bool count_before(struct diskdump_bitmap *bitmap, uint64_t number, uint64_t *count, struct error *error)
{
	uint64_t at = bitmap->begin / CHUNK_BITS / bitmap->chunks_a_count; /* the first of counts */
	uint64_t entry = number / bitmap->chunks_a_count - at;

	if (!bitmap->known && !note_count(bitmap, 0, error))
		return false;
	if (entry >= bitmap->known)
		entry = bitmap->known - 1;
	*count = bitmap->counts[entry];
	for (uint64_t chunk = (entry + at) * bitmap->chunks_a_count; chunk < number; chunk++) {
		if (!load(bitmap, chunk, error))
			return false;
		*count += bitmap->chunk->before[GROUPS];
		if ((chunk + 1) % bitmap->chunks_a_count == 0 &&
		    (chunk + 1) / bitmap->chunks_a_count - at == bitmap->known && !note_count(bitmap, *count, error))
			return false;
	}
	return true;
}

bool diskdump_bitmap_rank(struct diskdump_bitmap *bitmap, uint64_t bit, uint64_t *rank, struct error *error)
{
	*rank = 0;
	if (bit > bitmap->end)
		bit = bitmap->end;
	if (bit <= bitmap->begin)
		return true;
	uint64_t last = bit - 1, number = last / CHUNK_BITS; /* counted up to and with the last: always inside a chunk */
	if (!count_before(bitmap, number, rank, error) || !load(bitmap, number, error))
		return false;
	const struct bitmap_chunk *chunk = bitmap->chunk;
	size_t inside = (size_t)(last % CHUNK_BITS) + 1, group = inside / (GROUP * 8);
	unsigned char counted[GROUP] = { 0 };
	if (inside % (GROUP * 8)) {
		memcpy(counted, chunk->bytes + group * GROUP, GROUP);
		clear_bits(counted, inside % (GROUP * 8), GROUP * 8);
	}
	*rank += chunk->before[group] + count_group(counted);
	return true;
}

/* The next bit of that value in the loaded chunk; CHUNK_BITS: none. */
static size_t find_bit(const struct bitmap_chunk *chunk, size_t from, bool set)
{
	const unsigned char none = set ? 0 : 0xff;

	while (from < CHUNK_BITS) {
		if (from % 8 == 0 && chunk->bytes[from / 8] == none)
			from += 8;
		else if ((chunk->bytes[from / 8] >> from % 8 & 1) == set)
			return from;
		else
			from++;
	}
	return CHUNK_BITS;
}

bool diskdump_bitmap_next_run(struct diskdump_bitmap *bitmap, uint64_t *bit, uint64_t *count, uint64_t most)
{
	struct error ignored;

	if (*bit < bitmap->begin)
		*bit = bitmap->begin;
	while (*bit < bitmap->end) {
		uint64_t number = *bit / CHUNK_BITS;
		if (!load(bitmap, number, &ignored))
			return false;
		const struct bitmap_chunk *chunk = bitmap->chunk;
		size_t first = chunk->before[GROUPS] ? find_bit(chunk, (size_t)(*bit % CHUNK_BITS), true) : CHUNK_BITS;
		*bit = number * CHUNK_BITS + first;
		if (first == CHUNK_BITS)
			continue;
		size_t behind = find_bit(chunk, first, false);
		*count = behind - first < most ? behind - first : most;
		return true;
	}
	return false;
}
