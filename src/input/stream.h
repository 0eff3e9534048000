/* Bytes from a file descriptor: a window for the log, and a look at the beginning to tell what it is. */
#ifndef INPUT_STREAM_H
#define INPUT_STREAM_H

#include "base/error.h"
#include "base/text.h"
#include "log/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How the bytes behind a window are had: up to size bytes to buffer; how many (0 at the end), or -1 and *error. */
struct stream {
	struct log_source source; /* first: a stream is a log_source */
	char *buffer;
	size_t capacity;
	ssize_t (*read)(struct stream *stream, char *buffer, size_t size, struct error *error);
	void *state;
	struct error failure; /* of stream_fill(), to be told when the bytes before it are read */
	bool failed;
	bool cut;         /* it failed because the bytes that it is made of end too early: set by read */
	uint64_t *budget; /* bytes that may yet come, of this and other streams; NULL: any number */
};

/* False when out of memory. */
bool stream_start(struct stream *stream, ssize_t (*read)(struct stream *, char *, size_t, struct error *), void *state,
		  struct error *error);
void stream_stop(struct stream *stream);

/*
 * Reads until the window holds that many bytes or there are no more. False on a read error before the first byte; one behind
 * it is told by the source when its time comes.
 */
bool stream_fill(struct stream *stream, size_t length, struct error *error);

/*
 * Goes on that many bytes, or to the end of the file, whichever is nearer, behind the window, which is empty then: for a
 * stream that reads the regular file behind that descriptor. How many bytes; 0: it could not.
 */
uint64_t stream_skip(struct stream *stream, int fd, uint64_t bytes);

/* A read function for a file descriptor, which is *(int *)stream->state. */
ssize_t stream_read_fd(struct stream *stream, char *buffer, size_t size, struct error *error);

#endif
