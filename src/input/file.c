/* From a path to a log's bytes or a dump's descriptor. */
#define _POSIX_C_SOURCE 200809L
#include "input/file.h"

#include "input/content.h"
#include "input/mapped.h"
#include "input/stream.h"
#include "input/unpack.h"
#include "input/unpack_dump.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct opened {
	struct input_file file; /* first: what the caller sees */
	int fd;                 /* of the file itself */
	struct stream stream;
	struct mapped mapped;
	struct stream unpacked;
	struct unpacking *unpacking;
};

static enum content content_of_stream(const struct stream *stream, const char **name)
{
	return content_of((struct text){ stream->source.data, stream->source.length }, name);
}

/* Whether it is a log; if it is not, says what it is. */
static bool is_log(const struct stream *stream, struct error *error)
{
	const char *name;

	switch (content_of_stream(stream, &name)) {
	case CONTENT_EMPTY:
		return error_set(error, "empty: expected a kernel log or a dump");
	case CONTENT_DUMP:
		return error_set(error, "%s: expected a kernel log", name);
	case CONTENT_TAR:
		return error_set(error, "%s: expected a kernel log or a dump; unpack it first", name);
	case CONTENT_BINARY:
		return error_set(error, "%s: expected a kernel log or a dump", name);
	case CONTENT_COMPRESSED:
		return error_set(error, "%s data inside compressed data: expected a kernel log or a dump", name);
	case CONTENT_TEXT:
		break;
	}
	return true;
}

/* What is too small gains nothing, and what is no regular file cannot be mapped: that goes on through the stream. */
static void map_if_big(struct opened *opened)
{
	enum { BIG = 1024 * 1024 };
	struct error why_not;
	struct stat status;

	if (fstat(opened->fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < BIG)
		return;
	/* Standard input may be a file that somebody has read a part of. */
	if (lseek(opened->fd, 0, SEEK_CUR) != (off_t)opened->stream.source.length)
		return;
	if (mapped_start(&opened->mapped, opened->fd, (uint64_t)status.st_size, &why_not))
		opened->file.source = &opened->mapped.source;
}

/* A dump is read here and there: a pipe cannot. */
static bool take_dump(struct opened *opened, const char *name, struct error *error)
{
	if (lseek(opened->fd, 0, SEEK_CUR) < 0)
		return error_set(error,
				 "%s in a pipe, which cannot be read here and there; save it in a file, then give its name, "
				 "or run: kdump-triage - < FILE",
				 name);
	opened->file.fd = opened->fd;
	opened->file.source = NULL;
	return true;
}

static bool unpack_dump(struct opened *opened, const char *packing, const char *temporary_directory, struct error *error)
{
	struct unpack_dump_order order = { .packing = packing, .directory = temporary_directory };
	struct unpacked_dump unpacked;
	struct stat status;

	if (fstat(opened->fd, &status) == 0 && S_ISREG(status.st_mode))
		order.packed_size = (uint64_t)status.st_size;
	opened->file.fd = unpack_dump_to_temporary(&opened->unpacked.source, &order, &unpacked, error);
	opened->file.source = NULL;
	if (opened->file.fd < 0)
		return false;
	snprintf(opened->file.notice, sizeof opened->file.notice, "%s", unpacked.notice);
	if (opened->unpacked.cut)
		snprintf(opened->file.cut, sizeof opened->file.cut,
			 "cut short, as the compressed file is: the %s data end too early, behind byte %" PRIu64
			 " of the dump",
			 packing, unpacked.size);
	else if (unpacked.damage.message[0])
		snprintf(opened->file.cut, sizeof opened->file.cut, "%.290s", unpacked.damage.message);
	return true;
}

/* Looks at the beginning, and unpacks where that is called for. */
static bool start_reading(struct opened *opened, const char *temporary_directory, struct error *error)
{
	struct stream *stream = &opened->stream;
	const char *name, *inner;

	if (!stream_start(stream, stream_read_fd, &opened->fd, error) || !stream_fill(stream, CONTENT_BYTES, error))
		return false;
	opened->file.source = &stream->source;
	enum content content = content_of_stream(stream, &name);
	if (content == CONTENT_DUMP)
		return take_dump(opened, name, error);
	if (content != CONTENT_COMPRESSED) {
		map_if_big(opened);
		return is_log(stream, error);
	}
	opened->unpacking = unpack_start(&opened->unpacked, stream, error);
	if (!opened->unpacking || !stream_fill(&opened->unpacked, CONTENT_BYTES, error))
		return false;
	if (content_of_stream(&opened->unpacked, &inner) == CONTENT_DUMP)
		return unpack_dump(opened, name, temporary_directory, error);
	opened->file.source = &opened->unpacked.source;
	return is_log(&opened->unpacked, error);
}

bool input_file_refuse(int directory, const char *path, int why, struct error *error)
{
	char target[200];
	ssize_t length = why == ENOENT ? readlinkat(directory, path, target, sizeof target) : -1;

	if (length < 0)
		return error_set(error, "cannot open: %s", strerror(why));
	return error_set(error, "a symbolic link to %.*s%s, which does not exist", (int)length, target,
			 (size_t)length == sizeof target ? "..." : "");
}

struct input_file *input_file_open(const char *path, const char *temporary_directory, struct error *error)
{
	struct opened *opened = calloc(1, sizeof *opened);

	if (!opened) {
		error_out_of_memory(error);
		return NULL;
	}
	*opened = (struct opened){ .fd = STDIN_FILENO, .file.fd = -1 };
	if (strcmp(path, "-") != 0)
		opened->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (opened->fd < 0)
		input_file_refuse(AT_FDCWD, path, errno, error);
	else if (start_reading(opened, temporary_directory, error))
		return &opened->file;
	input_file_close(&opened->file);
	return NULL;
}

void input_file_close(struct input_file *file)
{
	struct opened *opened = (struct opened *)file;

	if (!opened)
		return;
	unpack_stop(opened->unpacking);
	mapped_stop(&opened->mapped);
	stream_stop(&opened->unpacked);
	stream_stop(&opened->stream);
	if (file->fd >= 0 && file->fd != opened->fd)
		close(file->fd);
	if (opened->fd > STDIN_FILENO)
		close(opened->fd);
	free(opened);
}
