/*
 * Architectures whose kernels live where the CPU, or the kernel's one mapping, leaves the address as it is but for some
 * bits above: powerpc, loongarch64, mips64. Memory of vmalloc() and modules is mapped by other means, and is not needed.
 */
#include "vmcore/address_space.h"

/*
 * arch/powerpc/include/asm/page.h, book3s/64/hash.h, radix.h: the linear map begins at PAGE_OFFSET, and with pages of 4 KiB
 * vmalloc()'s can begin 16 TiB behind, with 64 KiB 2 PiB behind.
 */
void address_prepare_ppc64(struct dump *dump, struct address_space *space)
{
	const uint64_t page_offset = UINT64_C(0xc) << 60;
	const unsigned int bits = dump->page_size == 65536 ? 51 : 44;

	address_add_rule(space, page_offset, page_offset + ((UINT64_C(1) << bits) - 1), 0, CERTAIN);
}

/* arch/powerpc/Kconfig: PAGE_OFFSET and LOWMEM_SIZE can be chosen; these are usual. */
void address_prepare_ppc(struct dump *dump, struct address_space *space)
{
	(void)dump;
	address_add_rule(space, 0xc0000000, 0xefffffff, 0, GUESSED);
}

/* arch/loongarch/include/asm/addrspace.h: direct mapped windows, uncached, cached (the kernel's own), write-combined. */
void address_prepare_loongarch64(struct dump *dump, struct address_space *space)
{
	static const uint64_t windows[] = { 0x8, 0x9, 0xa };
	const uint64_t within = (UINT64_C(1) << 48) - 1; /* TO_PHYS_MASK */

	(void)dump;
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
		address_add_rule(space, windows[i] << 60, windows[i] << 60 | within, 0, CERTAIN);
}

/* arch/mips/include/asm/addrspace.h: XKPHYS, once for each way to cache; CKSEG0 and CKSEG1 for the first 512 MiB. */
void address_prepare_mips64(struct dump *dump, struct address_space *space)
{
	const uint64_t within = (UINT64_C(1) << 59) - 1, segment = 0x1fffffff;
	const uint64_t cached = UINT64_C(0xffffffff80000000), uncached = UINT64_C(0xffffffffa0000000);

	(void)dump;
	for (uint64_t cache = 0; cache < 8; cache++) {
		uint64_t first = UINT64_C(1) << 63 | cache << 59;
		address_add_rule(space, first, first | within, 0, CERTAIN);
	}
	address_add_rule(space, cached, cached | segment, 0, CERTAIN);
	address_add_rule(space, uncached, uncached | segment, 0, CERTAIN);
}
