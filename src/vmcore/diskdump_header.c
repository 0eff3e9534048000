/*
 * The headers differ by the machine's byte order, by the size of its long, and by how its ABI aligns 64-bit numbers. Nothing
 * says which: it is told from what makes sense, with the machine's name as a hint.
 */
#include "vmcore/diskdump_header.h"
#include "vmcore/bytes.h"

#include <inttypes.h>
#include <string.h>

/* struct disk_dump_header. The time stamp between `names` and `status` is 10 to 22 bytes with its padding. */
enum {
	AT_VERSION = 8,
	AT_NAMES = 12,
	AT_TIME = 402, /* or up to 6 bytes of padding later */
	AT_STATUS_64 = 424,
	AT_STATUS_32 = 412,
	AT_STATUS_32_TIME_64 = 420, /* i386 with a 64-bit time_t, whose alignment is 4 */
	HEADER = 464,               /* bytes, at most */
	SUB_HEADER = 104,
	VERSION_MOST = 32,
	CPUS_MOST = 65536,
	VMCOREINFO_MOST = 1024 * 1024,
};

/* Fields behind the time stamp, from `status` on, four bytes each. */
enum tail_field {
	STATUS,
	BLOCK_SIZE,
	SUB_BLOCKS,
	BITMAP_BLOCKS,
	MAX_PAGE,
	TOTAL_RAM_BLOCKS,
	DEVICE_BLOCKS,
	WRITTEN_BLOCKS,
	CURRENT_CPU,
	CPUS,
	TAIL_FIELDS,
};

/*
 * Where in struct kdump_sub_header its fields lie. ARM and other 32-bit machines align 64-bit numbers to 8, i386 to 4; QEMU
 * packs it tightly for all.
 */
struct sub_layout {
	unsigned char word, dump_level, split, begin, end, vmcoreinfo, notes, begin_64, end_64, pages_64;
};
static const struct sub_layout sub_64 = { 8, 8, 12, 16, 24, 32, 48, 80, 88, 96 };
static const struct sub_layout sub_32 = { 4, 4, 8, 12, 16, 20, 32, 56, 64, 72 };
static const struct sub_layout sub_32_aligned = { 4, 4, 8, 12, 16, 24, 40, 72, 80, 88 };

static const unsigned int status_places_64[] = { AT_STATUS_64, AT_STATUS_32, AT_STATUS_32_TIME_64, 0 };
static const unsigned int status_places_32[] = { AT_STATUS_32, AT_STATUS_64, AT_STATUS_32_TIME_64, 0 };

bool diskdump_recognise(const void *bytes)
{
	return memcmp(bytes, "KDUMP   ", 8) == 0 || memcmp(bytes, "DISKDUMP", 8) == 0;
}

struct text diskdump_name(const struct diskdump_header *header, size_t which)
{
	const char *name = header->names[which], *end = memchr(name, 0, sizeof header->names[which]);

	return (struct text){ name, end ? (size_t)(end - name) : sizeof header->names[which] };
}

static bool is_block_size(uint64_t size)
{
	return size >= 1024 && size <= 1024 * 1024 && (size & (size - 1)) == 0;
}

static uint32_t tail_field(const unsigned char *bytes, unsigned int status, enum tail_field field, bool big_endian)
{
	return (uint32_t)bytes_get(bytes + status + field * 4U, 4, big_endian);
}

static bool is_status_place(const unsigned char *bytes, unsigned int status, bool big_endian)
{
	uint32_t sub_blocks = tail_field(bytes, status, SUB_BLOCKS, big_endian);

	return is_block_size(tail_field(bytes, status, BLOCK_SIZE, big_endian)) && sub_blocks > 0 && sub_blocks < 65536 &&
	       tail_field(bytes, status, BITMAP_BLOCKS, big_endian) > 0;
}

/* Where `status` lies; 0: nothing makes sense. */
static unsigned int find_status(const unsigned char *bytes, size_t word, bool big_endian)
{
	for (const unsigned int *place = word == 4 ? status_places_32 : status_places_64; *place; place++)
		if (is_status_place(bytes, *place, big_endian))
			return *place;
	return 0;
}

