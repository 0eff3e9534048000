/* What the page of a fleet is made of, piece by piece: the calendar, texts kept once, details, markup. */
#include "history/sighting.h"
#include "output/fleet_detail.h"
#include "output/html.h"
#include "output/periods.h"
#include "output/text_table.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DAY = 24 * 60 * 60 };

/* ---- the calendar ---- */

static const struct {
	int64_t first, last;
	enum period_unit unit;
	size_t count;
	const char *first_name, *last_name;
} period_rows[] = {
	{ 0, 0, PERIOD_DAY, 1, "1970-01-01", "1970-01-01" },
	{ -1, 0, PERIOD_DAY, 2, "1969-12-31", "1970-01-01" },
	{ 1764028799, 1764028800, PERIOD_DAY, 2, "2025-11-24", "2025-11-25" },
	{ 1764028800, 1764028800 + INT64_C(72) * DAY - 1, PERIOD_DAY, 72, "2025-11-25", "2026-02-04" },
	{ 1764028800, 1764028800 + INT64_C(72) * DAY, PERIOD_WEEK, 11, "2025-11-24", "2026-02-02" }, /* Mondays */
	{ 1763942400, 1764028800 + INT64_C(100) * DAY, PERIOD_WEEK, 15, "2025-11-24", "2026-03-02" },
	{ 1764028800 - INT64_C(600) * DAY, 1764028800, PERIOD_MONTH, 20, "2024-04", "2025-11" },
	{ 1104537600, 1764028800, PERIOD_YEAR, 21, "2005", "2025" },
	{ 0, 1764028800, PERIOD_YEAR, 56, "1970", "2025" },
	{ INT64_C(-62135596800), 1764028800, PERIOD_YEAR, PERIODS_MOST, "1954",
	  "2025" }, /* year 1: the last ones are shown */
};

static void test_periods(void **state)
{
	char name[PERIOD_NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(period_rows); i++) {
		struct periods periods = periods_between(period_rows[i].first, period_rows[i].last);
		assert_int_equal(periods.unit, period_rows[i].unit);
		assert_int_equal(periods.count, period_rows[i].count);
		assert_string_equal(period_name(&periods, 0, name), period_rows[i].first_name);
		assert_string_equal(period_name(&periods, periods.count - 1, name), period_rows[i].last_name);
		assert_int_equal(periods_find(&periods, period_rows[i].last), periods.count - 1);
		assert_int_equal(periods_find(&periods, periods.starts[periods.count]), SIZE_MAX);
		assert_int_equal(periods_find(&periods, periods.starts[0] - 1), SIZE_MAX);
		for (size_t p = 0; p < periods.count; p++) {
			assert_true(periods.starts[p] < periods.starts[p + 1]);
			assert_int_equal(periods_find(&periods, periods.starts[p]), p);
			assert_int_equal(periods_find(&periods, periods.starts[p + 1] - 1), p);
		}
	}
	struct periods none = periods_between(1, 0);
	assert_int_equal(none.count, 0);
	assert_int_equal(periods_find(&none, 0), SIZE_MAX);
}

/* ---- texts, each once ---- */

static void test_text_table(void **state)
{
	struct arena arena = { 0 };
	struct text_table table = { 0 };
	char word[32];

	(void)state;
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < 5000; i++) {
			struct text text = { word, (size_t)snprintf(word, sizeof word, "%zu", i) };
			assert_int_equal(text_table_add(&arena, &table, text), i);
		}
	assert_int_equal(table.count, 5000);
	assert_true(text_is(table.items[4711], "4711"));
	assert_int_equal(text_table_add(&arena, &table, TEXT_NONE), 5000);
	assert_int_equal(text_table_add(&arena, &table, TEXT("\0")), 5001);
	assert_int_equal(text_table_add(&arena, &table, TEXT("")), 5000);
	arena_free(&arena);
}

/* ---- the detail of a sighting ---- */

