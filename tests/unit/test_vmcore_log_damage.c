/* vmcore/: records of 3.5 to 5.9 in damaged buffers and by searching; logs of both sorts that claim to be endless. */
#include "test_vmcore_records.h"
#include "test_vmcore_ring.h"

#include "vmcore/kernel_log_memory.h"

enum { ROUNDS_SIZE = 3 * PAGE, RECORDS = 420 };

/* A buffer that was gone round more than twice. What an older round left behind the mark at its end are whole records. */
struct rounds {
	struct machine *machine;
	struct records records;
	size_t index[RECORDS]; /* where each record begins in the buffer */
	size_t oldest;         /* the first record that is there still */
	size_t last;           /* the last before the mark */
};

static void add_record(struct rounds *rounds, size_t i)
{
	char text[64];

	snprintf(text, sizeof text, "record %zu%.*s", i, (int)(i * 7 % 23), ", of a quiet machine");
	rounds->index[i] = records_add(&rounds->records, i * UINT64_C(1100000000), 6, 1, text);
}

static struct rounds rounds_new(void)
{
	struct rounds rounds = { .machine = machine_new(8, false) };

	rounds.records = records_new(rounds.machine, "4.19.0", "printk_log", HEADER, ROUNDS_SIZE);
	for (size_t i = 0; i < RECORDS; i++)
		add_record(&rounds, i);
	/* Of the round before, those that begin behind the newest and the room that log_make_free_space() keeps. */
	for (rounds.last = RECORDS - 1; rounds.index[rounds.last - 1] < rounds.index[rounds.last]; rounds.last--)
		;
	rounds.last--;
	for (rounds.oldest = rounds.last; rounds.index[rounds.oldest] > rounds.records.at + 2 * HEADER; rounds.oldest--)
		;
	rounds.oldest++;
	machine_put(rounds.machine, rounds.records.first, 4, rounds.index[rounds.oldest]);
	assert_true(rounds.last > rounds.oldest + 40);
	return rounds;
}

static size_t place_of(const struct rounds *rounds, size_t record)
{
	return rounds->records.buffer + rounds->index[record];
}

/* Makes the header one that no record has; unharm() puts it back. */
static unsigned char harm(const struct rounds *rounds, size_t record)
{
	unsigned char *length = &rounds->machine->memory[place_of(rounds, record) + 8], old = *length;

	*length = old ^ 1;
	return old;
}

static void unharm(const struct rounds *rounds, size_t record, unsigned char old)
{
	rounds->machine->memory[place_of(rounds, record) + 8] = old;
}

/* Every record is there once, in order, but those from `from` up to and with `to`. */
static void assert_all_but(const struct rounds *rounds, size_t from, size_t to, struct kernel_log_report *report)
{
	char *log = machine_log(rounds->machine, KERNEL_LOG_PLAIN, report), *at = log, wanted[32];

	assert_non_null(log);
	assert_false(report->searched);
	for (size_t i = rounds->oldest; i < RECORDS; i++) {
		if (i >= from && i <= to)
			continue;
		snprintf(wanted, sizeof wanted, "] record %zu", i);
		char *found = strstr(at, "] record ");
		if (!found || strncmp(found, wanted, strlen(wanted)) != 0)
			fail_msg("%s was expected where there is: %.40s", wanted, found ? found : at);
		at = found + 1;
	}
	assert_null(strstr(at, "] record "));
	free(log);
}

/* Few good records, or none, are left between the damage and the mark at the buffer's end: none of them is lost. */
static void test_damage_before_the_mark(void **state)
{
	struct rounds rounds = rounds_new();
	struct kernel_log_report report;

	(void)state;
	assert_all_but(&rounds, RECORDS, RECORDS, &report);
	assert_int_equal(report.unreadable, 0);
	for (size_t good = 0; good < 6; good++) {
		size_t damaged = rounds.last - good;
		unsigned char old = harm(&rounds, damaged);
		assert_all_but(&rounds, damaged, damaged, &report);
		assert_int_equal(report.unreadable, 1);
		assert_int_equal(report.senseless, 1);
		unharm(&rounds, damaged, old);
	}
	machine_free(rounds.machine);
}