static bool read_version(struct diskdump_header *header, const unsigned char *bytes, struct error *error)
{
	uint64_t little = bytes_get(bytes + AT_VERSION, 4, false), big = bytes_get(bytes + AT_VERSION, 4, true);

	header->big_endian = big < little;
	header->version = (uint32_t)(big < little ? big : little);
	return header->version <= VERSION_MOST ||
	       error_set(error, "the header's version (at byte %d) is %" PRIu64 "; 1 to %d was expected", AT_VERSION, little,
			 DISKDUMP_VERSION_KNOWN);
}

/* Two bitmaps one behind the other: which pages the machine has, which are in the dump. Old diskdump may have the first. */
static void place_bitmaps(struct diskdump_header *header, uint64_t at, uint64_t blocks)
{
	uint64_t bits_a_block = (uint64_t)header->block_size * 8;
	uint64_t half = blocks / 2 * header->block_size;
	bool two = header->kdump ? blocks >= 2 : blocks >= (header->pages_claimed + bits_a_block - 1) / bits_a_block * 2;
	uint64_t room = (two ? blocks / 2 : blocks) * bits_a_block;

	header->memory_bitmap = two ? at : 0;
	header->dumped_bitmap = two ? at + half : at;
	header->descriptors = at + blocks * header->block_size;
	header->pages = header->pages_claimed < room ? header->pages_claimed : room;
}

static const struct sub_layout *choose_sub_layout(const struct diskdump_header *header, const unsigned char *sub)
{
	if (header->word == 8)
		return &sub_64;
	if (header->arch == ARCH_I386 || header->version < 6)
		return header->arch == ARCH_I386 ? &sub_32 : &sub_32_aligned;
	/* since version 6 the number of pages is there twice */
	uint64_t packed = bytes_get(sub + sub_32.pages_64, 8, header->big_endian);
	return packed == header->pages_claimed ? &sub_32 : &sub_32_aligned;
}

static uint64_t get_word(const struct diskdump_header *header, const unsigned char *sub, size_t at)
{
	return bytes_get(sub + at, header->word, header->big_endian);
}

static void read_sub_fields(struct diskdump_header *header, const unsigned char *sub)
{
	const struct sub_layout *at = choose_sub_layout(header, sub);
	bool big_endian = header->big_endian;
	uint64_t level = bytes_get(sub + at->dump_level, 4, big_endian);

	header->has_phys_base = header->version >= 1;
	header->phys_base = get_word(header, sub, 0);
	if (header->version >= 1 && level < 64)
		header->dump_level = (int)level;
	if (header->version >= 2 && bytes_get(sub + at->split, 4, big_endian)) {
		header->split = true;
		header->begin = get_word(header, sub, at->begin);
		header->end = get_word(header, sub, at->end);
	}
	if (header->version >= 3) {
		header->vmcoreinfo = bytes_get(sub + at->vmcoreinfo, 8, big_endian);
		header->vmcoreinfo_size = get_word(header, sub, at->vmcoreinfo + 8U);
	}
	if (header->version >= 4) {
		header->notes = bytes_get(sub + at->notes, 8, big_endian);
		header->notes_size = get_word(header, sub, at->notes + 8U);
	}
	if (header->version >= 6 && header->split) {
		header->begin = bytes_get(sub + at->begin_64, 8, big_endian);
		header->end = bytes_get(sub + at->end_64, 8, big_endian);
	}
	uint64_t pages = header->version >= 6 ? bytes_get(sub + at->pages_64, 8, big_endian) : 0;
	if (pages)
		header->pages_claimed = pages;
}

static void read_tail(struct diskdump_header *header, const unsigned char *bytes, unsigned int status)
{
	bool big_endian = header->big_endian;
	/* the time stamp's seconds, at their alignment, end before its microseconds of the same size */
	bool time_64 = status != AT_STATUS_32;
	unsigned int seconds = status - (time_64 ? 16 : 8);

	header->time = bytes_get(bytes + seconds, time_64 ? 8 : 4, big_endian);
	if (header->time > UINT64_C(1) << 40)
		header->time = 0;
	header->status = tail_field(bytes, status, STATUS, big_endian);
	header->block_size = tail_field(bytes, status, BLOCK_SIZE, big_endian);
	header->pages_claimed = tail_field(bytes, status, MAX_PAGE, big_endian);
	header->cpus = tail_field(bytes, status, CPUS, big_endian);
	if (header->cpus > CPUS_MOST)
		header->cpus = 0;
}