static void test_detail(void **state)
{
	struct arena arena = { 0 };
	struct fleet_detail detail;

	(void)state;
	assert_true(fleet_detail_read(
		&arena,
		TEXT("{\"line\":7,\"instruction_pointer\":\"f+0x1/"
		     "0x2\",\"comm\":\"sh\",\"cpu\":0,\"pid\":null,\"panic\":null,"
		     "\"input\":\"vmcore\",\"trace\":[\"a\",\"b\\u0000\"],\"more_frames\":3,\"symptom\":null,"
		     "\"evidence\":[{\"clause\":\"kind\",\"line\":null,\"text\":\"t\"}],\"fixed\":[\"x\"],"
		     "\"remedies\":[{\"text\":\"r\",\"command\":null,\"condition\":\"c\"}],\"references\":[],\"notes\":["
		     "\"n\"],"
		     "\"other_crashes\":0}"),
		&detail));
	assert_int_equal(detail.line, 7);
	assert_int_equal(detail.cpu, 0);
	assert_int_equal(detail.pid, -1);
	assert_int_equal(detail.more_frames, 3);
	assert_int_equal(detail.other_crashes, 0);
	assert_true(text_is(detail.instruction_pointer, "f+0x1/0x2") && text_is(detail.comm, "sh") &&
		    text_is(detail.input, "vmcore"));
	assert_int_equal(detail.panic.length + detail.symptom.length, 0);
	assert_int_equal(detail.trace.count, 2);
	assert_true(text_is(detail.trace.items[1], "b\\x00"));
	assert_int_equal(detail.evidence_count, 1);
	assert_int_equal(detail.evidence[0].line, 0);
	assert_true(text_is(text_from(detail.evidence[0].clause), "kind") && text_is(detail.evidence[0].text, "t"));
	assert_int_equal(detail.remedy_count, 1);
	assert_true(text_is(detail.remedies[0].text, "r") && text_is(detail.remedies[0].condition, "c"));
	assert_int_equal(detail.remedies[0].command.length, 0);
	assert_int_equal(detail.fixed.count, 1);
	assert_int_equal(detail.references.count, 0);
	assert_true(text_is(detail.notes.items[0], "n"));
	arena_free(&arena);
}

static void test_detail_of_a_damaged_history(void **state)
{
	static const struct text broken[] = { TEXT(""), TEXT("{"), TEXT("[]"), TEXT("null"), TEXT("{}x"), TEXT("\xff") };
	struct arena arena = { 0 };
	struct fleet_detail detail;

	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		assert_false(fleet_detail_read(&arena, broken[i], &detail));
		assert_int_equal(detail.line, 0);
		assert_int_equal(detail.trace.count, 0);
	}
	assert_true(fleet_detail_read(&arena,
				      TEXT("{\"line\":\"7\",\"cpu\":-5,\"pid\":9223372036854775807,\"comm\":5,\"trace\":{},"
					   "\"notes\":[1],\"evidence\":[7],\"remedies\":\"x\"}"),
				      &detail));
	assert_int_equal(detail.line, 0);
	assert_int_equal(detail.cpu, -1);
	assert_int_equal(detail.pid, -1); /* more than the page's script can count */
	assert_int_equal(detail.comm.length + detail.trace.count + detail.remedy_count, 0);
	assert_int_equal(detail.notes.count, 1);
	assert_int_equal(detail.notes.items[0].length, 0);
	assert_int_equal(detail.evidence_count, 1);
	arena_free(&arena);
}

/* ---- pieces of markup ---- */

static struct text written(struct page *page)
{
	return (struct text){ page->bytes, page->length };
}

static void drop(struct page *page)
{
	FILE *nowhere = fopen("/dev/null", "w");

	assert_true(page_write(page, nowhere));
	fclose(nowhere);
}

