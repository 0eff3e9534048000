/* vmcore/: the kernel log in its three formats, whole and damaged, and by searching. */
#include "test_vmcore_ring.h"

static void check_ring(size_t word, bool big_endian)
{
	struct machine *machine = machine_new(word, big_endian);
	struct ring ring = ring_new(machine, COUNT_BITS, SIZE_BITS);
	struct kernel_log_report report;

	ring_add(&ring, 0, 5, 0, "gone: overwritten by the ninth");
	ring_add(&ring, 1234567, 5, 0, "Linux version");
	ring_add(&ring, UINT64_C(123456789012345), 30, 0x80000003, "two\n\tlines\x7f\xc3\xa4\x01");
	ring_add_odd(&ring, FINALIZED, 1, 1, 0);
	ring_add_odd(&ring, RESERVED, ring.position, ring.position + 16, 4);
	ring_add(&ring, 2000000000, 3, 12, "goes over the end of the ring, and so begins at its start: this text");
	ring_add(&ring, 2000000999, 4, 4000000, "");
	ring_add(&ring, 3000000000, 0, 0x80000000, "seventh");
	ring_add(&ring, 4000000000, 7, 65536, "last");
	assert_log(machine, KERNEL_LOG_PLAIN,
		   "[    0.001234] Linux version\n[123456.789012] two\n\tlines\\x7f\\xc3\\xa4\\x01\n[    0.000000] \n"
		   "[    2.000000] goes over the end of the ring, and so begins at its start: this text\n"
		   "[    2.000000] \n[    3.000000] seventh\n[    4.000000] last\n",
		   &report);
	assert_string_equal(report.layout, "ring-buffer");
	assert_int_equal(report.records, 7);
	assert_int_equal(report.reserved, 1);
	assert_int_equal(report.unreadable, 0);
	assert_log(machine, KERNEL_LOG_FULL,
		   "<5>[    0.001234][    T0] Linux version\n<30>[123456.789012][    C3] two\n\tlines\\x7f\\xc3\\xa4\\x01\n"
		   "<6>[    0.000000][    T1] \n"
		   "<3>[    2.000000][   T12] goes over the end of the ring, and so begins at its start: this text\n"
		   "<4>[    2.000000][T4000000] \n<0>[    3.000000][    C0] seventh\n<7>[    4.000000][T65536] last\n",
		   &report);
	machine_free(machine);
}

static void test_ring(void **state)
{
	(void)state;
	check_ring(8, false);
	check_ring(8, true);
	check_ring(4, false);
	check_ring(4, true);
}

/* Text and its id at a place of its own in the ring, of the record that comes next. */
static void put_block(const struct ring *ring, size_t at, const char *text)
{
	size_t word = ring->machine->dump.word;

	machine_put(ring->machine, ring->texts + at, word, ring->next_id & id_mask(ring));
	memcpy(ring->machine->memory + ring->texts + at + word, text, strlen(text));
}

/* Blocks that no sane kernel makes, and one that those after 2025 do: it ends where the ring does. */
static void test_ring_odd_blocks(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, COUNT_BITS, SIZE_BITS);
	struct kernel_log_report report;

	(void)state;
	put_block(&ring, ring.size - 16, "the end.");
	ring_add_odd(&ring, FINALIZED, ring.size - 16, ring.size, 8);
	put_block(&ring, 0, "begin");
	ring_add_odd(&ring, COMMITTED, 0, 16, 500);
	ring_add_odd(&ring, FINALIZED, 0, 4, 5);                    /* no word has room */
	ring_add_odd(&ring, FINALIZED, UINT64_MAX, UINT64_MAX, 0);  /* both odd: no text */
	ring_add_odd(&ring, FINALIZED, 0, 0 - UINT64_C(1), 65535);  /* longer than the ring */
	ring_add_odd(&ring, FINALIZED, 32, 3 * ring.size + 64, 20); /* goes round more than once */
	ring_add_odd(&ring, FINALIZED, 32, 32, 20);
	put_block(&ring, 32, "good");
	ring_add_odd(&ring, FINALIZED, 32, 48, 4);
	assert_log(machine, KERNEL_LOG_PLAIN,
		   "[    0.000000] the end.\n[    0.000000] begin\\x00\\x00\\x00\n[    0.000000] \n[    0.000000] good\n",
		   &report);
	assert_int_equal(report.unreadable, 5);
	assert_int_equal(report.senseless, 4);
	assert_non_null(strstr(report.first.message, "cannot lie from 0x0 to 0x4"));
	machine_free(machine);
}

