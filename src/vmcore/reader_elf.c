/*
 * ELF core dumps of kernels: /proc/vmcore (fs/proc/vmcore.c), makedumpfile -E, QEMU's dump-guest-memory, virsh dump
 * --memory-only. A segment (PT_LOAD) is a run of physical memory; of one that is shorter in the file than in memory the rest
 * was left out.
 */
#include "vmcore/dump_parts.h"
#include "vmcore/elf_extents.h"
#include "vmcore/elf_header.h"
#include "vmcore/flattened.h"
#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <stdlib.h>

enum { RUN_MOST = 4 * 1024 * 1024, SKIP_ALIGN = 64 * 1024, HEADERS_HOLE = 64 * 1024 };

struct elf {
	struct image *image;
	struct elf_extents present; /* physical memory to where it lies in the file */
	struct elf_extents cut;     /* as present, of what lies behind the end of the file */
	struct elf_extents left_out;
	struct elf_extents mapped; /* virtual addresses to physical ones */
	uint64_t search_end;       /* physical address: next_run() comes no farther */
	uint64_t unwritten;        /* program headers of zeros */
	uint64_t needed;           /* bytes that the file should have */
	uint64_t note_bytes;
	uint64_t first_memory; /* where in the file that of the segments begins */
};

static enum memory_status not_present(struct dump *dump, uint64_t address, struct error *error)
{
	struct elf *elf = dump->state;
	const struct elf_extent *cut = elf_extents_at(&elf->cut, address);

	if (cut) {
		error_set(error,
			  "physical 0x%" PRIx64 " should be at byte %" PRIu64
			  " of the file, which was cut short at byte %" PRIu64,
			  address, cut->target + (address - cut->begin), elf->image->size);
		return MEMORY_CUT;
	}
	bool left_out = elf_extents_at(&elf->left_out, address);
	error_set(error, "physical 0x%" PRIx64 " is not in the dump: %s", address,
		  left_out ? "it was left out when the dump was made" : "no segment holds it");
	return left_out ? MEMORY_EXCLUDED : MEMORY_ABSENT;
}

static enum memory_status read_physical(struct dump *dump, uint64_t address, void *buffer, size_t length,
					struct error *error)
{
	struct elf *elf = dump->state;
	unsigned char *to = buffer;
	struct error why;

	while (length) {
		const struct elf_extent *extent = elf_extents_at(&elf->present, address);
		if (!extent)
			return not_present(dump, address, error);
		uint64_t inside = address - extent->begin, there = extent->length - inside;
		size_t piece = there < length ? (size_t)there : length;
		if (!elf->image->read(elf->image, extent->target + inside, to, piece, &why)) {
			error_set(error, "physical 0x%" PRIx64 ": %s", address, why.message);
			return image_is_cut(elf->image) ? MEMORY_CUT : MEMORY_CORRUPT;
		}
		to += piece;
		address += piece;
		length -= piece;
	}
	return MEMORY_OK;
}

static bool find_physical(struct dump *dump, uint64_t virtual_address, uint64_t *physical_address)
{
	struct elf *elf = dump->state;
	const struct elf_extent *extent = elf_extents_at(&elf->mapped, virtual_address);

	if (extent)
		*physical_address = extent->target + (virtual_address - extent->begin);
	return extent;
}

static bool next_run(struct dump *dump, uint64_t *address, uint64_t *length)
{
	struct elf *elf = dump->state;
	uint64_t from = *address;

	for (;;) {
		const struct elf_extent *extent = elf_extents_from(&elf->present, from);
		if (!extent)
			return false;
		if (from < extent->begin)
			from = extent->begin;
		uint64_t inside = from - extent->begin, at = extent->target + inside;
		uint64_t hole = elf->image->next_data(elf->image, at);
		hole = hole > at ? hole - at : 0;
		if (hole >= extent->length - inside) {
			from = extent->begin + extent->length;
			continue;
		}
		if (hole >= SKIP_ALIGN) /* to where a page begins, whatever its size */
			from += (hole & ~(uint64_t)(SKIP_ALIGN - 1)) - from % SKIP_ALIGN;
		if (from >= elf->search_end)
			return false;
		uint64_t left = extent->length - (from - extent->begin);
		if (left > elf->search_end - from)
			left = elf->search_end - from;
		*address = from;
		*length = left < RUN_MOST ? left : RUN_MOST;
		return true;
	}
}

static void free_state(struct elf *elf)
{
	elf_extents_free(&elf->present);
	elf_extents_free(&elf->cut);
	elf_extents_free(&elf->left_out);
	elf_extents_free(&elf->mapped);
	free(elf);
}

static void close_reader(struct dump *dump)
{
	struct elf *elf = dump->state;

	elf->image->close(elf->image);
	free_state(elf);
}

static const struct dump_reader reader = {
	.read_physical = read_physical,
	.find_physical = find_physical,
	.next_run = next_run,
	.close = close_reader,
};

/* How many of `length` bytes at `offset` the file has; notes what the file should have. */
static uint64_t bytes_there(struct elf *elf, uint64_t offset, uint64_t length)
{
	uint64_t size = elf->image->size;

	if (length && offset + length > elf->needed)
		elf->needed = offset + length;
	return offset >= size ? 0 : length < size - offset ? length : size - offset;
}

