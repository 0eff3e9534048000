/* vmcore/: dumps that libkdumpfile reads, in its own process: an s390 dump made here, whole, damaged, and without the
 * process. */
#define _GNU_SOURCE /* kill, mkstemp */
#include "vmcore/facts.h"
#include "vmcore/library_process.h"

#include "make_note.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if HAVE_LIBKDUMPFILE

/* As the stand-alone dumper writes it (s390-tools, zdump/df_s390.h): a page of header, all memory, an end mark. */
enum { PAGE = 4096, PAGES = 64, MEMORY = PAGES * PAGE, FILE_SIZE = PAGE + MEMORY + 16 };

static unsigned char file[FILE_SIZE];

static void put_big(size_t at, uint64_t value, size_t size)
{
	put((char *)file + at, value, size, true);
}

static void make_dump(void)
{
	memset(file, 0, sizeof file);
	put_big(0, UINT64_C(0xa8190173618f23fd), 8);
	put_big(8, 5, 4);
	put_big(12, PAGE, 4); /* of the header */
	put_big(16, 4, 4);
	put_big(20, PAGE, 4);
	put_big(24, MEMORY, 8);
	put_big(40, MEMORY, 8); /* where it ends */
	put_big(48, PAGES, 4);
	put_big(72, 2, 4); /* 64 bits */
	put_big(80, 2, 4);
	put_big(84, MEMORY, 8);
	for (size_t i = 0x8000; i < MEMORY; i++)
		file[PAGE + i] = (unsigned char)(i / PAGE * 7 + i);
	memcpy(file + PAGE + MEMORY, "DUMP_END", 8);
}

static struct dump *open_bytes(size_t length, int *fd, struct error *error)
{
	char path[] = "/tmp/test_vmcore_library.XXXXXX";

	*fd = mkstemp(path);
	assert_true(*fd >= 0);
	unlink(path);
	assert_int_equal(write(*fd, file, length), length);
	return reader_library_open(fd, 1, error);
}

static size_t open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);
	return count;
}

static void test_whole(void **state)
{
	struct error error = { 0 };
	uint64_t address = 0, length = 0;
	static unsigned char bytes[MEMORY];
	int fd;

	(void)state;
	size_t descriptors = open_descriptors();
	make_dump();
	struct dump *dump = open_bytes(FILE_SIZE, &fd, &error);
	assert_non_null(dump);
	assert_string_equal(dump->format, "s390dump");
	assert_int_equal(dump->arch, ARCH_S390X);
	assert_true(dump->big_endian && dump->word == 8 && dump->page_size == PAGE);
	assert_int_equal(dump_read_physical(dump, 0, bytes, MEMORY, &error), MEMORY_OK);
	assert_memory_equal(bytes, file + PAGE, MEMORY);
	assert_int_equal(dump_read_physical(dump, 0x8fff, bytes, 3, &error), MEMORY_OK);
	assert_memory_equal(bytes, file + PAGE + 0x8fff, 3);
	assert_true(dump->reader->next_run(dump, &address, &length) && address == 0 && length == MEMORY);
	address = MEMORY;
	assert_false(dump->reader->next_run(dump, &address, &length));
	assert_int_not_equal(dump_read_physical(dump, MEMORY, bytes, 1, &error), MEMORY_OK);
	assert_int_not_equal(dump_read_physical(dump, UINT64_MAX, bytes, 2, &error), MEMORY_OK);
	assert_int_equal(dump_read_physical(dump, 0x8000, bytes, 1, &error), MEMORY_OK);
	assert_int_equal(dump->remark_count, 0);
	dump_close(dump);
	close(fd);
	assert_int_equal(open_descriptors(), descriptors);
}

/* However its process ends, the dump says so, and goes on saying so. */
static void test_process_gone(void **state)
{
	static const int signals[] = { SIGKILL, SIGSEGV, SIGBUS };
	struct error error = { 0 };
	uint64_t address = 0, length = 0;
	char byte, expected[80];
	int fd;

	(void)state;
	make_dump();
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct dump *dump = open_bytes(FILE_SIZE, &fd, &error);
		assert_non_null(dump);
		pid_t pid = ((struct library_process *)dump->state)->pid;
		assert_int_equal(kill(pid, signals[i]), 0);
		snprintf(expected, sizeof expected, "libkdumpfile gave up on this file (signal %d)", signals[i]);
		for (int again = 0; again < 2; again++) {
			error.message[0] = '\0';
			assert_int_equal(dump_read_physical(dump, 0, &byte, 1, &error), MEMORY_CORRUPT);
			assert_string_equal(error.message, expected);
		}
		assert_false(dump->reader->next_run(dump, &address, &length));
		assert_int_equal(dump->remark_count, 1);
		dump_close(dump);
		close(fd);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* nothing is left of it */
	}
}

static void test_damaged(void **state)
{
	static const size_t lengths[] = { 0, 1, 7, 100, PAGE - 1, PAGE, PAGE + 1, FILE_SIZE - 1 };
	struct error error = { 0 };
	char byte;
	int fd;

	(void)state;
	make_dump();
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		error.message[0] = '\0';
		struct dump *dump = open_bytes(lengths[i], &fd, &error);
		assert_true(dump || error.message[0]);
		if (dump)
			dump_read_physical(dump, 0, &byte, 1, &error);
		dump_close(dump);
		close(fd);
	}
	/* Every byte of the header turned round. */
	for (size_t i = 0; i < 100; i++) {
		make_dump();
		file[i] ^= 0xff;
		error.message[0] = '\0';
		struct dump *dump = open_bytes(FILE_SIZE, &fd, &error);
		assert_true(dump || error.message[0]);
		if (dump)
			dump_read_physical(dump, 0x10000, &byte, 1, &error);
		dump_close(dump);
		close(fd);
	}
}

#else

static void test_left_out(void **state)
{
	struct error error = { 0 };

	(void)state;
	assert_null(reader_library_open(NULL, 0, &error));
	assert_non_null(strstr(error.message, "without libkdumpfile"));
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
#if HAVE_LIBKDUMPFILE
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_process_gone),
		cmocka_unit_test(test_damaged),
#else
		cmocka_unit_test(test_left_out),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
