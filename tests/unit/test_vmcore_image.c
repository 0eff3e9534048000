/* vmcore/: a dump's bytes, also of flattened files; bitmaps of pages; which files are dumps. */
#define _DEFAULT_SOURCE /* mkstemp(), ftruncate() */
#include "vmcore/diskdump_bitmap.h"
#include "vmcore/dump.h"
#include "vmcore/elf_header.h"
#include "vmcore/flattened.h"
#include "vmcore/page_unpack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { SIZE = 300000 };

static uint64_t random_state = 88172645463325252;

static size_t random_below(size_t most)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % most);
}

static void fill(unsigned char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = (unsigned char)(1 + random_below(255)); /* no zeros: those are of what was never written */
}

/* A file that is gone when it is closed. */
static int make_file(const void *bytes, size_t length)
{
	char path[] = "/tmp/test_vmcore_image.XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	assert_true(write(fd, bytes, length) == (ssize_t)length);
	return fd;
}

static void add(int fd, const void *bytes, size_t length)
{
	assert_true(write(fd, bytes, length) == (ssize_t)length);
}

static void add_block(int fd, int64_t offset, int64_t size, const unsigned char *bytes)
{
	unsigned char header[16];

	for (int i = 0; i < 8; i++) {
		header[i] = (unsigned char)((uint64_t)offset >> (56 - 8 * i));
		header[8 + i] = (unsigned char)((uint64_t)size >> (56 - 8 * i));
	}
	add(fd, header, sizeof header);
	if (size > 0)
		add(fd, bytes + offset, (size_t)size);
}

static int make_flattened(void)
{
	unsigned char header[4096] = "makedumpfile";

	header[23] = header[31] = 1;
	return make_file(header, sizeof header);
}

static void assert_same(struct image *image, const unsigned char *expected, size_t size)
{
	static unsigned char got[SIZE];
	struct error error;

	assert_int_equal(image->size, size);
	for (int i = 0; i < 3000; i++) {
		size_t at = random_below(size), length = 1 + random_below(i % 10 ? 300 : 70000);
		if (length > size - at)
			length = size - at;
		assert_true(image->read(image, at, got, length, &error));
		assert_memory_equal(got, expected + at, length);
	}
	assert_true(image->read(image, 0, got, size, &error));
	assert_memory_equal(got, expected, size);
}

static void test_plain_file(void **state)
{
	static unsigned char bytes[SIZE];
	struct error error;
	char byte;

	(void)state;
	fill(bytes, SIZE);
	int fd = make_file(bytes, SIZE);
	struct image *image = image_open(fd, &error);
	assert_non_null(image);
	assert_false(image_is_flattened(image));
	assert_false(image_is_cut(image));
	assert_same(image, bytes, SIZE);
	assert_false(image->read(image, SIZE, &byte, 1, &error));
	assert_false(image->read(image, UINT64_MAX, &byte, 1, &error));
	assert_false(image->read(image, SIZE - 1, bytes, 2, &error));
	assert_non_null(strstr(error.message, "behind the end of the file, which has 300000 bytes"));
	image->close(image);
	close(fd);
}

static void test_file_that_shrinks(void **state)
{
	static unsigned char bytes[SIZE];
	struct error error;

	(void)state;
	int fd = make_file(bytes, SIZE);
	struct image *image = image_open(fd, &error);
	assert_int_equal(ftruncate(fd, 1000), 0);
	assert_false(image->read(image, 200000, bytes, 10, &error));
	assert_non_null(strstr(error.message, "became shorter"));
	image->close(image);
	close(fd);
}

static void test_no_file(void **state)
{
	struct error error;
	int ends[2], fd = make_file("", 0);

	(void)state;
	assert_null(image_open(fd, &error));
	assert_non_null(strstr(error.message, "empty"));
	close(fd);
	assert_int_equal(pipe(ends), 0);
	assert_null(image_open(ends[0], &error));
	close(ends[0]);
	close(ends[1]);
}

/* Writes blocks of any size, anywhere, one over the other. */
static int write_at_random(unsigned char *model, unsigned char *source, size_t blocks)
{
	int fd = make_flattened();
	size_t at = 0;

	memset(model, 0, SIZE);
	for (size_t i = 0; i < blocks; i++) {
		size_t length = 1 + random_below(i % 7 ? 900 : 20000);
		if (random_below(3) == 0) /* else it goes on behind the one before */
			at = random_below(SIZE);
		if (at >= SIZE)
			at = 0;
		if (length > SIZE - at)
			length = SIZE - at;
		fill(source + at, length);
		memcpy(model + at, source + at, length);
		add_block(fd, (int64_t)at, (int64_t)length, source);
		at += length;
	}
	fill(source + SIZE - 1, 1); /* the size is known then */
	model[SIZE - 1] = source[SIZE - 1];
	add_block(fd, SIZE - 1, 1, source);
	return fd;
}

