/* vmcore/: the kernel log before 5.10, as records and as characters; and a whole log through the window of its source. */
#define _POSIX_C_SOURCE 200809L
#include "test_vmcore_records.h"

#include <elf.h>
#include <unistd.h>

static void check_records(size_t word, bool big_endian, const char *structure)
{
	struct machine *machine = machine_new(word, big_endian);
	struct records records = records_new(machine, "3.10.0-862.el7", structure, HEADER, 200);
	struct kernel_log_report report;

	records_add(&records, 0, 5, 0, "overwritten by those that come later, after the wrap");
	size_t first = records_add(&records, 1234567, 6, 0, "first\twith\x80");
	records_add(&records, 2000000000, 7, 0, "second, with a dictionary");
	records_add(&records, 3000000000, 27, 0, "begins again at the start\nin two lines");
	machine_put(machine, records.first, 4, first);
	assert_log(machine, KERNEL_LOG_PLAIN,
		   "[    0.001234] first\twith\\x80\n[    2.000000] second, with a dictionary\n[    0.000000] \n"
		   "[    3.000000] begins again at the start\nin two lines\n",
		   &report);
	assert_string_equal(report.layout, "records");
	assert_int_equal(report.records, 3);
	assert_int_equal(report.unreadable, 0);
	assert_log(machine, KERNEL_LOG_FULL,
		   "<6>[    0.001234] first\twith\\x80\n<7>[    2.000000] second, with a dictionary\n\n"
		   "<27>[    3.000000] begins again at the start\nin two lines\n",
		   &report);
	machine_free(machine);
}

static void test_records(void **state)
{
	(void)state;
	check_records(8, false, "printk_log");
	check_records(8, true, "printk_log");
	check_records(4, false, "log");
	check_records(4, true, "log");
}

static void test_records_caller(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct records records = records_new(machine, "5.4.0", "printk_log", 20, 4096);
	struct kernel_log_report report;

	(void)state;
	records_add(&records, 1000, 4, 77, "a task");
	records_add(&records, 2000, 4, 0x80000005, "a CPU");
	assert_log(machine, KERNEL_LOG_FULL, "<4>[    0.000001][   T77] a task\n<4>[    0.000002][    C5] a CPU\n", &report);
	machine_free(machine);
}

/* 3.5's first records had a u16 of facility and level where later there are three fields. */
static void test_records_early_level(void **state)
{
	struct kernel_log_report report;

	(void)state;
	for (int big_endian = 0; big_endian < 2; big_endian++) {
		struct machine *machine = machine_new(8, big_endian);
		struct records records = records_new(machine, "3.5.0-rc1", "log", HEADER, 4096);
		size_t at = records.buffer + records_add(&records, 0, 0, 0, "text");
		machine_put(machine, at + 14, 2, 30);
		assert_log(machine, KERNEL_LOG_FULL, "<30>[    0.000000] text\n", &report);
		machine_put(machine, at + 14, 1, 3);
		machine_put(machine, at + 15, 1, big_endian ? 4 : 4 << 5);
		assert_log(machine, KERNEL_LOG_FULL, "<28>[    0.000000] text\n", &report);
		machine_free(machine);
	}
}

static void test_records_damaged(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct records records = records_new(machine, "4.19.0", "printk_log", HEADER, 5 * PAGE);
	struct kernel_log_report report;
	size_t third = 0;

	(void)state;
	for (int i = 0; i < 300; i++) {
		size_t at =
			records_add(&records, (uint64_t)i * 1000000, 6, 1, "forty-four bytes, and the header makes sixty");
		third = i == 3 ? records.buffer + at : third;
	}
	/* One header overwritten: what follows is found again. */
	machine_put(machine, third + 8, 2, 0);
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_int_equal(report.records, 299);
	assert_int_equal(report.unreadable, 1);
	assert_non_null(strstr(report.first.message, "cannot be 0 bytes long"));
	machine_put(machine, third + 8, 2, 60);
	/* A page missing: the records in it are lost, and those before and behind it are not. */
	for (size_t page = records.buffer / PAGE + 1; page <= (records.buffer + records.at) / PAGE; page++) {
		machine->missing[page] = page != records.first / PAGE && page != (records.buffer - 1) / PAGE;
		free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
		assert_in_range(report.records, 300 - PAGE / 60 - 3, 300);
		assert_true(!machine->missing[page] || (report.unreadable && report.records < 300));
		machine->missing[page] = false;
	}
	machine_free(machine);
}

