/* vmcore/address: the other architectures; page tables built by hand as their manuals describe them. */
#include "test_vmcore_address.h"

/* 0x703 and 0x701: page or table, and block, with attributes as Linux sets them. */
static void test_aarch64_4k(void **state)
{
	const char *format =
		"PAGESIZE=4096\nSYMBOL(_stext)=ffff800010010000\nSYMBOL(swapper_pg_dir)=ffff800011000000\nNUMBER(VA_BITS)="
		"48\n"
		"NUMBER(kimage_voffset)=0xffff7fffd0000000\nNUMBER(PHYS_OFFSET)=0x40000000\nNUMBER(TCR_EL1_T1SZ)=0x10\n";

	(void)state;
	start(ARCH_AARCH64, "%s", format);
	entry(0x41000000, 256, 0x41001003);
	entry(0x41001000, 0, 0x41002003);
	entry(0x41002000, 136, UINT64_C(0x00e8000041000701)); /* 2 MiB: the image's page tables */
	entry(0x41002000, 137, 0x41003003);
	entry(0x41003000, 4, UINT64_C(0x00680000abcde703) | UINT64_C(1) << 47);
	entry(0x41003000, 5, UINT64_C(0x00680000abcde701)); /* no page at the last level */
	entry(0x41000000, 0, 0x41004003);
	entry(0x41004000, 3, UINT64_C(0x00680000c0000701)); /* 1 GiB of the linear map */
	maps(UINT64_C(0xffff800011000008), 0x41000008, 0x1ffff8);
	maps(UINT64_C(0xffff800011204010), UINT64_C(0x8000abcde010), 0xff0);
	maps_not(UINT64_C(0xffff800011205010), "not mapped");
	maps(UINT64_C(0xffff0000c0000010), 0xc0000010, 0x3ffffff0);
	maps(UINT64_C(0xf4ff0000c0000010), 0xc0000010, 0); /* KASAN's tag */
	maps_not(UINT64_C(0x0000800011000008), "not one of the kernel's");
	/* Without tables: the linear map is the lower half, as the image is in the upper. */
	start(ARCH_AARCH64, "%s", format);
	maps(UINT64_C(0xffff800010010000), 0x40010000, 0);
	maps(UINT64_C(0xffff000000001000), 0x40001000, 0);
	maps_not(UINT64_C(0xffff900000000000), "cannot be translated");
	/* Before 5.4 the other way about; numbers by %ld. */
	start(ARCH_AARCH64,
	      "PAGESIZE=4096\nSYMBOL(_stext)=ffff000008081000\nNUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=%" PRId64
	      "\nNUMBER(PHYS_OFFSET)=%d\n",
	      (int64_t)UINT64_C(0xfffeffffc8000000), 0x40000000);
	maps(UINT64_C(0xffff000008081000), 0x40081000, 0);
	maps(UINT64_C(0xffff800000001000), 0x40001000, 0);
	maps_not(UINT64_C(0xffff000100000000), "cannot be translated");
}

static void aarch64_start(unsigned int page_size, unsigned int built, unsigned int actual)
{
	start(ARCH_AARCH64,
	      "PAGESIZE=%u\nSYMBOL(_stext)=ffffffffd0010000\nSYMBOL(swapper_pg_dir)=ffffffffd1000000\nNUMBER(VA_BITS)=%u\n"
	      "NUMBER(kimage_voffset)=0xffffffff90000000\nNUMBER(TCR_EL1_T1SZ)=0x%x\n",
	      page_size, built, 64 - actual);
}