static void test_flattened(void **state)
{
	static unsigned char model[SIZE], source[SIZE];
	struct error error;

	(void)state;
	for (size_t round = 0; round < 12; round++) {
		int fd = write_at_random(model, source, 1 + round * round * 20);
		add_block(fd, -1, -1, NULL);
		struct image *image = image_open(fd, &error);
		assert_non_null(image);
		assert_true(image_is_flattened(image));
		assert_false(image_is_cut(image));
		assert_same(image, model, SIZE);
		for (size_t at = 0, next = 0; at < SIZE; at = next + 1) {
			next = (size_t)image->next_data(image, at);
			assert_true(next >= at && next <= SIZE);
			for (size_t i = at; i < next; i++)
				assert_int_equal(model[i], 0);
			if (next < SIZE)
				assert_int_not_equal(model[next], 0);
		}
		image->close(image);
		close(fd);
	}
}

static void test_flattened_cut(void **state)
{
	static unsigned char source[SIZE];
	unsigned char got[1000];
	struct error error;

	(void)state;
	fill(source, SIZE);
	int fd = make_flattened();
	add_block(fd, 0, 1000, source);
	add_block(fd, 102000, 1000, source);
	add_block(fd, 103000, 1000, source);
	assert_int_equal(ftruncate(fd, 4096 + 2 * 1016 + 16 + 500), 0);
	struct image *image = image_open(fd, &error);
	assert_non_null(image);
	assert_true(image_is_cut(image));
	assert_non_null(strstr(flattened_cut_cause(image), "in the middle of a block"));
	assert_int_equal(image->size, 103500);
	assert_true(image->read(image, 102500, got, 1000, &error));
	assert_memory_equal(got, source + 102500, 1000);
	assert_false(image->read(image, 10000, got, 10, &error)); /* perhaps it was still to come */
	image->close(image);
	close(fd);
}

static void test_flattened_damage(void **state)
{
	static unsigned char source[SIZE];
	struct error error;

	(void)state;
	fill(source, SIZE);
	int fd = make_flattened();
	add_block(fd, 0, 1000, source);
	add_block(fd, INT64_MAX, 0, source);
	add_block(fd, -7, 0, source);
	struct image *image = image_open(fd, &error);
	assert_non_null(image);
	assert_true(image_is_cut(image));
	assert_non_null(strstr(flattened_cut_cause(image), "no block begins at byte 5128"));
	image->close(image);
	close(fd);
	unsigned char header[4096] = "makedumpfile";
	header[23] = header[31] = 2;
	fd = make_file(header, sizeof header);
	assert_null(image_open(fd, &error));
	assert_non_null(strstr(error.message, "type 1, version 1"));
	close(fd);
}

static uint64_t count(const unsigned char *bits, uint64_t begin, uint64_t end)
{
	uint64_t sum = 0;

	for (uint64_t bit = begin; bit < end; bit++)
		sum += bits[bit / 8] >> bit % 8 & 1;
	return sum;
}

static void test_bitmap(void **state)
{
	static unsigned char bytes[SIZE];
	struct diskdump_bitmap bitmap;
	struct error error;
	const uint64_t begin = 12345, end = (uint64_t)(SIZE - 100) * 8 - 3;

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = i / 20000 % 3 ? (unsigned char)random_below(256) : i / 20000 % 2 ? 0xff : 0;
	int fd = make_file(bytes, SIZE);
	struct image *image = image_open(fd, &error);
	assert_true(diskdump_bitmap_open(&bitmap, image, 100, begin, end));
	for (int i = 0; i < 300; i++) {
		uint64_t bit = random_below(end + 5000), rank, stop = bit < end ? bit : end;
		bool set;
		assert_true(diskdump_bitmap_rank(&bitmap, bit, &rank, &error));
		assert_int_equal(rank, count(bytes + 100, begin, stop));
		assert_true(diskdump_bitmap_test(&bitmap, bit, &set, &error));
		assert_int_equal(set, bit >= begin && bit < end && (bytes[100 + bit / 8] >> bit % 8 & 1));
	}
	uint64_t bit = 0, length, sum = 0;
	for (; diskdump_bitmap_next_run(&bitmap, &bit, &length, 1000); bit += length) {
		assert_true(length >= 1 && length <= 1000);
		assert_int_equal(count(bytes + 100, bit, bit + length), length);
		sum += length;
	}
	assert_int_equal(sum, count(bytes + 100, begin, end));
	diskdump_bitmap_close(&bitmap);
	image->close(image);
	close(fd);
}