/* Offsets that overlap, and a time after 443 years. */
static void test_records_wrong_numbers(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct records records = records_new(machine, "3.10.0", "printk_log", HEADER, 4 * PAGE);
	struct kernel_log_report report;
	size_t third = 0;

	(void)state;
	for (int i = 0; i < 500; i++) {
		size_t at = records_add(&records, UINT64_C(1000000000) * (uint64_t)i, 6, 1, "of some text");
		third = i == 3 ? records.buffer + at : third;
	}
	machine_put(machine, third, 8, UINT64_C(13979173243362738000));
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_int_equal(report.records, 500);
	assert_int_equal(report.senseless, 1);
	assert_false(report.searched);
	machine_put(machine, third, 8, UINT64_C(3000000000));
	char *told = machine_log(machine, KERNEL_LOG_PLAIN, &report);
	assert_int_equal(report.unreadable, 0);
	char *at = strstr(machine->info, "ts_nsec)=0");
	assert_non_null(at);
	at[strlen("ts_nsec)=")] = '8';
	assert_log(machine, KERNEL_LOG_PLAIN, told, &report);
	assert_true(report.searched);
	free(told);
	machine_free(machine);
}

static void test_records_hostile(void **state)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0xff };
	struct machine *machine = machine_new(4, false);
	struct records records = records_new(machine, "4.4.0", "printk_log", HEADER, 256);
	struct kernel_log_report report;

	(void)state;
	for (int i = 0; i < 9; i++)
		records_add(&records, 1, 6, 1, "a text, not long");
	machine_put(machine, records.first, 4, 160);
	size_t length = machine->used - records.buffer;
	for (size_t i = 0; i < length * sizeof values; i++) {
		unsigned char *at = &machine->memory[records.buffer + i / sizeof values], old = *at;
		*at = values[i % sizeof values];
		free(machine_log(machine, KERNEL_LOG_FULL, &report));
		*at = old;
	}
	machine_free(machine);
}

static void put_characters(struct machine *machine, size_t buffer, size_t size, uint64_t *end, const char *text)
{
	for (; *text; text++)
		machine->memory[buffer + (*end)++ % size] = (unsigned char)*text;
}

static void test_characters(void **state)
{
	struct machine *machine = machine_new(8, true);
	size_t size = 64, buffer = machine_place(machine, size);
	struct kernel_log_report report;
	uint64_t end = 0;

	(void)state;
	machine_tell(machine, "OSRELEASE=2.6.32-754.el6\n");
	machine_variable(machine, "log_buf", 8, machine_address(machine, buffer));
	machine_variable(machine, "log_buf_len", 4, size);
	size_t log_end = machine_variable(machine, "log_end", 4, 0);
	machine_variable(machine, "logged_chars", 4, 1);
	put_characters(machine, buffer, size, &end, "<5>[    0.000000] Linux version\n");
	machine_put(machine, log_end, 4, end);
	assert_log(machine, KERNEL_LOG_FULL, "<5>[    0.000000] Linux version\n", &report);
	assert_string_equal(report.layout, "characters");
	put_characters(machine, buffer, size, &end, "<4>bytes as they are: \xc3\xa4\n<0>[    9.000001] the end");
	machine_put(machine, log_end, 4, end);
	assert_log(machine, KERNEL_LOG_PLAIN, "Linux version\n<4>bytes as they are: \xc3\xa4\n<0>[    9.000001] the end",
		   &report);
	/* The counter has gone through 2^32: what of the buffer is text is not known any more, but the newest is. */
	machine_put(machine, log_end, 4, end % size);
	char *log = machine_log(machine, KERNEL_LOG_PLAIN, &report);
	assert_non_null(strstr(log, "the end"));
	free(log);
	machine_free(machine);
}