static const struct {
	struct text given, text, reference, json;
} markup_rows[] = {
	{ TEXT("vfs_write+0xc7/0x3f0"), TEXT("vfs_write+0xc7/0x3f0"), TEXT("vfs_write+0xc7/0x3f0"),
	  TEXT("\"vfs_write+0xc7/0x3f0\"") },
	{ TEXT("<b>&'\""), TEXT("&lt;b&gt;&amp;&#39;&quot;"), TEXT("&lt;b&gt;&amp;&#39;&quot;"),
	  TEXT("\"\\u003cb\\u003e\\u0026'\\\"\"") },
	{ TEXT("\033[1m\n"), TEXT("\\x1b[1m\\x0a"), TEXT("\\x1b[1m\\x0a"), TEXT("\"\\\\x1b[1m\\n\"") },
	{ TEXT("\xe2\x80\xa8"), TEXT("\\xe2\\x80\\xa8"), TEXT("\\xe2\\x80\\xa8"), TEXT("\"\\\\xe2\\\\x80\\\\xa8\"") },
	{ TEXT("http://a.example/?x=1&y=2"), TEXT("http://a.example/?x=1&amp;y=2"),
	  TEXT("<a rel=\"noreferrer\" href=\"http://a.example/?x=1&amp;y=2\">http://a.example/?x=1&amp;y=2</a>"),
	  TEXT("\"http://a.example/?x=1\\u0026y=2\"") },
	{ TEXT("https://a.example/'x"), TEXT("https://a.example/&#39;x"),
	  TEXT("<a rel=\"noreferrer\" href=\"https://a.example/&#39;x\">https://a.example/&#39;x</a>"),
	  TEXT("\"https://a.example/'x\"") },
	{ TEXT("https://a.example/ x"), TEXT("https://a.example/ x"), TEXT("https://a.example/ x"),
	  TEXT("\"https://a.example/ x\"") },
	{ TEXT("https://a.example/\033"), TEXT("https://a.example/\\x1b"), TEXT("https://a.example/\\x1b"),
	  TEXT("\"https://a.example/\\\\x1b\"") },
	{ TEXT("javascript:alert(1)"), TEXT("javascript:alert(1)"), TEXT("javascript:alert(1)"),
	  TEXT("\"javascript:alert(1)\"") },
	{ TEXT(" https://a.example"), TEXT(" https://a.example"), TEXT(" https://a.example"),
	  TEXT("\" https://a.example\"") },
};

static void check_written(const char *what, size_t row, struct page *page, struct text expected)
{
	if (!text_equal(written(page), expected))
		fail_msg("%s of row %zu: '%.*s'", what, row, TEXT_ARGS(written(page)));
	drop(page);
}

static void test_markup(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(markup_rows); i++) {
		struct page page = page_new(NULL);
		html_text(&page, markup_rows[i].given);
		check_written("text", i, &page, markup_rows[i].text);
		page = page_new(NULL);
		html_reference(&page, markup_rows[i].given);
		check_written("reference", i, &page, markup_rows[i].reference);
		page = page_new(NULL);
		html_json_string(&page, markup_rows[i].given);
		check_written("json", i, &page, markup_rows[i].json);
	}
	struct page page = page_new(NULL);
	html_lines(&page, TEXT("a\n<b>\r"));
	check_written("lines", 0, &page, TEXT("a\n&lt;b&gt;\\x0d"));
}

static const struct {
	int64_t time;
	enum html_time form;
	const char *expected;
} time_rows[] = {
	{ 0, HTML_DAY, "<time datetime=\"1970-01-01T00:00:00Z\">1970-01-01</time>" },
	{ 1764028859, HTML_MINUTE, "<time datetime=\"2025-11-25T00:00:59Z\">2025-11-25 00:00</time>" },
	{ 253402300799, HTML_DAY, "<time datetime=\"9999-12-31T23:59:59Z\">9999-12-31</time>" },
	{ 253402300800, HTML_DAY, "<span class=\"none\">not known</span>" },
	{ INT64_MAX, HTML_DAY, "<span class=\"none\">not known</span>" },
	{ INT64_MIN + 1, HTML_DAY, "<span class=\"none\">not known</span>" },
	{ SIGHTING_NO_TIME, HTML_DAY, "<span class=\"none\">not known</span>" },
};

static const struct {
	size_t number;
	const char *noun, *expected;
} count_rows[] = {
	{ 0, "crash", "0 crashes" },
	{ 1, "crash", "1 crash" },
	{ 999, "host", "999 hosts" },
	{ 1000, "host", "1,000 hosts" },
	{ 10020, "crash", "10,020 crashes" },
	{ 1234567, "input", "1,234,567 inputs" },
	{ 1000001, "group", "1,000,001 groups" },
};

static void test_times_and_counts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(time_rows); i++) {
		struct page page = page_new(NULL);
		html_time(&page, time_rows[i].time, time_rows[i].form);
		check_written("time", i, &page, text_from(time_rows[i].expected));
	}
	for (size_t i = 0; i < COUNT(count_rows); i++) {
		struct page page = page_new(NULL);
		html_count(&page, count_rows[i].number, count_rows[i].noun);
		check_written("count", i, &page, text_from(count_rows[i].expected));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_periods), cmocka_unit_test(test_text_table),
		cmocka_unit_test(test_detail),  cmocka_unit_test(test_detail_of_a_damaged_history),
		cmocka_unit_test(test_markup),  cmocka_unit_test(test_times_and_counts),
	};

	return cmocka_run_group_tests_name("fleet_html_parts", tests, NULL, NULL);
}
