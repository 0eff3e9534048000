/* log/: long lines, reading errors, and jumping over what is quiet, at all places of the window. */
#include "crash/headline.h"
#include "log/log.h"
#include "log/reader.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "test_log.h"

/* A log that is being made. */
struct making {
	char *bytes;
	size_t length, capacity;
};

static void put(struct making *making, const char *bytes, size_t length)
{
	if (making->length + length > making->capacity) {
		making->capacity = (making->length + length) * 2;
		making->bytes = realloc(making->bytes, making->capacity);
		assert_non_null(making->bytes);
	}
	memcpy(making->bytes + making->length, bytes, length);
	making->length += length;
}

static void put_many(struct making *making, char c, size_t count)
{
	for (size_t i = 0; i < count; i++)
		put(making, &c, 1);
}

static struct text made(const struct making *making)
{
	return (struct text){ making->bytes, making->length };
}

/* A line of any length comes in pieces that are its own bytes in order, under its own number; the next line has the next. */
static void check_long_line(size_t length, size_t step)
{
	struct making making = { 0 };
	struct error error;
	struct record record;
	size_t got = 0;

	put(&making, "first\n", 6);
	for (size_t i = 0; i < length; i++)
		put(&making, &"abcdefghijklm"[i % 13], 1);
	put(&making, "\nlast\n", 6);
	struct stepping stepping = stepping_over(made(&making), step);
	struct log *log = log_new(&stepping.source);
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_true(record.line == 1 && text_is(record.text, "first"));
	while (log_next(log, &record, &error) == LOG_RECORD && record.line == 2) {
		assert_true(record.text.length <= READER_LINE_MOST);
		assert_true(got + record.text.length <= length);
		assert_int_equal(record.offset, record.text.length ? 6 + got : record.offset);
		assert_true(text_equal(record.text, (struct text){ making.bytes + 6 + got, record.text.length }));
		got += record.text.length;
	}
	assert_int_equal(got, length);
	assert_true(record.line == 3 && text_is(record.text, "last"));
	assert_int_equal(log_next(log, &record, &error), LOG_END);
	assert_int_equal(log_lines(log), 3);
	log_free(log);
	stepping_end(&stepping);
	free(making.bytes);
}

static void test_long_lines(void **state)
{
	static const size_t steps[] = { 777, 4096, 65536, 1000000 };
	enum { MOST = READER_LINE_MOST };

	(void)state;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		for (size_t length = MOST - 2; length <= MOST + 2; length++)
			check_long_line(length, steps[i]);
		check_long_line(2 * MOST, steps[i]);
		check_long_line(5 * MOST + 17, steps[i]);
	}
}

/* A long line of another program stays another program's to its end. */
static void test_long_line_of_another_program(void **state)
{
	struct making making = { 0 };
	struct error error;
	struct record record;

	(void)state;
	put(&making, "Jun  5 04:46:22 host app: ", 26);
	put_many(&making, 'x', READER_LINE_MOST);
	put(&making, "BUG: soft lockup - CPU#0 stuck for 22s! [app:1]\n", 48);
	put(&making, "Jun  5 04:46:22 host kernel: text\n", 34);
	struct stepping stepping = stepping_over(made(&making), 4096);
	struct log *log = log_new(&stepping.source);
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	assert_int_equal(record.line, 2);
	log_free(log);
	stepping_end(&stepping);
	free(making.bytes);
}

/* The last line counts without a line feed too. */
static void test_lines_without_last_feed(void **state)
{
	struct stepping stepping = stepping_over(TEXT("one\ntwo"), 0);
	struct log *log = log_new(&stepping.source);
	struct error error;
	struct record record;

	(void)state;
	while (log_next(log, &record, &error) == LOG_RECORD)
		;
	size_t lines = log_lines(log);
	log_free(log);
	stepping_end(&stepping);
	assert_int_equal(lines, 2);
}

/* An empty record in front of another on a line must not hide it. */
static void test_stamp_behind_stamp(void **state)
{
	struct stepping stepping = stepping_over(TEXT("[    1.000000] [    1.000001] BUG: x\n"), 0);
	struct log *log = log_new(&stepping.source);
	struct error error;
	struct record record;
	bool found = false;

	(void)state;
	while (log_next(log, &record, &error) == LOG_RECORD)
		found |= text_is(record.text, "BUG: x");
	log_free(log);
	stepping_end(&stepping);
	assert_true(found);
}

