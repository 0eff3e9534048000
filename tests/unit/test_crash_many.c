/* crash/: logs that are too much: long traces, ten thousand crashes, garbled bytes. */
#include "test_crash.h"

static const struct report first = { .cpu = 0, .pid = 100, .comm = "first", .function = "foo_first" };
static const struct report second = { .cpu = 1, .pid = 200, .comm = "second", .function = "foo_second" };

static void test_limits(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	write_line(&w, "BUG: kernel NULL pointer dereference, address: 0000000000000088");
	write_line(&w, "RIP: 0010:foo_write+0x14/0x90");
	write_line(&w, "Call Trace:");
	for (int i = 0; i < 5000; i++)
		write_line(&w, " frame_%d+0x1/0x2", i);
	write_line(&w, "---[ end trace 0000000000000000 ]---");
	write_quiet(&w, 100);
	write_soft_lockup(&w, &second);
	read_written(&w, &list);
	assert_true(list.count == 2 && list.deciding == 0);
	assert_int_equal(list.items[0]->frame_count, CRASH_FRAMES_MOST);
	assert_true(list.items[0]->record_count <= CRASH_RECORDS_MOST);
	crash_list_free(&list);
}

/* Ten thousand crashes, none like another: as many are kept as are promised, and among them the one that the kernel died of. */
static void test_many(void **state)
{
	static const int fatal_ones[] = { 0, 50, 99, 100, 5000, 9999 };

	(void)state;
	for (size_t i = 0; i < sizeof fatal_ones / sizeof *fatal_ones; i++) {
		struct writing w = { .time = 100 };
		struct crash_list list;
		size_t line = 0;
		for (int n = 0; n < 10000; n++) {
			char function[40];
			struct report report = { .pid = n + 1, .function = function };
			snprintf(function, sizeof function, "foo_%d", n);
			w.time += 100;
			bool fatal = n == fatal_ones[i];
			line = fatal ? w.lines + 1 : line;
			(fatal ? write_soft_lockup : i % 2 ? write_warning : write_oops)(&w, &report);
			if (fatal) {
				write_line(&w, "Kernel panic - not syncing: softlockup: hung tasks");
				write_line(&w, "Linux version 6.1.0-9-amd64 (debian@x) (gcc-12) #1 SMP Debian 6.1.27-1");
			}
		}
		write_quiet(&w, 100);
		read_written(&w, &list);
		assert_int_equal(list.count, CRASH_LIST_MOST);
		assert_int_equal(list.dropped, 10000 - CRASH_LIST_MOST);
		const struct crash *deciding = list.items[list.deciding];
		assert_int_equal(deciding->line, line);
		assert_int_equal(deciding->kind, CRASH_SOFT_LOCKUP);
		crash_list_free(&list);
	}
}

/* The oops that ends the log, as kdump leaves it, comes last and is kept, however many there were before. */
static void test_many_before_the_last(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	for (int n = 0; n < 300; n++) {
		char function[40];
		snprintf(function, sizeof function, "foo_%d", n);
		w.time += 100;
		write_oops(&w, &(struct report){ .pid = n + 1, .function = function });
	}
	read_written(&w, &list);
	struct text culprit = list.items[list.deciding]->culprit;
	bool last = text_is(culprit, "foo_299");
	crash_list_free(&list);
	assert_true(last);
}

/* A syslog of more boots than crashes are kept, each ended by a panic: the last one decides. */
static void test_many_panics(void **state)
{
	struct writing w = { .time = 100 };
	struct crash_list list;

	(void)state;
	for (int n = 0; n < 150; n++) {
		char function[40];
		snprintf(function, sizeof function, "foo_%d", n);
		write_line(&w, "Linux version 6.1.0-9-amd64 (debian@x) (gcc-12) #1 SMP Debian 6.1.27-1");
		write_oops(&w, &(struct report){ .pid = n + 1, .function = function });
		write_line(&w, "Kernel panic - not syncing: Fatal exception");
	}
	read_written(&w, &list);
	bool last = text_is(list.items[list.deciding]->culprit, "foo_149");
	crash_list_free(&list);
	assert_true(last);
}

/* Bytes changed, taken out and doubled at random: whatever comes of it, it must be in order. */
static void test_garbled(void **state)
{
	uint32_t seed = 7;
	struct writing w = { .time = 100 };

	(void)state;
	write_out_of_memory(&w);
	write_oops(&w, &first);
	write_warning(&w, &second);
	write_soft_lockup(&w, &first);
	write_hung_task(&w, &second);
	write_line(&w, "Kernel panic - not syncing: hung_task: blocked tasks");
	for (int round = 0; round < 3000; round++) {
		char *copy = malloc(w.length);
		struct crash_list list;
		assert_non_null(copy);
		memcpy(copy, w.bytes, w.length);
		size_t length = w.length;
		for (int change = 0; change < 1 + round % 40; change++) {
			seed = seed * 1664525 + 1013904223;
			size_t at = (seed >> 8) % (length - 100), size = (seed >> 4) % 60;
			if (seed >> 30 == 0)
				copy[at] = "\n\0 [:<\xff+"[size % 8];
			else if (seed >> 30 == 1)
				memmove(copy + at, copy + at + size, length - at - size), length -= length > w.length / 2 ? size : 0;
			else
				memmove(copy + at, copy + (at + 50 * size) % (length - 100), size);
		}
		find_in_bytes(&list, copy, length);
		for (size_t i = 0; i < list.count; i++) {
			const struct crash *crash = list.items[i];
			assert_true(crash->line >= 1 && crash->end_line >= crash->line && crash->end_line <= list.lines + 1);
			assert_true(crash->title.length > 0 && crash->record_count <= CRASH_RECORDS_MOST);
		}
		assert_true(list.count ? list.deciding < list.count : list.deciding == SIZE_MAX);
		crash_list_free(&list);
		free(copy);
	}
	free(w.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_garbled),
		cmocka_unit_test(test_many_before_the_last),
		cmocka_unit_test(test_many_panics),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
