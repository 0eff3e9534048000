/* From a path to a source of log bytes. */
#define _POSIX_C_SOURCE 200809L
#include "input/input.h"

#include "input/content.h"
#include "input/directory.h"
#include "input/mapped.h"
#include "input/stream.h"
#include "input/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct open_file {
	int fd;
	struct stream file;
	struct mapped mapped;
	struct stream unpacked;
	struct unpacking *unpacking;
};

static void close_file(struct input *input)
{
	struct open_file *open_file = input->state;

	unpack_stop(open_file->unpacking);
	mapped_stop(&open_file->mapped);
	stream_stop(&open_file->unpacked);
	stream_stop(&open_file->file);
	if (open_file->fd > STDIN_FILENO)
		close(open_file->fd);
	free(open_file);
	free(input->path);
	*input = (struct input){ 0 };
}

void input_close(struct input *input)
{
	if (input->close)
		input->close(input);
}

static bool refuse(const struct stream *stream, struct error *error)
{
	struct text window = { stream->source.data, stream->source.length };
	const char *name;

	switch (content_of(window, &name)) {
	case CONTENT_EMPTY:
		return !error_set(error, "empty: expected a kernel log");
	case CONTENT_DUMP:
		return !error_set(error,
				  "%s: dumps are not read yet; expected a kernel log (make it with 'vmcore-dmesg' or "
				  "'makedumpfile --dump-dmesg')",
				  name);
	case CONTENT_TAR:
		return !error_set(error, "%s: expected a kernel log; unpack it first", name);
	case CONTENT_BINARY:
		return !error_set(error, "%s: expected a kernel log", name);
	case CONTENT_COMPRESSED:
		return !error_set(error, "%s data inside compressed data: expected a kernel log", name);
	case CONTENT_TEXT:
		break;
	}
	return false;
}

/* What is too small gains nothing, and what is no regular file cannot be mapped: that goes on through the stream. */
static void map_if_big(struct input *input, struct open_file *open_file)
{
	enum { BIG = 1024 * 1024 };
	struct error why_not;
	struct stat status;

	if (fstat(open_file->fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < BIG)
		return;
	/* Standard input may be a file that somebody has read a part of. */
	if (lseek(open_file->fd, 0, SEEK_CUR) != (off_t)open_file->file.source.length)
		return;
	if (mapped_start(&open_file->mapped, open_file->fd, (uint64_t)status.st_size, &why_not))
		input->source = &open_file->mapped.source;
}

/* Looks at the beginning, and unpacks where that is called for. */
static bool start_reading(struct input *input, struct open_file *open_file, struct error *error)
{
	struct stream *file = &open_file->file;
	const char *name;

	if (!stream_start(file, stream_read_fd, &open_file->fd, error) || !stream_fill(file, CONTENT_BYTES, error))
		return false;
	input->source = &file->source;
	if (content_of((struct text){ file->source.data, file->source.length }, &name) != CONTENT_COMPRESSED) {
		map_if_big(input, open_file);
		return !refuse(file, error);
	}
	open_file->unpacking = unpack_start(&open_file->unpacked, file, error);
	if (!open_file->unpacking || !stream_fill(&open_file->unpacked, CONTENT_BYTES, error))
		return false;
	input->source = &open_file->unpacked.source;
	return !refuse(&open_file->unpacked, error);
}

static char *resolve(const char *path, struct error *error)
{
	struct stat status;

	if (strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return directory_find_log(path, error);
	char *copy = strdup(path);
	if (!copy)
		error_out_of_memory(error);
	return copy;
}

bool input_open(struct input *input, const char *path, struct error *error)
{
	struct open_file *open_file = calloc(1, sizeof *open_file);

	*input = (struct input){ 0 };
	if (!open_file)
		return error_out_of_memory(error);
	*input = (struct input){ .path = resolve(path, error), .close = close_file, .state = open_file };
	open_file->fd = STDIN_FILENO;
	if (!input->path) {
		close_file(input);
		return false;
	}
	if (strcmp(path, "-") != 0)
		open_file->fd = open(input->path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (open_file->fd < 0) {
		error_set(error, "cannot open: %s", strerror(errno));
		close_file(input);
		return false;
	}
	if (start_reading(input, open_file, error))
		return true;
	close_file(input);
	return false;
}
