/*
 * aarch64 (arch/arm64/include/asm/memory.h, pgtable-hwdef.h; Documentation/arch/arm64/memory.rst; the Arm Architecture
 * Reference Manual, D8.3 "Translation table descriptor formats").
 */
#include "vmcore/address_space.h"
#include "vmcore/vmcoreinfo.h"

#define VALID         UINT64_C(1)
#define TABLE_OR_PAGE UINT64_C(2) /* clear: a block, which maps memory above the last level */
#define BITS_15_12    UINT64_C(0xf000)
#define BITS_9_8      UINT64_C(0x300)

/* What VMCOREINFO tells of the machine; has_ for what it may leave out. */
struct machine {
	unsigned int page_shift;      /* 12, 14 or 16 */
	unsigned int va_bits;         /* of the kernel as it was built */
	unsigned int va_bits_actual;  /* as it runs: a kernel for 52 bits runs on CPUs that have fewer */
	bool has_image, has_physical; /* kimage_voffset and PHYS_OFFSET */
	uint64_t image_offset;        /* virtual - physical in the kernel's image */
	uint64_t physical_offset;     /* what the linear map's first address would be */
};

static struct table_entry decode(const struct page_tables *tables, unsigned int shift, uint64_t entry)
{
	unsigned int page_shift = tables->shifts[tables->level_count - 1];
	uint64_t low = (UINT64_C(1) << page_shift) - 1;
	struct table_entry understood = { .span = shift };

	if (!(entry & VALID))
		return understood;
	if (tables->wide) /* FEAT_LPA2: address bits 49:12 in their place, 51:50 in 9:8 */
		understood.physical = (entry & ((UINT64_C(1) << 50) - 1) & ~low) | (entry & BITS_9_8) << 42;
	else
		understood.physical = entry & ((UINT64_C(1) << 48) - 1) & ~low;
	if (page_shift == 16) /* FEAT_LPA, and zero without: 51:48 in 15:12 */
		understood.physical |= (entry & BITS_15_12) << 36;
	if (shift == page_shift)
		understood.kind = entry & TABLE_OR_PAGE ? ENTRY_PAGE : ENTRY_ABSENT;
	else
		understood.kind = entry & TABLE_OR_PAGE ? ENTRY_TABLE : ENTRY_PAGE;
	return understood;
}

static struct page_tables tables_of(unsigned int page_shift, unsigned int va_bits, bool wide)
{
	unsigned int bits = page_shift - 3; /* of a level: a page of entries of 8 bytes */
	struct page_tables tables = { .width = va_bits, .ones = va_bits, .entry_size = 8, .decode = decode, .wide = wide };

	tables.level_count = (va_bits - page_shift + bits - 1) / bits;
	for (unsigned int level = 0; level < tables.level_count; level++)
		tables.shifts[level] = page_shift + bits * (tables.level_count - 1 - level);
	return tables;
}

/*
 * A kernel for 52 bits on a CPU of 48: with pages of 64 KiB it fills the end of the same root table, so that all 52 bits can
 * be looked up; with smaller pages it leaves a level out. A form that is not the kernel's does not pass.
 */
static void find_tables(struct dump *dump, struct address_space *space, const struct machine *machine, uint64_t root)
{
	const unsigned int widths[] = { machine->va_bits_actual, machine->va_bits };

	for (size_t i = 0; i < 2; i++) {
		bool wide = widths[i] == 52 && machine->page_shift < 16;
		struct page_tables tables = tables_of(machine->page_shift, widths[i], wide);
		tables.root = root - machine->image_offset;
		if (address_use_tables(dump, space, &tables, root))
			return;
	}
}

/*
 * The linear map of all memory is one half of the kernel's addresses and the image is in the other: the upper half before
 * 5.4, the lower one since. Where the image is tells which, also in kernels with much taken from later ones.
 */
static void add_linear_map(struct address_space *space, const struct machine *machine, uint64_t in_image)
{
	uint64_t first = UINT64_MAX << machine->va_bits;
	uint64_t upper_half = UINT64_MAX << ((machine->va_bits < 48 ? machine->va_bits : 48) - 1);

	/* How a kernel for more bits than the CPU has counts its memory changed in 5.11: not known here. */
	if (!machine->has_physical || machine->va_bits != machine->va_bits_actual)
		return;
	if (in_image >= upper_half)
		address_add_rule(space, first, upper_half - 1, machine->physical_offset, CERTAIN);
	else
		address_add_rule(space, upper_half, UINT64_MAX, machine->physical_offset, CERTAIN);
}

static bool read_machine(struct dump *dump, struct machine *machine)
{
	struct text info = dump->vmcoreinfo;
	int64_t number = 0;

	*machine = (struct machine){ 0 };
	if (!vmcoreinfo_number(info, "VA_BITS", &number) || number < 36 || number > 52)
		return false;
	machine->va_bits = machine->va_bits_actual = (unsigned int)number;
	if (vmcoreinfo_number(info, "TCR_EL1_T1SZ", &number) && number >= 12 && number <= 28)
		machine->va_bits_actual = 64 - (unsigned int)number;
	struct text value;
	uint64_t page_size = dump->page_size;
	if (vmcoreinfo_find(info, "PAGESIZE", &value))
		text_eat_decimal(&value, &page_size);
	machine->page_shift = page_size == 65536 ? 16 : page_size == 16384 ? 14 : 12;
	machine->has_image = vmcoreinfo_number(info, "kimage_voffset", &number);
	machine->image_offset = machine->has_image ? (uint64_t)number : 0;
	machine->has_physical = vmcoreinfo_number(info, "PHYS_OFFSET", &number);
	machine->physical_offset = machine->has_physical ? (uint64_t)number : 0;
	return true;
}

void address_prepare_aarch64(struct dump *dump, struct address_space *space)
{
	enum { IMAGE_MOST = 512 * 1024 * 1024 }; /* of bytes of the image behind _stext; it and modules share 2 GiB */
	struct machine machine;
	uint64_t root = 0, begin = 0, physical;

	/* KASAN marks addresses in their top byte (Documentation/dev-tools/kasan.rst); signed ones are no data addresses. */
	space->tag = UINT64_C(0xff) << 56;
	if (!read_machine(dump, &machine))
		return;
	bool has_root = vmcoreinfo_symbol(dump->vmcoreinfo, "swapper_pg_dir", &root);
	bool has_begin = vmcoreinfo_symbol(dump->vmcoreinfo, "_stext", &begin);
	if (!machine.has_image && has_root && address_from_headers(dump, space, root, &physical)) {
		machine.has_image = true;
		machine.image_offset = root - physical;
	}
	if (has_root && machine.has_image)
		find_tables(dump, space, &machine, root);
	if (has_begin && machine.has_image && begin <= UINT64_MAX - IMAGE_MOST)
		address_add_rule(space, begin, begin + (IMAGE_MOST - 1), begin - machine.image_offset, CERTAIN);
	if (has_begin || has_root)
		add_linear_map(space, &machine, has_begin ? begin : root);
}
