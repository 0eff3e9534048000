/* base/: runs of bytes, arenas, lists of errors. */
#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(struct text t, const char *expected)
{
	if (!text_is(t, expected))
		fail_msg("got \"%.*s\", expected \"%s\"", TEXT_ARGS(t), expected);
}

static void test_empty_texts(void **state)
{
	struct text nothing = TEXT_NONE, word;
	uint64_t value;
	size_t digits;

	(void)state;
	assert_int_equal(text_from(NULL).length, 0);
	assert_true(text_equal(nothing, TEXT("")));
	assert_true(text_is(nothing, ""));
	assert_true(text_starts(nothing, ""));
	assert_true(text_ends(nothing, ""));
	assert_int_equal(text_compare(nothing, TEXT("")), 0);
	assert_true(text_find(nothing, "a") == SIZE_MAX);
	assert_true(text_find_char(nothing, 'a') == SIZE_MAX);
	assert_int_equal(text_from_offset(nothing, 3).length, 0);
	assert_int_equal(text_first(nothing, 3).length, 0);
	assert_int_equal(text_trim(nothing).length, 0);
	assert_false(text_eat(&nothing, "a"));
	assert_false(text_eat_char(&nothing, '\0'));
	assert_false(text_eat_word(&nothing, &word));
	assert_false(text_eat_decimal(&nothing, &value));
	assert_false(text_eat_hex(&nothing, &value));
	assert_false(text_eat_hex_digits(&nothing, &value, &digits));
	assert_true(text_hash(TEXT_HASH_START, nothing) == TEXT_HASH_START);
}

static void test_comparing(void **state)
{
	struct text zeros = { "a\0b", 3 };

	(void)state;
	assert_true(text_equal(TEXT("abc"), text_from("abc")));
	assert_false(text_equal(TEXT("abc"), TEXT("abd")));
	assert_false(text_equal(TEXT("abc"), TEXT("ab")));
	assert_false(text_is(zeros, "a"));
	assert_false(text_is(TEXT("ab"), "abc"));
	assert_true(text_compare(TEXT("ab"), TEXT("abc")) < 0);
	assert_true(text_compare(TEXT("abc"), TEXT("ab")) > 0);
	assert_true(text_compare(TEXT("b"), TEXT("abc")) > 0);
	/* By bytes, not by a signed char's value. */
	assert_true(text_compare(TEXT("\xff"), TEXT("a")) > 0);
	assert_true(text_compare(TEXT(""), TEXT("a")) < 0);
	assert_true(text_starts(TEXT("abc"), "ab") && !text_starts(TEXT("ab"), "abc") && !text_starts(TEXT("xabc"), "ab"));
	assert_true(text_ends(TEXT("abc"), "bc") && !text_ends(TEXT("bc"), "abc") && text_ends(TEXT("abc"), "abc"));
}

static void test_searching(void **state)
{
	struct text zeros = { "a\0bc", 4 };

	(void)state;
	assert_int_equal(text_find(TEXT("one two two"), "two"), 4);
	assert_int_equal(text_find(TEXT("two"), "two"), 0);
	assert_true(text_find(TEXT("tw"), "two") == SIZE_MAX);
	assert_int_equal(text_find(zeros, "bc"), 2);
	assert_int_equal(text_find_char(zeros, '\0'), 1);
	assert_int_equal(text_find_char(zeros, 'c'), 3);
	assert_true(text_find_char(TEXT("abc"), 'd') == SIZE_MAX);
	/* Nothing behind the text's end is looked at. */
	assert_true(text_find(text_first(TEXT("abcdef"), 3), "cd") == SIZE_MAX);
	assert_true(text_find_char(text_first(TEXT("abcdef"), 3), 'd') == SIZE_MAX);
}

static void test_pieces(void **state)
{
	struct text t = TEXT(" \t\rmiddle of it \t\r");

	(void)state;
	assert_text(text_from_offset(TEXT("abc"), 1), "bc");
	assert_text(text_from_offset(TEXT("abc"), 3), "");
	assert_text(text_from_offset(TEXT("abc"), SIZE_MAX), "");
	assert_text(text_first(TEXT("abc"), 2), "ab");
	assert_text(text_first(TEXT("abc"), SIZE_MAX), "abc");
	assert_text(text_trim(t), "middle of it");
	assert_text(text_trim_start(t), "middle of it \t\r");
	assert_text(text_trim(TEXT(" \t ")), "");
	/* A line feed is no blank. */
	assert_text(text_trim(TEXT("a\n")), "a\n");
}

static void test_eating(void **state)
{
	struct text t = TEXT("RIP: 0010:f+0x1/0x2"), word;

	(void)state;
	assert_false(text_eat(&t, "EIP: "));
	assert_text(t, "RIP: 0010:f+0x1/0x2");
	assert_true(text_eat(&t, "RIP:"));
	assert_false(text_eat_word(&t, &word));
	assert_text(t, " 0010:f+0x1/0x2");
	text_eat_blanks(&t);
	text_eat_blanks(&t);
	assert_true(text_eat_word(&t, &word));
	assert_text(word, "0010:f+0x1/0x2");
	assert_int_equal(t.length, 0);
	t = TEXT("aab");
	assert_true(text_eat_char(&t, 'a') && text_eat_char(&t, 'a') && !text_eat_char(&t, 'a') && text_eat_char(&t, 'b'));
	assert_false(text_eat_char(&t, 'b'));
}

