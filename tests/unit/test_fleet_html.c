/* The report of a fleet as a page: that all of a fleet gets onto it, and nothing of it raw. */
#define _GNU_SOURCE /* open_memstream */
#include "made_up_fleet.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct text page_of(const char *name)
{
	struct made_up made;
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);

	assert_true(made_up_fleet(name, &made));
	assert_true(output_fleet_html(out, &made.fleet, &made.heading));
	assert_int_equal(fclose(out), 0);
	made_up_free(&made);
	return (struct text){ bytes, length };
}

static void free_text(struct text text)
{
	free((char *)(uintptr_t)text.data);
}

static void assert_has(struct text page, const char *what)
{
	if (text_find(page, what) == SIZE_MAX)
		fail_msg("the page lacks '%s'", what);
}

static void assert_lacks(struct text page, const char *what)
{
	if (text_find(page, what) != SIZE_MAX)
		fail_msg("the page has '%s'", what);
}

static size_t count_of(struct text page, const char *what)
{
	size_t count = 0;

	for (size_t at; (at = text_find(page, what)) != SIZE_MAX; count++)
		page = text_from_offset(page, at + strlen(what));
	return count;
}

static json_t *data_of(struct text page)
{
	static const char begin[] = "<script type=\"application/json\" id=\"data\">";
	struct text data = text_from_offset(page, text_find(page, begin) + strlen(begin));
	json_t *value;

	assert_int_equal(count_of(page, begin), 1);
	data = text_first(data, text_find(data, "</script>"));
	value = json_loadb(data.data, data.length, 0, NULL);
	assert_non_null(value);
	return value;
}

/* Every column has as many crashes as the groups have together, and names only strings and lists that there are. */
static void check_data(const char *name, struct text page)
{
	json_t *data = data_of(page), *group, *column;
	size_t crashes = 0, i, strings = json_array_size(json_object_get(data, "strings"));
	const char *key;
	struct made_up made;

	json_array_foreach(json_object_get(data, "groups"), i, group) crashes +=
		(size_t)json_integer_value(json_object_get(group, "count"));
	json_object_foreach(json_object_get(data, "crashes"), key, column)
		assert_int_equal(json_array_size(column), crashes);
	assert_true(made_up_fleet(name, &made));
	assert_int_equal(crashes, made.fleet.crash_count);
	size_t row = 0;
	for (size_t g = 0; g < made.fleet.group_count; g++)
		for (i = 0; i < made.fleet.groups[g].count; i++, row++) {
			json_t *hosts = json_object_get(json_object_get(data, "crashes"), "host");
			size_t host = (size_t)json_integer_value(json_array_get(hosts, row));
			assert_true(host < strings);
			assert_int_equal(host == 0, made.fleet.groups[g].crashes[i]->sighting->host.length == 0);
		}
	made_up_free(&made);
	json_decref(data);
}

static void test_every_fleet(void **state)
{
	(void)state;
	for (size_t i = 0; made_up_names[i]; i++) {
		struct text page = page_of(made_up_names[i]);
		assert_true(text_starts(page, "<!DOCTYPE html>\n<html lang=\"en\">"));
		assert_true(text_ends(page, "</html>\n"));
		assert_int_equal(count_of(page, "<h1>"), 1);
		assert_int_equal(count_of(page, "Content-Security-Policy"), 1);
		assert_lacks(page, "unsafe-inline");
		assert_lacks(page, "innerHTML");
		assert_lacks(page, " style=");
		for (size_t at = 0; at < page.length; at++) {
			unsigned char byte = (unsigned char)page.data[at];
			assert_true(byte >= 0x20 || byte == '\n' || byte == '\t'); /* tabs: of style and script */
			assert_int_not_equal(byte, 0x7f);
		}
		if (strstr("few many all-different hostile", made_up_names[i]))
			check_data(made_up_names[i], page);
		else
			assert_lacks(page, "id=\"data\"");
		free_text(page);
	}
}

