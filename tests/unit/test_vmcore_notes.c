/* vmcore/: VMCOREINFO, architectures, ELF notes and the registers in them. */
#include "make_note.h"
#include "vmcore/cpu_registers.h"
#include "vmcore/dump_parts.h"
#include "vmcore/vmcoreinfo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(struct text t, const char *expected)
{
	if (!text_is(t, expected))
		fail_msg("got \"%.*s\", expected \"%s\"", TEXT_ARGS(t), expected);
}

static struct dump make_dump(bool big_endian)
{
	return (struct dump){ .big_endian = big_endian, .word = 8 };
}

static void test_vmcoreinfo(void **state)
{
	struct text info =
		TEXT("OSRELEASE=5.10 \nSYMBOL(prb)=ffffffff90a62060\nSYMBOL(bad)=12x\nOFFSET(list_head.next)=8\n"
		     "SIZE(page)=64\nLENGTH(zone.free_area)=11\nNUMBER(a)=-129\nNUMBER(b)=0xffffffffffffffff\n"
		     "NUMBER(c)=-9223372036854775808\nNUMBER(d)=-9223372036854775809\nKERNELOFFSET=de00000\nLAST=x");
	struct text value;
	uint64_t number = 1;
	int64_t is_signed = 1;

	(void)state;
	assert_true(vmcoreinfo_find(info, "OSRELEASE", &value));
	assert_text(value, "5.10");
	assert_true(vmcoreinfo_find(info, "LAST", &value));
	assert_text(value, "x");
	assert_false(vmcoreinfo_find(info, "RELEASE", &value) || vmcoreinfo_find(info, "LAS", &value));
	assert_true(vmcoreinfo_symbol(info, "prb", &number) && number == UINT64_C(0xffffffff90a62060));
	assert_false(vmcoreinfo_symbol(info, "bad", &number) || vmcoreinfo_symbol(info, "none", &number));
	assert_true(number == UINT64_C(0xffffffff90a62060));
	assert_true(vmcoreinfo_offset(info, "list_head.next", &number) && number == 8);
	assert_true(vmcoreinfo_size(info, "page", &number) && number == 64);
	assert_true(vmcoreinfo_length(info, "zone.free_area", &number) && number == 11);
	assert_true(vmcoreinfo_number(info, "a", &is_signed) && is_signed == -129);
	assert_true(vmcoreinfo_number(info, "b", &is_signed) && is_signed == -1);
	assert_true(vmcoreinfo_number(info, "c", &is_signed) && is_signed == INT64_MIN);
	assert_false(vmcoreinfo_number(info, "d", &is_signed));
	assert_true(vmcoreinfo_hex(info, "KERNELOFFSET", &number) && number == 0xde00000);
	assert_true(vmcoreinfo_plausible(info));
	assert_false(vmcoreinfo_plausible(TEXT("PAGESIZE=4096\nOSRELEASE=1\n")));
	assert_false(vmcoreinfo_plausible(TEXT("OSRELEASE=\n")) || vmcoreinfo_plausible(TEXT_NONE));
	assert_false(vmcoreinfo_plausible(TEXT("OSRELEASE=1\n\x01")) || vmcoreinfo_plausible(TEXT("OSRELEASE=1\n\xff")));
}

static void test_architectures(void **state)
{
	(void)state;
	for (enum arch arch = ARCH_X86_64; arch <= ARCH_MIPS64; arch++) {
		assert_int_equal(arch_from_name(text_from(arch_name(arch, false))), arch);
		assert_int_equal(arch_from_name(text_from(arch_name(arch, true))), arch);
	}
	assert_null(arch_name(ARCH_UNKNOWN, false));
	assert_string_equal(arch_name(ARCH_PPC64, false), "ppc64le");
	assert_int_equal(arch_from_name(TEXT("i586")), ARCH_I386);
	assert_int_equal(arch_from_name(TEXT("S390X")), ARCH_S390X);
	assert_int_equal(arch_from_name(TEXT("vax")), ARCH_UNKNOWN);
	assert_int_equal(arch_from_name(TEXT("Unknown")), ARCH_UNKNOWN);
	assert_int_equal(arch_from_name(TEXT("")), ARCH_UNKNOWN);
	assert_int_equal(arch_from_elf(62, true), ARCH_X86_64);
	assert_int_equal(arch_from_elf(22, true), ARCH_S390X);
	assert_int_equal(arch_from_elf(22, false), ARCH_UNKNOWN);
	assert_int_equal(arch_from_elf(0, true), ARCH_UNKNOWN);
}

