/* What is written of a fleet that does not fit on a page: what is left out, and how that is said; and crashes over time. */
#define _GNU_SOURCE /* open_memstream */
#include "test_fleet_output.h"

#include "output/fleet_chart.h"
#include "output/fleet_reasons.h"

/* ---- many ---- */

static struct fleet fleet_of_groups(size_t groups, size_t crashes_each)
{
	struct fleet fleet = { 0 };

	for (size_t i = 0; i < groups * crashes_each; i++) {
		char path[40], key[40], host[40];
		snprintf(path, sizeof path, "/var/crash/%06zu/vmcore", i);
		snprintf(key, sizeof key, "%016zx", i % groups);
		snprintf(host, sizeof host, "host%zu", i);
		struct sighting sighting = unknown_crash(path, "", key, FIRST_DAY + (int64_t)i);
		sighting.host = text_from(host);
		add(&fleet, sighting);
	}
	finish(&fleet);
	return fleet;
}

static void test_many_groups(void **state)
{
	struct fleet fleet = fleet_of_groups(500, 1);
	char *table = written(&fleet, TABLE, 80, false);

	(void)state;
	assert_contains(table, "\n50        1  unknown  2026-01-01  2026-01-01  no   host450");
	assert_lacks(table, "\n51  ");
	assert_contains(table, "\nand 450 more: kdump-triage report\n");
	assert_contains(table, "fingerprint 00000000000001f3; see also 2, 3, 4, 5, 6 and others\n");
	free(table);
	char *text = written(&fleet, TEXT_REPORT, 80, false);
	assert_contains(text, "\n  and 450 more, told below\n");
	assert_contains(text, "\n     and 490 more hosts\n"); /* of 500 */
	assert_contains(text, "\n500. WARNING in foo\n");
	assert_contains(
		text,
		"\n  see also       2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 and\n                 others:");
	free(text);
	fleet_free(&fleet);
}

static void test_many_crashes(void **state)
{
	struct fleet fleet = fleet_of_groups(1, 30);
	char *text = written(&fleet, TEXT_REPORT, 80, false), *table_of_crashes = written(&fleet, MARKDOWN, 0, false);

	(void)state;
	assert_contains(text, "\n    /var/crash/000010/vmcore\n  and 10 more: the JSON and HTML reports have them all\n");
	assert_lacks(text, "/var/crash/000009/vmcore");
	assert_contains(text, "\n  hosts          host0 (1), host1 (1), host10 (1), host11 (1), host12 (1) and 25\n");
	assert_contains(table_of_crashes, "`/var/crash/000010/vmcore` | 0 |\n\nand 10 more: the JSON and HTML");
	assert_contains(table_of_crashes, "\n| and 20 more |  |\n");
	free(table_of_crashes);
	free(text);
	fleet_free(&fleet);
}

static void test_many_failures(void **state)
{
	struct fleet fleet = { 0 };

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		char path[40], reason[40];
		snprintf(path, sizeof path, "/var/crash/%zu/vmcore", i);
		snprintf(reason, sizeof reason, "reason %zu", i < 30 ? i : i < 40 ? (size_t)1 : (size_t)2);
		add(&fleet, failure(path, reason));
	}
	finish(&fleet);
	struct arena arena = { 0 };
	struct fleet_reasons reasons = fleet_reasons(&arena, &fleet);
	assert_int_equal(reasons.count, FLEET_FAILURES_MOST);
	assert_text(reasons.items[0].reason, "reason 2");
	assert_int_equal(reasons.items[0].count, 61);
	assert_int_equal(reasons.items[0].shown, 1);
	assert_text(reasons.items[0].paths[0], "/var/crash/2/vmcore");
	assert_int_equal(reasons.items[1].count, 11);
	assert_text(reasons.items[2].reason, "reason 0");
	assert_int_equal(reasons.left_out, 10);
	arena_free(&arena);
	char *table = written(&fleet, TABLE, 80, false);
	assert_contains(table, "  reason 2:\n    /var/crash/2/vmcore\n    and 60 more\n  reason 1:\n");
	assert_contains(table, "\n  and 10 more, for other reasons\n");
	free(table);
	fleet_free(&fleet);
}

/* ---- over time ---- */

static struct fleet fleet_of_times(const int64_t *times, size_t count)
{
	struct fleet fleet = { 0 };

