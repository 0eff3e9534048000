/* The headers of ELF files of both classes and byte orders, as far as a dump needs them. */
#ifndef VMCORE_ELF_HEADER_H
#define VMCORE_ELF_HEADER_H

#include "vmcore/image.h"

/* Of e_flags: makedumpfile ran out of space, or the like (elf_info.h). Dumps that a kernel offers have no flags. */
enum { ELF_DUMP_INCOMPLETE = 0x1 };

enum { ELF_PT_LOAD = 1, ELF_PT_NOTE = 4, ELF_SEGMENTS_MOST = 65536 };

struct elf_header {
	bool elf64, big_endian;
	unsigned int machine;
	uint64_t flags;
	uint64_t segments;      /* offset of the first program header */
	uint64_t segment_size;  /* bytes of one program header */
	uint64_t segment_count; /* at most ELF_SEGMENTS_MOST */
	uint64_t segments_claimed;
	uint64_t section_count, sections; /* how many section headers, and the offset of the first */
};

struct elf_segment {
	uint32_t type;
	uint64_t offset, virtual_address, physical_address, file_size, memory_size;
};

/* False: *error says which field is wrong, where, and what was expected. */
bool elf_header_read(struct image *image, struct elf_header *header, struct error *error);
bool elf_segment_read(struct image *image, const struct elf_header *header, uint64_t number, struct elf_segment *segment,
		      struct error *error);

#endif
