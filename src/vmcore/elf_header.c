/* struct elfhdr and struct elf_phdr (include/uapi/linux/elf.h). */
#include "vmcore/elf_header.h"
#include "vmcore/bytes.h"

#include <inttypes.h>
#include <string.h>

enum { CLASS_AT = 4, ORDER_AT = 5, TYPE_AT = 16, MACHINE_AT = 18, TYPE_CORE = 4, COUNT_IN_SECTION = 0xffff };

struct field {
	unsigned char at, size;
};

/* Where the fields lie in each class. */
static const struct layout {
	size_t header, segment, section; /* bytes of each */
	struct field segments, sections, flags, segment_size, segment_count, section_count, section_info;
	struct field offset, virtual_address, physical_address, file_size, memory_size;
} layouts[] = {
	{ .header = 52,
	  .segment = 32,
	  .section = 40,
	  .segments = { 28, 4 },
	  .sections = { 32, 4 },
	  .flags = { 36, 4 },
	  .segment_size = { 42, 2 },
	  .segment_count = { 44, 2 },
	  .section_count = { 48, 2 },
	  .section_info = { 28, 4 },
	  .offset = { 4, 4 },
	  .virtual_address = { 8, 4 },
	  .physical_address = { 12, 4 },
	  .file_size = { 16, 4 },
	  .memory_size = { 20, 4 } },
	{ .header = 64,
	  .segment = 56,
	  .section = 64,
	  .segments = { 32, 8 },
	  .sections = { 40, 8 },
	  .flags = { 48, 4 },
	  .segment_size = { 54, 2 },
	  .segment_count = { 56, 2 },
	  .section_count = { 60, 2 },
	  .section_info = { 44, 4 },
	  .offset = { 8, 8 },
	  .virtual_address = { 16, 8 },
	  .physical_address = { 24, 8 },
	  .file_size = { 32, 8 },
	  .memory_size = { 40, 8 } },
};

enum { LARGEST = 64 }; /* of the three, in both classes */

static uint64_t get(const unsigned char *bytes, struct field field, const struct elf_header *header)
{
	return bytes_get(bytes + field.at, field.size, header->big_endian);
}

static bool read_identity(const unsigned char *bytes, struct elf_header *header, struct error *error)
{
	if (memcmp(bytes, "\177ELF", 4) != 0)
		return error_set(error, "no ELF signature at its beginning");
	if (bytes[CLASS_AT] != 1 && bytes[CLASS_AT] != 2)
		return error_set(error, "the ELF class (at byte %d) is %u; 1 (32-bit) or 2 (64-bit) was expected", CLASS_AT,
				 bytes[CLASS_AT]);
	if (bytes[ORDER_AT] != 1 && bytes[ORDER_AT] != 2)
		return error_set(error,
				 "the ELF byte order (at byte %d) is %u; 1 (little endian) or 2 (big endian) was expected",
				 ORDER_AT, bytes[ORDER_AT]);
	header->elf64 = bytes[CLASS_AT] == 2;
	header->big_endian = bytes[ORDER_AT] == 2;
	uint64_t type = bytes_get(bytes + TYPE_AT, 2, header->big_endian);
	return type == TYPE_CORE ||
	       error_set(error, "an ELF file, but no core dump: its type (at byte %d) is %" PRIu64 ", %d was expected",
			 TYPE_AT, type, TYPE_CORE);
}

/* With 0xffff segments or more, the number is in the first section header (PN_XNUM). */
static bool read_large_count(struct image *image, const struct layout *layout, const unsigned char *bytes,
			     struct elf_header *header, struct error *error)
{
	unsigned char section[LARGEST];
	struct error why;
	uint64_t at = get(bytes, layout->sections, header);

	if (at == 0 || !image->read(image, at, section, layout->section, &why))
		return error_set(error,
				 "the number of segments should be in the section header at byte %" PRIu64 ", which %s", at,
				 at == 0 ? "is not there" : "cannot be read");
	header->segments_claimed = get(section, layout->section_info, header);
	return true;
}

bool elf_header_read(struct image *image, struct elf_header *header, struct error *error)
{
	unsigned char bytes[LARGEST] = { 0 };

	*header = (struct elf_header){ 0 };
	if (image->size < layouts[0].header)
		return error_set(error, "an ELF file cut short within its header: %" PRIu64 " bytes", image->size);
	if (!image->read(image, 0, bytes, layouts[0].header, error) || !read_identity(bytes, header, error))
		return false;
	const struct layout *layout = &layouts[header->elf64];
	if (!image->read(image, 0, bytes, layout->header, error))
		return false;
	header->machine = (unsigned int)bytes_get(bytes + MACHINE_AT, 2, header->big_endian);
	header->segments = get(bytes, layout->segments, header);
	header->segment_size = get(bytes, layout->segment_size, header);
	header->segments_claimed = get(bytes, layout->segment_count, header);
	header->flags = get(bytes, layout->flags, header);
	header->sections = get(bytes, layout->sections, header);
	header->section_count = get(bytes, layout->section_count, header);
	if (header->segments_claimed == COUNT_IN_SECTION && !read_large_count(image, layout, bytes, header, error))
		return false;
	header->segment_count = header->segments_claimed < ELF_SEGMENTS_MOST ? header->segments_claimed : ELF_SEGMENTS_MOST;
	if (header->segment_count && header->segment_size < layout->segment)
		return error_set(error, "program headers of %" PRIu64 " bytes (at byte %u); %zu were expected",
				 header->segment_size, layout->segment_size.at, layout->segment);
	return true;
}

bool elf_segment_read(struct image *image, const struct elf_header *header, uint64_t number, struct elf_segment *segment,
		      struct error *error)
{
	const struct layout *layout = &layouts[header->elf64];
	unsigned char bytes[LARGEST];
	uint64_t skip = number * header->segment_size; /* both are small */

	if (header->segments > UINT64_MAX - skip)
		return error_set(error, "program header %" PRIu64 " at byte %" PRIu64 ": no such place", number,
				 header->segments);
	if (!image->read(image, header->segments + skip, bytes, layout->segment, error))
		return false;
	segment->type = (uint32_t)bytes_get(bytes, 4, header->big_endian);
	segment->offset = get(bytes, layout->offset, header);
	segment->virtual_address = get(bytes, layout->virtual_address, header);
	segment->physical_address = get(bytes, layout->physical_address, header);
	segment->file_size = get(bytes, layout->file_size, header);
	segment->memory_size = get(bytes, layout->memory_size, header);
	return true;
}