static void test_search_older(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct records records = records_new(machine, "4.19.0", "printk_log", HEADER, 3 * PAGE);
	struct kernel_log_report report;
	char text[64];

	(void)state;
	for (int i = 0; i < 400; i++) {
		snprintf(text, sizeof text, "record %d%.*s", i, i % 13, ", of a machine");
		records_add(&records, (uint64_t)i * UINT64_C(1100000000), 6, 1, text);
	}
	machine->dump.vmcoreinfo = TEXT_NONE;
	char *log = machine_log(machine, KERNEL_LOG_FULL, &report);
	assert_non_null(log);
	assert_true(report.searched && report.records > 200);
	/* In the order of time, though the buffer has gone round. */
	const char *oldest = strstr(log, "] record 200"), *newest = strstr(log, "] record 399");
	assert_true(oldest && newest && oldest < newest && newest > log + strlen(log) - 64);
	assert_int_equal(report.unreadable, 0);
	assert_non_null(strstr(report.first.message, "no VMCOREINFO"));
	free(log);
	/* A page that is missing between them is told. */
	size_t page = (records.buffer + PAGE) / PAGE;
	machine->missing[page] = true;
	log = machine_log(machine, KERNEL_LOG_FULL, &report);
	assert_true(log && report.searched && report.unreadable >= 1);
	assert_non_null(strstr(report.first.message, "is missing; "));
	assert_non_null(strstr(report.first.message, " bytes were skipped up to the next record; it was found in memory by "
						     "its own marks: the dump has no VMCOREINFO"));
	free(log);
	machine_free(machine);
}

static void test_search_characters(void **state)
{
	struct machine *machine = machine_new(4, false);
	size_t size = 2 * PAGE, buffer = machine_place(machine, size);
	struct kernel_log_report report;
	uint64_t end = 0;
	char line[64];

	(void)state;
	for (int i = 0; i < 400; i++) {
		snprintf(line, sizeof line, "<6>[%5d.000000] line number %d\n", i * 2, i);
		put_characters(machine, buffer, size, &end, line);
	}
	char *log = machine_log(machine, KERNEL_LOG_PLAIN, &report);
	assert_non_null(log);
	assert_true(report.searched);
	const char *oldest = strstr(log, "number 300\n"), *newest = strstr(log, "number 399\n");
	assert_true(oldest && newest && oldest < newest);
	free(log);
	machine_free(machine);
}

/* An ELF dump whose log is longer than the window of its source: a million bytes of characters. */
static int make_elf(size_t log_length)
{
	enum { NOTE = 4096, DATA = 8192 };
	const uint64_t base = UINT64_C(0xffffffff81000000);
	Elf64_Ehdr header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			      .e_type = ET_CORE,
			      .e_machine = EM_X86_64,
			      .e_version = EV_CURRENT,
			      .e_phoff = sizeof header,
			      .e_ehsize = sizeof header,
			      .e_phentsize = sizeof(Elf64_Phdr),
			      .e_phnum = 2 };
	char info[512];
	int info_length = snprintf(info, sizeof info,
				   "OSRELEASE=2.6.32\nPAGESIZE=4096\nSYMBOL(log_buf)=%llx\nSYMBOL(log_buf_len)=%llx\n"
				   "SYMBOL(log_end)=%llx\nSYMBOL(logged_chars)=%llx\n",
				   (unsigned long long)base, (unsigned long long)base + 8, (unsigned long long)base + 12,
				   (unsigned long long)base + 12);
	Elf64_Phdr segments[2] = {
		{ .p_type = PT_NOTE, .p_offset = NOTE },
		{ .p_type = PT_LOAD, .p_offset = DATA, .p_vaddr = base, .p_paddr = 0x1000000 },
	};
	struct {
		Elf64_Nhdr header;
		char name[12], info[512];
	} note = { { 11, (Elf64_Word)info_length, 0 }, "VMCOREINFO", "" };
	struct {
		uint64_t buffer;
		uint32_t length, end;
	} variables = { base + sizeof variables, (uint32_t)log_length, (uint32_t)log_length };
	FILE *file = tmpfile();

	assert_non_null(file);
	memcpy(note.info, info, sizeof info);
	segments[0].p_filesz = segments[0].p_memsz =
		sizeof note.header + sizeof note.name + (size_t)(info_length + 3) / 4 * 4;
	segments[1].p_filesz = segments[1].p_memsz = sizeof variables + log_length;
	fwrite(&header, sizeof header, 1, file);
	fwrite(segments, sizeof segments, 1, file);
	fseek(file, NOTE, SEEK_SET);
	fwrite(&note, sizeof note, 1, file);
	fseek(file, DATA, SEEK_SET);
	fwrite(&variables, sizeof variables, 1, file);
	for (size_t i = 0; i < log_length; i++)
		fputc(i % 50 == 49 ? '\n' : "abcdefghijklmnopqrstuvwxyz"[i / 50 % 26], file);
	fflush(file);
	int fd = dup(fileno(file));
	fclose(file);
	return fd;
}

