/* log/scan: what it finds is what a search byte by byte finds. */
#include "crash/headline.h"
#include "log/scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t seed = 12345;

static uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 4) * limit >> 28);
}

/* Exactly as many bytes as are said, so that a sanitizer sees a read past them. */
static char *exact_copy(const char *bytes, size_t length)
{
	char *copy = malloc(length ? length : 1);

	assert_non_null(copy);
	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

static size_t find_naively(const char *const *words, size_t count, struct text t)
{
	for (size_t at = 0; at < t.length; at++)
		for (size_t i = 0; i < count; i++)
			if (text_starts(text_from_offset(t, at), words[i]))
				return at;
	return SIZE_MAX;
}

static void compare(const struct scanner *scanner, const char *const *words, size_t count, const char *bytes, size_t length)
{
	char *copy = exact_copy(bytes, length);
	struct text t = { copy, length };
	size_t found = scanner_find(scanner, t), expected = find_naively(words, count, t);

	if (found != expected)
		fail_msg("found at %td, expected %td, in %zu bytes: \"%.*s\"", (ptrdiff_t)found, (ptrdiff_t)expected, length, (int)length, copy);
	free(copy);
}

/* Bytes of log text, into which whole words and beginnings of words are put now and then. */
static size_t random_text(char *bytes, size_t most, const char *const *words, size_t count, uint32_t every)
{
	static const char common[] = "abcdefgINFO: task rcu CPU#[]0123456789 +0x/_.-\n";
	size_t length = random_below((uint32_t)most);

	for (size_t i = 0; i < length;) {
		const char *word = words[random_below((uint32_t)count)];
		size_t whole = strlen(word), piece = random_below(2) ? whole : random_below((uint32_t)whole);
		if (random_below(every) == 0 && i + piece <= length) {
			memcpy(bytes + i, word, piece);
			i += piece;
		} else {
			bytes[i++] = random_below(20) ? common[random_below(sizeof common - 1)] : (char)random_below(256);
		}
	}
	return length;
}

static void test_headline_words(void **state)
{
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);
	size_t longest = 0;
	char bytes[3000];

	(void)state;
	assert_non_null(scanner);
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(words[i]);
		assert_true(length >= 3);
		assert_null(strchr(words[i], '\n'));
		longest = length > longest ? length : longest;
	}
	assert_int_equal(scanner_longest(scanner), longest);
	for (int i = 0; i < 4000; i++) {
		size_t length = random_text(bytes, i % 2 ? 200 : sizeof bytes, words, count, i % 3 ? 300 : 20);
		compare(scanner, words, count, bytes, length);
	}
	scanner_free(scanner);
}

/* Each word at each place of a block, with each number of bytes behind it, and cut short by the block's end. */
static void test_every_place(void **state)
{
	enum { AROUND = 70 };
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);
	char bytes[4 * AROUND + 200];

	(void)state;
	for (size_t i = 0; i < count; i++) {
		size_t word = strlen(words[i]);
		for (size_t at = 0; at < AROUND; at++) {
			memset(bytes, 'x', sizeof bytes);
			memcpy(bytes + at, words[i], word);
			for (size_t behind = 0; behind < AROUND; behind += at % 7 + 1)
				compare(scanner, words, count, bytes, at + word + behind);
			for (size_t missing = 1; missing <= word; missing++)
				compare(scanner, words, count, bytes, at + word - missing);
		}
	}
	scanner_free(scanner);
}

/*
 * Words of a few letters only overlap each other, and hold each other, in all ways. What is found is a word's beginning, and no other
 * word lies wholly before it; a longer word that begins before it may be passed over for one that it holds.
 */
static void test_random_words(void **state)
{
	static char storage[64][24];
	const char *words[64];
	char bytes[1000];

	(void)state;
	for (int round = 0; round < 600; round++) {
		size_t count = 1 + random_below(64);
		uint32_t letters = 2 + random_below(6);
		for (size_t i = 0; i < count; i++) {
			size_t length = 4 + random_below(19);
			for (size_t j = 0; j < length; j++)
				storage[i][j] = (char)(random_below(10) ? 'a' + (int)random_below(letters) : 128 + (int)random_below(100));
			storage[i][length] = '\0';
			words[i] = storage[i];
		}
		struct scanner *scanner = scanner_new(words, count);
		assert_non_null(scanner);
		for (int i = 0; i < 20; i++) {
			size_t length = random_text(bytes, sizeof bytes, words, count, 50);
			char *copy = exact_copy(bytes, length);
			struct text t = { copy, length };
			size_t found = scanner_find(scanner, t), first = find_naively(words, count, t);
			assert_true((found == SIZE_MAX) == (first == SIZE_MAX));
			if (found != SIZE_MAX) {
				assert_int_equal(find_naively(words, count, text_from_offset(t, found)), 0);
				assert_true(found >= first && found < first + scanner_longest(scanner));
			}
			free(copy);
		}
		scanner_free(scanner);
	}
}

