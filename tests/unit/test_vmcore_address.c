/* vmcore/address: x86, and what is the same for all; page tables built by hand as the kernel's headers describe them. */
#include "test_vmcore_address.h"

#define X86_IMAGE UINT64_C(0xffffffff80000000)
#define X86_ROOT  (X86_IMAGE + 0x2010000)

/* The image's first 64 MiB at phys_base, by pages of 2 MiB; the root is in it. 0x63: present, writable, accessed, dirty. */
static uint64_t x86_image(uint64_t phys_base, uint64_t encrypted)
{
	uint64_t root = 0x2010000 + phys_base, upper = root + 0x1000, middle = root + 0x2000;

	entry(root, 511, upper | 0x63 | encrypted);
	entry(upper, 510, middle | 0x63 | encrypted);
	for (uint64_t i = 0; i < 32; i++)
		entry(middle, i, ((i << 21) + phys_base) | 0xe3 | encrypted);
	return root;
}

static void test_x86_64(void **state)
{
	(void)state;
	start(ARCH_X86_64, "SYMBOL(swapper_pg_dir)=%" PRIx64 "\nNUMBER(phys_base)=%d\nKERNELOFFSET=1000000\n", X86_ROOT,
	      0x3000000);
	uint64_t root = x86_image(0x3000000, 0), upper = root + 0x3000, middle = root + 0x4000, lowest = root + 0x5000;
	entry(root, 273, upper | 0x63); /* 0xffff888000000000, where KASLR need not put it */
	entry(upper, 0, middle | 0x63);
	entry(upper, 1, UINT64_C(0x80000000001000e3) | 0x40000000); /* 1 GiB, no-execute, with PAT's bit 12 */
	entry(middle, 0, lowest | 0x63);
	entry(middle, 1, 0x2000e2);  /* large, but not present */
	entry(lowest, 5, 0x1235163); /* 4 KiB; bit 7 is PAT here */
	entry(lowest, 6, 0x12351e3);
	entry(lowest, 7, 0x9999100); /* PROT_NONE */
	maps(X86_ROOT, root, 0x1f0000);
	maps(X86_IMAGE + 0x1000000, 0x4000000, 0x200000);
	maps(UINT64_C(0xffff888000005010), 0x1235010, 0xff0);
	maps(UINT64_C(0xffff888000006fff), 0x1235fff, 1);
	maps(UINT64_C(0xffff888012345678) + 0x40000000 - 0x12000000, 0x40345678, 0);
	maps_not(UINT64_C(0xffff888000007000), "not mapped");
	maps_not(UINT64_C(0xffff888000200000), "for 2^21 bytes, is 0x2000e2");
	maps_not(UINT64_C(0xffff888080000000), "not mapped");
	maps_not(UINT64_C(0xffffffffa0000000), "not mapped");
	maps_not(UINT64_C(0x0fff888000005010), "not one of the kernel's");
	maps_not(0x1000, "not one of the kernel's");
	maps_not(UINT64_C(0xffff7fffffffffff), "not one of the kernel's");
}

static void test_x86_64_forms(void **state)
{
	const uint64_t encrypted = UINT64_C(1) << 47;

	(void)state;
	/* AMD SME: a bit of the address marks encrypted memory (CONFIG_AMD_MEM_ENCRYPT). */
	start(ARCH_X86_64, "SYMBOL(swapper_pg_dir)=%" PRIx64 "\nNUMBER(phys_base)=-16777216\nNUMBER(sme_mask)=%" PRIu64 "\n",
	      X86_ROOT, encrypted);
	uint64_t root = x86_image(UINT64_C(0) - 0x1000000, encrypted);
	maps(X86_ROOT + 8, root + 8, 0);
	assert_true(dump.space->has_tables);
	/* Five levels. */
	start(ARCH_X86_64, "SYMBOL(swapper_pg_dir)=%" PRIx64 "\nNUMBER(phys_base)=0\nNUMBER(pgtable_l5_enabled)=1\n",
	      X86_ROOT);
	uint64_t five = x86_image(0, 0), four = five + 0x8000;
	entry(five, 511, four | 0x63);
	entry(four, 511, (five + 0x1000) | 0x63);
	entry(five, 273, (five + 0x9000) | 0x63); /* 0xff11000000000000 */
	entry(five + 0x9000, 0, (five + 0xa000) | 0x63);
	entry(five + 0xa000, 3, 0xc00000e3);
	maps(X86_ROOT, five, 0);
	maps(UINT64_C(0xff110000c0001234), 0xc0001234, 0x40000000 - 0x1234);
	assert_true(dump.space->tables.level_count == 5);
}

