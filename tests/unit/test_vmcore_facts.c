/* vmcore/: what a dump knows of its machine, and the search for VMCOREINFO in its memory. */
#include "make_note.h"
#include "vmcore/facts.h"
#include "vmcore/uts_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PHYSICAL_OF_UTS 0x3000
#define RELEASE         "6.1.0-56-cloud-amd64"

/* Memory of 3 MiB that begins at physical address 0; virtual addresses are physical ones plus VIRTUAL. */
enum { MEMORY = 3 * 1024 * 1024, HOLE = 0x180000, HOLE_END = 0x182000 };
#define VIRTUAL UINT64_C(0xffffffff80000000)

static char memory[MEMORY];

static void assert_text(struct text t, const char *expected)
{
	if (!text_is(t, expected))
		fail_msg("got \"%.*s\", expected \"%s\"", TEXT_ARGS(t), expected);
}

static enum memory_status read_physical(struct dump *dump, uint64_t address, void *buffer, size_t length,
					struct error *error)
{
	(void)dump;
	if (address > MEMORY || length > MEMORY - address || (address < HOLE_END && address + length > HOLE)) {
		error_set(error, "nothing there");
		return MEMORY_ABSENT;
	}
	memcpy(buffer, memory + address, length);
	return MEMORY_OK;
}

static enum memory_status read_virtual(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error)
{
	if (address < VIRTUAL) {
		error_set(error, "not mapped");
		return MEMORY_UNMAPPED;
	}
	return read_physical(dump, address - VIRTUAL, buffer, length, error);
}

static bool next_run(struct dump *dump, uint64_t *address, uint64_t *length)
{
	(void)dump;
	*length = *address < MEMORY ? MEMORY - *address : 0;
	return *address < MEMORY;
}

static const struct dump_reader reader = {
	.read_physical = read_physical,
	.read_virtual = read_virtual,
	.next_run = next_run,
};

static struct dump make_dump(enum arch arch, bool big_endian)
{
	return (struct dump){ .reader = &reader, .arch = arch, .big_endian = big_endian, .word = 8 };
}

static void put_uts(uint64_t at, const char *release)
{
	struct uts_names names = { .sysname = "Linux", .nodename = "host", .version = "#1 SMP", .machine = "x86_64" };

	strcpy(names.release, release);
	memcpy(memory + at, &names, sizeof names);
}

#define INFO(release)                                                                                                       \
	"OSRELEASE=" release                                                                                                \
	"\nBUILD-ID=3b43fad5\nPAGESIZE=4096\nSYMBOL(init_uts_ns)=ffffffff80003000\nKERNELOFFSET=de00000\n"

static void add_cpu(struct dump *dump, uint32_t pid)
{
	char data[336] = { 0 }, note[400];

	put(data + 32, pid, 4, false);
	size_t length = put_note(note, "CORE", 1, (struct text){ data, sizeof data }, false);
	dump_add_notes(dump, arena_copy(&dump->arena, (struct text){ note, length }));
}

static void test_cpu_numbers(void **state)
{
	struct dump dump = make_dump(ARCH_X86_64, false);
	struct facts facts;
	char note[40];

	(void)state;
	add_cpu(&dump, 0);
	add_cpu(&dump, 113);
	facts_read(&dump, &facts);
	assert_int_equal(facts.cpu_count, 2);
	assert_int_equal(facts.online_cpus, 2);
	assert_true(facts.cpus[0].number == 0 && facts.cpus[1].number == 1 && facts.cpus[1].pid == 113);
	assert_int_equal(facts.cpus[0].register_count, 27);
	assert_true(facts.numbers_guessed);
	/* The header knows of a CPU more: which of them left no note? */
	dump.cpus = 3;
	facts_read(&dump, &facts);
	assert_true(facts.online_cpus == 3 && facts.cpus[0].number == -1 && facts.cpus[1].number == -1);
	/* QEMU's */
	dump_add_notes(&dump, (struct text){ note, put_note(note, "QEMU", 0, TEXT("state"), false) });
	facts_read(&dump, &facts);
	assert_true(facts.cpu_count == 2 && facts.cpus[1].number == 1 && facts.cpus[0].pid == -1 && facts.cpus[1].pid == -1);
	assert_false(facts.numbers_guessed);
	assert_int_equal(dump.remark_count, 0);
	arena_free(&dump.arena);
	/* QEMU's of machines without such notes: pids 1 and 2. One CPU with pid 1 is init's. */
	dump = make_dump(ARCH_X86_64, false);
	add_cpu(&dump, 1);
	facts_read(&dump, &facts);
	assert_int_equal(facts.cpus[0].pid, 1);
	add_cpu(&dump, 2);
	facts_read(&dump, &facts);
	assert_true(facts.cpus[0].pid == -1 && facts.cpus[1].pid == -1 && facts.cpus[1].number == 1);
	arena_free(&dump.arena);
}

