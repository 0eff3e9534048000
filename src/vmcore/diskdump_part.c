/*
 * Behind the bitmaps there is a descriptor for each page in the dump, in order; so a page's is found by counting the pages
 * before it. The packed pages follow, wherever the descriptors say. Pages of zeros share one.
 */
#include "vmcore/diskdump_part.h"
#include "vmcore/bytes.h"

#include <inttypes.h>

/* struct page_desc: offset and size of the packed page, flags, and the kernel's page flags, which makedumpfile leaves 0. */
enum { DESCRIPTOR = 24, LAST_DESCRIPTORS = 64 };

/* Where a dump says that it has more, its end is not looked at: 64 TiB in pages of 4 KiB. */
#define PAGES_COUNTED_MOST (UINT64_C(1) << 34)

struct descriptor {
	uint64_t offset;
	uint32_t size, flags;
};

bool diskdump_part_open(struct diskdump_part *part, struct error *error)
{
	struct diskdump_header *header = &part->header;

	if (header->end > header->pages)
		header->end = header->pages;
	if (header->begin > header->end)
		header->begin = header->end;
	return diskdump_bitmap_open(&part->dumped, part->image, header->dumped_bitmap, header->begin, header->end) ||
	       error_out_of_memory(error);
}

void diskdump_part_close(struct diskdump_part *part)
{
	diskdump_bitmap_close(&part->dumped);
	part->image->close(part->image);
}

/* What a read that failed means: everything behind the end was cut off. */
static enum memory_status status_of(const struct diskdump_part *part, uint64_t offset, uint64_t length)
{
	uint64_t size = part->image->size;

	return image_is_cut(part->image) || offset > size || length > size - offset ? MEMORY_CUT : MEMORY_CORRUPT;
}

/* Puts what could not be read before why. */
static void explain(const struct diskdump_part *part, uint64_t page_number, const char *what, struct error *error)
{
	struct error why = *error;

	error_set(error, "page at physical 0x%" PRIx64 ": %s: %s", page_number * part->header.block_size, what, why.message);
}

/* A page that is not in the dump: left out, or no memory. */
static enum memory_status read_missing(struct diskdump_part *part, uint64_t page_number, struct error *error)
{
	uint64_t at = part->header.memory_bitmap + page_number / 8;
	unsigned char byte = 0xff;

	if (part->header.memory_bitmap && !part->image->read(part->image, at, &byte, 1, error)) {
		explain(part, page_number, "whether it is memory is not known", error);
		return status_of(part, at, 1);
	}
	bool memory = byte >> page_number % 8 & 1;
	error_set(error, "page at physical 0x%" PRIx64 " is not in the dump: %s", page_number * part->header.block_size,
		  memory ? "it was left out when the dump was made" : "the machine had no memory there");
	return memory ? MEMORY_EXCLUDED : MEMORY_ABSENT;
}

static bool read_descriptor(struct diskdump_part *part, uint64_t at, struct descriptor *descriptor, struct error *error)
{
	unsigned char bytes[DESCRIPTOR];
	bool big_endian = part->header.big_endian;

	if (!part->image->read(part->image, at, bytes, sizeof bytes, error))
		return false;
	descriptor->offset = bytes_get(bytes, 8, big_endian);
	descriptor->size = (uint32_t)bytes_get(bytes + 8, 4, big_endian);
	descriptor->flags = (uint32_t)bytes_get(bytes + 12, 4, big_endian);
	return true;
}

static bool is_unwritten(const struct descriptor *descriptor)
{
	return descriptor->offset == 0 && descriptor->size == 0;
}

/* A descriptor of zeros: makedumpfile did not come so far, or left the page out with -e. */
static enum memory_status read_unwritten(struct diskdump_part *part, uint64_t page_number, uint64_t at, struct error *error)
{
	uint64_t address = page_number * part->header.block_size;

	if (part->header.status & DISKDUMP_EXCLUDED_VMEMMAP) {
		error_set(error, "page at physical 0x%" PRIx64 " was left out when the dump was made (unused vmemmap)",
			  address);
		return MEMORY_EXCLUDED;
	}
	error_set(error, "page at physical 0x%" PRIx64 ": its descriptor at byte %" PRIu64 " was never written", address,
		  at);
	part->unfinished = true;
	return MEMORY_CUT;
}

/* Finds the descriptor of a page that the bitmap says is there. */
static enum memory_status find_descriptor(struct diskdump_part *part, uint64_t page_number, struct descriptor *descriptor,
					  struct error *error)
{
	uint64_t rank;

	if (!diskdump_bitmap_rank(&part->dumped, page_number, &rank, error)) {
		explain(part, page_number, "the pages before it cannot be counted", error);
		return status_of(part, part->header.descriptors, 1);
	}
	uint64_t at = part->header.descriptors + rank * DESCRIPTOR;
	if (!read_descriptor(part, at, descriptor, error)) {
		explain(part, page_number, "its descriptor", error);
		return status_of(part, at, DESCRIPTOR);
	}
	if (is_unwritten(descriptor))
		return read_unwritten(part, page_number, at, error);
	if (descriptor->size > 0 && descriptor->size <= part->header.block_size &&
	    descriptor->offset >= part->header.descriptors && descriptor->offset <= INT64_MAX)
		return MEMORY_OK;
	error_set(error,
		  "page at physical 0x%" PRIx64 ": its descriptor at byte %" PRIu64 " says %" PRIu32
		  " bytes at byte %" PRIu64 "; 1 to %" PRIu32 " behind byte %" PRIu64 " were expected",
		  page_number * part->header.block_size, at, descriptor->size, descriptor->offset, part->header.block_size,
		  part->header.descriptors);
	return MEMORY_CORRUPT;
}

