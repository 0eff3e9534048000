/* Windows of mapped memory: all of a file comes through them, and a file that is cut meanwhile gives an error. */
#define _GNU_SOURCE /* mkstemp, ftruncate */
#include "input/mapped.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { MIB = 1024 * 1024 };

static unsigned char byte_at(uint64_t at)
{
	return (unsigned char)(at * 7 + at / 4096);
}

/* A file of that size without a name; its descriptor. */
static int make_file(uint64_t size)
{
	char name[] = "/var/tmp/kdump-triage-test-XXXXXX";
	unsigned char bytes[4096];
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	for (uint64_t at = 0; at < size; at += sizeof bytes) {
		size_t length = size - at < sizeof bytes ? (size_t)(size - at) : sizeof bytes;
		for (size_t i = 0; i < length; i++)
			bytes[i] = byte_at(at + i);
		assert_int_equal(write(fd, bytes, length), length);
	}
	return fd;
}

/* Looks at all of the window, as a reader does; gives how many bytes of the file came out right. */
static uint64_t look(const struct mapped *mapped)
{
	const struct log_source *source = &mapped->source;
	uint64_t right = 0;

	for (size_t i = 0; i < source->length; i++)
		right += (unsigned char)source->data[i] == byte_at(source->offset + i);
	return right;
}

static void test_all_comes_through(void **state)
{
	static const uint64_t sizes[] = { 1, 4096, 2 * MIB - 1, 2 * MIB, 6 * MIB - 1, 6 * MIB, 6 * MIB + 1, 13 * MIB + 5 };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		int fd = make_file(sizes[i]);
		struct mapped mapped;
		struct error error = { 0 };
		assert_true(mapped_start(&mapped, fd, sizes[i], &error));
		while (!mapped.source.ended) {
			uint64_t end = mapped.source.offset + mapped.source.length;
			assert_int_equal(look(&mapped), mapped.source.length);
			/* Something is kept in front of what comes, as a reader does with half a line. */
			uint64_t keep = end > mapped.source.offset + 10 ? end - 10 : end;
			assert_true(mapped.source.more(&mapped.source, keep, &error));
			assert_true(mapped.source.offset + mapped.source.length >= end);
		}
		assert_int_equal(look(&mapped), mapped.source.length);
		assert_int_equal(mapped.source.offset + mapped.source.length, sizes[i]);
		mapped_stop(&mapped);
		close(fd);
	}
}

/* Of a small file the first window is the last, too. */
static void test_cut_while_it_is_read(void **state)
{
	static const uint64_t sizes[] = { MIB, 4 * MIB, 6 * MIB, 9 * MIB };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		int fd = make_file(sizes[i]);
		struct mapped mapped;
		struct error error = { 0 };
		bool good = true;
		assert_true(mapped_start(&mapped, fd, sizes[i], &error));
		assert_int_equal(ftruncate(fd, 100000), 0);
		while (good && !mapped.source.ended) {
			assert_true(look(&mapped) >= 100000 || mapped.source.offset);
			good = mapped.source.more(&mapped.source, mapped.source.offset + mapped.source.length, &error);
		}
		assert_false(good);
		assert_true(mapped.source.ended);
		assert_non_null(strstr(error.message, "the file was cut short while it was read"));
		mapped_stop(&mapped);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_comes_through),
		cmocka_unit_test(test_cut_while_it_is_read),
	};

	return cmocka_run_group_tests_name("mapped", tests, NULL, NULL);
}
