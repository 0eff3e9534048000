/* log/ and crash/: who wrote a record and when, as transports say it. */
#include "log/log.h"

#include "test_log.h"

#include "test_crash.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { SEEDS = 1528173982 }; /* 2018-06-05 04:46:22 UTC */

struct origin {
	const char *line; /* its record's text is "text" */
	const char *host; /* NULL: not said */
	int64_t wall_time;
	bool zone_said;
	struct wall_clock clock;
};

#define NEVER RECORD_NO_TIME
#define JUNE_5(second)                                                                                                      \
	{                                                                                                                   \
		0, 6, 5, 4, 46, second                                                                                      \
	}

static const struct origin origins[] = {
	{ "text", NULL, NEVER, false, { 0 } },
	{ "[    5.140900] text", NULL, NEVER, false, { 0 } },
	{ "<4>text", NULL, NEVER, false, { 0 } },
	{ "6,339,5140900,-;text", NULL, NEVER, false, { 0 } },
	{ "Jun  5 04:46:22 web1 kernel: text", "web1", NEVER, false, JUNE_5(22) },
	{ "Jun  5 04:46:22.123456 web1 kernel: [    5.140900] text", "web1", NEVER, false, JUNE_5(22) },
	{ "<4>Jun 5 04:46:22 10.0.0.1 kernel: text", "10.0.0.1", NEVER, false, JUNE_5(22) },
	{ "Jun  5 04:46:22 web1 kern.warn kernel: text", "web1", NEVER, false, JUNE_5(22) },
	{ "Jun  5 04:46:22 kernel: text", NULL, NEVER, false, JUNE_5(22) },
	{ "Jum  5 04:46:22 web1 kernel: text", "web1", NEVER, false, { 0, 0, 5, 4, 46, 22 } },
	{ "> > Jun  5 04:46:22 web1 kernel: text", "web1", NEVER, false, JUNE_5(22) },
	{ "\033[32mJun  5 04:46:22 web1\033[0m kernel: text", "web1", NEVER, false, JUNE_5(22) },
	{ "2018-06-05T04:46:22Z web1 kernel: text", "web1", SEEDS, true, { 0 } },
	{ "2018-06-05T06:46:22.003456+02:00 web1.example.org kernel: text", "web1.example.org", SEEDS, true, { 0 } },
	{ "2018-06-04T23:16:22-0530 web1 kernel: text", "web1", SEEDS, true, { 0 } },
	{ "2018-06-05T04:46:22 web1 kernel: text", "web1", SEEDS, false, { 0 } },
	{ "2018-06-31T04:46:22Z web1 kernel: text", "web1", NEVER, false, { 0 } },
	{ "Tue 2018-06-05 04:46:22 UTC web1 kernel: text", "web1", SEEDS, true, { 0 } },
	{ "Tue 2018-06-05 06:46:22.123456 CEST web1 kernel: text", "web1", SEEDS, true, { 0 } },
	{ "Tue 2018-06-05 07:46:22 +03 web1 kernel: text", "web1", SEEDS, true, { 0 } },
	{ "Tue 2018-06-05 04:46:22 CST web1 kernel: text", "web1", SEEDS, false, { 0 } },
	{ "1528173982.123456 web1 kernel: text", "web1", SEEDS, true, { 0 } },
	{ "0000000001.123456 web1 kernel: text", "web1", NEVER, false, { 0 } },
	{ "[   23.367864] web1 kernel: text", "web1", NEVER, false, { 0 } },
	{ "<4>1 2018-06-05T04:46:22.003Z web1 kernel - - - text", "web1", SEEDS, true, { 0 } },
	{ "<4>1 - web1 kernel - - - text", "web1", NEVER, false, { 0 } },
	{ "<4>1 2018-06-05T04:46:22.003Z - kernel - - - text", NULL, SEEDS, true, { 0 } },
	{ "[Tue Jun  5 04:46:22 2018] text", NULL, SEEDS, false, { 0 } },
	{ "[Tue Jun  5 04:46:22 2018 <    0.000012>] text", NULL, SEEDS, false, { 0 } },
	{ "kern  :emerg : [Tue Jun 5 04:46:22 2018] text", NULL, SEEDS, false, { 0 } },
	{ "[Jun 5 04:46] text", NULL, NEVER, false, JUNE_5(0) },
	{ "[Jun05 04:46] text", NULL, NEVER, false, JUNE_5(0) },
	{ "[  +0.000012] text", NULL, NEVER, false, { 0 } },
	{ "2018-06-05T06:46:22,123456+02:00 text", NULL, SEEDS, true, { 0 } },
};

