/* crash/: logs of several machines in one. */
#include "crash/hosts.h"

#include "test_crash.h"

static const struct report first = { .cpu = 0, .pid = 100, .comm = "first", .function = "foo_first" };
static const struct report second = { .cpu = 1, .pid = 200, .comm = "second", .function = "foo_second" };

/* The lines of both, in turn, each with what its collector puts in front. */
static void interleave(struct writing *to, const struct writing *a, const char *before_a, const struct writing *b,
                       const char *before_b)
{
	struct text left[] = { { a->bytes, a->length }, { b->bytes, b->length } };
	const char *before[] = { before_a, before_b };

	for (size_t i = 0; left[0].length || left[1].length; i = !i) {
		size_t feed = text_find_char(left[i], '\n');
		if (!left[i].length)
			continue;
		write_line(to, "%s%.*s", before[i], (int)feed, left[i].data);
		left[i] = text_from_offset(left[i], feed + 1);
	}
}

static const struct {
	const char *name, *a, *b, *host_a, *host_b;
} transports[] = {
	{ "syslog", "Jun  5 04:46:22 web1 kernel: ", "Jun  5 04:46:22 web2 kernel: ", "web1", "web2" },
	{ "netconsole", "192.0.2.7 ", "192.0.2.8 ", "192.0.2.7", "192.0.2.8" },
	{ "netconsole through rsyslog", "Jun  5 04:46:22 192.0.2.7 ", "Jun  5 04:46:22 192.0.2.8 ", "192.0.2.7", "192.0.2.8" },
	{ "Xen", "(d1) ", "(d2) ", "", "" },
	{ "Xen, a guest and the host", "", "(d2) ", "", "" },
};

static void check_whole(const struct crash *crash, const struct report *report, const char *host)
{
	assert_text(crash->culprit, report->function, "culprit");
	assert_text(crash->comm, report->comm, "comm");
	assert_text(crash->host, host, "host");
	assert_int_equal(crash->cpu, report->cpu);
	assert_int_equal(crash->frame_count, 3);
	assert_int_equal(crash->module_count, 2);
	assert_false(crash->corrupt);
}

static void test_two_in_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof transports / sizeof *transports; i++) {
		struct writing a = { .time = 100 }, b = { .time = 7000 }, both = { .time = -1 };
		struct crash_list list;
		write_oops(&a, &first);
		write_line(&a, "Kernel panic - not syncing: Fatal exception");
		write_oops(&b, &second);
		interleave(&both, &a, transports[i].a, &b, transports[i].b);
		free(a.bytes);
		free(b.bytes);
		read_written(&both, &list);
		if (list.count != 2)
			fail_msg("%s: %zu crashes", transports[i].name, list.count);
		check_whole(list.items[0], &first, transports[i].host_a);
		check_whole(list.items[1], &second, transports[i].host_b);
		assert_true(list.items[0]->line == 1 && list.items[1]->line == 2);
		assert_text(list.items[0]->panic, "Fatal exception", "panic");
		assert_int_equal(list.items[1]->panic.length, 0);
		assert_true(list.items[0]->boot != list.items[1]->boot);
		crash_list_free(&list);
	}
}

/* Another machine's oops between an oops and its own panic, and the same oops twice are not mixed up. */
static void test_panic_of_the_right_one(void **state)
{
	struct writing a = { .time = 100 }, w = { .time = -1 };
	struct crash_list list;

	(void)state;
	write_oops(&a, &first);
	interleave(&w, &a, "192.0.2.7 ", &(struct writing){ 0 }, "");
	write_quiet(&w, 100);
	interleave(&w, &a, "192.0.2.8 ", &(struct writing){ 0 }, "");
	write_quiet(&w, 100);
	write_line(&w, "192.0.2.7 [  101.000000] Kernel panic - not syncing: Fatal exception");
	free(a.bytes);
	read_written(&w, &list);
	assert_int_equal(list.count, 2);
	assert_text(list.items[0]->host, "192.0.2.7", "host");
	assert_text(list.items[0]->panic, "Fatal exception", "panic");
	assert_int_equal(list.items[1]->panic.length, 0);
	assert_int_equal(list.items[0]->repeats, 0);
	crash_list_free(&list);
}