static void test_words_within_words(void **state)
{
	static const char *const beginnings[] = { "eeeeeXY", "eeee" }, *const ends[] = { "e e e e#Z", "e e#Z" };
	struct scanner *scanner = scanner_new(beginnings, 2);

	(void)state;
	compare(scanner, beginnings, 2, "..eeeeeXY", 9);
	compare(scanner, beginnings, 2, "..eeeeeX", 8);
	scanner_free(scanner);
	scanner = scanner_new(ends, 2);
	compare(scanner, ends, 2, "..e e e e#Z", 11);
	scanner_free(scanner);
}

static void test_nothing(void **state)
{
	static const char *const words[] = { "word" };
	struct scanner *scanner = scanner_new(words, 1), *none = scanner_new(words, 0);

	(void)state;
	assert_true(scanner_find(scanner, TEXT_NONE) == SIZE_MAX);
	assert_true(scanner_find(scanner, TEXT("w")) == SIZE_MAX);
	assert_non_null(none);
	assert_true(scanner_find(none, TEXT("a text with a word in it, longer than one block of bytes")) == SIZE_MAX);
	assert_int_equal(scanner_longest(none), 0);
	scanner_free(scanner);
	scanner_free(none);
	scanner_free(NULL);
}

static void test_big_block(void **state)
{
	enum { SIZE = 8 * 1024 * 1024 };
	static const size_t places[] = { 0, 1, 31, 32, 33, 4095, 65536, SIZE / 2 + 7, SIZE - 100, SIZE - 12, SIZE - 11 };
	size_t count;
	const char *const *words = crash_headline_words(&count);
	struct scanner *scanner = scanner_new(words, count);
	char *bytes = malloc(SIZE);

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = "abcdefgh ijklmno pqrstu\n"[random_below(24)];
	assert_true(scanner_find(scanner, (struct text){ bytes, SIZE }) == SIZE_MAX);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		char saved[11];
		memcpy(saved, bytes + places[i], sizeof saved);
		memcpy(bytes + places[i], "Call Trace:", sizeof saved);
		assert_int_equal(scanner_find(scanner, (struct text){ bytes, SIZE }), places[i]);
		memcpy(bytes + places[i], saved, sizeof saved);
	}
	free(bytes);
	scanner_free(scanner);
}

static size_t count_naively(const char *bytes, size_t length)
{
	size_t lines = 0;

	for (size_t i = 0; i < length; i++)
		lines += bytes[i] == '\n';
	return lines;
}

static void test_count_lines(void **state)
{
	(void)state;
	assert_int_equal(scan_count_lines(TEXT_NONE), 0);
	for (size_t length = 0; length <= 1000; length++) {
		for (int kind = 0; kind < 3; kind++) {
			char *bytes = malloc(length ? length : 1);
			assert_non_null(bytes);
			for (size_t i = 0; i < length; i++)
				bytes[i] = kind == 0 ? '\n' : kind == 1 ? (char)random_below(256) : "ab\n"[random_below(3)];
			assert_int_equal(scan_count_lines((struct text){ bytes, length }), count_naively(bytes, length));
			free(bytes);
		}
	}
}

static void test_count_many_lines(void **state)
{
	enum { SIZE = 3000001 };
	char *bytes = malloc(SIZE);

	(void)state;
	assert_non_null(bytes);
	memset(bytes, '\n', SIZE);
	assert_int_equal(scan_count_lines((struct text){ bytes, SIZE }), SIZE);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)random_below(256);
	assert_int_equal(scan_count_lines((struct text){ bytes, SIZE }), count_naively(bytes, SIZE));
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_headline_words),
		cmocka_unit_test(test_every_place),
		cmocka_unit_test(test_random_words),
		cmocka_unit_test(test_words_within_words),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_big_block),
		cmocka_unit_test(test_count_lines),
		cmocka_unit_test(test_count_many_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
