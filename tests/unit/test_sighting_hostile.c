/* Lines that are no verdict, or one of somebody who means harm: bounded, and never believed. */
#define _GNU_SOURCE /* strdup */
#include "history/sighting.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

#define HEAD "{\"schema\":\"kdump-triage/1\",\"input\":{\"path\":\"/p\"},\"kernel\":{}"
#define LINE(crash, findings, notes)                                                                                        \
	HEAD ",\"verdict\":\"unknown\",\"crash\":0,\"crashes\":[" crash "],\"findings\":[" findings "],\"notes\":[" notes   \
	     "]}"

static uint32_t seed = 1;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 4) * limit >> 28);
}

static bool read_text(struct arena *arena, struct text json, struct sighting *sighting, struct error *error)
{
	*sighting = (struct sighting){ .path = TEXT("untouched") };
	error->message[0] = '\0';
	bool done = sighting_from_json(arena, json, sighting, error);
	if (!done) {
		assert_true(text_is(sighting->path, "untouched"));
		assert_true(error->message[0]);
	}
	return done;
}

static void test_what_is_no_verdict(void **state)
{
	static const struct {
		struct text line;
		const char *error;
	} rows[] = {
		{ TEXT(""), "expected a verdict in JSON: " },
		{ TEXT("\n"), "expected a verdict in JSON: " },
		{ TEXT("no"), "expected a verdict in JSON: " },
		{ TEXT("[]"), "expected a verdict: an object with \"schema\":\"kdump-triage/1\"" },
		{ TEXT("{}"), "expected a verdict: an object" },
		{ TEXT("{\"schema\":\"kdump-triage/2\"}"), "expected a verdict: an object" },
		{ TEXT("{\"schema\":7}"), "expected a verdict: an object" },
		{ TEXT("{\"schema\":\"kdump-triage/1\"}"), "a verdict that does not name its input" },
		{ TEXT("{\"schema\":\"kdump-triage/1\",\"input\":{\"path\":1}}"), "a verdict that does not name its input" },
		{ TEXT(HEAD "}"), "a verdict that is none of known, similar, unknown and no-crash" },
		{ TEXT(HEAD ",\"verdict\":\"failed\"}"), "a verdict that is none of" },
		{ TEXT(HEAD ",\"verdict\":\"guilty\"}"), "a verdict that is none of" },
		{ TEXT(HEAD ",\"verdict\":\"known\"}"), "a verdict on a crash that is not among its crashes" },
		{ TEXT(HEAD ",\"verdict\":\"known\",\"crash\":0}"), "a verdict on a crash" },
		{ TEXT(HEAD ",\"verdict\":\"known\",\"crash\":0,\"crashes\":[]}"), "a verdict on a crash" },
		{ TEXT(HEAD ",\"verdict\":\"known\",\"crash\":0,\"crashes\":[7]}"), "a verdict on a crash" },
		{ TEXT(HEAD ",\"verdict\":\"known\",\"crash\":1,\"crashes\":[{}]}"), "a verdict on a crash" },
		{ TEXT(HEAD ",\"verdict\":\"known\",\"crash\":-1,\"crashes\":[{}]}"), "a verdict on a crash" },
		{ TEXT(HEAD ",\"verdict\":\"known\",\"crash\":0.0,\"crashes\":[{}]}"), "a verdict on a crash" },
		{ TEXT(HEAD ",\"verdict\":\"no-crash\"}x"), "expected a verdict in JSON: " },
		{ TEXT(HEAD ",\"verdict\":\"no-crash\",\"host\":\"a\\u0000b\"}"), "expected a verdict in JSON: " },
		{ TEXT(HEAD ",\"verdict\":\"no-crash\",\"host\":\"a\0b\"}"), "expected a verdict in JSON: " },
		{ TEXT(HEAD ",\"verdict\":\"no-crash\",\"host\":\"\xff\"}"), "expected a verdict in JSON: " },
	};
	struct arena arena = { 0 };
	struct sighting s;
	struct error error;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_false(read_text(&arena, rows[i].line, &s, &error));
		if (strncmp(error.message, rows[i].error, strlen(rows[i].error)) != 0)
			fail_msg("%.*s: %s", TEXT_ARGS(rows[i].line), error.message);
	}
	assert_true(read_text(&arena, TEXT(HEAD ",\"verdict\":\"no-crash\"}\n"), &s, &error));
	arena_free(&arena);
}