static void test_aarch64_forms(void **state)
{
	(void)state;
	/* 4 KiB, 39 bits, three levels. */
	aarch64_start(4096, 39, 39);
	entry(0x41000000, 511, 0x41001003);
	entry(0x41001000, 136, UINT64_C(0x41000701));
	maps(UINT64_C(0xffffffffd1000000), 0x41000000, 0x200000);
	assert_true(dump.space->has_tables && dump.space->tables.level_count == 3);
	/* 16 KiB, 47 bits: three levels of 11 bits, blocks of 32 MiB; tables are 16 KiB. */
	aarch64_start(16384, 47, 47);
	entry(0x41000000, 2047, 0x41004003);
	entry(0x41004000, 2024, UINT64_C(0x40000701));
	entry(0x41004000, 2025, 0x41008003);
	entry(0x41008000, 2, UINT64_C(0x00680000abcdc703));
	maps(UINT64_C(0xffffffffd1000000), 0x41000000, 0x1000000);
	maps(UINT64_C(0xffffffffd2008010), 0xabcdc010, 0x3ff0);
	/* 64 KiB, built for 52 bits on a CPU of 48: the root's last 64 entries; physical bits 51:48 in 15:12. */
	aarch64_start(65536, 52, 48);
	entry(0x41000000, 1023, 0x41010003);
	entry(0x41010000, 8190, 0x41020003);
	entry(0x41010000, 8191, UINT64_C(0x006800004000a701)); /* 512 MiB */
	entry(0x41020000, 0x1100, 0x41000703);
	entry(0x41020000, 0x1101, UINT64_C(0x00680000abcda703));
	maps(UINT64_C(0xffffffffd1000008), 0x41000008, 0xfff8);
	maps(UINT64_C(0xffffffffd1010010), UINT64_C(0xa0000abcd0010), 0xfff0);
	maps(UINT64_C(0xffffffffe0010010), UINT64_C(0xa000040010010), 0x1ffefff0);
	/* 4 KiB and 52 bits with FEAT_LPA2: five levels, physical bits 51:50 in 9:8. */
	aarch64_start(4096, 52, 52);
	entry(0x41000000, 15, 0x41001003);
	entry(0x41001000, 511, 0x41002003);
	entry(0x41002000, 511, 0x41003003);
	entry(0x41003000, 136, UINT64_C(0x41000401));
	entry(0x41003000, 137, UINT64_C(0x0003000012200601));
	maps(UINT64_C(0xffffffffd1000000), 0x41000000, 0x200000);
	maps(UINT64_C(0xffffffffd1200000), UINT64_C(0xb000012200000), 0x200000);
	/* The same kernel on a CPU without: four levels, and bits 9:8 are shareability. */
	aarch64_start(4096, 52, 48);
	entry(0x41000000, 511, 0x41002003);
	entry(0x41002000, 511, 0x41003003);
	entry(0x41003000, 136, UINT64_C(0x41000701));
	maps(UINT64_C(0xffffffffd1000000), 0x41000000, 0x200000);
	assert_true(dump.space->has_tables && dump.space->tables.level_count == 4);
}

static void test_arm(void **state)
{
	(void)state;
	/* Sections, a supersection, small and large pages; memory begins at 0x60000000. */
	start(ARCH_ARM, "SYMBOL(swapper_pg_dir)=c0004000\n");
	entry4(0x60004000 + 0x3000, 0, 0x60011c0e); /* entry 3072 */
	entry4(0x60004000 + 0x3000, 1, 0x60100000 | 0x1b01);
	entry4(0x60004000 + 0x3000, 16, 0x6104000e | 0x1c00);
	entry4(0x60100000 | 0x1800, 3, 0x6789a45e);
	entry4(0x60100000 | 0x1800, 16, 0x67890045 & ~2U);
	maps(0xc0004000, 0x60004000, 0xfc000);
	maps(0xc0103010, 0x6789a010, 0xff0);
	maps(0xc0110010, 0x67890010, 0xfff0);
	maps(0xc1000010, 0x61000010, 0xfffff0);
	maps_not(0xc0200000, "not mapped");
	/* Long descriptors; the program headers tell where memory is. */
	start(ARCH_ARM, "SYMBOL(swapper_pg_dir)=c0003000\nCONFIG_ARM_LPAE=y\n");
	header_virtual = 0xc0000000;
	header_physical = UINT64_C(0x880000000);
	header_length = 0x10000000;
	entry(UINT64_C(0x880003000), 3, UINT64_C(0x880004003));
	entry(UINT64_C(0x880004000), 0, UINT64_C(0x880000711));
	entry(UINT64_C(0x880004000), 1, UINT64_C(0x880007003));
	entry(UINT64_C(0x880007000), 9, UINT64_C(0x0040000812345713));
	maps(0xc0003000, UINT64_C(0x880003000), 0x1fd000);
	maps(0xc0209010, UINT64_C(0x812345010), 0);
	assert_true(dump.space->has_tables);
}

