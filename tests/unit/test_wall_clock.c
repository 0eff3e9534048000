/* base/wall_clock: dates as they are written, and the seconds that they mean. */
#define _DEFAULT_SOURCE /* timegm */
#include "base/wall_clock.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct wall_clock clock_of(int year, int month, int day, int hour, int minute, int second)
{
	return (struct wall_clock){ .year = (uint16_t)year,
				    .month = (unsigned char)month,
				    .day = (unsigned char)day,
				    .hour = (unsigned char)hour,
				    .minute = (unsigned char)minute,
				    .second = (unsigned char)second };
}

static bool same_clock(struct wall_clock a, struct wall_clock b)
{
	return a.year == b.year && a.month == b.month && a.day == b.day && a.hour == b.hour && a.minute == b.minute &&
	       a.second == b.second;
}

static void test_forms(void **state)
{
	static const struct {
		const char *form, *given, *rest;
		struct wall_clock clock;
	} rows[] = {
		{ "B d h:m:s", "Jun  5 04:46:22 host", " host", { 0, 6, 5, 4, 46, 22 } },
		{ "B d h:m:s", "Dec 31 23:59:60", "", { 0, 12, 31, 23, 59, 60 } },
		{ "B d h:m:s", "Jan 7 00:00:00x", "x", { 0, 1, 7, 0, 0, 0 } },
		{ "B d h:m:s", "Mai 15 04:46:22", "", { 0, 0, 15, 4, 46, 22 } },
		{ "Bd h:m", "Jun15 04:46]", "]", { 0, 6, 15, 4, 46, 0 } },
		{ "A B d h:m:s Y", "Tue Jun  5 04:46:22 2018", "", { 2018, 6, 5, 4, 46, 22 } },
		{ "Y-M-DTh:m:s", "2018-06-05T04:46:22.5Z", ".5Z", { 2018, 6, 5, 4, 46, 22 } },
		{ "YMDhm", "202306051200", "", { 2023, 6, 5, 12, 0, 0 } },
		{ "YMDhm",
		  "209999999999",
		  "",
		  { 2099, 99, 99, 99, 99, 0 } }, /* whether there is such a day is not asked here */
	};
	static const struct {
		const char *form, *given;
	} others[] = {
		{ "B d h:m:s", "" },
		{ "B d h:m:s", "Jun" },
		{ "B d h:m:s", "Jun  x 04:46:22" },
		{ "B d h:m:s", "Jun   5 04:46:22" },
		{ "B d h:m:s", "Ju1  5 04:46:22" },
		{ "B d h:m:s", "Jun  5 4:46:22" },
		{ "YMDhm", "20230605120" },
		{ "Y-M-D", "2023-6-05" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text t = text_from(rows[i].given);
		struct wall_clock found;
		if (!wall_clock_eat(&t, rows[i].form, &found))
			fail_msg("'%s' is no %s", rows[i].given, rows[i].form);
		assert_true(text_is(t, rows[i].rest));
		assert_true(same_clock(found, rows[i].clock));
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		struct text t = text_from(others[i].given);
		struct wall_clock found = { .year = 1 };
		if (wall_clock_eat(&t, others[i].form, &found))
			fail_msg("'%s' is a %s", others[i].given, others[i].form);
		assert_true(text_is(t, others[i].given) && found.year == 1 && !found.month);
	}
}

static void test_zones(void **state)
{
	static const struct {
		const char *given, *rest;
		int64_t ahead;
	} rows[] = {
		{ "Z", "", 0 },
		{ "Zulu", "ulu", 0 },
		{ "+00:00 x", " x", 0 },
		{ "+02:00", "", 7200 },
		{ "-0530 x", " x", -19800 },
		{ "+05", "", 18000 },
		{ "-03 x", " x", -10800 },
		{ "UTC", "", 0 },
		{ "CEST host", " host", 7200 },
		{ "EDT)", ")", -14400 },
		{ "+99:99", "", 99 * 3660 },
	};
	static const char *const others[] = {
		"", "+", "-5", "CST", "IST", "CESTX", "utc", " UTC", "+2:00", "+02:", "+02:3"
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text t = text_from(rows[i].given);
		int64_t ahead;
		if (!wall_clock_eat_zone(&t, &ahead) || ahead != rows[i].ahead || !text_is(t, rows[i].rest))
			fail_msg("'%s': rest '%.*s'", rows[i].given, TEXT_ARGS(t));
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		struct text t = text_from(others[i]);
		int64_t ahead = 42;
		if (wall_clock_eat_zone(&t, &ahead))
			fail_msg("'%s' is a zone", others[i]);
		assert_true(text_is(t, others[i]) && ahead == 42);
	}
}

/* The C library counts days too. */
static void test_seconds(void **state)
{
	uint32_t random = 7;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		random = random * 1664525 + 1013904223;
		int64_t day = 365 + (int64_t)(random >> 8) % 2932532, second = (int64_t)(random >> 3) % 86400, found = 0;
		time_t when = (time_t)(day * 86400 + second);
		struct tm tm;
		assert_non_null(gmtime_r(&when, &tm));
		assert_int_equal(timegm(&tm), when);
		struct wall_clock clock =
			clock_of(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		if (!wall_clock_seconds(clock, 0, &found) || found != when)
			fail_msg("%04d-%02d-%02d: %" PRId64 ", expected %" PRId64, clock.year, clock.month, clock.day, found,
				 (int64_t)when);
	}
}

static void test_days_that_are_none(void **state)
{
	static const struct {
		struct wall_clock clock;
		int64_t expected; /* 0: none */
	} rows[] = {
		{ { 2018, 6, 5, 4, 46, 22 }, 1528173982 },
		{ { 2016, 2, 29, 0, 0, 0 }, 1456704000 },
		{ { 2015, 2, 29, 0, 0, 0 }, 0 },
		{ { 2100, 2, 29, 0, 0, 0 }, 0 },
		{ { 2000, 2, 29, 0, 0, 0 }, 951782400 },
		{ { 2018, 6, 31, 0, 0, 0 }, 0 },
		{ { 2018, 0, 5, 0, 0, 0 }, 0 },
		{ { 2018, 13, 5, 0, 0, 0 }, 0 },
		{ { 2018, 6, 0, 0, 0, 0 }, 0 },
		{ { 2018, 6, 5, 24, 0, 0 }, 0 },
		{ { 2018, 6, 5, 0, 60, 0 }, 0 },
		{ { 2018, 6, 5, 0, 0, 61 }, 0 },
		{ { 2016, 12, 31, 23, 59, 60 }, 1483228800 },
		{ { 0, 6, 5, 0, 0, 0 }, 0 },
		{ { 1970, 12, 31, 23, 59, 59 }, 0 },
		{ { 1971, 1, 1, 0, 0, 0 }, 31536000 },
		{ { 9999, 12, 31, 23, 59, 59 }, INT64_C(253402300799) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t found = 0;
		assert_true(wall_clock_seconds(rows[i].clock, 0, &found) == (rows[i].expected != 0));
		assert_int_equal(found, rows[i].expected);
	}
	int64_t found = 0;
	assert_true(wall_clock_seconds(clock_of(2018, 6, 5, 4, 46, 22), 7200, &found));
	assert_int_equal(found, 1528173982 - 7200);
	assert_false(wall_clock_seconds(clock_of(1971, 1, 1, 0, 0, 0), 1, &found));
	assert_false(wall_clock_seconds(clock_of(9999, 12, 31, 23, 59, 59), -1, &found));
	assert_false(wall_clock_plausible(INT64_MIN) || wall_clock_plausible(-1) || wall_clock_plausible(0) ||
		     wall_clock_plausible(INT64_MAX));
}

static int64_t seconds(int year, int month, int day, int hour)
{
	int64_t found = 0;

	assert_true(wall_clock_seconds(clock_of(year, month, day, hour, 0, 0), 0, &found));
	return found;
}

static void test_year(void **state)
{
	const struct {
		struct wall_clock clock;
		int64_t written, expected; /* 0: none */
	} rows[] = {
		{ clock_of(0, 6, 5, 4, 0, 0), seconds(2018, 6, 5, 5), seconds(2018, 6, 5, 4) },
		{ clock_of(0, 6, 5, 4, 0, 0), seconds(2018, 12, 31, 23), seconds(2018, 6, 5, 4) },
		{ clock_of(0, 6, 5, 4, 0, 0), seconds(2018, 6, 4, 4),
		  seconds(2018, 6, 5, 4) }, /* a day behind: another zone */
		{ clock_of(0, 6, 5, 4, 0, 0), seconds(2018, 6, 4, 3), seconds(2017, 6, 5, 4) },
		{ clock_of(0, 12, 31, 23, 0, 0), seconds(2019, 1, 1, 0), seconds(2018, 12, 31, 23) },
		{ clock_of(0, 1, 1, 0, 0, 0), seconds(2018, 12, 31, 23), seconds(2019, 1, 1, 0) },
		{ clock_of(0, 2, 29, 0, 0, 0), seconds(2019, 6, 1, 0), seconds(2016, 2, 29, 0) },
		{ clock_of(0, 2, 29, 0, 0, 0), seconds(2104, 1, 1, 0), seconds(2096, 2, 29, 0) },
		{ clock_of(0, 2, 30, 0, 0, 0), seconds(2019, 6, 1, 0), 0 },
		{ clock_of(0, 0, 5, 0, 0, 0), seconds(2019, 6, 1, 0), 0 },
		{ clock_of(0, 6, 5, 4, 0, 0), 0, 0 },
		{ clock_of(0, 6, 5, 4, 0, 0), INT64_MIN, 0 },
		{ clock_of(0, 6, 5, 4, 0, 0), INT64_MAX, 0 },
		{ clock_of(0, 6, 5, 4, 0, 0), 31536000, 0 },
		{ clock_of(0, 6, 5, 4, 0, 0), INT64_C(253402300799), seconds(9999, 6, 5, 4) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t found = 0;
		bool any = wall_clock_seconds_before(rows[i].clock, rows[i].written, &found);
		if (any != (rows[i].expected != 0) || found != rows[i].expected)
			fail_msg("row %zu: %" PRId64 ", expected %" PRId64, i, found, rows[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),   cmocka_unit_test(test_zones),
		cmocka_unit_test(test_seconds), cmocka_unit_test(test_days_that_are_none),
		cmocka_unit_test(test_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