	for (size_t i = 0; i < count; i++)
		add(&fleet, unknown_crash("/p", "", "f", times[i]));
	finish(&fleet);
	return fleet;
}

static struct fleet_chart chart_of(struct arena *arena, const int64_t *times, size_t count)
{
	struct fleet fleet = fleet_of_times(times, count);
	struct fleet_chart chart = fleet_chart(arena, &fleet, FIRST_DAY);

	fleet_free(&fleet);
	return chart;
}

/* The last bar is 2026-01-01, a Thursday; the other crash lies so many days before. */
static void test_chart_units(void **state)
{
	static const struct {
		int64_t days;
		const char *unit, *first, *last;
	} rows[] = {
		{ 0, "day", "2026-01-01", "2026-01-01" },
		{ 30, "day", "2025-12-02", "2026-01-01" },
		{ 31, "week", "2025-12-01", "2025-12-29" },
		{ 30 * 7 + 3, "week", "2025-06-02", "2025-12-29" },
		{ 30 * 7 + 4, "month", "2025-06", "2026-01" },
		{ 913, "month", "2023-07", "2026-01" },
		{ 945, "year", "2023", "2026" },
		{ 10958, "year", "1996", "2026" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t times[] = { FIRST_DAY, FIRST_DAY - rows[i].days * DAY_SECONDS };
		struct fleet_chart chart = chart_of(&arena, times, 2);
		assert_string_equal(chart.unit, rows[i].unit);
		assert_text(chart.bars[0].label, rows[i].first);
		assert_text(chart.bars[chart.bar_count - 1].label, rows[i].last);
		assert_int_equal(chart.bars[0].count, rows[i].days ? 1 : 2);
		assert_int_equal(chart.bars[chart.bar_count - 1].count, rows[i].days ? 1 : 2);
		assert_int_equal(chart.earlier, 0);
	}
	arena_free(&arena);
}

/* Clocks that were wrong do not spoil the chart, and are told. */
static void test_chart_of_wrong_clocks(void **state)
{
	int64_t times[20] = { 0, FIRST_DAY + 2 * DAY_SECONDS, SIGHTING_NO_TIME, -1, INT64_MAX, INT64_C(253402300800) };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 6; i < COUNT(times); i++)
		times[i] = FIRST_DAY + (int64_t)i;
	struct fleet_chart chart = chart_of(&arena, times, COUNT(times));
	assert_string_equal(chart.unit, "day");
	assert_int_equal(chart.bar_count, 1);
	assert_int_equal(chart.bars[0].count, 14);
	assert_int_equal(chart.earlier, 1);  /* 1970-01-01: a battery is empty */
	assert_int_equal(chart.later, 1);    /* the day after tomorrow */
	assert_int_equal(chart.timeless, 4); /* no kernel died then */
	struct fleet fleet = fleet_of_times(times, COUNT(times));
	char *text = written(&fleet, TEXT_REPORT, 60, false);
	assert_contains(text, "\n  earlier      1  ###\n  2026-01-01  14  ##########################################\n");
	assert_contains(text, "\n  2026-01-02   0\n  2026-01-03   1  ###\n  not known    4  ############\n");
	free(text);
	fleet_free(&fleet);
	chart = chart_of(&arena, times + 2, 1);
	assert_int_equal(chart.bar_count, 0);
	assert_int_equal(chart.timeless, 1);
	arena_free(&arena);
}

static void test_chart_gap(void **state)
{
	static const int64_t times[] = { FIRST_DAY, FIRST_DAY - 4 * DAY_SECONDS, FIRST_DAY - 9 * DAY_SECONDS };
	static const struct {
		const char *label;
		size_t count;
	} rows[] = {
		{ "2025-12-23", 1 }, { "...", 0 },        { "2025-12-28", 1 }, { "2025-12-29", 0 },
		{ "2025-12-30", 0 }, { "2025-12-31", 0 }, { "2026-01-01", 1 },
	};
	struct arena arena = { 0 };
	struct fleet_chart chart = chart_of(&arena, times, COUNT(times));

	(void)state;
	assert_int_equal(chart.bar_count, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_text(chart.bars[i].label, rows[i].label);
		assert_int_equal(chart.bars[i].count, rows[i].count);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many_groups),           cmocka_unit_test(test_many_crashes),
		cmocka_unit_test(test_many_failures),         cmocka_unit_test(test_chart_units),
		cmocka_unit_test(test_chart_of_wrong_clocks), cmocka_unit_test(test_chart_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