/* Kernels before 4.10 do not tell phys_base. */
static void test_x86_64_phys_base(void **state)
{
	(void)state;
	start(ARCH_X86_64, "SYMBOL(swapper_pg_dir)=%" PRIx64 "\n", X86_ROOT);
	x86_image(0, 0);
	maps(X86_IMAGE + 0x1000000, 0x1000000, 0);
	start(ARCH_X86_64, "SYMBOL(init_level4_pgt)=%" PRIx64 "\n", X86_ROOT);
	x86_image(0x2a000000, 0);
	maps(X86_IMAGE + 0x1000000, 0x2b000000, 0);
	assert_true(dump.space->has_tables);
	/* The headers know, though the tables are not in the dump. */
	start(ARCH_X86_64, "SYMBOL(swapper_pg_dir)=%" PRIx64 "\n", X86_ROOT);
	header_virtual = X86_IMAGE + 0x1000000;
	header_physical = 0x7000000;
	header_length = 0x2000000;
	maps(X86_IMAGE + 0x1000000, 0x7000000, 0);
	maps(X86_IMAGE + 0x10000000, 0x16000000, 0);
	assert_false(dump.space->has_tables);
	/* makedumpfile's sub header, above what is tried; what it says wrongly is not believed. */
	for (int wrong = 0; wrong < 2; wrong++) {
		uint64_t phys_base = wrong ? 0x2a000000 : UINT64_C(0x17e000000);
		start(ARCH_X86_64, "SYMBOL(init_level4_pgt)=%" PRIx64 "\n", X86_ROOT);
		x86_image(phys_base, 0);
		dump.has_phys_base = true;
		dump.phys_base = wrong ? UINT64_MAX : phys_base;
		maps(X86_IMAGE + 0x1000000, phys_base + 0x1000000, 0);
		assert_true(dump.space->has_tables);
	}
}

static void test_x86_64_without_tables(void **state)
{
	const char *common = "SYMBOL(swapper_pg_dir)=ffffffff82010000\nNUMBER(phys_base)=4096000000\nNUMBER(KERNEL_IMAGE_"
			     "SIZE)=1073741824\n";

	(void)state;
	start(ARCH_X86_64, "%sKERNELOFFSET=0\n", common);
	maps(X86_IMAGE + 0x1000000, 0x1000000 + UINT64_C(4096000000), 0);
	maps_not(X86_IMAGE + 0x40000000, "cannot be translated");
	maps(UINT64_C(0xffff880000001000), 0x1000, 0);
	maps(UINT64_C(0xffff888000001000), 0x1000, 0);
	/* KASLR moved the direct map too, nobody knows where to. */
	start(ARCH_X86_64, "%sKERNELOFFSET=1000000\n", common);
	maps_not(UINT64_C(0xffff888000001000), "cannot be translated");
	/* But the program headers may. */
	header_virtual = UINT64_C(0xffff8b60c0000000);
	header_length = 0x10000000;
	maps(UINT64_C(0xffff8b60c0001234), 0x1234, 0xdcc);
	/* QEMU's without paging: virtual addresses are physical. */
	header_virtual = header_physical = 0;
	header_length = UINT64_MAX;
	maps_not(UINT64_C(0xffff8b60c0001234), "cannot be translated");
}

/* The tables of some addresses are not in the dump: other rules hold for those, and only for those. */
static void test_tables_with_holes(void **state)
{
	(void)state;
	start(ARCH_X86_64, "SYMBOL(swapper_pg_dir)=%" PRIx64 "\nNUMBER(phys_base)=0\nKERNELOFFSET=0\n", X86_ROOT);
	uint64_t root = x86_image(0, 0);
	entry(root, 273, 0x7770063);
	maps(UINT64_C(0xffff888000001000), 0x1000, 0);
	maps_not(UINT64_C(0xffff900000001000), "not mapped");
	start(ARCH_X86_64, "SYMBOL(swapper_pg_dir)=%" PRIx64 "\nNUMBER(phys_base)=0\nKERNELOFFSET=1000000\n", X86_ROOT);
	root = x86_image(0, 0);
	entry(root, 273, 0x7770063);
	maps_not(UINT64_C(0xffff888000001000), "there is no physical 0x7770000");
}