static enum memory_status read_packed(struct diskdump_part *part, struct diskdump_work *work, uint64_t page_number,
				      struct descriptor descriptor, void *page, struct error *error)
{
	struct error why;
	void *into = descriptor.flags || descriptor.size != part->header.block_size ? work->packed : page;

	if (!part->image->read(part->image, descriptor.offset, into, descriptor.size, error)) {
		explain(part, page_number, "its data", error);
		return status_of(part, descriptor.offset, descriptor.size);
	}
	if (into == page ||
	    page_unpack(work->unpacker, descriptor.flags, into, descriptor.size, page, part->header.block_size, &why))
		return MEMORY_OK;
	error_set(error, "page at physical 0x%" PRIx64 ", %" PRIu32 " bytes at byte %" PRIu64 ": %s",
		  page_number * part->header.block_size, descriptor.size, descriptor.offset, why.message);
	return MEMORY_CORRUPT;
}

enum memory_status diskdump_part_read(struct diskdump_part *part, struct diskdump_work *work, uint64_t page_number,
				      void *page, struct error *error)
{
	struct descriptor descriptor;
	bool dumped;

	if (!diskdump_bitmap_test(&part->dumped, page_number, &dumped, error)) {
		explain(part, page_number, "whether it is in the dump is not known", error);
		return status_of(part, part->header.descriptors, 1);
	}
	if (!dumped)
		return read_missing(part, page_number, error);
	enum memory_status status = find_descriptor(part, page_number, &descriptor, error);
	if (status != MEMORY_OK)
		return status;
	return read_packed(part, work, page_number, descriptor, page, error);
}

bool diskdump_part_read_stored(struct diskdump_part *part, uint64_t page_number, uint64_t offset, void *bytes, size_t length)
{
	struct descriptor descriptor;
	struct error ignored;
	bool dumped;

	return diskdump_bitmap_test(&part->dumped, page_number, &dumped, &ignored) && dumped &&
	       find_descriptor(part, page_number, &descriptor, &ignored) == MEMORY_OK && !descriptor.flags &&
	       descriptor.size == part->header.block_size &&
	       part->image->read(part->image, descriptor.offset + offset, bytes, length, &ignored);
}

/*
 * The descriptors end where the first page's data begin, and the last of them point at the end of the file. Where many pages
 * of zeros come last, their shared data is elsewhere and a cut goes unseen until it is met.
 */
uint64_t diskdump_part_cut(struct diskdump_part *part)
{
	uint64_t begin = part->header.descriptors, size = part->image->size, needed = 0;
	struct descriptor descriptor;
	struct error ignored;

	if (begin > size)
		return begin;
	if (!read_descriptor(part, begin, &descriptor, &ignored) || descriptor.offset < begin)
		return 0;
	uint64_t count = (descriptor.offset - begin) / DESCRIPTOR;
	if (count > part->header.end - part->header.begin + 1)
		return 0;
	if (descriptor.offset > size)
		return descriptor.offset;
	for (uint64_t i = count > LAST_DESCRIPTORS ? count - LAST_DESCRIPTORS : 0; i < count; i++) {
		if (!read_descriptor(part, begin + i * DESCRIPTOR, &descriptor, &ignored))
			return 0;
		if (descriptor.offset <= INT64_MAX && descriptor.size <= part->header.block_size &&
		    descriptor.offset + descriptor.size > needed)
			needed = descriptor.offset + descriptor.size;
	}
	return needed > size ? needed : 0;
}

/*
 * The last descriptor by where the first page's data begin is written, so all are: that saves counting the bitmap. *room:
 * how many descriptors there are at most; 0: not known. A page of zeros may lie before the first page's data.
 */
static bool ends_well(struct diskdump_part *part, const struct descriptor *first, uint64_t *room)
{
	uint64_t begin = part->header.descriptors, count = 0;
	struct descriptor last;
	struct error ignored;

	if (!is_unwritten(first) && first->offset >= begin + DESCRIPTOR)
		count = (first->offset - begin) / DESCRIPTOR;
	*room = count <= part->header.end - part->header.begin ? count : 0;
	return *room && read_descriptor(part, begin + (*room - 1) * DESCRIPTOR, &last, &ignored) && !is_unwritten(&last);
}

/*
 * makedumpfile writes bitmap 2 before the pages (all at once, or that of each cycle), and leaves room for all descriptors.
 * With -e descriptors of zeros are no sign of an end.
 */
void diskdump_part_check_end(struct diskdump_part *part)
{
	struct descriptor descriptor;
	struct error ignored;
	uint64_t begin = part->header.descriptors, pages, room;

	if (!part->header.kdump || part->header.status & DISKDUMP_EXCLUDED_VMEMMAP ||
	    part->header.end > PAGES_COUNTED_MOST || !read_descriptor(part, begin, &descriptor, &ignored) ||
	    ends_well(part, &descriptor, &room) || !diskdump_bitmap_rank(&part->dumped, part->header.end, &pages, &ignored))
		return;
	/* A file of a split set has room for the pages of them all. */
	if (!part->header.split && pages + part->header.block_size / DESCRIPTOR < room)
		part->unfinished = true; /* a cycle never came */
	else if (pages && read_descriptor(part, begin + (pages - 1) * DESCRIPTOR, &descriptor, &ignored))
		part->unfinished = is_unwritten(&descriptor);
}