/* The journal's own: microseconds since 1970, that of the sender before that of the receiver, whatever their order. */
static const struct origin journal_origins[] = {
	{ "{\"MESSAGE\":\"text\",\"_TRANSPORT\":\"kernel\"}", NULL, NEVER, true, { 0 } },
	{ "{\"MESSAGE\":\"text\",\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"web1\",\"__REALTIME_TIMESTAMP\":"
	  "\"1528173982999999\"}",
	  "web1",
	  SEEDS,
	  true,
	  { 0 } },
	{ "{\"_SOURCE_REALTIME_TIMESTAMP\":\"1528173982000000\",\"MESSAGE\":\"text\",\"_TRANSPORT\":\"kernel\",\"__REALTIME_"
	  "TIMESTAMP\":\"1528173990000000\"}",
	  NULL,
	  SEEDS,
	  true,
	  { 0 } },
	{ "{\"__REALTIME_TIMESTAMP\":\"1528173990000000\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1528173982000000\",\"MESSAGE\":"
	  "\"text\",\"_TRANSPORT\":\"kernel\"}",
	  NULL,
	  SEEDS,
	  true,
	  { 0 } },
	{ "{\"MESSAGE\":\"text\",\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":\"\",\"__REALTIME_TIMESTAMP\":"
	  "\"99999999999999999999999\"}",
	  NULL,
	  NEVER,
	  true,
	  { 0 } },
	{ "{\"MESSAGE\":\"text\",\"_TRANSPORT\":\"kernel\",\"_HOSTNAME\":7,\"__REALTIME_TIMESTAMP\":"
	  "\"18446744073709551615\"}",
	  NULL,
	  NEVER,
	  true,
	  { 0 } },
	{ "__CURSOR=s=1\n_TRANSPORT=kernel\n_HOSTNAME=web1\n__REALTIME_TIMESTAMP=1528173982999999\nMESSAGE=text\n",
	  "web1",
	  SEEDS,
	  true,
	  { 0 } },
	{ "__CURSOR=s=1\n_HOSTNAME=a\n_HOSTNAME=web1\n_TRANSPORT=kernel\nMESSAGE=text\n_SOURCE_REALTIME_TIMESTAMP="
	  "1528173982000000\n\n",
	  "web1",
	  SEEDS,
	  true,
	  { 0 } },
};

static bool same_clock(struct wall_clock a, struct wall_clock b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day && a.hour == b.hour && a.minute == b.minute &&
	       a.second == b.second;
}

static void check_origin(const struct origin *origin, size_t step)
{
	struct stepping stepping = stepping_over(text_from(origin->line), step);
	struct log *log = log_new(&stepping.source);
	struct record record;
	struct error error;

	assert_non_null(log);
	if (log_next(log, &record, &error) != LOG_RECORD || !text_is(record.text, "text"))
		fail_msg("'%s': no record", origin->line);
	if (!text_is(record.host, origin->host ? origin->host : "") || record.wall_time != origin->wall_time ||
	    !same_clock(record.clock, origin->clock) || (record.wall_time != NEVER && record.zone_said != origin->zone_said))
		fail_msg("'%s': host '%.*s', time %" PRId64 "%s, clock of month %d", origin->line, TEXT_ARGS(record.host),
			 record.wall_time, record.zone_said ? " UTC" : "", record.clock.month);
	assert_int_equal(log_next(log, &record, &error), LOG_END);
	log_free(log);
	stepping_end(&stepping);
}