static void test_i386(void **state)
{
	(void)state;
	/* PAE, CONFIG_VMSPLIT_2G. */
	start(ARCH_I386, "SYMBOL(swapper_pg_dir)=81234000\nCONFIG_X86_PAE=y\n");
	entry(0x1234000, 2, 0x1300001);
	entry(0x1300000, 9, 0x12000e3);
	entry(0x1300000, 10, 0x1301063);
	entry(0x1301000, 0, UINT64_C(0x800000012345e163));
	maps(0x81234010, 0x1234010, 0x1cbff0);
	maps(0x81400123, UINT64_C(0x12345e123), 0xedd);
	maps_not(0x81401000, "not mapped");
	maps_not(UINT64_C(0x181234010), "not one of the kernel's");
	/* Two levels, pages of 4 MiB and 4 KiB. */
	start(ARCH_I386, "SYMBOL(swapper_pg_dir)=c1234000\n");
	entry4(0x1234000, 772, 0x10000e3);
	entry4(0x1234000, 773, 0x1302063);
	entry4(0x1302000, 1, 0x7654063);
	maps(0xc1234010, 0x1234010, 0x1cbff0);
	maps(0xc1401008, 0x7654008, 0xff8);
	/* None. */
	start(ARCH_I386, "SYMBOL(swapper_pg_dir)=c1234000\n");
	maps(0xc1234010, 0x1234010, 0);
	maps_not(0xf8000000, "cannot be translated");
}

static void test_assumption(void **state)
{
	(void)state;
	start(ARCH_X86_64, "%s", "");
	maps_not(UINT64_C(0xffff888000001000), "cannot be translated");
	address_assume(&dump, UINT64_C(0xffff888000000000), UINT64_C(0xffff888000000000) - 0x100000);
	maps(UINT64_C(0xffff888000001000), 0x101000, 0);
	maps_not(UINT64_C(0xffff887fffffffff), "cannot be translated");
	header_virtual = UINT64_C(0xffff888000000000);
	header_length = 0x10000;
	maps(UINT64_C(0xffff888000001000), 0x1000, 0);
	address_reset(&dump);
	address_assume(&dump, 0, 0);
	maps(0, 0, UINT64_MAX);
	maps(UINT64_MAX, UINT64_MAX, 1);
	/* Physical memory ends. */
	address_reset(&dump);
	address_assume(&dump, 16, 32);
	maps(16, UINT64_MAX - 15, 16);
	address_reset(&dump);
	address_reset(&dump);
}

static uint64_t next_number(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *seed >> 8 ^ *seed << 17;
}

/* VMCOREINFO and memory of no kernel at all: whatever comes of it, it ends, and stays within memory. */
static void test_nonsense(void **state)
{
	static const char *const keys[] = {
		"SYMBOL(swapper_pg_dir)",
		"SYMBOL(_stext)",
		"NUMBER(phys_base)",
		"NUMBER(pgtable_l5_enabled)",
		"NUMBER(sme_mask)",
		"NUMBER(KERNEL_IMAGE_SIZE)",
		"KERNELOFFSET",
		"KERNELOFFPHYS",
		"IDENTITYBASE",
		"NUMBER(VA_BITS)",
		"NUMBER(TCR_EL1_T1SZ)",
		"NUMBER(kimage_voffset)",
		"NUMBER(PHYS_OFFSET)",
		"NUMBER(PAGE_OFFSET)",
		"NUMBER(phys_ram_base)",
		"NUMBER(va_kernel_pa_offset)",
		"NUMBER(KERNEL_LINK_ADDR)",
		"CONFIG_X86_PAE",
		"CONFIG_ARM_LPAE",
		"PAGESIZE",
	};
	uint64_t seed = 1;

	(void)state;
	for (unsigned int round = 0; round < 400; round++) {
		char lines[1500] = "";
		size_t length = 0;
		for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
			uint64_t number = next_number(&seed) >> next_number(&seed) % 64;
			if (number % 3)
				length += (size_t)snprintf(lines + length, sizeof lines - length,
							   number % 2 ? "%s=%" PRIu64 "\n" : "%s=0x%" PRIx64 "\n", keys[i],
							   number % 5 ? number : 0 - number);
		}
		start((enum arch)(round % (ARCH_MIPS64 + 1)), "%s", lines);
		random_memory = round % 4 != 0;
		for (unsigned int i = 0; i < 100; i++) {
			uint64_t physical, reached, address = next_number(&seed);
			struct error error = { 0 };
			address = i % 3 ? address | UINT64_C(0xffff) << 48 : address >> i % 64;
			if (address_translate(&dump, address, &physical, &reached, &error) == MEMORY_OK)
				assert_true(reached > 0);
		}
	}
	address_reset(&dump);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_x86_64),
		cmocka_unit_test(test_x86_64_forms),
		cmocka_unit_test(test_x86_64_phys_base),
		cmocka_unit_test(test_x86_64_without_tables),
		cmocka_unit_test(test_tables_with_holes),
		cmocka_unit_test(test_i386),
		cmocka_unit_test(test_assumption),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