/* Two or three good records between two damaged ones are given; one alone is lost, and the loss is told. */
static void test_between_two_damaged_places(void **state)
{
	struct rounds rounds = rounds_new();
	struct kernel_log_report report;
	char told[64];

	(void)state;
	for (size_t good = 1; good < 5; good++) {
		size_t first = rounds.oldest + 10, second = first + good + 1;
		unsigned char old = harm(&rounds, first), other = harm(&rounds, second);
		char *log = machine_log(rounds.machine, KERNEL_LOG_PLAIN, &report);
		assert_non_null(log);
		for (size_t i = first; i <= second; i++) {
			snprintf(told, sizeof told, "] record %zu", i);
			bool given = strstr(log, told);
			assert_int_equal(given, good > 1 && i != first && i != second);
		}
		free(log);
		assert_int_equal(report.unreadable, good > 1 ? 2 : 1);
		snprintf(told, sizeof told, "; %zu bytes were skipped up to the next record",
			 rounds.index[good > 1 ? first + 1 : second + 1] - rounds.index[first]);
		assert_non_null(strstr(report.first.message, told));
		unharm(&rounds, first, old);
		unharm(&rounds, second, other);
	}
	machine_free(rounds.machine);
}

/* A header of zeros far from the buffer's end is damage, not the mark: what follows is not lost. */
static void test_zeros_are_no_mark(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct records records = records_new(machine, "4.19.0", "printk_log", HEADER, 5 * PAGE);
	struct kernel_log_report report;
	size_t index[400];

	(void)state;
	for (size_t i = 0; i < 400; i++)
		index[i] =
			records_add(&records, i * UINT64_C(1000000), 6, 1, "forty-four bytes, and the header makes sixty");
	size_t oldest = 400 - 5 * PAGE / 60 + 3;
	assert_true(index[oldest] > records.at && index[oldest + 1] + 8192 + 2 * HEADER < records.size);
	machine_put(machine, records.first, 4, index[oldest]);
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_int_equal(report.records, 400 - oldest);
	memset(machine->memory + records.buffer + index[oldest + 1], 0, HEADER);
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_int_equal(report.records, 400 - oldest - 1);
	assert_int_equal(report.unreadable, 1);
	machine_free(machine);
}

/* A record without text that ends where memory does, and the block that is searched: nothing is read behind it. */
static void test_search_to_the_end_of_memory(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct kernel_log_report report;
	size_t whole = HEADER + 20;
	struct records records = { .machine = machine, .size = 24 * whole + HEADER, .header = HEADER };

	(void)state;
	records.buffer = MEMORY - records.size;
	records.next = 0;
	for (size_t i = 0; i < 24; i++)
		records_add(&records, i * UINT64_C(1000000000), 6, 1, "text of twenty bytes");
	machine_put(machine, MEMORY - HEADER, 8, UINT64_C(24000000000));
	machine_put(machine, MEMORY - HEADER + 8, 2, HEADER);
	char *log = machine_log(machine, KERNEL_LOG_PLAIN, &report);
	assert_non_null(log);
	assert_true(report.searched);
	assert_non_null(strstr(log, "[   23.000000] text of twenty bytes\n[   24.000000] \n"));
	free(log);
	machine_free(machine);
}

static char *search_short(size_t count, const char *first, struct kernel_log_report *report)
{
	struct machine *machine = machine_new(8, false);
	struct records records = records_new(machine, "4.9.0", "printk_log", HEADER, 4 * PAGE);
	char text[64];

	for (size_t i = 0; i < count; i++) {
		snprintf(text, sizeof text, "%s, record %zu", i ? "a quiet machine" : first, i);
		records_add(&records, i * UINT64_C(1100000000), 6, 1, text);
	}
	machine->dump.vmcoreinfo = TEXT_NONE;
	char *log = machine_log(machine, KERNEL_LOG_PLAIN, report);
	machine_free(machine);
	return log;
}

