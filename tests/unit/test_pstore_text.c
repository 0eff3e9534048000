/* input/: pieces of pstore in one file. */
#include "input/pstore_text.h"

#include <stdio.h>

#include "test_log.h"

static const struct row {
	const char *name, *raw, *expected;
	const char *cut; /* of what is missing; NULL: nothing */
	bool note;
} rows[] = {
	{ "the last first", "Panic#1 Part1\nc\nPanic#1 Part2\nb\nPanic#1 Part3\na\n",
	  "Panic#1 Part3\na\nPanic#1 Part2\nb\nPanic#1 Part1\nc\n", NULL, true },
	{ "in order", "Panic#1 Part2\na\nPanic#1 Part1\nb\n", "Panic#1 Part2\na\nPanic#1 Part1\nb\n", NULL, false },
	{ "one is missing", "Panic#1 Part1\nc\nPanic#1 Part3\na\n", "Panic#1 Part3\na\nPanic#1 Part1\nc\n", "part 2 (", true },
	{ "two are missing", "Oops#1 Part2\nb\nOops#1 Part5\na\n", "Oops#1 Part5\na\nOops#1 Part2\nb\n", "part 1, 3 to 4 (", true },
	{ "two records", "Panic#2 Part1\nd\nPanic#2 Part2\nc\nOops#1 Part1\nb\nOops#1 Part2\na\n",
	  "Oops#1 Part2\na\nOops#1 Part1\nb\nPanic#2 Part2\nc\nPanic#2 Part1\nd\n", NULL, true },
	{ "by part, as names sort", "Oops#1 Part1\nb\nPanic#2 Part1\nd\nOops#1 Part2\na\nPanic#2 Part2\nc\n",
	  "Oops#1 Part2\na\nOops#1 Part1\nb\nPanic#2 Part2\nc\nPanic#2 Part1\nd\n", NULL, true },
	{ "two boots", "Oops#1 Part1\na\nOops#1 Part1\nb\n", "Oops#1 Part1\na\nOops#1 Part1\nb\n", NULL, false },
	{ "names between", "==> dmesg-efi_pstore-1 <==\nPanic#1 Part1\nb\n\n==> dmesg-efi_pstore-2 <==\nPanic#1 Part2\na\n",
	  "==> dmesg-efi_pstore-1 <==\nPanic#1 Part2\na\nPanic#1 Part1\nb\n\n==> dmesg-efi_pstore-2 <==\n", NULL, true },
	{ "no line feed at the end", "Panic#1 Part1\r\nb\r\nPanic#1 Part2\r\na", "Panic#1 Part2\r\na\nPanic#1 Part1\r\nb\r\n", NULL, true },
	{ "cut within its last line", "Panic#1 Part2\na\nPanic#1 Part1\nRAX: 12", "Panic#1 Part2\na\nPanic#1 Part1\nRAX: 12", NULL, false },
	{ "cut within a number that moves", "Panic#1 Part1\nb\nPanic#1 Part2\nRAX: 12", "Panic#1 Part2\nRAX: \nPanic#1 Part1\nb\n", NULL, true },
	{ "nothing in it", "Panic#1 Part1\n", "Panic#1 Part1\n", NULL, false },
};

static void test_rows(void **state)
{
	static const size_t steps[] = { 1, 5, 4096 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t j = 0; j < sizeof steps / sizeof *steps; j++) {
			struct text raw = text_from(rows[i].raw);
			struct stepping stepping = stepping_over(raw, steps[j]);
			struct arena arena = { 0 };
			struct pstore_log log;
			struct error error;
			assert_true(pstore_text_begins(raw));
			assert_true(pstore_text_order(&stepping.source, &arena, &log, &error));
			if (!text_is((struct text){ log.source.data, log.source.length }, rows[i].expected))
				fail_msg("%s: \"%.*s\"", rows[i].name, (int)log.source.length, log.source.data);
			if (rows[i].cut ? text_find(log.cut, rows[i].cut) == SIZE_MAX : log.cut.length)
				fail_msg("%s: %.*s", rows[i].name, TEXT_ARGS(log.cut));
			assert_int_equal(log.note_count, rows[i].note);
			arena_free(&arena);
			stepping_end(&stepping);
		}
	}
}

static void test_a_read_that_fails(void **state)
{
	struct stepping stepping = stepping_over(text_from(rows[0].raw), 5);
	struct arena arena = { 0 };
	struct pstore_log log;
	struct error error;

	(void)state;
	stepping.fail_at = 20;
	assert_false(pstore_text_order(&stepping.source, &arena, &log, &error));
	assert_string_equal(error.message, "no more than 20 bytes");
	arena_free(&arena);
	stepping_end(&stepping);
}

static void test_what_are_none(void **state)
{
	static const char *const others[] = { "", "a\nPanic#1 Part1\n", "Panic#1 Part1", "Panic#1 Part\n", "Panic# Part1\n", "#1 Part1\n",
	                                      "[    1.000000] Panic#1 Part1\n", "==> dmesg <==\n", "\n\n\n\n\nPanic#1 Part1\n" };

	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		assert_false(pstore_text_begins(text_from(others[i])));
}

/* More pieces than are sorted: what is behind them stays, and it is said. */
static void test_many(void **state)
{
	enum { PIECES = PSTORE_PIECES_MOST + 10, MOST = 40 };
	char *bytes = malloc((size_t)PIECES * MOST);
	struct arena arena = { 0 };
	struct pstore_log log;
	struct error error;
	size_t length = 0;

	(void)state;
	for (int i = 1; i <= PIECES; i++)
		length += (size_t)snprintf(bytes + length, MOST, "Panic#1 Part%d\nline %d\n", i, i);
	struct stepping stepping = stepping_over((struct text){ bytes, length }, 4096);
	assert_true(pstore_text_order(&stepping.source, &arena, &log, &error));
	assert_int_equal(log.source.length, length);
	assert_true(text_find(log.cut, "of more than 1000 pieces") != SIZE_MAX);
	arena_free(&arena);
	stepping_end(&stepping);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_a_read_that_fails),
		cmocka_unit_test(test_what_are_none),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
