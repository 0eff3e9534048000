/* A window over bytes that come in order. */
#define _POSIX_C_SOURCE 200809L
#include "input/stream.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A megabyte a read: measured to be where a bigger one gains nothing more. */
enum { READ_SIZE = 1024 * 1024 };

static bool read_behind(struct stream *stream, size_t size, struct error *error)
{
	ssize_t got = stream->read(stream, stream->buffer + stream->source.length, size, error);

	if (got == 0)
		stream->source.ended = true;
	if (got <= 0)
		return got == 0;
	if (stream->budget && (uint64_t)got > *stream->budget)
		return error_set(error, "it unpacks to more than may come of a file of its size");
	if (stream->budget)
		*stream->budget -= (uint64_t)got;
	stream->source.length += (size_t)got;
	return true;
}

static bool more(struct log_source *source, uint64_t keep, struct error *error)
{
	struct stream *stream = (struct stream *)source;
	size_t drop = (size_t)(keep - source->offset);

	if (source->ended)
		return true;
	if (stream->failed) {
		source->ended = true;
		*error = stream->failure;
		return false;
	}
	memmove(stream->buffer, stream->buffer + drop, source->length - drop);
	source->length -= drop;
	source->offset += drop;
	if (read_behind(stream, stream->capacity - source->length, error))
		return true;
	source->ended = true;
	return false;
}

bool stream_start(struct stream *stream, ssize_t (*read)(struct stream *, char *, size_t, struct error *), void *state,
		  struct error *error)
{
	*stream = (struct stream){ .source = { .more = more }, .read = read, .state = state };
	stream->capacity = READ_SIZE + LOG_SOURCE_KEEP_MOST;
	stream->buffer = malloc(stream->capacity);
	stream->source.data = stream->buffer;
	return stream->buffer || error_out_of_memory(error);
}

void stream_stop(struct stream *stream)
{
	free(stream->buffer);
	*stream = (struct stream){ 0 };
}

bool stream_fill(struct stream *stream, size_t length, struct error *error)
{
	while (stream->source.length < length && !stream->source.ended && !stream->failed)
		stream->failed = !read_behind(stream, length - stream->source.length, &stream->failure);
	if (!stream->failed || stream->source.length)
		return true;
	error_set(error, "%s", stream->failure.message);
	return false;
}

uint64_t stream_skip(struct stream *stream, int fd, uint64_t bytes)
{
	struct log_source *source = &stream->source;
	struct stat status;
	off_t at = lseek(fd, 0, SEEK_CUR);

	if (at < 0 || fstat(fd, &status) != 0 || status.st_size <= at || source->ended || stream->failed)
		return 0;
	uint64_t left = (uint64_t)(status.st_size - at), skipped = bytes < left ? bytes : left;
	if (lseek(fd, (off_t)skipped, SEEK_CUR) < 0)
		return 0;
	source->offset += source->length + skipped;
	source->length = 0;
	return skipped;
}

ssize_t stream_read_fd(struct stream *stream, char *buffer, size_t size, struct error *error)
{
	int fd = *(const int *)stream->state;
	ssize_t got;

	do
		got = read(fd, buffer, size);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		error_set(error, "cannot read at byte %" PRIu64 ": %s", stream->source.offset + stream->source.length,
			  strerror(errno));
	return got;
}