/* How many of `size` bytes at `offset` the file has. */
static uint64_t bytes_there(uint64_t offset, uint64_t size, uint64_t file_size)
{
	uint64_t there = offset < file_size ? file_size - offset : 0;

	return size < there ? size : there;
}

static void drop_impossible(struct diskdump_header *header, uint64_t size)
{
	if (header->vmcoreinfo_size > VMCOREINFO_MOST)
		header->vmcoreinfo_size = 0;
	if (header->notes_size > DUMP_NOTE_BYTES_MOST)
		header->notes_size = DUMP_NOTE_BYTES_MOST;
	header->vmcoreinfo_claimed = header->vmcoreinfo_size;
	header->notes_claimed = header->notes_size;
	header->vmcoreinfo_size = bytes_there(header->vmcoreinfo, header->vmcoreinfo_size, size);
	header->notes_size = bytes_there(header->notes, header->notes_size, size);
	/* 52 bits of physical address are the most that any machine has */
	uint64_t most = (UINT64_C(1) << 52) / header->block_size;
	if (header->pages_claimed > most)
		header->pages_claimed = most;
}

static bool read_fields(struct image *image, struct diskdump_header *header, const unsigned char *bytes, struct error *error)
{
	unsigned char sub[SUB_HEADER] = { 0 };
	struct error why;

	memcpy(header->names, bytes + AT_NAMES, sizeof header->names);
	header->arch = arch_from_name(diskdump_name(header, 4));
	header->word = arch_word(header->arch);
	unsigned int status = find_status(bytes, header->word, header->big_endian);
	if (!status)
		return error_set(error,
				 "the header's block size, %u (at byte %d), is no page size, or its blocks for headers (%u) "
				 "and bitmaps "
				 "(%u) make no sense",
				 tail_field(bytes, AT_STATUS_64, BLOCK_SIZE, header->big_endian), AT_STATUS_64 + 4,
				 tail_field(bytes, AT_STATUS_64, SUB_BLOCKS, header->big_endian),
				 tail_field(bytes, AT_STATUS_64, BITMAP_BLOCKS, header->big_endian));
	if (!header->word)
		header->word = status == AT_STATUS_64 ? 8 : 4;
	read_tail(header, bytes, status);
	if (header->kdump && image->size < header->block_size + sizeof sub && !image_is_cut(image))
		return error_set(error,
				 "the dump is cut short: %" PRIu64
				 " of at least %zu bytes; it was cut short within its headers",
				 image->size, header->block_size + sizeof sub);
	if (header->kdump && !image->read(image, header->block_size, sub, sizeof sub, &why))
		return error_set(error, "its second header cannot be read: %s", why.message);
	if (header->kdump)
		read_sub_fields(header, sub);
	drop_impossible(header, image->size);
	uint64_t blocks_before = 1 + (uint64_t)tail_field(bytes, status, SUB_BLOCKS, header->big_endian);
	place_bitmaps(header, blocks_before * header->block_size,
		      tail_field(bytes, status, BITMAP_BLOCKS, header->big_endian));
	if (!header->split) {
		header->begin = 0;
		header->end = header->pages;
	}
	return true;
}

bool diskdump_header_read(struct image *image, struct diskdump_header *header, struct error *error)
{
	unsigned char bytes[HEADER];

	*header = (struct diskdump_header){ .dump_level = -1 };
	if (image->size < sizeof bytes)
		return error_set(
			error, "the dump is cut short: %" PRIu64 " of at least %d bytes; it was cut short within its header",
			image->size, HEADER);
	if (!image->read(image, 0, bytes, sizeof bytes, error))
		return false;
	if (!diskdump_recognise(bytes))
		return error_set(error, "no signature \"KDUMP   \" or \"DISKDUMP\" at its beginning");
	header->kdump = bytes[0] == 'K';
	return read_version(header, bytes, error) && read_fields(image, header, bytes, error);
}
