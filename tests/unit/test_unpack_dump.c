/* input/: dumps that are unpacked to a temporary file. */
#define _GNU_SOURCE
#include "input/unpack_dump.h"

#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { WINDOW = 20000, MIB = 1024 * 1024 };

/* Gives made-up bytes through a window, in pieces of odd sizes. */
struct made {
	struct log_source source; /* first */
	char window[WINDOW];
	uint64_t size;             /* of all bytes */
	char (*byte)(uint64_t at); /* each one */
	uint64_t breaks_at;        /* a read error there; UINT64_MAX: none */
	bool keeps_window_at_end;  /* "at the end of the bytes, only sets ended" */
};

static bool more(struct log_source *source, uint64_t keep, struct error *error)
{
	struct made *made = (struct made *)source;
	uint64_t end = source->offset + source->length;

	assert_false(source->ended);
	assert_true(keep >= source->offset && keep <= end && end - keep < 4096);
	source->ended = end == made->size || end >= made->breaks_at;
	if (end >= made->breaks_at)
		return error_set(error, "gzip data is damaged or cut short behind byte %" PRIu64, end);
	if (source->ended && made->keeps_window_at_end)
		return true;
	memmove(made->window, made->window + (keep - source->offset), (size_t)(end - keep));
	source->offset = keep;
	source->length = (size_t)(end - keep);
	for (size_t i = 0; i < 9973 && end < made->size && end < made->breaks_at; i++)
		made->window[source->length++] = made->byte(end++);
	return true;
}

static void make(struct made *made, uint64_t size, char (*byte)(uint64_t))
{
	*made = (struct made){
		.source = { .data = made->window, .more = more }, .size = size, .byte = byte, .breaks_at = UINT64_MAX
	};
}

static char no_zero(uint64_t at)
{
	return (char)(at % 251 + 1);
}

static char zero(uint64_t at)
{
	(void)at;
	return 0;
}

/* Every other MiB is zeros; every block of 64 KiB begins with a byte that is not. */
static char sparse(uint64_t at)
{
	return at / MIB % 2 ? no_zero(at) : at % (64 * 1024) == 0;
}

static int unpack(struct made *made, uint64_t packed_size, struct unpacked_dump *unpacked, struct error *error)
{
	struct unpack_dump_order order = { .packing = "gzip", .packed_size = packed_size, .directory = "/var/tmp" };

	return unpack_dump_to_temporary(&made->source, &order, unpacked, error);
}

static void assert_content(int fd, uint64_t size, char (*byte)(uint64_t))
{
	struct stat status;
	unsigned char c;

	assert_int_equal(fstat(fd, &status), 0);
	assert_true((uint64_t)status.st_size == size);
	assert_int_equal(status.st_nlink, 0);
	for (uint64_t at = 0; at < size; at += at % 997 + 1) {
		assert_int_equal(pread(fd, &c, 1, (off_t)at), 1);
		assert_int_equal(c, (unsigned char)byte(at));
	}
}

static void test_bytes_arrive(void **state)
{
	static const uint64_t sizes[] = { 1, 4095, 4096, 4097, 9973, 100000, 9973 * 4096 };
	struct made made;
	struct error error;
	struct unpacked_dump unpacked;
	char expected[300];

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		make(&made, sizes[i], no_zero);
		made.keeps_window_at_end = i % 2;
		int fd = unpack(&made, 1000, &unpacked, &error);
		assert_true(fd >= 0);
		assert_content(fd, sizes[i], no_zero);
		snprintf(expected, sizeof expected,
			 "The dump is compressed (gzip): unpacked to a temporary file in /var/tmp, %" PRIu64 " bytes.",
			 sizes[i]);
		assert_string_equal(unpacked.notice, expected);
		assert_true(unpacked.size == sizes[i]);
		assert_string_equal(unpacked.damage.message, "");
		close(fd);
	}
}

static void test_zeros_are_holes(void **state)
{
	struct made made;
	struct error error;
	struct stat status;
	struct unpacked_dump unpacked;

	(void)state;
	make(&made, 9 * MIB + 17, sparse);
	int fd = unpack(&made, 1000, &unpacked, &error);
	assert_true(fd >= 0);
	assert_content(fd, 9 * MIB + 17, sparse);
	assert_int_equal(fstat(fd, &status), 0);
	assert_true(status.st_blocks * 512 < 6 * MIB);
	close(fd);
	make(&made, 3 * MIB + 5, zero);
	fd = unpack(&made, 1000, &unpacked, &error);
	assert_true(fd >= 0);
	assert_content(fd, 3 * MIB + 5, zero);
	assert_int_equal(fstat(fd, &status), 0);
	assert_int_equal(status.st_blocks, 0);
	close(fd);
}

