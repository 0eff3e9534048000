/*
 * 32-bit arm (arch/arm/include/asm/pgtable-2level-hwdef.h, pgtable-3level-hwdef.h; the Arm Architecture Reference Manual
 * for ARMv7-A, B3.5 short descriptors and B3.6 long descriptors).
 */
#include "vmcore/address_space.h"
#include "vmcore/vmcoreinfo.h"

/* Short descriptors: sections of 1 MiB and 16 MiB, pages of 4 KiB and 64 KiB. The hardware's tables, not Linux's beside. */
static struct table_entry decode_short(const struct page_tables *tables, unsigned int shift, uint64_t entry)
{
	struct table_entry understood = { .span = shift };
	unsigned int type = (unsigned int)(entry & 3);

	(void)tables;
	if (shift == 20 && type == 1) {
		understood.kind = ENTRY_TABLE;
		understood.physical = entry & UINT64_C(0xfffffc00);
	} else if (shift == 20 && type == 2) {
		understood.kind = ENTRY_PAGE;
		understood.span = entry >> 18 & 1 ? 24 : 20; /* a supersection's bits above 32 are not used by Linux */
		understood.physical = entry & UINT64_C(0xfff00000);
	} else if (shift == 12 && type != 0) {
		understood.kind = ENTRY_PAGE;
		understood.span = type == 1 ? 16 : 12;
		understood.physical = entry & UINT64_C(0xfffff000);
	}
	return understood;
}

/* Long descriptors (CONFIG_ARM_LPAE): as aarch64's with pages of 4 KiB, 40 bits of address. */
static struct table_entry decode_long(const struct page_tables *tables, unsigned int shift, uint64_t entry)
{
	struct table_entry understood = { .span = shift, .physical = entry & UINT64_C(0xfffffff000) };
	bool table_or_page = entry & 2;

	(void)tables;
	if (!(entry & 1))
		return understood;
	if (shift == 12)
		understood.kind = table_or_page ? ENTRY_PAGE : ENTRY_ABSENT;
	else
		understood.kind = table_or_page ? ENTRY_TABLE : ENTRY_PAGE;
	return understood;
}

/*
 * Where memory begins: VMCOREINFO of this architecture does not say. The program headers do in what the kernel and
 * kexec-tools write; else it is the dump's first memory, as those that the kernel itself uses come first.
 */
static bool find_begin_of_memory(struct dump *dump, const struct address_space *space, uint64_t root, uint64_t page_offset,
				 uint64_t *begin)
{
	int64_t number;
	uint64_t length, physical;
	const uint64_t section = 1024 * 1024;

	if (vmcoreinfo_number(dump->vmcoreinfo, "PHYS_OFFSET", &number)) {
		*begin = (uint64_t)number;
		return true;
	}
	if (address_from_headers(dump, space, root, &physical)) {
		*begin = physical - (root - page_offset);
		return true;
	}
	*begin = 0;
	if (!dump->reader->next_run || !dump->reader->next_run(dump, begin, &length))
		return false;
	*begin = *begin / section * section;
	return true;
}

static bool use_page_offset(struct dump *dump, struct address_space *space, uint64_t root, uint64_t page_offset,
			    uint64_t begin)
{
	struct page_tables tables = {
		.width = 32, .entry_size = 4, .level_count = 2, .shifts = { 20, 12 }, .decode = decode_short
	};
	struct text unused;

	if (vmcoreinfo_find(dump->vmcoreinfo, "CONFIG_ARM_LPAE", &unused))
		tables = (struct page_tables){
			.width = 32, .entry_size = 8, .level_count = 3, .shifts = { 30, 21, 12 }, .decode = decode_long
		};
	tables.root = root - page_offset + begin;
	return address_use_tables(dump, space, &tables, root);
}

void address_prepare_arm(struct dump *dump, struct address_space *space)
{
	/* PAGE_OFFSET of CONFIG_VMSPLIT_3G, _3G_OPT, _2G, _1G: the image lies near its begin, the page tables before it. */
	static const uint64_t page_offsets[] = { 0xc0000000, 0xb0000000, 0x80000000, 0x40000000 };
	const uint64_t low_memory = 760 * 1024 * 1024; /* behind it vmalloc() begins, unless asked otherwise */
	uint64_t root = 0, begin = 0;

	if (!vmcoreinfo_symbol(dump->vmcoreinfo, "swapper_pg_dir", &root))
		return;
	for (size_t i = 0; i < sizeof page_offsets / sizeof *page_offsets; i++) {
		if (root < page_offsets[i])
			continue;
		if (!find_begin_of_memory(dump, space, root, page_offsets[i], &begin))
			return;
		bool right = use_page_offset(dump, space, root, page_offsets[i], begin);
		address_add_rule(space, page_offsets[i], page_offsets[i] + low_memory - 1, begin, right ? CERTAIN : GUESSED);
		return;
	}
}