static void test_what_is_said(void **state)
{
	struct text page = page_of("few");

	(void)state;
	assert_has(page, "<dd class=\"log\">/var/lib/kdump-triage/history.db</dd>");
	assert_has(page, "since <time datetime=\"2025-09-26T00:00:00Z\">");
	assert_has(page, "<dt>Crashes</dt><dd><b>11</b>");
	assert_has(page, "fsnotify() walks a mark connector that is being freed");
	assert_has(page, "<code>sudo yum update kernel</code>");
	assert_has(page, "<a rel=\"noreferrer\" href=\"https://git.kernel.org/linus/d90a10e2444b\">");
	assert_has(page, "kdump-triage signature new &#39;/srv/crash/");
	assert_has(page, "its header is damaged: the block size is 0");
	assert_has(page, "Install nothing for this bug's sake yet");
	free_text(page);
	page = page_of("many");
	assert_has(page, "<dt>Crashes</dt><dd><b>10,000</b>");
	assert_has(page, "<summary>30 inputs</summary>");
	assert_has(page, "Crashes by week</h2>");
	assert_true(page.length < 4 << 20);
	free_text(page);
	page = page_of("empty");
	assert_has(page, "Nothing is here yet");
	free_text(page);
	page = page_of("healthy");
	assert_has(page, "Good news: 1,204 inputs could be read");
	free_text(page);
	page = page_of("unreadable");
	assert_has(page, "Nothing could be read; see below why.");
	assert_has(page, "it is empty");
	free_text(page);
}

/* What may stand in a page only as text; and a command line is made of no name that cannot be shown as it is. */
static void test_nothing_hostile_is_raw(void **state)
{
	struct text page = page_of("hostile");

	(void)state;
	assert_int_equal(count_of(page, "<script"), 3); /* the two of ours, and the data */
	assert_int_equal(count_of(page, "</script"), 3);
	assert_lacks(page, "<img");
	assert_lacks(page, "<!--");
	assert_lacks(page, "<a rel=\"noreferrer\" href=\"javascript");
	assert_lacks(page, "\xe2\x80\xae");
	assert_has(page, "\\x1b[31mred\\x1b[0m\\x07");
	assert_has(page, "&lt;script&gt;window.attacked = 1; alert(1)&lt;/script&gt;");
	assert_has(page, "nul \\x00 byte, \\xff\\xfe no UTF-8");
	assert_has(page, "kdump-triage signature new &#39;&lt;script&gt;window.attacked = 1; alert(1)&lt;/script&gt;&#39;");
	assert_has(page, "<span class=\"log\">\\xe2\\x80\\xaeoverride"); /* of an unknown crash, too */
	assert_lacks(page, "signature new &#39;\\xe2");
	free_text(page);
}

/* A shell must read back the very name. */
static void test_a_quote_in_a_path(void **state)
{
	struct made_up made;
	char *bytes = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&bytes, &length);
	struct sighting sighting = { .source.file = TEXT("/c/it's $(x)"),
				     .path = TEXT("/c/it's $(x)"),
				     .crashed_at = SIGHTING_NO_TIME };

	(void)state;
	assert_true(made_up_fleet("empty", &made));
	made_up_add_crash(&made, made_up_add_group(&made, SIGHTING_UNKNOWN, TEXT("k"), TEXT("t")), &sighting);
	assert_true(output_fleet_html(out, &made.fleet, &made.heading));
	assert_int_equal(fclose(out), 0);
	assert_has((struct text){ bytes, length }, "signature new &#39;/c/it&#39;\\&#39;&#39;s $(x)&#39;</code>");
	assert_has((struct text){ bytes, length }, "1 crash of which nobody knows the time");
	free(bytes);
	made_up_free(&made);
}

static void test_a_write_that_fails(void **state)
{
	struct made_up made;
	FILE *out = fopen("/dev/full", "w");

	(void)state;
	assert_true(made_up_fleet("few", &made));
	assert_true(output_fleet_html(out, &made.fleet, &made.heading));
	assert_true(fflush(out) != 0 || ferror(out));
	fclose(out);
	made_up_free(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_fleet),
		cmocka_unit_test(test_what_is_said),
		cmocka_unit_test(test_nothing_hostile_is_raw),
		cmocka_unit_test(test_a_quote_in_a_path),
		cmocka_unit_test(test_a_write_that_fails),
	};

	return cmocka_run_group_tests_name("fleet_html", tests, NULL, NULL);
}
