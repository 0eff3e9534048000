/*
 * x86_64 and i386 (arch/x86/include/asm/pgtable_64_types.h, page_64_types.h, pgtable-3level_types.h;
 * Documentation/arch/x86/x86_64/mm.rst).
 */
#include "vmcore/address_space.h"
#include "vmcore/vmcoreinfo.h"

#define PRESENT    UINT64_C(1)
#define LARGE_PAGE (UINT64_C(1) << 7) /* _PAGE_PSE */
#define FRAME      UINT64_C(0x000ffffffffff000)

/* The kernel's image: virtual = physical - phys_base + this. */
#define START_KERNEL_MAP UINT64_C(0xffffffff80000000)

/* How the image is laid: physical memory and page tables alike in steps of this (CONFIG_PHYSICAL_ALIGN's smallest). */
enum { IMAGE_ALIGN = 2 * 1024 * 1024, SEARCH_STEPS = 2048 };

static struct table_entry decode_8_bytes(const struct page_tables *tables, unsigned int shift, uint64_t entry)
{
	struct table_entry understood = { .physical = entry & FRAME & ~tables->encryption, .span = shift };

	/* PROT_NONE pages, not present with _PAGE_GLOBAL, are user memory. */
	if (!(entry & PRESENT))
		return understood;
	/* Pages of 1 GiB and 2 MiB; their bit 12 is _PAGE_PAT_LARGE, no address: the walk clears it. */
	bool page = shift == 12 || (entry & LARGE_PAGE && (shift == 30 || shift == 21));
	understood.kind = page ? ENTRY_PAGE : ENTRY_TABLE;
	return understood;
}

/* i386 without PAE: 4 bytes, pages of 4 MiB and 4 KiB. */
static struct table_entry decode_4_bytes(const struct page_tables *tables, unsigned int shift, uint64_t entry)
{
	struct table_entry understood = { .physical = entry & UINT64_C(0xfffff000), .span = shift };

	(void)tables;
	if (!(entry & PRESENT))
		return understood;
	understood.kind = shift == 12 || entry & LARGE_PAGE ? ENTRY_PAGE : ENTRY_TABLE;
	return understood;
}

static struct page_tables tables_x86_64(struct text info)
{
	int64_t five_levels = 0, encryption = 0;
	struct page_tables tables = { .entry_size = 8, .decode = decode_8_bytes };

	/* Only newer kernels tell; what is not told is not so. */
	vmcoreinfo_number(info, "pgtable_l5_enabled", &five_levels);
	vmcoreinfo_number(info, "sme_mask", &encryption);
	tables.encryption = (uint64_t)encryption;
	tables.level_count = five_levels ? 5 : 4;
	tables.width = five_levels ? 57 : 48;
	tables.ones = tables.width - 1;
	for (unsigned int level = 0; level < tables.level_count; level++)
		tables.shifts[level] = 12 + 9 * (tables.level_count - 1 - level);
	return tables;
}

/* Page tables whose root is in the image, with that phys_base. */
static bool use_phys_base(struct dump *dump, struct address_space *space, struct page_tables *tables, uint64_t root,
			  uint64_t phys_base)
{
	tables->root = root - START_KERNEL_MAP + phys_base;
	return address_use_tables(dump, space, tables, root);
}

/*
 * Kernels before 4.10 give the address of phys_base, not its value. The dump's headers may know (makedumpfile's sub header,
 * where whoever wrote it knew); it is 0 for most; and the page tables show whether a value is right, so that others can be
 * tried, in the first 4 GiB.
 */
static bool find_phys_base(struct dump *dump, struct address_space *space, struct page_tables *tables, uint64_t root,
			   uint64_t *phys_base)
{
	uint64_t physical;

	if (address_from_headers(dump, space, root, &physical)) {
		*phys_base = physical - (root - START_KERNEL_MAP);
		use_phys_base(dump, space, tables, root, *phys_base);
		return true;
	}
	*phys_base = dump->phys_base;
	if (dump->has_phys_base && use_phys_base(dump, space, tables, root, *phys_base))
		return true;
	*phys_base = 0;
	if (use_phys_base(dump, space, tables, root, 0))
		return true;
	uint64_t lowest = (root - START_KERNEL_MAP) / IMAGE_ALIGN * IMAGE_ALIGN;
	for (uint64_t step = 0; step < SEARCH_STEPS; step++) {
		*phys_base = step * IMAGE_ALIGN - lowest;
		if (use_phys_base(dump, space, tables, root, *phys_base))
			return true;
	}
	*phys_base = 0;
	return false;
}