/* Where a value is of another type than it should be, it says nothing. */
static void test_types(void **state)
{
	static const char *const values[] = { "7",   "-1",   "1.5",  "true",       "null", "\"x\"",  "[]",
					      "{}",  "[[]]", "[{}]", "{\"x\":{}}", "[7]",  "[null]", "9223372036854775807",
					      "\"\"" };
	static const char *const crash_keys[] = {
		"kind",  "headline",  "line",       "cpu", "comm", "panic", "instruction_pointer",
		"trace", "registers", "fingerprint"
	};
	static const char *const finding_keys[] = { "signature", "crash",    "symptom",   "evidence",
						    "fixed",     "remedies", "references" };
	static const char *const line_keys[] = { "findings", "notes", "kernel", "identity", "host" };
	struct arena arena = { 0 };
	struct sighting s;
	struct error error;
	char line[1024];

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		for (size_t k = 0; k < COUNT(crash_keys) + COUNT(finding_keys) + COUNT(line_keys); k++) {
			const char *key = k < COUNT(crash_keys) ? crash_keys[k] : "x";
			const char *finding = k >= COUNT(crash_keys) && k < COUNT(crash_keys) + COUNT(finding_keys)
						      ? finding_keys[k - COUNT(crash_keys)]
						      : "x";
			const char *more = k >= COUNT(crash_keys) + COUNT(finding_keys)
						   ? line_keys[k - COUNT(crash_keys) - COUNT(finding_keys)]
						   : "x";
			/* Of a key that comes twice, the last counts. */
			snprintf(line, sizeof line,
				 HEAD ",\"verdict\":\"known\",\"crash\":0,\"crashes\":[{\"%s\":%s}],\"findings\":"
				      "[{\"crash\":0,\"%s\":%s}],\"notes\":[],\"%s\":%s}",
				 key, values[i], finding, values[i], more, values[i]);
			assert_true(read_text(&arena, text_from(line), &s, &error));
			assert_int_equal(s.identity.length, 16);
			json_t *detail = json_loadb(s.detail.data, s.detail.length, 0, NULL);
			assert_int_equal(json_object_size(detail), 16);
			json_decref(detail);
		}
	}
	arena_free(&arena);
}

/* ---- too much ---- */

static char *repeat(const char *before, const char *piece, size_t count, const char *after)
{
	size_t length = strlen(piece), begin = strlen(before);
	char *text = malloc(begin + count * (length + 1) + strlen(after) + 1), *end = text + begin;

	assert_non_null(text);
	memcpy(text, before, begin);
	for (size_t i = 0; i < count; i++) {
		memcpy(end, piece, length);
		end += length;
	}
	strcpy(end, after);
	return text;
}

static struct sighting read_made(struct arena *arena, char *line)
{
	struct sighting s;
	struct error error;

	if (!read_text(arena, text_from(line), &s, &error))
		fail_msg("%s", error.message);
	free(line);
	return s;
}

static json_t *detail_of(const struct sighting *s)
{
	json_t *detail = json_loadb(s->detail.data, s->detail.length, 0, NULL);

	assert_non_null(detail);
	return detail;
}

static void test_frames(void **state)
{
	struct arena arena = { 0 };
	struct sighting s =
		read_made(&arena, repeat(HEAD ",\"verdict\":\"unknown\",\"crash\":0,\"crashes\":[{\"trace\":[{\"function\":"
					      "\"first\",\"reliable\":true}",
					 ",{\"function\":\"f\",\"reliable\":true},{\"function\":\"g\",\"reliable\":false}",
					 1000, "]}]}"));
	json_t *detail = detail_of(&s);

	(void)state;
	assert_int_equal(s.frames, 1001);
	assert_int_equal(json_array_size(json_object_get(detail, "trace")), SIGHTING_FRAMES_MOST);
	assert_string_equal(json_string_value(json_array_get(json_object_get(detail, "trace"), 0)), "first");
	assert_string_equal(json_string_value(json_array_get(json_object_get(detail, "trace"), 23)), "f");
	assert_int_equal(json_integer_value(json_object_get(detail, "more_frames")), 1001 - SIGHTING_FRAMES_MOST);
	json_decref(detail);
	/* None is reliable: all count. */
	s = read_made(&arena, repeat(HEAD ",\"verdict\":\"unknown\",\"crash\":0,\"crashes\":[{\"trace\":[7",
				     ",{\"function\":\"g\"}", 30, "]}]}"));
	detail = detail_of(&s);
	assert_int_equal(s.frames, 30);
	assert_int_equal(json_integer_value(json_object_get(detail, "more_frames")), 6);
	json_decref(detail);
	arena_free(&arena);
}