/* The offset counts from the input's beginning, residue in front of the line included. */
static void test_offset_behind_residue(void **state)
{
	struct stepping stepping = stepping_over(TEXT("\0\0\0\0[    1.000000] text\n"), 0);
	struct log *log = log_new(&stepping.source);
	struct error error;
	struct record record;

	(void)state;
	assert_int_equal(log_next(log, &record, &error), LOG_RECORD);
	uint64_t offset = record.offset;
	log_free(log);
	stepping_end(&stepping);
	assert_int_equal(offset, 19);
}

static void test_read_errors(void **state)
{
	static const struct text all = TEXT("[    1.000000] one\n[    2.000000] two\n[    3.000000] three\n");
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);

	(void)state;
	for (size_t fail_at = 0; fail_at < all.length; fail_at++) {
		for (int skipping = 0; skipping < 2; skipping++) {
			struct stepping stepping = stepping_over(all, fail_at % 9);
			struct log *log = log_new(&stepping.source);
			struct error error = { 0 };
			struct record record;
			size_t records = 0;
			char expected[40];
			stepping.fail_at = fail_at;
			if (skipping)
				log_skip_quiet(log, scanner);
			while (log_next(log, &record, &error) == LOG_RECORD)
				assert_int_equal(record.line, ++records);
			if (!skipping)
				assert_int_equal(records, fail_at > 38 ? 3 : (fail_at + 18) / 19);
			snprintf(expected, sizeof expected, "no more than %zu bytes", fail_at);
			assert_string_equal(error.message, expected);
			for (int again = 0; again < 3; again++)
				assert_int_equal(log_next(log, &record, &error), LOG_END);
			log_skip_quiet(log, scanner);
			assert_int_equal(log_next(log, &record, &error), LOG_END);
			log_free(log);
			stepping_end(&stepping);
		}
	}
	scanner_free(scanner);
}

static bool has_word(const struct scanner *scanner, struct text t)
{
	return scanner_find(scanner, t) != SIZE_MAX;
}

/*
 * Reads as crash_find() does: skips wherever no crash was seen in the last few records. All records must be where the input has them; marks
 * the lines that were given.
 */
static size_t read_skipping(struct text all, size_t step, const struct scanner *scanner, unsigned char *given)
{
	struct stepping stepping = stepping_over(all, step);
	struct log *log = log_new(&stepping.source);
	struct record record;
	struct error error;
	size_t inside = 0, counted = 0, line = 1;

	log_skip_quiet(log, scanner);
	while (log_next(log, &record, &error) == LOG_RECORD) {
		assert_true(record.offset >= counted && record.offset + record.text.length <= all.length);
		assert_true(text_equal(record.text, text_first(text_from_offset(all, (size_t)record.offset), record.text.length)));
		line += scan_count_lines(text_first(text_from_offset(all, counted), (size_t)record.offset - counted));
		counted = (size_t)record.offset;
		assert_int_equal(record.line, line);
		given[record.line] = 1;
		inside = has_word(scanner, record.text) ? random_below(60) : inside ? inside - 1 : 0;
		if (!inside)
			log_skip_quiet(log, scanner);
	}
	size_t lines = log_lines(log);
	log_free(log);
	stepping_end(&stepping);
	return lines;
}

/* Every line with a word must have been given, with LOG_CONTEXT_LINES (or LOG_CONTEXT_BYTES) before it. */
static void check_skipping(struct text all, size_t step, const struct scanner *scanner)
{
	size_t lines = scan_count_lines(all), begin = 0, *begins = calloc(lines + 3, sizeof *begins);
	unsigned char *given = calloc(lines + 3, 1);
	enum { WORD_MOST = 128 };
	size_t read = read_skipping(all, step, scanner, given);

	assert_non_null(begins);
	assert_true(read == lines || read == lines + 1);
	for (size_t line = 1; begin < all.length; line++) {
		struct text rest = text_from_offset(all, begin);
		size_t end = text_find_char(rest, '\n');
		begins[line] = begin;
		if (has_word(scanner, text_first(rest, end))) {
			for (size_t back = 0; back <= LOG_CONTEXT_LINES && back < line; back++) {
				if (back && begin - begins[line - back] > LOG_CONTEXT_BYTES - WORD_MOST)
					break; /* bytes count back from the word, not from its line */
				if (!given[line - back])
					fail_msg("line %zu of %zu with a word, step %zu: line %zu was not given", line, lines, step, line - back);
			}
		}
		begin = end == SIZE_MAX ? all.length : begin + end + 1;
	}
	free(begins);
	free(given);
}