static void test_what_is_cut_is_used(void **state)
{
	struct made made;
	struct error error;
	struct unpacked_dump unpacked;

	(void)state;
	make(&made, MIB, no_zero);
	made.breaks_at = 500000;
	int fd = unpack(&made, 1000, &unpacked, &error);
	assert_true(fd >= 0);
	assert_content(fd, 500000, no_zero);
	assert_string_equal(unpacked.notice,
			    "The dump is compressed (gzip): unpacked to a temporary file in /var/tmp, 500000 bytes.");
	assert_true(unpacked.size == 500000);
	assert_string_equal(unpacked.damage.message, "gzip data is damaged or cut short behind byte 500000");
	close(fd);
}

static void assert_refused(struct made *made, uint64_t packed_size, const char *why)
{
	struct error error = { 0 };
	struct unpacked_dump unpacked;
	char expected[400];
	int fd = unpack(made, packed_size, &unpacked, &error);

	snprintf(expected, sizeof expected,
		 "a dump in gzip data, which cannot be unpacked to /var/tmp: %s; unpack it with 'gunzip FILE', then give "
		 "the dump",
		 why);
	if (!strstr(why, "..."))
		assert_string_equal(error.message, expected);
	assert_int_equal(fd, -1);
}

/* In bytes of address space a test may not give the limits of real dumps: the process's own limit stands for them. */
static void test_limit_of_file_sizes(void **state)
{
	struct rlimit before, limit;
	struct made made;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = (struct rlimit){ MIB, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	make(&made, 2 * MIB, no_zero);
	assert_refused(&made, 1000, "it gives more than the 1 MiB that are allowed for it");
	make(&made, 2 * MIB, zero);
	assert_refused(&made, 0, "it gives more than the 1 MiB that are allowed for it");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

static void test_no_room(void **state)
{
	struct made made;
	struct error error = { 0 };
	struct unpacked_dump unpacked;

	(void)state;
	make(&made, 1000, no_zero);
	assert_int_equal(unpack(&made, UINT64_C(1) << 60, &unpacked, &error), -1);
	assert_non_null(strstr(error.message, "a dump in gzip data, which cannot be unpacked to /var/tmp: "));
	assert_non_null(strstr(error.message,
			       " MiB may be used there, and at least 1099511627777 MiB are needed; set TMPDIR to a "
			       "directory with room, or unpack it with 'gunzip FILE', then give the dump"));
}

static void test_directories_that_take_nothing(void **state)
{
	struct unpack_dump_order order = { .packing = "zstd", .packed_size = 1, .directory = "/nowhere" };
	struct made made;
	struct error error = { 0 };
	struct unpacked_dump unpacked;

	(void)state;
	make(&made, 1000, no_zero);
	assert_int_equal(unpack_dump_to_temporary(&made.source, &order, &unpacked, &error), -1);
	assert_string_equal(error.message,
			    "a dump in zstd data, which cannot be unpacked to /nowhere: No such file or directory; "
			    "set TMPDIR to a directory with room, or unpack it with 'unzstd FILE', then give the dump");
	order.directory = "/proc";
	assert_int_equal(unpack_dump_to_temporary(&made.source, &order, &unpacked, &error), -1);
}

static void test_by_hand(void **state)
{
	(void)state;
	assert_string_equal(unpack_dump_by_hand("xz"), "xz -d FILE");
	assert_string_equal(unpack_dump_by_hand("bzip2"), "bunzip2 FILE");
	assert_string_equal(unpack_dump_by_hand("arj"), "another program");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_arrive),
		cmocka_unit_test(test_zeros_are_holes),
		cmocka_unit_test(test_what_is_cut_is_used),
		cmocka_unit_test(test_limit_of_file_sizes),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_directories_that_take_nothing),
		cmocka_unit_test(test_by_hand),
	};

	return cmocka_run_group_tests_name("unpack_dump", tests, NULL, NULL);
}