/* Texts are cut, between characters; of lists the beginning is kept. */
static void test_long_texts_and_lists(void **state)
{
	struct arena arena = { 0 };
	struct sighting s =
		read_made(&arena, repeat(HEAD ",\"verdict\":\"unknown\",\"crash\":0,\"crashes\":[{\"headline\":\"x",
					 "\xe2\x82\xac", 30000, "\"}]}"));

	(void)state;
	assert_int_equal(s.headline.length, 1 + (SIGHTING_TEXT_MOST - 1) / 3 * 3);
	assert_true(text_ends(s.headline, "\xe2\x82\xac"));
	s = read_made(&arena, repeat(HEAD ",\"verdict\":\"unknown\",\"crash\":0,\"crashes\":[{}],\"findings\":[{\"crash\":0,"
					  "\"remedies\":[{\"text\":\"first\"}",
				     ",{\"text\":\"x\",\"command\":\"y\"}", 50000, "]}]}"));
	json_t *detail = detail_of(&s);
	assert_int_equal(json_array_size(json_object_get(detail, "remedies")), SIGHTING_ITEMS_MOST);
	assert_true(text_is(s.fix, "first"));
	json_decref(detail);
	s = read_made(&arena, repeat(HEAD ",\"verdict\":\"no-crash\",\"notes\":[\"", "\\\"", 400000, "\"]}"));
	assert_int_equal(s.detail.length, 0);
	/* However long all of it is, what is kept has an end. */
	char *note = repeat("\"", "\\\\", 30000, "\","),
	     *line = repeat(HEAD ",\"verdict\":\"unknown\",\"crash\":0,\"crashes\":[{}],"
				 "\"notes\":[",
			    note, 100, "7]}");
	free(note);
	s = read_made(&arena, line);
	assert_true(s.detail.length > SIGHTING_ITEMS_MOST * SIGHTING_TEXT_MOST);
	assert_true(s.detail.length < 3 * SIGHTING_ITEMS_MOST * SIGHTING_TEXT_MOST);
	arena_free(&arena);
}

static void assert_refused(char *line, const char *expected)
{
	struct arena arena = { 0 };
	struct sighting s;
	struct error error;

	assert_false(read_text(&arena, text_from(line), &s, &error));
	if (!strstr(error.message, expected))
		fail_msg("%s", error.message);
	arena_free(&arena);
	free(line);
}

static void test_too_much(void **state)
{
	(void)state;
	assert_refused(repeat(HEAD, " ", SIGHTING_JSON_MOST, "}"), "a verdict of 16777");
	assert_refused(repeat(HEAD ",\"x\":[", "[],", 4000000, "[]]}"), "expected at most 16777216, and fewer values");
	assert_refused(repeat("", "[", 1000000, ""), "expected a verdict in JSON: ");
	assert_refused(repeat("", "{\"a\":", 1000000, ""), "expected a verdict in JSON: ");
}

/* Anything that chance makes of a line: a sighting or an error. */
static void test_chance(void **state)
{
	static const char line[] = LINE(
		"{\"kind\":\"panic\",\"line\":7,\"trace\":[{\"function\":\"f\",\"offset\":1,\"size\":2,"
		"\"reliable\":true}],\"instruction_pointer\":{\"address\":\"0xff\"}}",
		"{\"crash\":0,\"signature\":\"s\",\"fixed\":[\"6.1\"],\"evidence\":[{\"text\":\"\xc3\xbc\"}]}", "\"n\"");
	static const char marks[] = "{}[]\",:\\0-9eE.ntu\xff\x80\x1f ";
	size_t read = 0;

	(void)state;
	for (int i = 0; i < 30000; i++) {
		struct arena arena = { 0 };
		struct sighting s;
		struct error error;
		size_t length = i % 3 ? sizeof line - 1 : random_below(sizeof line);
		char *copy = malloc(length ? length : 1); /* no more: what reads past it is found out */
		assert_non_null(copy);
		memcpy(copy, line, length);
		for (uint32_t k = random_below(4); k > 0 && length; k--)
			copy[random_below((uint32_t)length)] = marks[random_below(sizeof marks)];
		read += read_text(&arena, (struct text){ copy, length }, &s, &error);
		free(copy);
		arena_free(&arena);
	}
	assert_true(read > 1000 && read < 29000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_no_verdict),   cmocka_unit_test(test_types),    cmocka_unit_test(test_frames),
		cmocka_unit_test(test_long_texts_and_lists), cmocka_unit_test(test_too_much), cmocka_unit_test(test_chance),
	};

	return cmocka_run_group_tests_name("sighting_hostile", tests, NULL, NULL);
}