/* rest NULL: it must be refused, and the text left as it was. */
struct number {
	const char *text;
	uint64_t value;
	const char *rest;
};

static void check_numbers(const struct number *numbers, size_t count, bool (*eat)(struct text *, uint64_t *))
{
	for (size_t i = 0; i < count; i++) {
		struct text t = text_from(numbers[i].text);
		uint64_t value = 0;
		bool eaten = eat(&t, &value);
		if (eaten != (numbers[i].rest != NULL))
			fail_msg("\"%s\": %s", numbers[i].text, eaten ? "taken" : "refused");
		assert_text(t, eaten ? numbers[i].rest : numbers[i].text);
		if (eaten && value != numbers[i].value)
			fail_msg("\"%s\": %llu", numbers[i].text, (unsigned long long)value);
	}
}

static void test_numbers(void **state)
{
	static const struct number decimals[] = {
		{ "0", 0, "" },
		{ "007x", 7, "x" },
		{ "18446744073709551615.", UINT64_MAX, "." },
		{ "18446744073709551616", 0, NULL },
		{ "99999999999999999999999999", 0, NULL },
		{ "00000000000000000000000000012", 12, "" },
		{ "-1", 0, NULL },
		{ "+1", 0, NULL },
		{ " 1", 0, NULL },
		{ "x", 0, NULL },
		{ "12 34", 12, " 34" },
	};
	static const struct number hexadecimals[] = {
		{ "0x10/0x20", 16, "/0x20" },
		{ "10", 16, "" },
		{ "ffffFFFFffffFFFF]", UINT64_MAX, "]" },
		{ "0xffffffffffffffff", UINT64_MAX, "" },
		{ "0x0ffffffffffffffff", 0, "x0ffffffffffffffff" }, /* 17 digits are no number: only the 0 before the x */
		{ "10000000000000000", 0, NULL },
		{ "0x", 0, "x" },
		{ "0xg", 0, "xg" },
		{ "g", 0, NULL },
		{ "abcdefABCDEF0123", UINT64_C(0xabcdefabcdef0123), "" },
	};

	(void)state;
	check_numbers(decimals, sizeof decimals / sizeof *decimals, text_eat_decimal);
	check_numbers(hexadecimals, sizeof hexadecimals / sizeof *hexadecimals, text_eat_hex);
}

static void test_hex_digits(void **state)
{
	struct text t = TEXT("0010:ffff");
	uint64_t value;
	size_t digits;

	(void)state;
	assert_true(text_eat_hex_digits(&t, &value, &digits));
	assert_int_equal(value, 0x10);
	assert_int_equal(digits, 4);
	assert_text(t, ":ffff");
	assert_false(text_eat_hex_digits(&t, &value, &digits));
	t = TEXT("0x10");
	assert_true(text_eat_hex_digits(&t, &value, &digits));
	assert_text(t, "x10");
}

/* The values that http://www.isthe.com/chongo/tech/comp/fnv/ gives for FNV-1a. */
static void test_hash(void **state)
{
	(void)state;
	assert_true(text_hash(TEXT_HASH_START, TEXT("a")) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(text_hash(TEXT_HASH_START, TEXT("foobar")) == UINT64_C(0x85944171f73967e8));
	assert_true(text_hash(text_hash(TEXT_HASH_START, TEXT("foo")), TEXT("bar")) == UINT64_C(0x85944171f73967e8));
	assert_true(text_hash(TEXT_HASH_START, TEXT("\xff")) == UINT64_C(0xaf64724c8602eb6e));
}

static void test_arena_alloc(void **state)
{
	struct arena arena = { 0 };
	unsigned char *pieces[500];
	size_t sizes[500], sum = 0;

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		sizes[i] = i * 37 % 900 + (i % 100 == 99 ? 200000 : 0);
		pieces[i] = arena_alloc(&arena, sizes[i]);
		sum += sizes[i];
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(pieces[i][j], 0);
		memset(pieces[i], (int)(i & 0xff), sizes[i]);
	}
	for (size_t i = 0; i < 500; i++)
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(pieces[i][j], i & 0xff);
	assert_true(arena.used >= sum && !arena.failed);
	arena_free(&arena);
	assert_true(arena.last == NULL && arena.used == 0 && !arena.failed);
	assert_non_null(arena_alloc(&arena, 1));
	arena_free(&arena);
	arena_free(&arena);
}

static void test_arena_limits(void **state)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX / 2, SIZE_MAX / 4 + 1 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct arena arena = { 0 };
		assert_null(arena_alloc(&arena, sizes[i]));
		assert_true(arena.failed);
		/* What came before and comes behind still works; the failure is remembered. */
		assert_non_null(arena_alloc(&arena, 16));
		assert_true(arena.failed);
		arena_free(&arena);
	}
}