static void test_unpacking_refuses(void **state)
{
	struct page_unpacker *unpacker = page_unpacker_new();
	unsigned char page[4096], packed[200] = { 0x78, 0x9c, 1, 2, 3 };
	struct error error;

	(void)state;
	assert_non_null(unpacker);
	for (uint32_t flags = 0; flags < 256; flags++)
		assert_false(page_unpack(unpacker, flags, packed, sizeof packed, page, sizeof page, &error));
	memset(page, 7, sizeof page);
	unsigned char other[4096];
	assert_true(page_unpack(unpacker, 0, page, sizeof page, other, sizeof other, &error));
	assert_memory_equal(page, other, sizeof page);
	page_unpacker_free(unpacker);
}

static void assert_no_dump(const void *bytes, size_t length, const char *why)
{
	struct error error;
	int fd = make_file(bytes, length);

	assert_null(dump_open(&fd, 1, &error));
	if (!strstr(error.message, why))
		fail_msg("got \"%s\", expected \"%s\"", error.message, why);
	close(fd);
}

/* An ELF core of `count` program headers that have one type, offset and size in the file, each for other memory. */
static struct dump *open_elf(uint64_t type, unsigned int count, uint64_t offset, uint64_t size, struct error *error)
{
	static unsigned char bytes[SIZE];
	const uint64_t step = 1 << 20;

	memset(bytes, 'x', SIZE);
	memset(bytes, 0, 64 + (size_t)count * 56);
	memcpy(bytes, "\177ELF\2\1\1", 7);
	bytes[16] = 4;  /* ET_CORE */
	bytes[18] = 62; /* EM_X86_64 */
	bytes[32] = 64; /* e_phoff */
	bytes[54] = 56; /* e_phentsize */
	bytes[56] = (unsigned char)count;
	for (size_t i = 0; i < count && type; i++) {
		unsigned char *segment = bytes + 64 + i * 56;
		const uint64_t fields[] = { type, offset, 0, i * step, size, size };
		for (size_t j = 0; j < 48; j++)
			segment[j] = (unsigned char)(fields[j / 8] >> j % 8 * 8);
	}
	int fd = make_file(bytes, SIZE);
	struct dump *dump = dump_open(&fd, 1, error);
	if (!dump)
		close(fd);
	return dump;
}

/* Many segments that lead to the same bytes: each can be read, a search ends when it has met as much as the file has twice.
 */
static void test_elf_segments_over_each_other(void **state)
{
	uint64_t address = 0, length = 0, sum = 0;
	struct error error;
	char byte = 0;

	(void)state;
	struct dump *dump = open_elf(ELF_PT_LOAD, 200, 100000, 60000, &error);
	assert_non_null(dump);
	assert_int_equal(dump_read_physical(dump, (199 << 20) + 59999, &byte, 1, &error), MEMORY_OK);
	for (; dump->reader->next_run(dump, &address, &length); address += length)
		sum += length;
	assert_int_equal(sum, 2 * SIZE);
	assert_int_equal(dump->remark_count, 1);
	assert_false(dump->incomplete);
	dump_close(dump);
}

/* makedumpfile -E that was stopped. */
static void test_elf_without_its_program_headers(void **state)
{
	struct error error;

	(void)state;
	assert_null(open_elf(0, 5, 0, 0, &error));
	assert_non_null(strstr(error.message, "5 program headers were never written: makedumpfile was stopped"));
	assert_non_null(strstr(error.message, "The dump is incomplete"));
}

static void test_no_dump(void **state)
{
	static unsigned char bytes[8192];
	struct error error;

	(void)state;
	assert_null(dump_open(NULL, 0, &error));
	assert_no_dump("", 0, "empty");
	assert_no_dump("[    0.0] Linux version\n", 24, "text");
	assert_no_dump("\x1f\x8b\x08", 4, "gzip");
	assert_no_dump("\x01\x02\x03", 4, "less than the header of any");
	assert_no_dump("KDUMP   \6\0\0\0", 13, "cut short within its header");
	memcpy(bytes, "KDUMP   \6\0\0", 12);
	assert_no_dump(bytes, sizeof bytes, "block size");
	memcpy(bytes, "KDUMP   \77\77\77\77", 12);
	assert_no_dump(bytes, sizeof bytes, "version");
	memcpy(bytes, "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2", 18);
	assert_no_dump(bytes, sizeof bytes, "no core dump");
	bytes[16] = 4;
	assert_no_dump(bytes, sizeof bytes, "without memory");
	bytes[5] = 3;
	assert_no_dump(bytes, sizeof bytes, "byte order");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_file),
		cmocka_unit_test(test_file_that_shrinks),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_flattened),
		cmocka_unit_test(test_flattened_cut),
		cmocka_unit_test(test_flattened_damage),
		cmocka_unit_test(test_bitmap),
		cmocka_unit_test(test_unpacking_refuses),
		cmocka_unit_test(test_no_dump),
		cmocka_unit_test(test_elf_segments_over_each_other),
		cmocka_unit_test(test_elf_without_its_program_headers),
	};

	return cmocka_run_group_tests_name("vmcore_image", tests, NULL, NULL);
}