static void test_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(origins); i++) {
		check_origin(&origins[i], 1);
		check_origin(&origins[i], 4096);
	}
}

static void test_journal(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(journal_origins); i++) {
		check_origin(&journal_origins[i], 1);
		check_origin(&journal_origins[i], 4096);
	}
}

/* An entry's host is not that of the entry before. */
static void test_entries_do_not_mix(void **state)
{
	static const char log_text[] =
		"__CURSOR=s=1\n_TRANSPORT=kernel\n_HOSTNAME=web1\n__REALTIME_TIMESTAMP=1528173982000000\nMESSAGE=a\n\n"
		"__CURSOR=s=2\n_TRANSPORT=kernel\nMESSAGE=b\n\n";
	struct stepping stepping = stepping_over(text_from(log_text), 5);
	struct log *log = log_new(&stepping.source);
	struct record record;
	struct error error;

	(void)state;
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_true(text_is(record.host, "web1") && record.wall_time == SEEDS);
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_true(text_is(record.text, "b") && !record.host.length && record.wall_time == NEVER);
	log_free(log);
	stepping_end(&stepping);
}

/* ---- a crash has that of its headline ---- */

#define BODY(front)                                                                                                         \
	front "RIP: 0010:foo+0x13/0x30\n" front "RAX: 0000000000000000 RBX: ffff8e48c214a180 RCX: 0000000100000000\n" front \
	      "Call Trace:\n" front " bar+0x23/0x80\n" front "---[ end trace 0000000000000000 ]---\n"
#define HEADLINE "BUG: kernel NULL pointer dereference, address: 0000000000000088\n"

static void test_crash_has_that_of_its_headline(void **state)
{
	struct crash_list list = { 0 };
	const struct crash *crash = find_one(
		&list, "2018-06-05T04:46:20Z web1 kernel: ------------[ cut here ]------------\n"
		       "2018-06-05T06:46:22+02:00 web1 kernel: " HEADLINE BODY("2018-06-05T04:46:23 web1 kernel: "));

	(void)state;
	assert_text(crash->host, "web1", "host");
	assert_int_equal(crash->wall_time, SEEDS);
	assert_true(crash->zone_said);
	assert_int_equal(crash->clock.month, 0);
	crash_list_free(&list);
}

static void test_crash_has_that_of_the_first_record_that_says_it(void **state)
{
	struct crash_list list = { 0 };
	const struct crash *crash = find_one(&list, HEADLINE BODY("Jun  5 04:46:22 web1 kernel: "));

	(void)state;
	assert_text(crash->host, "web1", "host");
	assert_true(crash->wall_time == NEVER && crash->clock.month == 6 && crash->clock.second == 22);
	crash_list_free(&list);
}

static void test_crash_of_a_log_that_does_not_say_it(void **state)
{
	struct crash_list list = { 0 };
	const struct crash *crash = find_one(&list, HEADLINE BODY("[    5.140900] "));

	(void)state;
	assert_true(!crash->host.length && crash->wall_time == NEVER && !crash->clock.month);
	crash_list_free(&list);
}

static void test_long_host(void **state)
{
	char host[2000], line[16000] = "", name[2100];
	struct crash_list list = { 0 };

	(void)state;
	memset(host, 'h', sizeof host - 1);
	host[sizeof host - 1] = '\0';
	snprintf(name, sizeof name, "Jun  5 04:46:22 %s kernel: ", host);
	snprintf(line, sizeof line, "%s" HEADLINE "%sRIP: 0010:foo+0x13/0x30\n%sCall Trace:\n", name, name, name);
	assert_int_equal(find_one(&list, line)->host.length, 255);
	crash_list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_journal),
		cmocka_unit_test(test_entries_do_not_mix),
		cmocka_unit_test(test_crash_has_that_of_its_headline),
		cmocka_unit_test(test_crash_has_that_of_the_first_record_that_says_it),
		cmocka_unit_test(test_crash_of_a_log_that_does_not_say_it),
		cmocka_unit_test(test_long_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