/* Thirty records, and one wrong number in the record that is tenth: the rest is read, and the report tells. */
static void check_wrong_number(size_t offset, size_t size, uint64_t value, uint64_t records, const char *message)
{
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, 7, 12);
	struct kernel_log_report report;

	for (int i = 0; i < 30; i++)
		ring_add(&ring, 1000000000 + (uint64_t)i, 6, 1, "of some text");
	machine_put(machine, offset < ring.count * 24 ? ring.descs + offset : offset, size, value);
	char *log = machine_log(machine, KERNEL_LOG_PLAIN, &report);
	assert_non_null(log);
	assert_int_equal(report.records, records);
	assert_true(report.unreadable >= 1 && report.unreadable <= 2);
	assert_int_equal(report.senseless, report.unreadable);
	assert_non_null(strstr(report.first.message, message));
	assert_false(report.searched);
	free(log);
	machine_free(machine);
}

static void test_ring_wrong_numbers(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, 7, 12);
	size_t info = ring.infos + 10 * INFO, text = ring.texts + 10 * 24;

	(void)state;
	machine_free(machine);
	check_wrong_number(text, 8, 77, 29, "is that of id 0x4d");
	check_wrong_number(info, 8, 77, 30, "has number 77");
	check_wrong_number(info + 8, 8, UINT64_C(1) << 62, 30, "makes no sense");
	check_wrong_number(10 * 24, 8, UINT64_C(2) << 62 | 77, 29, "holds id 0x4d");
	check_wrong_number(10 * 24, 8, UINT64_C(3) << 62 | 77, 29, "holds id 0x4d");
	check_wrong_number(10 * 24 + 8, 8, 3, 29, "cannot lie");
}

/* VMCOREINFO that tells the log in another way than it is: the search finds it, and no line is another. */
static void test_ring_wrong_layout(void **state)
{
	static const struct {
		const char *from, *to;
	} lies[] = {
		{ "SIZE(printk_info)=88", "SIZE(printk_info)=80" },
		{ "printk_info.ts_nsec)=8", "printk_info.ts_nsec)=0" },
		{ "printk_info.text_len)=16", "printk_info.text_len)=18" },
		{ "printk_info.text_len)=16", "printk_info.text_len)=24" },
		{ "prb_desc_ring.infos)=16", "prb_desc_ring.infos)=08" },
		{ "prb_desc_ring.descs)=8", "prb_desc_ring.descs)=7" },
		{ "text_blk_lpos)=8", "text_blk_lpos)=0" },
		{ "prb_data_ring.data)=8", "prb_data_ring.data)=0" },
		{ "prb_data_blk_lpos.next)=8", "prb_data_blk_lpos.next)=9" },
	};
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, 7, 12);
	struct kernel_log_report report;
	char text[64];

	(void)state;
	for (int i = 0; i < 90; i++) {
		snprintf(text, sizeof text, "record %d%.*s", i, i % 13, ", of a machine");
		ring_add(&ring, (uint64_t)i * 1000000, 6, 1, text);
	}
	char *told = machine_log(machine, KERNEL_LOG_FULL, &report);
	assert_int_equal(report.unreadable, 0);
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
		char *at = strstr(machine->info, lies[i].from);
		assert_non_null(at);
		memcpy(at, lies[i].to, strlen(lies[i].to));
		assert_log(machine, KERNEL_LOG_FULL, told, &report);
		assert_true(report.searched);
		memcpy(at, lies[i].from, strlen(lies[i].from));
	}
	free(told);
	machine_free(machine);
}

/* Where head and tail make no sense, the descriptors tell which ids there are. */
static void test_ring_ids_lost(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, COUNT_BITS, SIZE_BITS);
	struct kernel_log_report report;
	char text[] = "record 0";

	(void)state;
	for (int i = 0; i < 12; i++) {
		text[7] = (char)('a' + i);
		ring_add(&ring, 1000, 6, 1, text);
	}
	machine_put(machine, ring.head, 8, 77);
	char *log = machine_log(machine, KERNEL_LOG_PLAIN, &report);
	assert_non_null(log);
	assert_int_equal(report.records, 8);
	assert_non_null(strstr(log, "record e\n"));
	assert_non_null(strstr(log, "record l\n"));
	assert_non_null(strstr(report.first.message, "head id"));
	free(log);
	machine_free(machine);
}

static void test_ring_missing_pages(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, 9, 14);
	struct kernel_log_report report;
	size_t lost = 0;

	(void)state;
	for (int i = 0; i < 512; i++)
		ring_add(&ring, 1000000000, 6, 1, "abcdefghijklmno");
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_int_equal(report.records, 512);
	for (size_t page = ring.descs / PAGE; page <= (ring.texts + ring.size) / PAGE; page++) {
		/* The ring's own structure lies behind the texts, and has to be there. */
		if (page == ring.head / PAGE)
			continue;
		machine->missing[page] = true;
		free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
		assert_int_equal(report.records + report.unreadable, 512);
		/* A descriptor is 24 bytes, an info 88, a block 24: with a part of one at each end, and never none. */
		assert_in_range(report.unreadable, 1, PAGE / 24 * 2 + 4);
		assert_true(report.first.message[0]);
		lost += report.unreadable > 0;
		machine->missing[page] = false;
	}
	assert_true(lost >= 15);
	machine_free(machine);
}

