/*
 * makedumpfile's compressed format ("KDUMP   "), in one file or a split set, and the diskdump format ("DISKDUMP") that it
 * grew from.
 */
#include "vmcore/diskdump.h"
#include "vmcore/dump_parts.h"
#include "vmcore/flattened.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Every version's sub header has phys_base and dump_level. */
enum { SUB_HEADER_LEAST = 12 };

/* Bytes of the file, in the arena; empty where they cannot be read. */
static struct text read_text(struct dump *dump, struct image *image, uint64_t offset, uint64_t length, const char *what)
{
	struct error why;
	char *bytes = length ? arena_alloc(&dump->arena, (size_t)length) : NULL;

	if (!bytes)
		return TEXT_NONE;
	if (image->read(image, offset, bytes, (size_t)length, &why))
		return (struct text){ bytes, (size_t)length };
	dump_remark(dump, "%s of the dump cannot be read: %s", what, why.message);
	return TEXT_NONE;
}

static struct text keep_name(struct dump *dump, const struct diskdump_header *header, size_t which)
{
	struct text name = diskdump_name(header, which);

	return name.length ? arena_copy(&dump->arena, name) : TEXT_NONE;
}

static void note_lost_notes(struct dump *dump, struct diskdump_part *part)
{
	static const char cut[] = "the notes of %" PRIu64 " bytes at byte %" PRIu64 " are cut off";
	const struct diskdump_header *header = &part->header;
	struct flattened_gap gap;

	if (header->kdump && flattened_has_gap(part->image, header->block_size, SUB_HEADER_LEAST, &gap))
		dump_note_lost_notes(dump, "the second header, which leads to the notes, is missing");
	if (header->notes_size < header->notes_claimed)
		dump_note_lost_notes(dump, cut, header->notes_claimed, header->notes);
	if (header->vmcoreinfo_size < header->vmcoreinfo_claimed)
		dump_note_lost_notes(dump, cut, header->vmcoreinfo_claimed, header->vmcoreinfo);
}

static void fill_facts(struct dump *dump, struct diskdump_part *part)
{
	const struct diskdump_header *header = &part->header;

	dump->reader = &diskdump_reader;
	dump->format = header->kdump ? "kdump-compressed" : "diskdump";
	dump->arch = header->arch;
	dump->big_endian = header->big_endian;
	dump->word = header->word;
	dump->page_size = header->block_size;
	dump->dump_level = header->dump_level;
	dump->cpus = header->cpus;
	dump->has_phys_base = header->has_phys_base;
	dump->phys_base = header->phys_base;
	dump->time = header->time;
	dump->sysname = keep_name(dump, header, 0);
	dump->nodename = keep_name(dump, header, 1);
	dump->release = keep_name(dump, header, 2);
	dump->version = keep_name(dump, header, 3);
	dump->machine = keep_name(dump, header, 4);
	if (header->notes_size)
		dump_add_notes(dump, read_text(dump, part->image, header->notes, header->notes_size, "the notes"));
	note_lost_notes(dump, part);
	struct text info = read_text(dump, part->image, header->vmcoreinfo, header->vmcoreinfo_size, "VMCOREINFO");
	if (info.length)
		dump->vmcoreinfo = info;
	/* QEMU writes "Unknown" for most. Where the headers' fields lie was told without it. */
	if (dump->arch == ARCH_UNKNOWN)
		dump->arch = arch_from_content(dump);
	if (dump->arch != ARCH_UNKNOWN)
		dump->word = arch_word(dump->arch);
}

/* All but what fills up the blocks of headers and bitmaps is written; of the headers all that they hold. */
static void note_flattened_gaps(struct dump *dump, struct diskdump_part *part)
{
	const struct diskdump_header *header = &part->header;
	struct flattened_gap gap;

	flattened_set_holes(part->image,
			    (struct flattened_holes){ header->block_size, header->block_size, header->descriptors });
	dump_note_gaps(dump, &gap, flattened_count_gaps(part->image, &gap));
	if (image_is_cut(part->image))
		return;
	if (flattened_has_gap(part->image, header->notes, header->notes_size, &gap) ||
	    flattened_has_gap(part->image, header->vmcoreinfo, header->vmcoreinfo_size, &gap))
		dump_note_gaps(dump, &gap, 1);
}

static void note_damage(struct dump *dump, struct diskdump_part *part)
{
	const struct diskdump_header *header = &part->header;
	uint64_t cut = image_is_cut(part->image) ? 0 : diskdump_part_cut(part);

	if (header->version > DISKDUMP_VERSION_KNOWN)
		dump_remark(dump, "the header's version is %" PRIu32 "; up to %d are known", header->version,
			    DISKDUMP_VERSION_KNOWN);
	if (header->pages_claimed > header->pages)
		dump_remark(dump, "the header says %" PRIu64 " pages, its bitmap has room for %" PRIu64,
			    header->pages_claimed, header->pages);
	/* That it ran out of space is why it is shorter than it should be. */
	if (header->status & DISKDUMP_INCOMPLETE)
		dump_note_incomplete(dump, part->name, DUMP_MARKED_INCOMPLETE);
	note_flattened_gaps(dump, part);
	if (cut)
		dump_note_cut(dump, part->name, part->image->size, cut);
	if (!image_is_cut(part->image))
		diskdump_part_check_end(part);
	if (part->unfinished)
		dump_note_incomplete(dump, part->name, DISKDUMP_UNFINISHED);
}

