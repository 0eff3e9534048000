/* Pages as makedumpfile and QEMU pack them: each on its own, with zlib, LZO, snappy or zstd. */
#ifndef VMCORE_PAGE_UNPACK_H
#define VMCORE_PAGE_UNPACK_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Flags of a page descriptor (makedumpfile diskdump_mod.h, DUMP_DH_COMPRESSED_...); none: the page as it is. */
enum {
	PAGE_ZLIB = 0x01,
	PAGE_LZO = 0x02,
	PAGE_SNAPPY = 0x04,
	PAGE_ZSTD = 0x20, /* since makedumpfile 1.7.0 */
};

/* What the libraries need from page to page. */
struct page_unpacker;

struct page_unpacker *page_unpacker_new(void); /* NULL: out of memory */
void page_unpacker_free(struct page_unpacker *unpacker);

/*
 * Unpacks `packed`, which must come to exactly `page_size` bytes. False: *error says what is wrong with the packed bytes, or
 * that this build lacks what unpacks them; the page is then undefined.
 */
bool page_unpack(struct page_unpacker *unpacker, uint32_t flags, const void *packed, size_t length, void *page,
		 size_t page_size, struct error *error);

#endif