/* A page table entry of a region's or segment's type: `type` as bits 60-61 in the manual's counting, length 3 (all of it).
 */
static uint64_t s390_table(uint64_t table, unsigned int type)
{
	return table | type << 2 | 3;
}

static void test_s390x(void **state)
{
	(void)state;
	/* Before 6.10: virtual is physical; KERNELOFFSET is there since 5.2 and moves nothing. Three levels. */
	start(ARCH_S390X, "SYMBOL(swapper_pg_dir)=1234000\nKERNELOFFSET=1000000\n");
	maps(0x5000, 0x5000, 0);
	start(ARCH_S390X, "SYMBOL(swapper_pg_dir)=1234000\nKERNELOFFSET=1000000\n");
	entry(0x1234000, 0, s390_table(0x1300000, 1));
	entry(0x1234000, 1, 0x80000400 | 4);           /* 2 GiB */
	entry(0x1234000, 2, s390_table(0x1300000, 2)); /* of another kind: never by the kernel */
	entry(0x1300000, 18, 0x1200400);               /* 1 MiB */
	entry(0x1300000, 19, 0x1400800);
	entry(0x1300000, 20, 0x20);
	entry(0x1400800, 7, 0x7654000);
	entry(0x1400800, 8, 0x7654400);
	maps(0x1234010, 0x1234010, 0xcbff0);
	maps(0x1307010, 0x7654010, 0xff0);
	maps(0x80000010, 0x80000010, 0x7ffffff0);
	maps_not(0x1308010, "not mapped");
	maps_not(0x1400000, "not mapped");
	maps_not(UINT64_C(0x100000000), "not mapped");
	/* Since 6.10 the image lives apart, and so does all memory. Four levels. */
	start(ARCH_S390X, "SYMBOL(swapper_pg_dir)=3ffe1234000\nIDENTITYBASE=100000000\nKERNELOFFSET="
			  "3ffe0000000\nKERNELOFFPHYS=8000000\n");
	entry(0x9234000, 0, s390_table(0x9300000, 2));
	entry(0x9300000, 2047, s390_table(0x9400000, 1));
	entry(0x9400000, 1536 + 18, 0x9200400);
	entry(0x9300000, 2, 0x00000400 | 4);
	maps(UINT64_C(0x3ffe1234010), 0x9234010, 0);
	maps(UINT64_C(0x100000010), 0x10, 0);
	assert_true(dump.space->has_tables && dump.space->tables.level_count == 4);
	/* Without tables. */
	start(ARCH_S390X,
	      "SYMBOL(_stext)=3ffe0000000\nIDENTITYBASE=100000000\nKERNELOFFSET=3ffe0000000\nKERNELOFFPHYS=8000000\n");
	maps(UINT64_C(0x3ffe1234010), 0x9234010, 0);
	maps(UINT64_C(0x100000010), 0x10, 0);
	maps_not(0x10, "cannot be translated");
}

/* 0xcf: valid, readable, writable, executable, accessed, dirty; 1: valid alone, a table. The frame is from bit 10 on. */
static uint64_t riscv(uint64_t physical, unsigned int bits)
{
	return physical >> 12 << 10 | bits;
}