static void test_architecture_by_content(void **state)
{
	static const struct {
		const char *info;
		enum arch arch;
	} cases[] = {
		{ "", ARCH_UNKNOWN },
		{ "OSRELEASE=6.8.0\nPAGESIZE=4096\n", ARCH_UNKNOWN },
		{ "OSRELEASE=6.8.0\nNUMBER(VA_BITS)=48\nNUMBER(kimage_voffset)=0xffff\n", ARCH_AARCH64 },
		{ "OSRELEASE=6.8.0\nNUMBER(VA_BITS)=48\nNUMBER(va_kernel_pa_offset)=0xffff\n", ARCH_RISCV64 },
		{ "OSRELEASE=4.18.0\nSAMODE31=0\n", ARCH_S390X },
		{ "OSRELEASE=6.8.0-31-generic\nNUMBER(phys_base)=0\nSYMBOL(init_top_pgt)=ff\n", ARCH_X86_64 },
		{ "OSRELEASE=3.10.0-957.el7.ppc64le\n", ARCH_PPC64 },
		{ "OSRELEASE=6.12.0-55.el10.s390x", ARCH_S390X },
		{ "OSRELEASE=6.1.0-13-arm64\n", ARCH_AARCH64 },
		{ "OSRELEASE=5.14.0-427.el9.aarch64+64k\n", ARCH_AARCH64 },
		{ "OSRELEASE=6.1.0-13-powerpc64le\n", ARCH_PPC64 },
	};
	char registers[512] = { 0 };
	struct dump_note note = { .name = TEXT("CORE"), .type = 1, .data = { registers, 376 } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dump dump = make_dump(false);
		dump.vmcoreinfo = text_from(cases[i].info);
		if (arch_from_content(&dump) != cases[i].arch)
			fail_msg("\"%s\": got %d", cases[i].info, (int)arch_from_content(&dump));
	}
	struct dump dump = make_dump(false);
	dump.notes = &note;
	dump.note_count = 1;
	assert_int_equal(arch_from_content(&dump), ARCH_RISCV64);
	note.data.length = 336;
	assert_int_equal(arch_from_content(&dump), ARCH_X86_64);
	dump.big_endian = true;
	assert_int_equal(arch_from_content(&dump), ARCH_S390X);
	note.data.length = 337;
	assert_int_equal(arch_from_content(&dump), ARCH_UNKNOWN);
}

static void test_notes(void **state)
{
	char notes[400] = { 0 };

	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct dump dump = make_dump(big_endian);
		size_t length = put_note(notes, "CORE", 1, TEXT("registers"), big_endian);
		memset(notes + length, 0, 20); /* a CPU that wrote none */
		length += 20;
		length += put_note(notes + length, "VMCOREINFO", 0, TEXT("OSRELEASE=1\n\0\0\0"), big_endian);
		length += put_note(notes + length, "VMCOREINFO", 0, TEXT("\0\0"), big_endian);
		dump_add_notes(&dump, (struct text){ notes, length });
		assert_int_equal(dump.note_count, 3);
		assert_text(dump.notes[0].name, "CORE");
		assert_int_equal(dump.notes[0].type, 1);
		assert_text(dump.notes[0].data, "registers");
		assert_text(dump.vmcoreinfo, "OSRELEASE=1\n");
		assert_int_equal(dump.remark_count, 0);
		arena_free(&dump.arena);
	}
}

/* Every length a note can be cut to, and every size that it may claim. */
static void test_lying_notes(void **state)
{
	static const uint64_t sizes[] = { 17, 0x7fffffff, 0x80000000, 0xfffffffd, 0xffffffff };
	char notes[64], *exact;

	(void)state;
	size_t length = put_note(notes, "CORE", 1, TEXT("sixteen letters."), false);
	for (size_t cut = 0; cut < length; cut++) {
		struct dump dump = make_dump(false);
		exact = malloc(cut + 1);
		memcpy(exact, notes, cut);
		dump_add_notes(&dump, (struct text){ exact, cut });
		assert_int_equal(dump.note_count, 0);
		assert_int_equal(dump.remark_count, cut >= 12);
		free(exact);
		arena_free(&dump.arena);
	}
	for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
		struct dump dump = make_dump(false);
		put_note(notes, "CORE", 1, TEXT("sixteen letters."), false);
		put(notes + i % 2 * 4, sizes[i / 2], 4, false);
		dump_add_notes(&dump, (struct text){ notes, length });
		assert_true(dump.note_count == 0 && dump.remark_count == 1);
		arena_free(&dump.arena);
	}
}