/* What of the headers and the notes is in no block of a flattened file reads as zeros, and is missing. */
static void note_gap(struct dump *dump, uint64_t offset, uint64_t length)
{
	struct elf *elf = dump->state;
	struct flattened_gap gap;

	if (!image_is_cut(elf->image) && flattened_has_gap(elf->image, offset, length, &gap))
		dump_note_gaps(dump, &gap, 1);
}

static void add_notes(struct dump *dump, const struct elf_segment *segment)
{
	struct elf *elf = dump->state;
	uint64_t length = bytes_there(elf, segment->offset, segment->file_size);
	struct error why;

	if (length < segment->file_size)
		dump_note_lost_notes(dump, "the notes of %" PRIu64 " bytes at byte %" PRIu64 " are cut off",
				     segment->file_size, segment->offset);
	note_gap(dump, segment->offset, length);

	if (length > DUMP_NOTE_BYTES_MOST - elf->note_bytes) {
		dump_remark(dump,
			    "of the notes of %" PRIu64 " bytes at byte %" PRIu64 " only the first %" PRIu64 " were read",
			    length, segment->offset, DUMP_NOTE_BYTES_MOST - elf->note_bytes);
		length = DUMP_NOTE_BYTES_MOST - elf->note_bytes;
	}
	char *notes = length ? arena_alloc(&dump->arena, (size_t)length) : NULL;
	if (!notes)
		return;
	elf->note_bytes += length;
	if (elf->image->read(elf->image, segment->offset, notes, (size_t)length, &why))
		dump_add_notes(dump, (struct text){ notes, (size_t)length });
	else
		dump_remark(dump, "the notes cannot be read: %s", why.message);
}

/* Programs that know no virtual address write 0, -1 or the physical one. */
static bool has_virtual_address(const struct elf_segment *segment)
{
	return segment->virtual_address != 0 && segment->virtual_address != segment->physical_address &&
	       segment->virtual_address <= UINT64_MAX - segment->memory_size;
}

/* False: out of memory. */
static bool add_memory(struct elf *elf, const struct elf_segment *segment)
{
	uint64_t physical = segment->physical_address, stored = segment->file_size;
	uint64_t there = bytes_there(elf, segment->offset, stored);

	if (stored && segment->offset < elf->first_memory)
		elf->first_memory = segment->offset;
	return elf_extents_add(&elf->present, physical, there, segment->offset) &&
	       elf_extents_add(&elf->cut, physical + there, stored - there, segment->offset + there) &&
	       elf_extents_add(&elf->left_out, physical + stored, segment->memory_size - stored, physical + stored) &&
	       (!has_virtual_address(segment) ||
		elf_extents_add(&elf->mapped, segment->virtual_address, segment->memory_size, physical));
}

static bool is_possible(const struct elf_segment *segment)
{
	return segment->offset <= INT64_MAX && segment->file_size <= INT64_MAX - segment->offset &&
	       (segment->type == ELF_PT_NOTE || segment->physical_address < UINT64_MAX - segment->memory_size);
}

static bool is_unwritten(const struct elf_segment *segment)
{
	return segment->type == 0 && segment->offset == 0 && segment->file_size == 0 && segment->memory_size == 0;
}

static bool add_segment(struct dump *dump, uint64_t number, struct elf_segment *segment)
{
	struct elf *elf = dump->state;

	elf->unwritten += is_unwritten(segment);
	if (segment->type != ELF_PT_LOAD && segment->type != ELF_PT_NOTE)
		return true;
	if (segment->memory_size < segment->file_size)
		segment->memory_size = segment->file_size;
	if (!is_possible(segment))
		dump_remark(dump,
			    "segment %" PRIu64 " makes no sense and was left out: %" PRIu64 " bytes at byte %" PRIu64
			    " for %" PRIu64 " bytes at physical 0x%" PRIx64,
			    number, segment->file_size, segment->offset, segment->memory_size, segment->physical_address);
	else if (segment->type == ELF_PT_NOTE)
		add_notes(dump, segment);
	else
		return add_memory(elf, segment);
	return true;
}

static uint64_t add_up(const struct elf_extents *extents, uint64_t sum)
{
	for (size_t i = 0; i < extents->count; i++)
		sum = extents->items[i].length > UINT64_MAX - sum ? UINT64_MAX : sum + extents->items[i].length;
	return sum;
}

/* What the segments tell of memory; no more than twice what the file has, where they lead to the same bytes of it. */
static uint64_t claimed_memory(const struct elf *elf)
{
	uint64_t present = add_up(&elf->present, 0), most = elf->image->size * 2;

	return add_up(&elf->cut, add_up(&elf->left_out, present < most ? present : most));
}