/* More machines than are told apart: those that are silent longest give way, and none is lost or mixed with another. */
static void test_many(void **state)
{
	enum { MACHINES = 3 * HOSTS_MOST };
	struct writing w = { .time = -1 };
	struct crash_list list;

	(void)state;
	for (int i = 0; i < MACHINES; i++) {
		write_line(&w, "10.0.0.%d [  100.000000] BUG: kernel NULL pointer dereference, address: 0000000000000088", i);
		write_line(&w, "10.0.0.%d [  100.000001] RIP: 0010:foo_%d+0x13/0x30", i, i);
	}
	read_written(&w, &list);
	assert_int_equal(list.count, CRASH_LIST_MOST);
	assert_int_equal(list.dropped, MACHINES - CRASH_LIST_MOST);
	for (size_t i = 0; i < list.count; i++) {
		char host[32], function[32];
		size_t machine = (list.items[i]->line - 1) / 2;
		snprintf(host, sizeof host, "10.0.0.%zu", machine);
		snprintf(function, sizeof function, "foo_%zu", machine);
		assert_text(list.items[i]->host, host, "host");
		assert_text(list.items[i]->culprit, function, "culprit");
	}
	crash_list_free(&list);
}

/* A machine that has not asked for its name yet: what it said of its kernel is remembered. */
static void test_name_in_the_middle(void **state)
{
	struct crash_list list;
	static const char log[] =
		"Jun  5 04:46:20 localhost kernel: Linux version 4.18.0-80.el8.x86_64 (mockbuild@x) (gcc) #1 SMP Wed Mar 13\n"
		"Jun  5 04:46:22 web1 kernel: BUG: kernel NULL pointer dereference, address: 0000000000000088\n"
		"Jun  5 04:46:22 web1 kernel: RIP: 0010:foo+0x13/0x30\n"
		"Jun  5 04:46:22 web2 kernel: BUG: kernel NULL pointer dereference, address: 0000000000000088\n"
		"Jun  5 04:46:22 web2 kernel: RIP: 0010:bar+0x13/0x30\n";

	(void)state;
	find_in(&list, log);
	assert_int_equal(list.count, 2);
	assert_text(list.items[0]->release, "4.18.0-80.el8.x86_64", "release");
	assert_text(list.items[1]->release, "", "release of another machine");
	crash_list_free(&list);
}

/* A machine that dies in the middle of its report does not keep the reading from going fast over all that others say. */
static void test_silent_one_is_finished(void **state)
{
	struct hosts hosts = { .boots = SIZE_MAX };
	struct crash_list list = { .deciding = SIZE_MAX };
	struct record record = { .text = TEXT("BUG: kernel NULL pointer dereference, address: 0000000000000088"),
	                         .host = TEXT("a"), .time_ns = RECORD_NO_TIME, .wall_time = RECORD_NO_TIME };

	(void)state;
	hosts.list = &list;
	hosts_take(&hosts, &record);
	assert_true(hosts_are_open(&hosts));
	record.text = TEXT("usb 1-1: new high-speed USB device");
	record.host = TEXT("b");
	for (int i = 0; i < 10000; i++)
		hosts_take(&hosts, &record);
	assert_false(hosts_are_open(&hosts));
	hosts_finish(&hosts);
	hosts_free(&hosts);
	assert_int_equal(list.count, 1);
	crash_list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_in_turn),       cmocka_unit_test(test_panic_of_the_right_one),
		cmocka_unit_test(test_many),              cmocka_unit_test(test_name_in_the_middle),
		cmocka_unit_test(test_silent_one_is_finished),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
