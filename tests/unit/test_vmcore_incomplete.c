/* vmcore/: what is said of dumps that are not whole: gaps of flattened files, files of a set, causes that are long. */
#define _DEFAULT_SOURCE /* mkstemp() */
#include "vmcore/cause.h"
#include "vmcore/dump_parts.h"
#include "vmcore/flattened.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { BLOCK = 4096, LAST = 5 * BLOCK };

static int make_file(const void *bytes, size_t length)
{
	char path[] = "/tmp/test_vmcore_incomplete.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_true(write(fd, bytes, length) == (ssize_t)length);
	return fd;
}

static void add_number(int fd, int64_t number)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
	assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
}

/* Blocks of ones, from where to where in the dump, ended by a block of nothing. */
static struct image *open_flattened(const int64_t (*blocks)[2], bool end_mark, int *fd)
{
	static unsigned char header[4096] = "makedumpfile", ones[LAST];
	struct error error;

	header[23] = header[31] = 1;
	memset(ones, 1, sizeof ones);
	*fd = make_file(header, sizeof header);
	for (; (*blocks)[1]; blocks++) {
		size_t size = (size_t)((*blocks)[1] - (*blocks)[0]);
		add_number(*fd, (*blocks)[0]);
		add_number(*fd, (int64_t)size);
		assert_int_equal(write(*fd, ones, size), size);
	}
	if (end_mark) {
		add_number(*fd, -1);
		add_number(*fd, -1);
	}
	struct image *image = image_open(*fd, &error);
	assert_non_null(image);
	return image;
}

/* Of the byte: 1 it was written, 0 it is a hole, -1 it cannot be read. */
static int byte_at(struct image *image, uint64_t offset)
{
	unsigned char byte;
	struct error error;

	if (image->read(image, offset, &byte, 1, &error))
		return byte;
	assert_non_null(strstr(error.message, "of the dump is missing: it is in no block of the flattened file"));
	return -1;
}

/* What fills up a block of the headers reads as zeros; what is missing anywhere else is missing. */
static void test_holes_and_gaps(void **state)
{
	static const int64_t blocks[][2] = { { 0, 464 },
					     { BLOCK, BLOCK + 200 },
					     { 2 * BLOCK, 2 * BLOCK + 50 },
					     { 2 * BLOCK + 70, 3 * BLOCK },
					     { 3 * BLOCK, 3 * BLOCK + 100 },
					     { 4 * BLOCK, LAST },
					     { 0, 0 } };
	struct flattened_gap gap = { 0 };
	int fd;
	struct image *image = open_flattened(blocks, true, &fd);

	(void)state;
	/* Nothing is known of the dump yet. */
	assert_int_equal(byte_at(image, 2 * BLOCK + 60), 0);
	assert_int_equal(flattened_count_gaps(image, &gap), 0);
	flattened_set_holes(image, (struct flattened_holes){ BLOCK, BLOCK, 3 * BLOCK });
	assert_int_equal(byte_at(image, 463), 1);
	assert_int_equal(byte_at(image, 464), 0);
	assert_int_equal(byte_at(image, 2 * BLOCK - 1), 0);
	assert_int_equal(byte_at(image, 2 * BLOCK + 50), -1);
	assert_int_equal(byte_at(image, 2 * BLOCK + 69), -1);
	assert_int_equal(byte_at(image, 2 * BLOCK + 70), 1);
	assert_int_equal(byte_at(image, 3 * BLOCK + 100), -1);
	assert_int_equal(byte_at(image, 4 * BLOCK), 1);
	assert_int_equal(flattened_count_gaps(image, &gap), 2);
	assert_int_equal(gap.begin, 2 * BLOCK + 50);
	assert_int_equal(gap.end, 2 * BLOCK + 70);
	assert_true(flattened_has_gap(image, 400, 100, &gap) && gap.begin == 464 && gap.end == BLOCK);
	assert_false(flattened_has_gap(image, 0, 464, &gap));
	assert_false(flattened_has_gap(image, 4 * BLOCK, UINT64_MAX, &gap));
	image->close(image);
	close(fd);
}

/* A whole block is no padding; and of a file that was cut, what is missing was still to come. */
static void test_whole_blocks_and_cuts(void **state)
{
	static const int64_t blocks[][2] = { { 0, BLOCK }, { 2 * BLOCK, LAST }, { 0, 0 } };
	struct flattened_gap gap = { 0 };
	int fd;
	struct image *image = open_flattened(blocks, true, &fd);

	(void)state;
	flattened_set_holes(image, (struct flattened_holes){ BLOCK, BLOCK, LAST });
	assert_int_equal(flattened_count_gaps(image, &gap), 1);
	assert_true(gap.begin == BLOCK && gap.end == 2 * BLOCK);
	image->close(image);
	close(fd);
	image = open_flattened(blocks, false, &fd);
	assert_true(image_is_cut(image));
	flattened_set_holes(image, (struct flattened_holes){ BLOCK, BLOCK, LAST });
	assert_int_equal(flattened_count_gaps(image, &gap), 0);
	assert_int_equal(byte_at(image, BLOCK), 0);
	image->close(image);
	close(fd);
}

