/*
 * Tar archives, read from front to end, member by member: nothing of them is written anywhere, and no name in them is ever
 * opened as a path.
 */
#ifndef INPUT_ARCHIVE_H
#define INPUT_ARCHIVE_H

#include "base/error.h"
#include "input/stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The bytes of an archive, unpacked; the caller's. */
struct archive_bytes {
	struct stream *stream; /* its window holds the first of them */
	const char *packing;   /* how it is compressed as a whole ("xz"); NULL: it is not */
	uint64_t size;         /* of its file, bytes; 0: not known (a pipe) */
	int fd; /* of its file, where that is a regular one and not compressed: members can be skipped in it; -1 */
};

/* No archive that was made for support comes near these. */
enum { ARCHIVE_MEMBERS_MOST = 100000, ARCHIVE_NAME_MOST = 1000 };

struct archive_member {
	const char
		*path; /* as in the archive, without "./" and "/" in front; may hold any bytes; good until the next member */
	const char *label; /* the same to name it by, at most ARCHIVE_NAME_MOST bytes: of a longer one, its two ends */
	uint64_t size;     /* bytes */
	int64_t modified;  /* seconds since 1970 */
	bool sparse;       /* it has holes: not to be read */
};

struct archive_reading;

/* NULL: *error. */
struct archive_reading *archive_start(const struct archive_bytes *bytes, struct error *error);
void archive_stop(struct archive_reading *reading); /* NULL is allowed */

enum archive_status {
	ARCHIVE_MEMBER, /* a regular file; directories, links and devices are passed over */
	ARCHIVE_ENDED,
	ARCHIVE_BROKEN, /* cut, damaged, or larger than any is: *error says what and where; archive_read_member() may have
			   said so too */
};

/* The next member; what was not read of the one before is skipped. Behind the last, and where it broke, always
 * ARCHIVE_ENDED. */
enum archive_status archive_next(struct archive_reading *reading, struct archive_member *member, struct error *error);

/* A read function for a stream of a member's bytes, with the reading as its state. */
ssize_t archive_read_member(struct stream *stream, char *buffer, size_t size, struct error *error);

/* Bytes that may yet come of the archive and the compressed files in it. */
uint64_t *archive_budget(struct archive_reading *reading);

#endif
