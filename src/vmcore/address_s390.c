/*
 * s390x (arch/s390/include/asm/pgtable.h, page.h; z/Architecture Principles of Operation, chapter 3 "Dynamic Address
 * Translation"). Before 6.10 the kernel lives where memory is: virtual is physical.
 */
#include "vmcore/address_space.h"
#include "vmcore/vmcoreinfo.h"

#define REGION_INVALID UINT64_C(0x20)  /* of region and segment table entries */
#define LARGE          UINT64_C(0x400) /* format control: a segment of 1 MiB, a region of 2 GiB that are memory */
#define PAGE_INVALID   UINT64_C(0x400)
#define TABLE_TYPE(e)  ((unsigned int)((e) >> 2 & 3)) /* 3: region first, 2: second, 1: third, 0: segment table */

enum { PAGE_SHIFT = 12, SEGMENT_SHIFT = 20, REGION_THIRD_SHIFT = 31, REGION_BITS = 11 };

static struct table_entry decode(const struct page_tables *tables, unsigned int shift, uint64_t entry)
{
	struct table_entry understood = { .span = shift, .physical = entry & ~UINT64_C(0xfff) };

	(void)tables;
	if (shift == PAGE_SHIFT) {
		understood.kind = entry & PAGE_INVALID ? ENTRY_ABSENT : ENTRY_PAGE;
		return understood;
	}
	/* Every entry names the kind of table it is in. */
	if (entry & REGION_INVALID || TABLE_TYPE(entry) != (shift - SEGMENT_SHIFT) / REGION_BITS)
		return understood;
	if (shift <= REGION_THIRD_SHIFT && entry & LARGE) {
		understood.kind = ENTRY_PAGE;
		return understood;
	}
	understood.kind = ENTRY_TABLE;
	if (shift == SEGMENT_SHIFT) /* a page table is 256 entries */
		understood.physical = entry & ~UINT64_C(0x7ff);
	return understood;
}

/* How many levels the kernel's tables have depends on the machine's memory: 3 for 4 TiB, 4, or 5. */
static void find_tables(struct dump *dump, struct address_space *space, uint64_t root, uint64_t root_physical)
{
	for (unsigned int levels = 3; levels <= TABLE_LEVELS_MOST; levels++) {
		struct page_tables tables = {
			.root = root_physical, .entry_size = 8, .level_count = levels, .decode = decode
		};
		tables.shifts[levels - 1] = PAGE_SHIFT;
		for (unsigned int level = 0; level < levels - 1; level++)
			tables.shifts[level] = SEGMENT_SHIFT + REGION_BITS * (levels - 2 - level);
		tables.width = tables.shifts[0] + REGION_BITS;
		if (address_use_tables(dump, space, &tables, root))
			return;
	}
}

void address_prepare_s390x(struct dump *dump, struct address_space *space)
{
	const uint64_t image_most = UINT64_C(1) << 30, user_most = (UINT64_C(1) << 53) - 1;
	uint64_t root = 0, identity = 0, image = 0, image_physical = 0;
	struct text info = dump->vmcoreinfo;
	bool has_root = vmcoreinfo_symbol(info, "swapper_pg_dir", &root);
	/* Since 6.10 (arch/s390/kernel/vmcore_info.c); KERNELOFFSET alone is older, and says nothing of where memory is. */
	bool apart = vmcoreinfo_hex(info, "KERNELOFFPHYS", &image_physical) && vmcoreinfo_hex(info, "KERNELOFFSET", &image);

	vmcoreinfo_hex(info, "IDENTITYBASE", &identity);
	if (!apart) {
		address_add_rule(space, identity, user_most, 0, CERTAIN);
	} else {
		if (image <= UINT64_MAX - image_most)
			address_add_rule(space, image, image + (image_most - 1), image_physical, CERTAIN);
		if (image > 0)
			address_add_rule(space, identity, image - 1, 0, CERTAIN);
	}
	if (has_root)
		find_tables(dump, space, root, apart && root >= image ? root - image + image_physical : root - identity);
}