static void check_source(int fd, size_t log_length, size_t keep)
{
	struct error error = { 0 };
	struct vmcore *vmcore = vmcore_open(&fd, 1, KERNEL_LOG_PLAIN, &error);
	uint64_t checked = 0;

	assert_non_null(vmcore);
	struct log_source *source = vmcore_source(vmcore);
	assert_non_null(source);
	while (!source->ended) {
		size_t kept = source->length < keep ? source->length : keep;
		uint64_t end = source->offset + source->length;
		assert_true(source->more(source, end - kept, &error));
		assert_int_equal(source->offset, end - kept);
		assert_true(source->ended || source->length > kept);
		for (uint64_t i = source->offset; i < source->offset + source->length; i++)
			if (source->data[i - source->offset] !=
			    (i % 50 == 49 ? '\n' : "abcdefghijklmnopqrstuvwxyz"[i / 50 % 26]))
				fail_msg("byte %llu is wrong", (unsigned long long)i);
		checked = source->offset + source->length;
	}
	assert_int_equal(checked, log_length);
	assert_true(source->more(source, source->offset, &error));
	assert_string_equal(vmcore_report(vmcore)->layout, "characters");
	assert_string_equal(vmcore_log_error(vmcore), "");
	vmcore_close(vmcore);
}

static void test_source(void **state)
{
	static const size_t lengths[] = { 1, 50, 65536, 1000003 };

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		int fd = make_elf(lengths[i]);
		check_source(fd, lengths[i], 0);
		check_source(fd, lengths[i], 777);
		check_source(fd, lengths[i], LOG_SOURCE_KEEP_MOST);
		close(fd);
	}
}

/* A dump whose log cannot be had is opened all the same, and tells what else it knows, and why there is no log. */
static void test_facts_without_a_log(void **state)
{
	enum { LENGTH_AT = 8192 + 8 };
	int fd = make_elf(5000);
	struct error error = { 0 };

	(void)state;
	assert_int_equal(pwrite(fd, "\xff\xff\xff\x7f", 4, LENGTH_AT), 4);
	struct vmcore *vmcore = vmcore_open(&fd, 1, KERNEL_LOG_FULL, &error);
	assert_non_null(vmcore);
	assert_string_equal(vmcore_log_error(vmcore), "");
	assert_null(vmcore_source(vmcore));
	assert_null(vmcore_report(vmcore));
	assert_non_null(strstr(vmcore_log_error(vmcore), "no kernel log: log_buf_len of 2147483647 bytes makes no sense"));
	const struct facts *facts = vmcore_facts(vmcore);
	assert_true(text_is(facts->release, "2.6.32"));
	assert_string_equal(facts->arch, "x86_64");
	assert_string_equal(vmcore_dump(vmcore)->format, "elf");
	assert_false(vmcore_dump(vmcore)->incomplete);
	vmcore_close(vmcore);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_records_caller),
		cmocka_unit_test(test_records_early_level),
		cmocka_unit_test(test_records_damaged),
		cmocka_unit_test(test_records_wrong_numbers),
		cmocka_unit_test(test_records_hostile),
		cmocka_unit_test(test_characters),
		cmocka_unit_test(test_search_older),
		cmocka_unit_test(test_search_characters),
		cmocka_unit_test(test_source),
		cmocka_unit_test(test_facts_without_a_log),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