struct item {
	char tag;
	uint64_t number;
	char rest[20];
};

static void test_arena_push(void **state)
{
	struct arena arena = { 0 };
	struct item *items = NULL;
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < 5000; i++) {
		struct item *item = arena_push(&arena, &items, &count, sizeof *item);
		assert_non_null(item);
		assert_int_equal(count, i + 1);
		assert_ptr_equal(item, &items[i]);
		assert_true(item->tag == 0 && item->number == 0 && item->rest[19] == 0);
		*item = (struct item){ .tag = 'x', .number = i, .rest = { [19] = (char)i } };
	}
	for (size_t i = 0; i < count; i++)
		assert_true(items[i].tag == 'x' && items[i].number == i && items[i].rest[19] == (char)i);
	arena_free(&arena);
}

static void test_arena_texts(void **state)
{
	struct arena arena = { 0 };
	char source[] = "some bytes";
	struct text copy = arena_copy(&arena, text_first(text_from(source), 4));
	struct text empty = arena_copy(&arena, TEXT_NONE);
	struct text printed = arena_print(&arena, "%d, %.*s, %s", 12, 2, "abc", "");

	(void)state;
	source[0] = 'X';
	assert_text(copy, "some");
	assert_int_equal(copy.data[4], '\0');
	assert_true(empty.length == 0 && empty.data && empty.data[0] == '\0');
	assert_text(printed, "12, ab, ");
	assert_int_equal(printed.data[printed.length], '\0');
	struct text wide = arena_print(&arena, "%*s", 100000, "x");
	assert_int_equal(wide.length, 100000);
	assert_int_equal(wide.data[99999], 'x');
	arena_free(&arena);
}

static void test_error(void **state)
{
	struct error error = { .path = "p", .line = 3, .column = 4 };
	char wide[1000];

	(void)state;
	assert_false(error_set(&error, "got %d, expected %s", 1, "two"));
	assert_string_equal(error.message, "got 1, expected two");
	assert_true(strcmp(error.path, "p") == 0 && error.line == 3 && error.column == 4);
	memset(wide, 'w', sizeof wide);
	error_set(&error, "%.*s", (int)sizeof wide, wide);
	assert_int_equal(strlen(error.message), sizeof error.message - 1);
	assert_false(error_out_of_memory(&error));
	assert_string_equal(error.message, "out of memory");
}

static void test_error_list(void **state)
{
	struct error_list list = { 0 };
	char path[32];

	(void)state;
	for (size_t i = 0; i < ERROR_LIST_MOST; i++) {
		snprintf(path, sizeof path, "file %zu", i);
		error_list_add(&list, i % 2 ? path : NULL, i, i + 1, "message %zu", i);
	}
	assert_int_equal(list.count, ERROR_LIST_MOST);
	assert_false(list.overflow);
	error_list_add(&list, "one more", 1, 1, "than there may be");
	assert_int_equal(list.count, ERROR_LIST_MOST);
	assert_true(list.overflow && !list.arena.failed);
	for (size_t i = 0; i < list.count; i++) {
		char expected[32];
		snprintf(expected, sizeof expected, "message %zu", i);
		assert_string_equal(list.items[i].message, expected);
		snprintf(path, sizeof path, "file %zu", i);
		if (i % 2)
			assert_string_equal(list.items[i].path, path);
		else
			assert_null(list.items[i].path);
		assert_true(list.items[i].line == i && list.items[i].column == i + 1);
	}
	error_list_free(&list);
	assert_true(list.count == 0 && !list.overflow && !list.items);
	error_list_add(&list, NULL, 0, 0, "ready again");
	assert_int_equal(list.count, 1);
	error_list_free(&list);
}

static void test_plain_name(void **state)
{
	(void)state;
	assert_true(text_is_plain_name(TEXT("6.1.0-56-cloud-amd64")));
	assert_true(text_is_plain_name(TEXT("5.14.0-1.el9+debug~x_y")));
	assert_false(text_is_plain_name(TEXT("")));
	assert_false(text_is_plain_name(TEXT("..")));
	assert_false(text_is_plain_name(TEXT(".hidden")));
	assert_false(text_is_plain_name(TEXT("6.1/../../etc")));
	assert_false(text_is_plain_name(TEXT("6.1 ")));
	assert_false(text_is_plain_name((struct text){ "6.1\0x", 5 }));
	assert_false(text_is_plain_name(TEXT("6.1\xff")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_name),
		cmocka_unit_test(test_empty_texts),
		cmocka_unit_test(test_comparing),
		cmocka_unit_test(test_searching),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_eating),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_hex_digits),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_arena_alloc),
		cmocka_unit_test(test_arena_limits),
		cmocka_unit_test(test_arena_push),
		cmocka_unit_test(test_arena_texts),
		cmocka_unit_test(test_error),
		cmocka_unit_test(test_error_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