static void test_names(void **state)
{
	static const uint64_t offsets[] = { 0, 4, 8 };
	struct facts facts;

	(void)state;
	for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
		struct dump dump = make_dump(ARCH_X86_64, false);
		memset(memory, 0, sizeof memory);
		put_uts(PHYSICAL_OF_UTS + offsets[i], RELEASE);
		dump.vmcoreinfo = TEXT("OSRELEASE=" RELEASE "\nSYMBOL(init_uts_ns)=ffffffff80003000\nCRASHTIME=1795487602\n"
				       "BUILD-ID=3b43fad5\nKERNELOFFSET=31400000\n");
		facts_read(&dump, &facts);
		assert_text(facts.release, RELEASE);
		assert_text(facts.version, "#1 SMP");
		assert_text(facts.nodename, "host");
		assert_text(facts.build_id, "3b43fad5");
		assert_string_equal(facts.arch, "x86_64");
		assert_true(facts.crash_time == 1795487602 && facts.has_kaslr_offset && facts.kaslr_offset == 0x31400000);
		assert_true(facts.cpu_count == 0 && facts.online_cpus == 0 && dump.remark_count == 0);
		arena_free(&dump.arena);
	}
}

static void test_names_that_differ(void **state)
{
	struct dump dump = make_dump(ARCH_UNKNOWN, false);
	struct facts facts;

	(void)state;
	memset(memory, 0, sizeof memory);
	dump.machine = TEXT("i686\0rest");
	dump.release = TEXT("4.19.0\0\0\0");
	dump.version = TEXT("#1\x1b[2J");
	dump.vmcoreinfo = TEXT("OSRELEASE=5.10.0\nCRASHTIME=12x\nBUILD-ID=3B43FAD5\nKERNELOFFSET=\n");
	facts_read(&dump, &facts);
	assert_text(facts.release, "4.19.0");
	assert_text(facts.version, "");
	assert_text(facts.build_id, "");
	assert_string_equal(facts.arch, "i686");
	assert_true(facts.crash_time == 0 && !facts.has_kaslr_offset && dump.remark_count == 1);
	dump.release = TEXT("no release");
	facts_read(&dump, &facts);
	assert_text(facts.release, "5.10.0");
	arena_free(&dump.arena);
}

/* Where the copy lies, and whether it is one. */
static void test_search(void **state)
{
	static const struct {
		size_t at;
		const char *info;
		bool found;
	} cases[] = {
		{ 0x5000, INFO(RELEASE), true },
		{ MEMORY - 0x1000, INFO(RELEASE), true },
		{ 0x5000 + 24, INFO(RELEASE), true },  /* the note's page */
		{ 0x5a30, INFO(RELEASE), true },       /* an array among variables */
		{ 0xffffc, INFO(RELEASE), true },      /* across two pieces */
		{ MEMORY - 150, INFO(RELEASE), true }, /* up to the end of memory */
		{ 0x5000, INFO("4.9.0"), false },      /* another kernel's */
		{ 0x5000, "OSRELEASE=" RELEASE "\n", false },
		{ 0x5a30, "OSRELEASE=" RELEASE "\nand so on\n", false },
		{ HOLE, INFO(RELEASE), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct dump dump = make_dump(ARCH_X86_64, false);
		memset(memory, 0, sizeof memory);
		put_uts(PHYSICAL_OF_UTS, RELEASE);
		strcpy(memory + 0x1000, INFO("3.10.0")); /* a stale one before it */
		memcpy(memory + cases[i].at, cases[i].info, strlen(cases[i].info));
		dump.vmcoreinfo = TEXT("OSRELEASE=before\n");
		if (facts_find_vmcoreinfo(&dump, UINT64_MAX) != cases[i].found)
			fail_msg("case %zu", i);
		assert_text(dump.vmcoreinfo, cases[i].found ? cases[i].info : "OSRELEASE=before\n");
		assert_int_equal(dump.remark_count, cases[i].found);
		arena_free(&dump.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpu_numbers),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_names_that_differ),
		cmocka_unit_test(test_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