/*
 * The direct map of all memory where it is not randomised: CONFIG_RANDOMIZE_MEMORY (since 4.8) moves it whenever the image
 * is moved too. Its place since 4.20, and before; on machines below 512 GiB the two do not meet.
 */
static void guess_direct_map(struct address_space *space, struct text info, bool five_levels)
{
	uint64_t moved = 0;
	const uint64_t before_4_20 = UINT64_C(0xffff880000000000), since_4_20 = UINT64_C(0xffff888000000000);

	if (vmcoreinfo_hex(info, "KERNELOFFSET", &moved) && moved)
		return;
	if (five_levels) {
		address_add_rule(space, UINT64_C(0xff11000000000000), UINT64_C(0xff90ffffffffffff), 0, GUESSED);
		return;
	}
	address_add_rule(space, before_4_20, since_4_20 - 1, 0, GUESSED);
	address_add_rule(space, since_4_20, UINT64_C(0xffffc87fffffffff), 0, GUESSED);
}

void address_prepare_x86_64(struct dump *dump, struct address_space *space)
{
	struct text info = dump->vmcoreinfo;
	uint64_t root = 0, phys_base = 0, size, moved;
	int64_t said = 0, said_size = 0;

	if (!info.length)
		return;
	struct page_tables tables = tables_x86_64(info);
	bool has_root =
		(vmcoreinfo_symbol(info, "swapper_pg_dir", &root) || vmcoreinfo_symbol(info, "init_level4_pgt", &root)) &&
		root >= START_KERNEL_MAP;
	bool certain = vmcoreinfo_number(info, "phys_base", &said);
	if (certain) {
		phys_base = (uint64_t)said;
		if (has_root)
			use_phys_base(dump, space, &tables, root, phys_base);
	} else if (has_root) {
		certain = find_phys_base(dump, space, &tables, root, &phys_base);
	}
	/* Modules lie behind the image, and are not in it. KERNEL_IMAGE_SIZE is 1 GiB with CONFIG_RANDOMIZE_BASE, else half.
	 */
	size = vmcoreinfo_hex(info, "KERNELOFFSET", &moved) ? UINT64_C(1) << 30 : UINT64_C(1) << 29;
	if (vmcoreinfo_number(info, "KERNEL_IMAGE_SIZE", &said_size) && said_size > 0 && said_size <= INT64_C(1) << 30)
		size = (uint64_t)said_size;
	address_add_rule(space, START_KERNEL_MAP, START_KERNEL_MAP + (size - 1), phys_base, certain ? CERTAIN : GUESSED);
	guess_direct_map(space, info, tables.level_count == 5);
}

void address_prepare_i386(struct dump *dump, struct address_space *space)
{
	/* PAGE_OFFSET of CONFIG_VMSPLIT_3G, _3G_OPT, _2G, _2G_OPT, _1G: the page tables show which. */
	static const uint64_t page_offsets[] = { 0xc0000000, 0xb0000000, 0x80000000, 0x78000000, 0x40000000 };
	const uint64_t low_memory = 896 * 1024 * 1024; /* what of it is mapped there with 3G; more is mapped when needed */
	struct text info = dump->vmcoreinfo, pae;
	struct page_tables tables = {
		.width = 32, .entry_size = 4, .level_count = 2, .shifts = { 22, 12 }, .decode = decode_4_bytes
	};
	uint64_t root = 0;

	if (!info.length)
		return;
	if (vmcoreinfo_find(info, "CONFIG_X86_PAE", &pae))
		tables = (struct page_tables){
			.width = 32, .entry_size = 8, .level_count = 3, .shifts = { 30, 21, 12 }, .decode = decode_8_bytes
		};
	if (vmcoreinfo_symbol(info, "swapper_pg_dir", &root)) {
		for (size_t i = 0; i < sizeof page_offsets / sizeof *page_offsets; i++) {
			tables.root = root - page_offsets[i];
			if (root < page_offsets[i] || !address_use_tables(dump, space, &tables, root))
				continue;
			address_add_rule(space, page_offsets[i], page_offsets[i] + low_memory - 1, 0, CERTAIN);
			return;
		}
	}
	address_add_rule(space, page_offsets[0], page_offsets[0] + low_memory - 1, 0, GUESSED);
}
