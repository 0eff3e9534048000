/* input/: pieces of pstore, what their names say, and how they are put together. */
#include "input/pstore.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_names(void **state)
{
	static const struct {
		const char *file;
		int64_t time;
		unsigned part;
		bool console, compressed;
	} names[] = {
		{ "dmesg-efi-165467616416001", 1654676164, 16, false, false },
		{ "dmesg-efi_pstore-165467616401002.enc.z", 1654676164, 1, false, true },
		{ "dmesg-efi-1341234567", 1341234567, 0, false, false },
		{ "dmesg-erst-7106780009850732545", 1654676164, 0, false, false }, /* 1654676164 << 32 | 1 */
		{ "dmesg-erst-9259400833873739776", 2147483648, 0, false, false }, /* 1 << 63 | 2147483648 << 24 */
		{ "dmesg-ramoops-0", 0, 0, false, false },
		{ "dmesg-nvram-18446744073709551615", 0, 0, false, false },
		{ "dmesg-pstore_blk-3.enc.z", 0, 0, false, true },
		{ "console-ramoops-0", 0, 0, true, false },
		{ "console-ramoops", 0, 0, true, false },
	};
	static const char *const others[] = {
		"",
		"dmesg",
		"dmesg-efi",
		"dmesg-efi-",
		"dmesg-efi-1x",
		"dmesg-web-1",
		"dmesg-efi-1.enc",
		"dmesg-efi--1",
		"dmesg-ramoops-18446744073709551616",
		"dmesg-efi-1.enc.z.1",
		"pmsg-ramoops-0",
		"ftrace-ramoops-0",
		"dmesg.txt",
		"console.log",
		"console-web1-1",
		"console-ramoops.enc.z ",
		"Dmesg-efi-1",
		"dmesg-20230605",
	};
	struct pstore_name name;

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!pstore_name_parse(names[i].file, &name))
			fail_msg("%s", names[i].file);
		assert_int_equal(name.time, names[i].time);
		assert_int_equal(name.part, names[i].part);
		assert_int_equal(name.console, names[i].console);
		assert_int_equal(name.compressed, names[i].compressed);
	}
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (pstore_name_parse(others[i], &name))
			fail_msg("%s", others[i]);
}

/* Pieces as "NAME=CONTENT", given in this order; the log that comes of them, or "error: ...". */
static const char *assemble(const char *const *pieces)
{
	static char line[4096];
	struct pstore pstore = { 0 };
	struct pstore_log log;
	struct error error;
	char name[100];

	for (; *pieces; pieces++) {
		const char *content = strchr(*pieces, '=') + 1;
		snprintf(name, sizeof name, "%.*s", (int)(content - *pieces - 1), *pieces);
		pstore_add(&pstore, name, 1000, text_from(content));
	}
	if (!pstore_assemble(&pstore, &log, &error)) {
		snprintf(line, sizeof line, "error: %s", error.message);
	} else {
		assert_true(log.source.ended);
		snprintf(line, sizeof line, "%.*s", (int)log.source.length, log.source.data);
		for (size_t i = 0; i < log.note_count; i++)
			snprintf(line + strlen(line), sizeof line - strlen(line), "| %.*s", TEXT_ARGS(log.notes[i]));
		if (log.cut.length)
			snprintf(line + strlen(line), sizeof line - strlen(line), "! %.*s", TEXT_ARGS(log.cut));
	}
	pstore_free(&pstore);
	return line;
}

#define ASSERT_ASSEMBLED(expected, ...) assert_string_equal(assemble((const char *const[]){ __VA_ARGS__, NULL }), expected)

static void test_order(void **state)
{
	(void)state;
	ASSERT_ASSEMBLED("one\ntwo\nthree\n| Put together from 3 pieces of pstore (Panic#1), dmesg-efi-165467616403001 to "
			 "dmesg-efi-165467616401001.",
			 "dmesg-efi-165467616403001=Panic#1 Part3\none\n", "dmesg-efi-165467616401001=Panic#1 Part1\nthree",
			 "dmesg-efi-165467616402001=Panic#1 Part2\ntwo\n");
	/* By the header, where the name has no place for so many. */
	ASSERT_ASSEMBLED("two\none\n| Put together from 2 pieces of pstore (Oops#7), dmesg-efi-165467616500007 to "
			 "dmesg-efi-165467616499007.! pieces of pstore are missing: part 1 to 98 (part 1 is the end)",
			 "dmesg-efi-165467616500007=Oops#7 Part100\ntwo\n",
			 "dmesg-efi-165467616499007=Oops#7 Part99\none\n");
	ASSERT_ASSEMBLED("just text\n| Read from the piece of pstore dmesg-ramoops-0.", "dmesg-ramoops-0=just text\n");
}