/* Where segments lead to the same bytes of the file, and so say much more than it has, a search would take days. */
static void limit_search(struct dump *dump)
{
	struct elf *elf = dump->state;
	uint64_t left = elf->image->size * 2; /* below INT64_MAX before: some may be there under two addresses */

	elf->search_end = UINT64_MAX;
	for (size_t i = 0; i < elf->present.count; i++) {
		const struct elf_extent *extent = &elf->present.items[i];
		if (extent->length > left) {
			elf->search_end = extent->begin + left;
			dump_remark(dump,
				    "its segments lead to the same bytes of the file again and again: memory from physical "
				    "0x%" PRIx64 " on is not searched",
				    elf->search_end);
			return;
		}
		left -= extent->length;
	}
}

/* False: *error. Segments that cannot be read end the list. */
static bool read_segments(struct dump *dump, const struct elf_header *header, struct error *error)
{
	struct elf *elf = dump->state;
	struct elf_segment segment;
	struct error why;

	uint64_t begin = header->segments <= INT64_MAX ? header->segments : INT64_MAX;
	uint64_t length = header->segment_count * header->segment_size, there = bytes_there(elf, begin, length);
	note_gap(dump, begin, there);
	for (uint64_t i = 0; i < header->segment_count; i++) {
		if (!elf_segment_read(elf->image, header, i, &segment, &why)) {
			dump_remark(dump, "segment %" PRIu64 " and those behind it cannot be read: %s", i, why.message);
			dump_note_lost_notes(dump, "some of the program headers, which lead to the notes, cannot be read");
			break;
		}
		if (!add_segment(dump, i, &segment))
			return error_out_of_memory(error);
	}
	if (header->segments_claimed > header->segment_count)
		dump_remark(dump, "of %" PRIu64 " segments only the first %" PRIu64 " are used", header->segments_claimed,
			    header->segment_count);
	elf_extents_sort(&elf->present);
	elf_extents_sort(&elf->cut);
	elf_extents_sort(&elf->left_out);
	elf_extents_sort(&elf->mapped);
	limit_search(dump);
	dump->memory = claimed_memory(elf);
	return true;
}

/* Before the memory there may be holes, but not in the notes. */
static void note_flattened_gaps(struct dump *dump, const struct elf *elf)
{
	struct flattened_gap gap;

	flattened_set_holes(elf->image, (struct flattened_holes){ HEADERS_HOLE, 1, elf->first_memory });
	dump_note_gaps(dump, &gap, flattened_count_gaps(elf->image, &gap));
}

static uint64_t find_page_size(const struct dump *dump)
{
	struct text value;
	uint64_t size;

	if (!vmcoreinfo_find(dump->vmcoreinfo, "PAGESIZE", &value) || !text_eat_decimal(&value, &size))
		return 0;
	return size >= 1024 && size <= 1024 * 1024 && (size & (size - 1)) == 0 ? size : 0;
}

static bool fill(struct dump *dump, struct image *image, struct error *error)
{
	struct elf *elf = dump->state;
	struct elf_header header;

	if (!elf_header_read(image, &header, error))
		return false;
	dump->reader = &reader;
	dump->format = "elf";
	dump->files = 1;
	dump->dump_level = -1;
	dump->arch = arch_from_elf(header.machine, header.elf64);
	dump->big_endian = header.big_endian;
	dump->word = dump->arch != ARCH_UNKNOWN ? arch_word(dump->arch) : header.elf64 ? 8 : 4;
	elf->image = image;
	elf->first_memory = UINT64_MAX;
	if (!read_segments(dump, &header, error))
		return false;
	if (header.flags & ELF_DUMP_INCOMPLETE)
		dump_note_incomplete(dump, "", DUMP_MARKED_INCOMPLETE);
	if (elf->needed > image->size && !image_is_cut(image))
		dump_note_cut(dump, "", image->size, elf->needed);
	note_flattened_gaps(dump, elf);
	if (elf->unwritten && elf->unwritten == header.segment_count && elf->needed < image->size)
		return error_set(error,
				 "an ELF core whose %" PRIu64
				 " program headers were never written: makedumpfile was stopped "
				 "before. The dump is incomplete, and nothing leads to its memory",
				 header.segments_claimed);
	if (elf->unwritten)
		dump_note_incomplete(dump, "", "makedumpfile did not finish: program headers of memory were never written");
	if (!elf->present.count && !elf->cut.count && !elf->left_out.count)
		return error_set(error,
				 "an ELF core without memory: none of its %" PRIu64 " program headers is a PT_LOAD%s%s",
				 header.segments_claimed, image_is_cut(image) ? "; " : "", flattened_cut_cause(image));
	dump->page_size = find_page_size(dump);
	return true;
}

struct dump *reader_elf_open(struct image **images, size_t count, struct error *error)
{
	struct dump *dump = calloc(1, sizeof *dump);
	struct elf *elf = calloc(1, sizeof *elf);

	if (!dump || !elf) {
		error_out_of_memory(error);
	} else if (count != 1) {
		error_set(error, "%zu files: an ELF dump is one", count);
	} else {
		dump->state = elf;
		if (fill(dump, images[0], error))
			return dump;
		dump_explain_incomplete(dump, error);
	}
	if (elf)
		free_state(elf);
	if (dump)
		arena_free(&dump->arena);
	free(dump);
	return NULL;
}
