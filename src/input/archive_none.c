/* In place of archive.c, in a build without libarchive: says what to do instead. */
#include "input/archive.h"

struct archive_reading *archive_start(const struct archive_bytes *bytes, struct error *error)
{
	(void)bytes;
	error_set(error, "a tar archive: this kdump-triage was built without libarchive; unpack it first");
	return NULL;
}

void archive_stop(struct archive_reading *reading)
{
	(void)reading;
}

enum archive_status archive_next(struct archive_reading *reading, struct archive_member *member, struct error *error)
{
	(void)reading;
	(void)member;
	(void)error;
	return ARCHIVE_ENDED;
}

ssize_t archive_read_member(struct stream *stream, char *buffer, size_t size, struct error *error)
{
	(void)stream;
	(void)buffer;
	(void)size;
	(void)error;
	return 0;
}

uint64_t *archive_budget(struct archive_reading *reading)
{
	(void)reading;
	return NULL;
}