/* Logs that end in the page where they begin. */
static void test_search_short(void **state)
{
	struct kernel_log_report report;

	(void)state;
	for (size_t count = 20; count < 60; count += 13) {
		char *log = search_short(count, "any text", &report);
		assert_non_null(log);
		assert_true(report.searched);
		assert_int_equal(report.records, count);
		free(log);
	}
	char *log = search_short(8, "Linux version 4.9.0 (made-up)", &report);
	assert_non_null(log);
	assert_int_equal(report.records, 8);
	free(log);
	assert_null(search_short(8, "any text", &report));
}

/* Every address leads to the same page. */
static enum memory_status read_one_page(struct dump *dump, uint64_t address, void *buffer, size_t length,
					struct error *error)
{
	const struct machine *machine = dump->state;
	unsigned char *to = buffer;

	(void)error;
	while (length) {
		size_t at = address % PAGE, piece = PAGE - at < length ? PAGE - at : length;
		memcpy(to, machine->memory + at, piece);
		to += piece;
		address += piece;
		length -= piece;
	}
	return MEMORY_OK;
}

static bool has_remark(const struct dump *dump, const char *words)
{
	for (size_t i = 0; i < dump->remark_count; i++)
		if (text_find(dump->remarks[i], words) != SIZE_MAX)
			return true;
	return false;
}

/* A log of 1 GiB in which nothing is a record: it ends soon, and that it was not read is told. */
static void test_endless_records(void **state)
{
	static const struct dump_reader reader = { .read_physical = read_one_page, .read_virtual = read_one_page };
	struct machine *machine = machine_new(8, false);
	struct kernel_log_report report;

	(void)state;
	machine->dump.reader = &reader;
	machine->used = 0;
	struct records records = records_new(machine, "4.19.0", "printk_log", HEADER, 1024);
	/* The variables are in the page as well, behind the buffer: log_buf_len before log_first_idx. */
	machine_put(machine, records.first - 64, 4, 0x3ffffffc);
	machine_put(machine, records.next, 4, 0x3ffffffc);
	for (size_t i = 0; i < 1024; i++)
		machine->memory[i] = 0xff;
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_true(report.unreadable > 0 || !report.layout);
	assert_true(has_remark(&machine->dump, "hold no records"));
	machine_free(machine);
}

/* The same of a ring with 2^26 ids, of which none has a record. */
static void test_endless_ring(void **state)
{
	static const struct dump_reader reader = { .read_physical = read_one_page, .read_virtual = read_one_page };
	struct machine *machine = machine_new(8, false);
	struct kernel_log_report report;

	(void)state;
	machine->dump.reader = &reader;
	machine->used = 0;
	struct ring ring = ring_new(machine, COUNT_BITS, SIZE_BITS);
	size_t at = ring.head - 3 * 8;
	assert_true(machine->used <= PAGE);
	machine_put(machine, at, 4, 26);
	/* Lower addresses, so that arrays of gigabytes fit in; the descriptors are of other ids, but used. */
	machine_put(machine, at + 8, 8, machine_address(machine, ring.descs) - (UINT64_C(1) << 40));
	machine_put(machine, at + 16, 8, machine_address(machine, ring.infos) - (UINT64_C(1) << 40));
	machine_put(machine, ring.head, 8, (UINT64_C(1) << 32) + 5);
	machine_put(machine, ring.tail, 8, (UINT64_C(1) << 32) + 6 - (UINT64_C(1) << 26));
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_true(has_remark(&machine->dump, "more than 262144 ids without a record"));
	machine_free(machine);
}