static void put_quiet_lines(struct making *making, size_t count, size_t longest)
{
	for (size_t i = 0; i < count; i++) {
		put_many(making, (char)('a' + (int)random_below(26)), random_below((uint32_t)longest));
		put(making, "\n", 1);
	}
}

static void put_word_line(struct making *making, const char *const *words, size_t count)
{
	const char *word = words[random_below((uint32_t)count)];

	put_many(making, 'w', random_below(40));
	put(making, word, strlen(word));
	put_many(making, 'w', random_below(40));
	put(making, "\n", 1);
}

static void test_skipping(void **state)
{
	static const size_t steps[] = { 0, 0, 0, 777, 4096, 33000, 1000000 };
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);

	(void)state;
	for (int round = 0; round < 120; round++) {
		struct making making = { 0 };
		size_t longest = round % 5 == 0 ? 2000 : round % 3 ? 60 : 6;
		put(&making, "x\n", 2);
		if (round % 4 == 0)
			put_word_line(&making, words, count);
		for (uint32_t i = random_below(5); i > 0; i--) {
			put_quiet_lines(&making, random_below(random_below(3) ? 1500 : 20), longest);
			put_word_line(&making, words, count);
		}
		if (round % 3)
			put_quiet_lines(&making, random_below(900), longest);
		if (round % 7 == 0) /* the last line without its feed */
			making.length--;
		check_skipping(made(&making), steps[(size_t)round % (sizeof steps / sizeof *steps)], scanner);
		free(making.bytes);
	}
	scanner_free(scanner);
}

/* One word, moved byte by byte over the end of the window and of the pieces in which a window is searched. */
static void test_word_at_window_end(void **state)
{
	static const size_t ends[] = { 4096, 32768, 65536 };
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);

	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		for (size_t back = 0; back < 50; back++) {
			struct making making = { 0 };
			while (making.length < ends[i] - back - 1)
				put(&making, making.length % 50 == 49 ? "\n" : "q", 1);
			put(&making, "\nKernel panic - not syncing: x\nend\n", 35);
			check_skipping(made(&making), ends[i], scanner);
			check_skipping(made(&making), 1000, scanner);
			free(making.bytes);
		}
	}
	scanner_free(scanner);
}

static void test_skipping_byte_by_byte(void **state)
{
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);

	(void)state;
	for (int round = 0; round < 6; round++) {
		struct making making = { 0 };
		put_quiet_lines(&making, 400, 6);
		put_word_line(&making, words, count);
		put_quiet_lines(&making, 30, 6);
		check_skipping(made(&making), 1, scanner);
		free(making.bytes);
	}
	scanner_free(scanner);
}

/* Nothing to find: nothing is kept back, and the lines are counted. */
static void test_all_quiet(void **state)
{
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);
	struct making making = { 0 };
	struct record record;
	struct error error;

	(void)state;
	put_quiet_lines(&making, 5000, 80);
	put_many(&making, 'x', 3 * READER_LINE_MOST);
	put(&making, "\n", 1);
	for (size_t step = 0; step < 9000; step += 4096) {
		struct stepping stepping = stepping_over(made(&making), step);
		struct log *log = log_new(&stepping.source);
		log_skip_quiet(log, scanner);
		assert_int_equal(log_next(log, &record, &error), LOG_END);
		assert_int_equal(log_lines(log), 5001);
		log_free(log);
		stepping_end(&stepping);
	}
	free(making.bytes);
	scanner_free(scanner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_read_errors),
		cmocka_unit_test(test_skipping),
		cmocka_unit_test(test_word_at_window_end),
		cmocka_unit_test(test_skipping_byte_by_byte),
		cmocka_unit_test(test_all_quiet),
		cmocka_unit_test(test_long_line_of_another_program),
		cmocka_unit_test(test_lines_without_last_feed),
		cmocka_unit_test(test_stamp_behind_stamp),
		cmocka_unit_test(test_offset_behind_residue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