static void test_riscv64(void **state)
{
	const char *info_39 =
		"SYMBOL(swapper_pg_dir)=ffffffff81234000\nNUMBER(VA_BITS)=39\nNUMBER(PAGE_OFFSET)=0xffffffd800000000\n"
		"NUMBER(phys_ram_base)=0x80000000\nNUMBER(KERNEL_LINK_ADDR)=0xffffffff80000000\n";

	(void)state;
	start(ARCH_RISCV64, "%sNUMBER(va_kernel_pa_offset)=0xfffffffeffe00000\n", info_39);
	entry(0x81434000, 510, riscv(0x81435000, 1));
	entry(0x81435000, 9, riscv(0x81400000, 0xcf));
	entry(0x81435000, 10, riscv(0x81436000, 1));
	entry(0x81436000, 0, riscv(0x90000000, 0xc7));
	entry(0x81436000, 0x23, riscv(0x90038000, 0xc7) | UINT64_C(1) << 63); /* 64 KiB: the frame's low bits are 1000 */
	entry(0x81434000, 352, riscv(0x80000000, 0xc7));
	maps(UINT64_C(0xffffffff81234008), 0x81434008, 0x1cbff8);
	maps(UINT64_C(0xffffffff81400010), 0x90000010, 0xff0);
	maps(UINT64_C(0xffffffff81423010), 0x90033010, 0xcff0);
	maps(UINT64_C(0xffffffd800001000), 0x80001000, 0x3ffff000);
	maps_not(UINT64_C(0xffffffff81401000), "not mapped");
	maps_not(UINT64_C(0x3fffffff81400010), "not one of the kernel's");
	/* Before 6.4 va_kernel_pa_offset is not told: the image is found 2 MiB behind the begin of memory. */
	start(ARCH_RISCV64, "%s", info_39);
	entry(0x81434000, 510, riscv(0x81435000, 1));
	entry(0x81435000, 9, riscv(0x81400000, 0xcf));
	maps(UINT64_C(0xffffffff81234008), 0x81434008, 0);
	/* Without tables. */
	start(ARCH_RISCV64, "%sNUMBER(va_kernel_pa_offset)=0xfffffffeffe00000\n", info_39);
	maps(UINT64_C(0xffffffff81234008), 0x81434008, 0);
	maps(UINT64_C(0xffffffd800001000), 0x80001000, 0);
	maps_not(UINT64_C(0xffffffd000001000), "cannot be translated");
	/* Four levels. */
	start(ARCH_RISCV64, "SYMBOL(swapper_pg_dir)=ffffffff81234000\nNUMBER(VA_BITS)=48\nNUMBER(va_kernel_pa_offset)="
			    "0xffffffff00000000\n");
	entry(0x81234000, 511, riscv(0x81237000, 1));
	entry(0x81237000, 510, riscv(0x81235000, 1));
	entry(0x81235000, 9, riscv(0x81200000, 0xcf));
	maps(UINT64_C(0xffffffff81234008), 0x81234008, 0);
	assert_true(dump.space->has_tables);
}

static void test_windows(void **state)
{
	(void)state;
	start(ARCH_PPC64, "%s", "");
	maps(UINT64_C(0xc000000001234567), 0x1234567, 0);
	maps_not(UINT64_C(0xc008000000000000), "cannot be translated");
	maps_not(UINT64_C(0xd000000000000000), "cannot be translated");
	start(ARCH_PPC, "%s", "");
	maps(0xc0001000, 0x1000, 0);
	start(ARCH_LOONGARCH64, "%s", "");
	maps(UINT64_C(0x9000000000200000), 0x200000, 0);
	maps(UINT64_C(0x8000000000200000), 0x200000, 0);
	maps_not(UINT64_C(0xffff800000000000), "cannot be translated");
	start(ARCH_MIPS64, "%s", "");
	maps(UINT64_C(0xffffffff80100000), 0x100000, 0x1ff00000);
	maps(UINT64_C(0xffffffffa0100000), 0x100000, 0x1ff00000);
	maps(UINT64_C(0xa800000120100000), 0x120100000, 0);
	maps_not(UINT64_C(0xc000000000000000), "cannot be translated");
	start(ARCH_UNKNOWN, "%s", "");
	maps_not(0x1000, "cannot be translated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aarch64_4k), cmocka_unit_test(test_aarch64_forms), cmocka_unit_test(test_arm),
		cmocka_unit_test(test_s390x),      cmocka_unit_test(test_riscv64),       cmocka_unit_test(test_windows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