/* No more memory than the machine had can be its log's. */
static void test_larger_than_the_machine(void **state)
{
	struct machine *machine = machine_new(8, false);
	struct records records = records_new(machine, "4.19.0", "printk_log", HEADER, 5 * PAGE);
	struct kernel_log_report report;

	(void)state;
	for (size_t i = 0; i < 30; i++)
		records_add(&records, i * UINT64_C(1000000000), 6, 1, "a record");
	machine->dump.memory = 5 * PAGE;
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_false(report.searched);
	machine->dump.memory = 5 * PAGE - 1;
	free(machine_log(machine, KERNEL_LOG_PLAIN, &report));
	assert_true(report.searched);
	assert_non_null(strstr(report.first.message,
			       "log_buf_len of 20480 bytes makes no sense: the machine had 20479 bytes of memory"));
	machine_free(machine);
}

static enum memory_status read_nothing(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error)
{
	(void)buffer;
	(void)length;
	++*(size_t *)dump->state;
	error_set(error, "nothing at 0x%llx", (unsigned long long)address);
	return MEMORY_ABSENT;
}

/* Pieces that cannot be read end a run when they are too many, and each costs no more than a few reads. */
static void test_endless_nothing(void **state)
{
	static const struct dump_reader reader = { .read_physical = read_nothing, .read_virtual = read_nothing };
	size_t reads = 0, pieces = 0, available;
	struct dump dump = { .reader = &reader, .state = &reads, .word = 8 };
	struct memory_window window;
	struct error error = { 0 };

	(void)state;
	assert_true(memory_window_open(&window, &dump, false, 0, UINT64_C(1) << 40, 65536, &error));
	for (uint64_t at = 0; at < window.size; at = window.lost_end, pieces++)
		assert_null(memory_window_peek(&window, at, 100, &available, &error));
	assert_int_equal(pieces, MEMORY_LOSSES_MOST + 1);
	assert_true(reads < pieces * 2 + 5000);
	assert_true(has_remark(&dump, "those behind them were not read"));
	memory_window_close(&window);
	arena_free(&dump.arena);
}

/* Memory of which the first page is missing and only a part of the second is there, as it is before a cut. */
static enum memory_status read_part(struct dump *dump, uint64_t address, void *buffer, size_t length, struct error *error)
{
	(void)dump;
	memset(buffer, 1, length);
	if (address >= PAGE && address + length <= 2 * PAGE - 1001)
		return MEMORY_OK;
	error_set(error, "it is missing");
	return MEMORY_CUT;
}

static void test_part_of_a_page(void **state)
{
	static const struct dump_reader reader = { .read_physical = read_part };
	struct dump dump = { .reader = &reader, .word = 8 };
	struct memory_window window;
	struct error error = { 0 };
	size_t available;

	(void)state;
	assert_true(memory_window_open(&window, &dump, true, 0, 4 * PAGE, 65536, &error));
	assert_null(memory_window_peek(&window, 0, 100, &available, &error));
	assert_int_equal(window.lost_end, PAGE);
	assert_non_null(memory_window_peek(&window, PAGE, PAGE, &available, &error));
	assert_in_range(available, PAGE - 1001 - 7, PAGE - 1001);
	assert_int_equal(window.lost_end, 2 * PAGE);
	assert_string_equal(error.message, "it is missing");
	memory_window_close(&window);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_damage_before_the_mark), cmocka_unit_test(test_between_two_damaged_places),
		cmocka_unit_test(test_zeros_are_no_mark),      cmocka_unit_test(test_search_to_the_end_of_memory),
		cmocka_unit_test(test_search_short),           cmocka_unit_test(test_endless_records),
		cmocka_unit_test(test_endless_ring),           cmocka_unit_test(test_larger_than_the_machine),
		cmocka_unit_test(test_endless_nothing),        cmocka_unit_test(test_part_of_a_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
