/*
 * riscv64 (arch/riscv/include/asm/pgtable-64.h, pgtable-bits.h; Documentation/arch/riscv/vm-layout.rst; the RISC-V
 * Privileged Architecture, "Sv39", "Sv48", "Sv57", "Svnapot").
 */
#include "vmcore/address_space.h"
#include "vmcore/vmcoreinfo.h"

#define VALID         UINT64_C(1)
#define PERMISSIONS   UINT64_C(0xe) /* readable, writable, executable: an entry with any of them maps memory */
#define NATURAL_POWER (UINT64_C(1) << 63)

static struct table_entry decode(const struct page_tables *tables, unsigned int shift, uint64_t entry)
{
	uint64_t frame = entry >> 10 & ((UINT64_C(1) << 44) - 1);
	struct table_entry understood = { .span = shift };

	(void)tables;
	if (!(entry & VALID))
		return understood;
	if (entry & PERMISSIONS) {
		understood.kind = ENTRY_PAGE;
		/* Svnapot: 16 entries that map 64 KiB say so, and their number in the frame's low bits. */
		if (shift == 12 && entry & NATURAL_POWER && (frame & 0xf) == 8)
			understood.span = 16;
	} else {
		understood.kind = ENTRY_TABLE;
	}
	understood.physical = frame << 12;
	return understood;
}

struct kernel_image {
	bool known;
	uint64_t begin, difference; /* KERNEL_LINK_ADDR; virtual - physical */
};

static bool use_difference(struct dump *dump, struct address_space *space, unsigned int width, uint64_t root,
			   uint64_t difference)
{
	struct page_tables tables = {
		.root = root - difference, .width = width, .ones = width - 1, .entry_size = 8, .decode = decode
	};

	tables.level_count = (width - 12) / 9;
	for (unsigned int level = 0; level < tables.level_count; level++)
		tables.shifts[level] = 12 + 9 * (tables.level_count - 1 - level);
	return address_use_tables(dump, space, &tables, root);
}

/*
 * Kernels before 6.4 do not tell where in memory their image is: the program headers may; it is commonly at the begin of
 * memory, or 2 MiB behind it, where firmware is. The page tables show what is right.
 */
static void find_tables(struct dump *dump, struct address_space *space, unsigned int width, uint64_t root, uint64_t memory,
			struct kernel_image *image)
{
	uint64_t physical;
	uint64_t differences[3] = { image->begin - memory, image->begin - memory - 2 * 1024 * 1024, 0 };

	if (image->known) {
		use_difference(dump, space, width, root, image->difference);
		return;
	}
	if (address_from_headers(dump, space, root, &physical))
		differences[2] = root - physical;
	for (size_t i = 0; i < 3 && !image->known; i++) {
		if (differences[i] && use_difference(dump, space, width, root, differences[i])) {
			image->known = true;
			image->difference = differences[i];
		}
	}
}

void address_prepare_riscv64(struct dump *dump, struct address_space *space)
{
	struct text info = dump->vmcoreinfo;
	int64_t page_offset = 0, memory = 0, number = 0;
	uint64_t root = 0;
	struct kernel_image image = { 0 };

	image.known = vmcoreinfo_number(info, "va_kernel_pa_offset", &number);
	image.difference = (uint64_t)number;
	image.begin = vmcoreinfo_number(info, "KERNEL_LINK_ADDR", &number) ? (uint64_t)number : UINT64_MAX;
	bool has_linear =
		vmcoreinfo_number(info, "PAGE_OFFSET", &page_offset) && vmcoreinfo_number(info, "phys_ram_base", &memory);
	if (vmcoreinfo_symbol(info, "swapper_pg_dir", &root) && vmcoreinfo_number(info, "VA_BITS", &number) &&
	    (number == 39 || number == 48 || number == 57))
		find_tables(dump, space, (unsigned int)number, root, (uint64_t)memory, &image);
	/* The image lies in the last 2 GiB; the linear map and what is between them before it. */
	if (image.known && image.begin != UINT64_MAX)
		address_add_rule(space, image.begin, UINT64_MAX, image.begin - image.difference, CERTAIN);
	if (has_linear && (uint64_t)page_offset < image.begin)
		address_add_rule(space, (uint64_t)page_offset, image.begin - 1, (uint64_t)memory, CERTAIN);
}