static void test_too_many_notes(void **state)
{
	struct dump dump = make_dump(false);
	size_t count = DUMP_NOTES_MOST + 5;
	char *notes = malloc(count * 24);

	(void)state;
	for (size_t i = 0; i < count; i++)
		assert_int_equal(put_note(notes + i * 24, "CORE", 1, TEXT("four"), false), 24);
	dump_add_notes(&dump, (struct text){ notes, count * 24 });
	dump_add_notes(&dump, (struct text){ notes, 24 });
	assert_int_equal(dump.note_count, DUMP_NOTES_MOST);
	assert_int_equal(dump.remark_count, 1); /* the same, once */
	free(notes);
	arena_free(&dump.arena);
}

/* Of more bytes than are kept the first are; in all, not in each run of notes. */
static void test_too_large_notes(void **state)
{
	static char data[DUMP_NOTE_BYTES_MOST / 2];
	char *notes = malloc(sizeof data + 20);
	struct dump dump = make_dump(false);

	(void)state;
	memset(data, 'x', sizeof data);
	size_t length = put_note(notes, "CORE", 2, (struct text){ data, sizeof data - 100 }, false);
	for (int i = 0; i < 3; i++)
		dump_add_notes(&dump, (struct text){ notes, length });
	assert_int_equal(dump.note_count, 2);
	assert_int_equal(dump.remark_count, 1);
	assert_true(dump.notes[1].data.data == notes + 20); /* no copy: that would be as much memory again */
	free(notes);
	arena_free(&dump.arena);
}

static uint64_t find_register(const struct dump_cpu *cpu, const char *name)
{
	for (size_t i = 0; i < cpu->register_count; i++)
		if (strcmp(cpu->registers[i].name, name) == 0)
			return cpu->registers[i].value;
	fail_msg("no register %s", name);
	return 0;
}

/* Where the instruction and the stack pointer lie, by <sys/procfs.h> and <asm/ptrace.h> of each; size of elf_prstatus. */
static void test_registers(void **state)
{
	static const struct {
		enum arch arch;
		size_t size, word, pid, at;
		const char *name;
		size_t other_at;
		const char *other;
	} cases[] = {
		{ ARCH_X86_64, 336, 8, 32, 112 + 16 * 8, "rip", 112 + 19 * 8, "rsp" },
		{ ARCH_I386, 144, 4, 24, 72 + 12 * 4, "eip", 72 + 15 * 4, "esp" },
		{ ARCH_AARCH64, 392, 8, 32, 112 + 32 * 8, "pc", 112 + 31 * 8, "sp" },
		{ ARCH_ARM, 148, 4, 24, 72 + 15 * 4, "pc", 72 + 13 * 4, "sp" },
		{ ARCH_PPC64, 504, 8, 32, 112 + 32 * 8, "nip", 112 + 8, "r1" },
		{ ARCH_S390X, 336, 8, 32, 112 + 8, "psw_addr", 112 + 17 * 8, "r15" },
		{ ARCH_RISCV64, 376, 8, 32, 112, "epc", 112 + 2 * 8, "sp" },
		{ ARCH_LOONGARCH64, 480, 8, 32, 112 + 33 * 8, "era", 112 + 3 * 8, "sp" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
		bool big_endian = i % 2;
		char note[512] = { 0 };
		struct dump_cpu cpu;
		put(note + cases[i / 2].pid, 4711, 4, big_endian);
		put(note + cases[i / 2].at, 0x87654321, cases[i / 2].word, big_endian);
		put(note + cases[i / 2].other_at, 0x12345678, cases[i / 2].word, big_endian);
		assert_true(
			cpu_registers_read(cases[i / 2].arch, big_endian, (struct text){ note, cases[i / 2].size }, &cpu));
		assert_int_equal(cpu.pid, 4711);
		assert_true(find_register(&cpu, cases[i / 2].name) == 0x87654321);
		assert_true(find_register(&cpu, cases[i / 2].other) == 0x12345678);
		assert_false(cpu_registers_read(cases[i / 2].arch, big_endian, (struct text){ note, 72 }, &cpu));
		assert_true(cpu.pid == 4711 && cpu.register_count == 0);
		assert_false(cpu_registers_read(cases[i / 2].arch, big_endian, (struct text){ note, 8 }, &cpu) ||
			     cpu.pid != -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vmcoreinfo),
		cmocka_unit_test(test_architectures),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_lying_notes),
		cmocka_unit_test(test_too_many_notes),
		cmocka_unit_test(test_too_large_notes),
		cmocka_unit_test(test_architecture_by_content),
		cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