static void assert_why(const struct dump *dump, const char *why)
{
	assert_true(dump->incomplete);
	if (!text_is(dump->incomplete_why, why))
		fail_msg("got \"%.*s\", expected \"%s\"", TEXT_ARGS(dump->incomplete_why), why);
}

/* The first reason is kept; of several files the one is named that it is on. */
static void test_which_file(void **state)
{
	const struct dump_file files[] = { { -1, "vmcore1" }, { -1, NULL }, { -1, NULL } };
	struct dump cut = { .format = "" }, other = { .format = "" }, alone = { .format = "" };
	char name[DUMP_FILE_NAME_MOST];

	(void)state;
	dump_file_name(files, 3, 0, name, sizeof name);
	assert_string_equal(name, "vmcore1");
	dump_note_cut(&cut, name, 100, 200);
	dump_note_cut(&cut, "vmcore2", 1, 2);
	assert_why(&cut, "cut short: vmcore1 has 100 of at least 200 bytes");
	dump_file_name(files, 3, 1, name, sizeof name);
	dump_note_incomplete(&other, name, "it is not whole");
	assert_why(&other, "file 2 of 3: it is not whole");
	dump_file_name(files, 1, 0, name, sizeof name);
	dump_note_cut(&alone, name, 100, 0);
	assert_why(&alone, "cut short: it ends at byte 100");
	arena_free(&cut.arena);
	arena_free(&other.arena);
	arena_free(&alone.arena);
}

/* An error is on the last file of those that were given, or names the file. */
static void test_refused_file(void **state)
{
	static const char text[] = "[    1.000000] a log\n";
	int fd = make_file(text, sizeof text - 1), empty = make_file("", 0);
	struct dump_file files[] = { { fd, "vmcore1" }, { empty, "vmcore2" } };
	struct error error = { 0 };

	(void)state;
	assert_null(dump_open_files(files, 2, &error));
	assert_string_equal(error.message, "vmcore1: this is text, not a dump");
	files[0].name = NULL;
	assert_null(dump_open_files(files, 2, &error));
	assert_string_equal(error.message, "file 1 of 2: this is text, not a dump");
	assert_null(dump_open_files(files, 1, &error));
	assert_string_equal(error.message, "this is text, not a dump");
	assert_null(dump_open_files(files + 1, 1, &error));
	assert_string_equal(error.message, "the file is empty; a dump was expected");
	close(fd);
	close(empty);
}

static void test_cause(void **state)
{
	struct error why, error;

	(void)state;
	error_set(&why, "one two: three four");
	assert_string_equal(cause(&why, 19).text, "one two: three four");
	assert_string_equal(cause(&why, 18).text, "one two: three...");
	assert_string_equal(cause(&why, 12).text, "one two...");
	assert_string_equal(cause(&why, 5).text, "...");
	error_set(&error, "a");
	cause_add(&error, "b", CAUSE_MOST);
	cause_add(&error, "b", CAUSE_MOST);
	cause_add(&error, "", CAUSE_MOST);
	assert_string_equal(error.message, "a; b");
	cause_add(&error, "cd", 7);
	assert_string_equal(error.message, "a; b");
	cause_add(&error, "cd", 8);
	assert_string_equal(error.message, "a; b; cd");
	while (strlen(error.message) < CAUSE_MOST - 12)
		error_set(&error, "%sx", cause(&error, CAUSE_MOST).text);
	cause_add(&error, "eleven byte", CAUSE_MOST);
	assert_int_equal(strlen(error.message), CAUSE_MOST - 12);
	cause_add(&error, "ten bytes.", CAUSE_MOST);
	assert_int_equal(strlen(error.message), CAUSE_MOST);
}

/* Both the dump's state and what came of it have room, however long they are. */
static void test_explain(void **state)
{
	struct error error;
	char incomplete[600];

	(void)state;
	error_set(&error, "no such place");
	dump_explain(TEXT("cut short: it ends at byte 5"), &error);
	assert_string_equal(error.message, "the dump is cut short: it ends at byte 5; no such place");
	dump_explain(TEXT("another reason"), &error);
	assert_string_equal(error.message, "the dump is cut short: it ends at byte 5; no such place");
	for (size_t i = 0; i < sizeof incomplete; i++)
		incomplete[i] = i % 8 ? 'x' : ' ';
	error_set(&error, "%.390s", incomplete);
	dump_explain((struct text){ incomplete + 1, sizeof incomplete - 1 }, &error);
	assert_true(text_starts(text_from(error.message), "the dump is incomplete: xxxxxxx "));
	assert_non_null(strstr(error.message, "xxxxxxx...;  xxxxxxx"));
	assert_true(text_ends(text_from(error.message), " xxxxxxx..."));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holes_and_gaps), cmocka_unit_test(test_whole_blocks_and_cuts),
		cmocka_unit_test(test_which_file),     cmocka_unit_test(test_refused_file),
		cmocka_unit_test(test_cause),          cmocka_unit_test(test_explain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