/* The same texts come back out of the log's own reader, with time, level and caller. */
static bool no_more(struct log_source *source, uint64_t keep, struct error *error)
{
	(void)keep;
	(void)error;
	source->ended = true;
	return true;
}

static void test_full_is_read_back(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, COUNT_BITS, SIZE_BITS);
	struct kernel_log_report report;
	struct record record;
	struct error error;

	(void)state;
	ring_add(&ring, 1500000000, 30, 0x8000000b, "first");
	ring_add(&ring, UINT64_C(100000000001000), 2, 4194304, "second\nand on");
	char *text = machine_log(machine, KERNEL_LOG_FULL, &report);
	struct log_source source = { .data = text, .length = strlen(text), .more = no_more };
	struct log *log = log_new(&source);
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_true(text_is(record.text, "first"));
	assert_int_equal(record.time_ns, 1500000000);
	assert_int_equal(record.level, 6);
	assert_int_equal(record.caller_kind, 'C');
	assert_int_equal(record.caller, 11);
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_true(text_is(record.text, "second"));
	assert_int_equal(record.level, 2);
	assert_int_equal(record.caller_kind, 'T');
	assert_int_equal(record.caller, 4194304);
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_true(text_is(record.text, "and on") && record.continued && record.line == 3);
	log_free(log);
	free(text);
	machine_free(machine);
}

/* Every byte of VMCOREINFO, and every byte of the ring's own structure, changed to something else. */
static void test_ring_hostile(void **state)
{
	static const unsigned char values[] = { 0, 0x7f, 0xff };
	struct machine *machine = machine_new(8, false);
	struct ring ring = ring_new(machine, COUNT_BITS, SIZE_BITS);
	struct kernel_log_report report;

	(void)state;
	ring_add(&ring, 1, 6, 1, "one");
	ring_add(&ring, 2, 6, 1, "two");
	for (size_t i = 0; i < machine->info_length * sizeof values; i++) {
		char *at = &machine->info[i / sizeof values], old = *at;
		*at = (char)values[i % sizeof values];
		free(machine_log(machine, KERNEL_LOG_FULL, &report));
		*at = old;
	}
	size_t begin = ring.descs, length = machine->used - begin;
	for (size_t i = 0; i < length * sizeof values; i++) {
		unsigned char *at = &machine->memory[begin + i / sizeof values], old = *at;
		*at = values[i % sizeof values];
		free(machine_log(machine, KERNEL_LOG_FULL, &report));
		*at = old;
	}
	machine_free(machine);
}

static void test_no_log(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct kernel_log_report report;

	(void)state;
	assert_null(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	machine_tell(machine, "OSRELEASE=6.1.0\nSYMBOL(prb)=ffffffff81000000\n");
	assert_null(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	machine_free(machine);
}

/* VMCOREINFO is gone: the ring is found by its arrays. */
static void check_search_ring(size_t word, bool big_endian)
{
	struct machine *machine = machine_new(word, big_endian);
	struct ring ring = ring_new(machine, 7, 12);
	struct kernel_log_report report, found_report;
	char text[64];

	for (int i = 0; i < 500; i++) {
		snprintf(text, sizeof text, "record %d%.*s", i, i % 13, ", of a machine");
		ring_add(&ring, (uint64_t)i * 1000000, 6, 1, text);
	}
	/* More texts than the ring holds: the oldest are overwritten, as data_make_reusable() lets them be. */
	char *told = machine_log(machine, KERNEL_LOG_FULL, &report);
	machine->dump.vmcoreinfo = TEXT_NONE;
	char *found = machine_log(machine, KERNEL_LOG_FULL, &found_report);
	assert_non_null(told);
	assert_non_null(found);
	assert_string_equal(found, told);
	assert_true(found_report.searched && !report.searched);
	assert_string_equal(found_report.layout, "searched");
	free(told);
	free(found);
	machine_free(machine);
}

static void test_search_ring(void **state)
{
	(void)state;
	check_search_ring(8, false);
	check_search_ring(8, true);
	check_search_ring(4, false);
	check_search_ring(4, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_ring_odd_blocks),
		cmocka_unit_test(test_ring_wrong_numbers),
		cmocka_unit_test(test_ring_wrong_layout),
		cmocka_unit_test(test_ring_ids_lost),
		cmocka_unit_test(test_ring_missing_pages),
		cmocka_unit_test(test_full_is_read_back),
		cmocka_unit_test(test_ring_hostile),
		cmocka_unit_test(test_no_log),
		cmocka_unit_test(test_search_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