static void test_which_record(void **state)
{
	(void)state;
	/* An orderly end comes after every crash that did not end it. */
	ASSERT_ASSEMBLED(
		"crash\n| Read from the piece of pstore dmesg-ramoops-0 (Oops#1).| Of 2 records in pstore, the latest "
		"of a crash was read.",
		"dmesg-ramoops-0=Oops#1 Part1\ncrash\n", "dmesg-ramoops-1=Shutdown#2 Part1\nbye\n");
	ASSERT_ASSEMBLED("bye\n| Read from the piece of pstore dmesg-ramoops-1 (Restart#2).", "dmesg-ramoops-1=Restart#2 "
											      "Part1\nbye\n");
	/* Of one time, by what the kernel counted. */
	ASSERT_ASSEMBLED(
		"b\n| Read from the piece of pstore dmesg-ramoops-0 (Panic#10).| Of 2 records in pstore, the latest of "
		"a crash was read.",
		"dmesg-ramoops-0=Panic#10 Part1\nb\n", "dmesg-ramoops-1=Oops#9 Part1\na\n");
	/* The same reason and count, of two boots. */
	ASSERT_ASSEMBLED(
		"new\n| Read from the piece of pstore dmesg-efi-165467616401001 (Panic#1).| Of 2 records in pstore, the "
		"latest of a crash was read.",
		"dmesg-efi-165467616401001=Panic#1 Part1\nnew\n", "dmesg-efi-165000000002001=Panic#1 Part2\nold\n");
	ASSERT_ASSEMBLED("new\n| Read from the piece of pstore dmesg-erst-7106780009850732545 (Panic#1).| Of 2 records in "
			 "pstore, the latest of a crash was read.",
			 "dmesg-ramoops-0=Panic#1 Part1\nold\n", "dmesg-erst-7106780009850732545=Panic#1 Part1\nnew\n");
}

static void test_what_cannot_be_read(void **state)
{
	struct pstore pstore = { 0 };
	struct pstore_log log;
	struct error error;
	char *big = malloc(PSTORE_PIECE_MOST + 1);

	(void)state;
	ASSERT_ASSEMBLED("error: pieces of pstore that the kernel could not decompress, and nothing else: "
			 "dmesg-efi-165467616401001.enc.z and others",
			 "dmesg-efi-165467616402001.enc.z=x", "dmesg-efi-165467616401001.enc.z=x");
	ASSERT_ASSEMBLED(
		"console\n| Read from the piece of pstore console-ramoops-0.| Not read: dmesg-ramoops-0.enc.z, which the "
		"kernel could not decompress.! pieces of pstore of this record, or a later one, could not be "
		"decompressed by the kernel",
		"dmesg-ramoops-0.enc.z=x", "console-ramoops-0=console\n");
	/* One of long ago does not matter. */
	ASSERT_ASSEMBLED("new\n| Read from the piece of pstore dmesg-efi-165467616401001 (Panic#1).| Not read: "
			 "dmesg-efi-165000000001001.enc.z, which the kernel could not decompress.",
			 "dmesg-efi-165467616401001=Panic#1 Part1\nnew\n", "dmesg-efi-165000000001001.enc.z=x");
	assert_false(pstore_assemble(&pstore, &log, &error));
	assert_string_equal(error.message, "no pieces of pstore");
	pstore_free(&pstore);
	memset(big, 'x', PSTORE_PIECE_MOST + 1);
	pstore_add(&pstore, "dmesg-ramoops-0", 0, (struct text){ big, PSTORE_PIECE_MOST + 1 });
	assert_true(pstore_assemble(&pstore, &log, &error));
	assert_int_equal(log.source.length, PSTORE_PIECE_MOST + 1); /* with a line's end */
	assert_true(text_is(log.cut, "of dmesg-ramoops-0, more than 1048576 bytes were left out"));
	pstore_free(&pstore);
	free(big);
}

static void test_limits(void **state)
{
	struct pstore pstore = { 0 };
	struct pstore_log log;
	struct error error;
	char *big = calloc(1, PSTORE_PIECE_MOST);
	char name[40];

	(void)state;
	for (int i = 0; i < PSTORE_PIECES_MOST + 5; i++) {
		snprintf(name, sizeof name, "dmesg-ramoops-%d", i);
		pstore_add(&pstore, name, 0, (struct text){ big, i < 70 ? PSTORE_PIECE_MOST : 1 });
	}
	assert_int_equal(pstore.count, PSTORE_BYTES_MOST / PSTORE_PIECE_MOST);
	assert_int_equal(pstore.bytes, PSTORE_BYTES_MOST);
	assert_int_equal(pstore.left_out, PSTORE_PIECES_MOST + 5 - pstore.count);
	assert_true(pstore_assemble(&pstore, &log, &error));
	assert_true(text_starts(log.cut, "more pieces of pstore than the 1000 (or 64 MiB)"));
	pstore_free(&pstore);
	for (int i = 0; i < PSTORE_PIECES_MOST + 5; i++) {
		snprintf(name, sizeof name, "dmesg-ramoops-%d", i);
		pstore_add(&pstore, name, 0, TEXT("x"));
	}
	assert_int_equal(pstore.count, PSTORE_PIECES_MOST);
	pstore_free(&pstore);
	free(big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),        cmocka_unit_test(test_order),
		cmocka_unit_test(test_which_record), cmocka_unit_test(test_what_cannot_be_read),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("pstore", tests, NULL, NULL);
}
