/* Pages of a dump in makedumpfile's compressed format, through a small cache. */
#include "vmcore/diskdump.h"
#include "vmcore/cause.h"
#include "vmcore/dump_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_BYTES = 512 * 1024, CACHED_LEAST = 2, RUN_MOST = 4 * 1024 * 1024 };

bool diskdump_make_cache(struct diskdump *diskdump, struct error *error)
{
	size_t size = diskdump->block_size, count = CACHE_BYTES / size;

	diskdump->cached = count > DISKDUMP_CACHED_PAGES ? DISKDUMP_CACHED_PAGES
			   : count < CACHED_LEAST        ? CACHED_LEAST
							 : count;
	diskdump->memory = malloc((diskdump->cached + 1) * size);
	diskdump->work.unpacker = page_unpacker_new();
	if (!diskdump->memory || !diskdump->work.unpacker)
		return error_out_of_memory(error);
	for (size_t i = 0; i < diskdump->cached; i++)
		diskdump->cache[i] = (struct cached_page){ UINT64_MAX, 0, diskdump->memory + i * size };
	diskdump->work.packed = diskdump->memory + diskdump->cached * size;
	return true;
}

void diskdump_free(struct diskdump *diskdump)
{
	if (!diskdump)
		return;
	page_unpacker_free(diskdump->work.unpacker);
	free(diskdump->memory);
	free(diskdump);
}

/* NULL: no part is for that page. */
static struct diskdump_part *find_part(struct diskdump *diskdump, uint64_t number)
{
	for (struct diskdump_part *part = diskdump->parts; part < diskdump->parts + diskdump->part_count; part++)
		if (number >= part->header.begin && number < part->header.end)
			return part;
	return NULL;
}

static const struct failed_page *find_failed(const struct diskdump *diskdump, uint64_t number)
{
	for (size_t i = 0; i < DISKDUMP_FAILED_PAGES; i++)
		if (diskdump->failed[i].status != MEMORY_OK && diskdump->failed[i].number == number)
			return &diskdump->failed[i];
	return NULL;
}

static void remember_failed(struct diskdump *diskdump, uint64_t number, enum memory_status status, const struct error *error)
{
	if (status == MEMORY_OK)
		return;
	diskdump->failed[diskdump->next_failed] = (struct failed_page){ status, number, *error };
	diskdump->next_failed = (diskdump->next_failed + 1) % DISKDUMP_FAILED_PAGES;
}

static enum memory_status read_page(struct dump *dump, uint64_t number, unsigned char *page, struct error *error)
{
	struct diskdump *diskdump = dump->state;
	struct diskdump_part *part = find_part(diskdump, number);
	const struct failed_page *failed = find_failed(diskdump, number);
	uint64_t address = number * diskdump->block_size;

	if (failed) {
		*error = failed->error;
		return failed->status;
	}
	if (!part) {
		error_set(error, "page at physical 0x%" PRIx64 ": %s", address,
			  number < diskdump->pages ? "it is in a file of the split set that was not given"
						   : "the machine had no memory there");
		return MEMORY_ABSENT;
	}
	enum memory_status status = diskdump_part_read(part, &diskdump->work, number, page, error);
	if (part->unfinished)
		dump_note_incomplete(dump, part->name, DISKDUMP_UNFINISHED);
	else if (status == MEMORY_CUT && !image_is_cut(part->image))
		dump_note_cut(dump, part->name, part->image->size, 0);
	if (status != MEMORY_OK && *part->name) {
		struct error why = *error;
		error_set(error, "%s: %s", part->name, cause(&why, CAUSE_USUAL).text);
	}
	remember_failed(diskdump, number, status, error);
	return status;
}

/* The page, in the cache. NULL: *status and *error. */
static const unsigned char *cached_page(struct dump *dump, uint64_t number, enum memory_status *status, struct error *error)
{
	struct diskdump *diskdump = dump->state;
	struct cached_page *oldest = diskdump->cache;

	for (struct cached_page *page = diskdump->cache; page < diskdump->cache + diskdump->cached; page++) {
		if (page->number == number) {
			page->used = ++diskdump->clock;
			return page->bytes;
		}
		if (page->used < oldest->used)
			oldest = page;
	}
	oldest->number = UINT64_MAX;
	*status = read_page(dump, number, oldest->bytes, error);
	if (*status != MEMORY_OK)
		return NULL;
	oldest->number = number;
	oldest->used = ++diskdump->clock;
	return oldest->bytes;
}

/* A part of a page, through the cache; or from the file where only this part of it is there. */
static enum memory_status read_part_of_page(struct dump *dump, uint64_t number, uint64_t inside, void *to, size_t length,
					    struct error *error)
{
	enum memory_status status = MEMORY_OK;
	const unsigned char *page = cached_page(dump, number, &status, error);

	if (page) {
		memcpy(to, page + inside, length);
		return MEMORY_OK;
	}
	struct diskdump_part *part = find_part(dump->state, number);
	bool may_be_there = part && (status == MEMORY_CUT || status == MEMORY_CORRUPT);
	return may_be_there && diskdump_part_read_stored(part, number, inside, to, length) ? MEMORY_OK : status;
}

static enum memory_status read_physical(struct dump *dump, uint64_t address, void *buffer, size_t length,
					struct error *error)
{
	struct diskdump *diskdump = dump->state;
	unsigned char *to = buffer;
	enum memory_status status = MEMORY_OK;

	while (length) {
		uint64_t number = address / diskdump->block_size, inside = address % diskdump->block_size;
		size_t piece = (size_t)(diskdump->block_size - inside);
		if (piece > length)
			piece = length;
		/* Whole pages are for those who search: not worth keeping. */
		if (piece == diskdump->block_size)
			status = read_page(dump, number, to, error);
		else
			status = read_part_of_page(dump, number, inside, to, piece, error);
		if (status != MEMORY_OK)
			return status;
		to += piece;
		address += piece;
		length -= piece;
	}
	return MEMORY_OK;
}

static bool next_run(struct dump *dump, uint64_t *address, uint64_t *length)
{
	struct diskdump *diskdump = dump->state;
	uint64_t size = diskdump->block_size, first = *address / size, count;

	for (struct diskdump_part *part = diskdump->parts; part < diskdump->parts + diskdump->part_count; part++) {
		uint64_t number = first;
		if (number >= part->header.end || !diskdump_bitmap_next_run(&part->dumped, &number, &count, RUN_MOST / size))
			continue;
		uint64_t skipped = number == first ? *address % size : 0;
		*address = number * size + skipped;
		*length = count * size - skipped;
		return true;
	}
	return false;
}

static void close_reader(struct dump *dump)
{
	struct diskdump *diskdump = dump->state;

	for (size_t i = 0; i < diskdump->part_count; i++)
		diskdump_part_close(&diskdump->parts[i]);
	diskdump_free(diskdump);
}

const struct dump_reader diskdump_reader = {
	.read_physical = read_physical,
	.next_run = next_run,
	.close = close_reader,
};
