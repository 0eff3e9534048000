/* One file of a dump in makedumpfile's compressed format: its pages. */
#ifndef VMCORE_DISKDUMP_PART_H
#define VMCORE_DISKDUMP_PART_H

#include "vmcore/diskdump_bitmap.h"
#include "vmcore/diskdump_header.h"
#include "vmcore/dump_parts.h"
#include "vmcore/page_unpack.h"

struct diskdump_part {
	struct image *image;
	struct diskdump_header header;
	struct diskdump_bitmap dumped;
	size_t number;                  /* of the file as the user gave it, 1-based */
	char name[DUMP_FILE_NAME_MOST]; /* for errors; empty where the dump is one file */
	bool unfinished; /* a page that should be there was never written: whoever wrote the dump was stopped */
};

/* A place to unpack in: `packed` is one block long. */
struct diskdump_work {
	struct page_unpacker *unpacker;
	unsigned char *packed;
};

/* What the caller has read the header of. False: *error; the image stays the caller's until it succeeds. */
bool diskdump_part_open(struct diskdump_part *part, struct error *error);
void diskdump_part_close(struct diskdump_part *part); /* the image too */

/* One page, of block_size bytes. As dump_reader.read_physical. */
enum memory_status diskdump_part_read(struct diskdump_part *part, struct diskdump_work *work, uint64_t page_number,
				      void *page, struct error *error);

/* Bytes of a page that is not packed, for where not all of the page is there. False: it is packed, or they are not there. */
bool diskdump_part_read_stored(struct diskdump_part *part, uint64_t page_number, uint64_t offset, void *bytes,
			       size_t length);

/* The file is shorter than its pages need: at least how long it was; 0: nothing shows that it was cut. Cheap, not sure. */
uint64_t diskdump_part_cut(struct diskdump_part *part);

/* Sets part->unfinished where the last page was never written: a makedumpfile that is killed sets no flag. */
void diskdump_part_check_end(struct diskdump_part *part);

#endif
