/* The bytes of a file by pread(), through a few small windows: a dump is read here and there in small pieces. */
#define _GNU_SOURCE /* SEEK_DATA */
#include "vmcore/image.h"
#include "vmcore/flattened.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A read somewhere new fills a window with little; one that goes on where a window ends, with all it holds. Several, for
 * page descriptors, their bitmap and pages are read in turns. A read of DIRECT bytes or more needs no window.
 */
enum { WINDOWS = 4, WINDOW = 32 * 1024, FIRST = 4096, DIRECT = 16 * 1024 };

struct window {
	unsigned char *data;
	uint64_t offset;
	size_t length;
	uint64_t used; /* when it was last of use, by file_image.clock */
};

struct file_image {
	struct image image;
	int fd;
	uint64_t clock;
	struct window windows[WINDOWS];
	unsigned char data[WINDOWS][WINDOW];
};

/* Reads at least `least` bytes and up to `most`. Returns how many, 0 with *error where it could not. */
static size_t read_some(const struct file_image *file, uint64_t offset, unsigned char *buffer, size_t least, size_t most,
			struct error *error)
{
	size_t have = 0;

	while (have < least) {
		ssize_t got = pread(file->fd, buffer + have, most - have, (off_t)(offset + have));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			error_set(error, "cannot read %zu bytes at byte %" PRIu64 ": %s", least, offset,
				  got < 0 ? strerror(errno) : "the file became shorter while it was read");
			return 0;
		}
		have += (size_t)got;
	}
	return have;
}

/* Copies what a window has of the bytes at `offset`; 0: nothing. */
static size_t read_window(struct file_image *file, uint64_t offset, unsigned char *buffer, size_t length)
{
	for (struct window *window = file->windows; window < file->windows + WINDOWS; window++) {
		if (offset < window->offset || offset - window->offset >= window->length)
			continue;
		size_t at = (size_t)(offset - window->offset), there = window->length - at;
		size_t piece = length < there ? length : there;
		memcpy(buffer, window->data + at, piece);
		window->used = ++file->clock;
		return piece;
	}
	return 0;
}

static struct window *choose_window(struct file_image *file, uint64_t offset, size_t *most)
{
	struct window *oldest = file->windows;

	for (struct window *window = file->windows; window < file->windows + WINDOWS; window++) {
		if (window->length && window->offset + window->length == offset) {
			*most = WINDOW;
			return window;
		}
		if (window->used < oldest->used)
			oldest = window;
	}
	*most = FIRST;
	return oldest;
}

static bool fill_window(struct file_image *file, uint64_t offset, size_t length, struct error *error)
{
	size_t most;
	struct window *window = choose_window(file, offset, &most);

	if (most < length)
		most = length;
	if (most > file->image.size - offset)
		most = (size_t)(file->image.size - offset);
	window->used = ++file->clock;
	window->offset = offset;
	window->length = read_some(file, offset, window->data, length, most, error);
	return window->length != 0;
}

static bool read_bytes(struct image *image, uint64_t offset, void *buffer, size_t length, struct error *error)
{
	struct file_image *file = (struct file_image *)image;
	unsigned char *to = buffer;

	if (offset > image->size || length > image->size - offset)
		return error_set(error,
				 "%zu bytes at byte %" PRIu64 " lie behind the end of the file, which has %" PRIu64 " bytes",
				 length, offset, image->size);
	while (length) {
		size_t piece = read_window(file, offset, to, length);
		if (!piece && length >= DIRECT)
			return read_some(file, offset, to, length, length, error) != 0;
		if (!piece && !fill_window(file, offset, length, error))
			return false;
		to += piece;
		offset += piece;
		length -= piece;
	}
	return true;
}

static uint64_t next_data(struct image *image, uint64_t offset)
{
	if (offset >= image->size)
		return image->size;
	off_t data = lseek(((struct file_image *)image)->fd, (off_t)offset, SEEK_DATA);
	if (data < 0)
		return errno == ENXIO ? image->size : offset;
	return (uint64_t)data < image->size ? (uint64_t)data : image->size;
}

static void close_image(struct image *image)
{
	free(image);
}

/* Of a block device stat() gives no size. */
static bool find_size(int fd, uint64_t *size, struct error *error)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return error_set(error, "%s", strerror(errno));
	if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode))
		return error_set(
			error,
			"neither a file nor a block device: a dump is read here and there, not from its beginning on");
	off_t end = S_ISREG(status.st_mode) ? status.st_size : lseek(fd, 0, SEEK_END);
	if (end < 0)
		return error_set(error, "its size is not known: %s", strerror(errno));
	if (end == 0)
		return error_set(error, "the file is empty; a dump was expected");
	*size = (uint64_t)end;
	return true;
}

struct image *image_open(int fd, struct error *error)
{
	uint64_t size = 0;

	if (!find_size(fd, &size, error))
		return NULL;
	struct file_image *file = malloc(sizeof *file);
	if (!file) {
		error_out_of_memory(error);
		return NULL;
	}
	file->image = (struct image){ size, read_bytes, next_data, close_image };
	file->fd = fd;
	file->clock = 0;
	for (size_t i = 0; i < WINDOWS; i++)
		file->windows[i] = (struct window){ .data = file->data[i] };
	if (!flattened_recognise(&file->image))
		return &file->image;
	struct image *flattened = flattened_open(&file->image, error);
	if (!flattened)
		close_image(&file->image);
	return flattened;
}