static int compare_parts(const void *a, const void *b)
{
	const struct diskdump_header *left = &((const struct diskdump_part *)a)->header;
	const struct diskdump_header *right = &((const struct diskdump_part *)b)->header;

	if (left->begin != right->begin)
		return left->begin < right->begin ? -1 : 1;
	return (left->end > right->end) - (left->end < right->end);
}

/* Which pages no file is for. */
static void note_gaps(struct dump *dump, const struct diskdump *diskdump)
{
	uint64_t reached = 0;

	for (size_t i = 0; i <= diskdump->part_count; i++) {
		uint64_t begin = i < diskdump->part_count ? diskdump->parts[i].header.begin : diskdump->pages;
		if (begin > reached) {
			uint64_t all = diskdump->pages > begin ? diskdump->pages : begin;
			dump->parts_missing = true;
			dump_note_incomplete(dump, "", "a file of the split set is missing");
			dump_remark(dump,
				    "the file of the split set with the memory from physical 0x%" PRIx64 " to 0x%" PRIx64
				    " (%" PRIu64 " %% of all) is missing",
				    reached * diskdump->block_size, begin * diskdump->block_size - 1,
				    (begin - reached) * 100 / all);
		}
		if (i < diskdump->part_count && diskdump->parts[i].header.end > reached)
			reached = diskdump->parts[i].header.end;
	}
}

/*
 * Whether two files of a set are of one dump. Files are added to a set one by one, and only the caller knows their names: an
 * error is on the last one that was given.
 */
static bool check_pair(const struct diskdump_part *first, const struct diskdump_part *other, size_t count,
		       struct error *error)
{
	const struct diskdump_header *a = &first->header, *b = &other->header;
	const struct diskdump_part *whole = a->split ? other : first;

	if (a->big_endian != b->big_endian || a->block_size != b->block_size || a->pages_claimed != b->pages_claimed ||
	    a->time != b->time || memcmp(a->names, b->names, sizeof a->names) != 0)
		return error_set(error, "it is of another dump: their headers differ");
	if (!a->split || !b->split)
		return error_set(error, "%s is a whole dump, not a file of a split set (makedumpfile --split)",
				 whole->number == count ? "it" : whole->name);
	return true;
}

static bool check_set(struct diskdump *diskdump, struct error *error)
{
	for (size_t i = 1; i < diskdump->part_count; i++) {
		struct diskdump_part *before = &diskdump->parts[i - 1], *part = &diskdump->parts[i];
		if (!check_pair(before, part, diskdump->part_count, error))
			return false;
		if (part->header.begin < before->header.end && part->header.begin < part->header.end)
			return error_set(error, "it holds pages that another file of the split set holds too");
	}
	return true;
}

/* Opens the parts. False: *error; none is open then. */
static bool open_parts(struct diskdump *diskdump, struct image **images, const struct dump_file *files, size_t count,
		       struct error *error)
{
	struct error why;

	for (size_t i = 0; i < count; i++) {
		struct diskdump_part *part = &diskdump->parts[i];
		*part = (struct diskdump_part){ .image = images[i], .number = i + 1 };
		if (!diskdump_header_read(images[i], &part->header, &why) || !diskdump_part_open(part, &why)) {
			for (size_t j = 0; j < i; j++)
				diskdump_bitmap_close(&diskdump->parts[j].dumped);
			return dump_refuse_file(files, count, i, &why, error);
		}
		dump_file_name(files, count, i, part->name, sizeof part->name);
	}
	qsort(diskdump->parts, count, sizeof *diskdump->parts, compare_parts);
	diskdump->part_count = count;
	diskdump->block_size = diskdump->parts[0].header.block_size;
	diskdump->pages = diskdump->parts[0].header.pages;
	return true;
}

struct dump *reader_diskdump_open(struct image **images, const struct dump_file *files, size_t count, struct error *error)
{
	struct dump *dump = calloc(1, sizeof *dump);
	struct diskdump *diskdump = calloc(1, sizeof *diskdump);

	if (!dump || !diskdump || count == 0 || count > DUMP_FILES_MOST)
		error_out_of_memory(error);
	else if (open_parts(diskdump, images, files, count, error)) {
		if (check_set(diskdump, error) && diskdump_make_cache(diskdump, error)) {
			dump->state = diskdump;
			dump->files = count;
			dump->memory = diskdump->pages * diskdump->block_size; /* 2^52 at most */
			fill_facts(dump, diskdump->parts);
			for (size_t i = 0; i < count; i++)
				note_damage(dump, &diskdump->parts[i]);
			note_gaps(dump, diskdump);
			return dump;
		}
		for (size_t i = 0; i < count; i++)
			diskdump_bitmap_close(&diskdump->parts[i].dumped);
	}
	diskdump_free(diskdump);
	free(dump);
	return NULL;
}
