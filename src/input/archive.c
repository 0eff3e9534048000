/* libarchive's tar over our stream. */
#include "input/archive.h"

#include "input/libarchive.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GIB (UINT64_C(1024) * 1024 * 1024)

enum { BLOCK = 512, NAMED_MOST = 120 /* bytes of a name in an error */ };

struct archive_reading {
	struct archive *archive;
	struct libarchive_feed feed;
	struct archive_bytes bytes;
	uint64_t budget;
	size_t members;
	uint64_t read;     /* bytes of the member in work */
	const char *block; /* of these, what libarchive gave and nobody took yet */
	size_t block_length;
	char label[ARCHIVE_NAME_MOST + 1];
	bool exhausted; /* all bytes were given to libarchive */
	bool ends_in_zeros;
	bool damaged; /* a header was none; it was told */
	bool ended;
};

static bool is_zero(const char *bytes, size_t length)
{
	return length && bytes[0] == 0 && memcmp(bytes, bytes + 1, length - 1) == 0;
}

static la_ssize_t give(struct archive *archive, void *data, const void **buffer)
{
	struct archive_reading *reading = data;
	la_ssize_t length = libarchive_feed_read(archive, &reading->feed, buffer);
	size_t tail = length > BLOCK ? BLOCK : length > 0 ? (size_t)length : 0;

	if (length == 0)
		reading->exhausted = true;
	if (length > 0)
		reading->ends_in_zeros = is_zero((const char *)*buffer + length - tail, tail);
	return length;
}

static la_int64_t skip(struct archive *archive, void *data, la_int64_t bytes)
{
	struct archive_reading *reading = data;

	(void)archive;
	if (reading->bytes.fd < 0 || bytes <= 0)
		return 0;
	reading->ends_in_zeros = false;
	return (la_int64_t)stream_skip(reading->bytes.stream, reading->bytes.fd, (uint64_t)bytes);
}

/* What may come of a file of that size: gzip's best is 1024 times. */
static uint64_t budget_of(const struct archive_bytes *bytes)
{
	uint64_t times;

	if (!bytes->size)
		return 16 * GIB;
	if (__builtin_mul_overflow(bytes->size, 1024, &times) || times > 64 * GIB)
		return 64 * GIB;
	return times > 4 * GIB ? times : 4 * GIB;
}

uint64_t *archive_budget(struct archive_reading *reading)
{
	return &reading->budget;
}

struct archive_reading *archive_start(const struct archive_bytes *bytes, struct error *error)
{
	struct archive_reading *reading;

	if (!libarchive_load(error))
		return NULL;
	reading = calloc(1, sizeof *reading);
	if (reading)
		reading->archive = libarchive.archive_read_new();
	if (!reading || !reading->archive || libarchive.archive_read_support_format_tar(reading->archive) != ARCHIVE_OK) {
		archive_stop(reading);
		error_out_of_memory(error);
		return NULL;
	}
	reading->bytes = *bytes;
	reading->budget = budget_of(bytes);
	reading->feed.source = &bytes->stream->source;
	if (bytes->packing)
		bytes->stream->budget = &reading->budget;
	if (libarchive.archive_read_open2(reading->archive, reading, NULL, give, skip, NULL) == ARCHIVE_OK)
		return reading;
	const char *why = libarchive.archive_error_string(reading->archive);
	error_set(error, "a tar archive that cannot be read: %s", why ? why : "unknown error");
	archive_stop(reading);
	return NULL;
}

void archive_stop(struct archive_reading *reading)
{
	if (reading && reading->archive)
		libarchive.archive_read_free(reading->archive);
	free(reading);
}

static bool is_cut(const struct archive_reading *reading)
{
	if (reading->feed.failed)
		return reading->bytes.stream->cut;
	return libarchive_says_cut(libarchive.archive_error_string(reading->archive));
}

static const char *why_broken(const struct archive_reading *reading)
{
	const char *why = libarchive.archive_error_string(reading->archive);

	return reading->feed.failed ? reading->feed.error.message : why ? why : "unknown error";
}

static enum archive_status broken(struct archive_reading *reading, bool cut, const char *why, struct error *error)
{
	const struct log_source *source = &reading->bytes.stream->source;
	char where[NAMED_MOST + 100];

	snprintf(where, sizeof where, "behind byte %" PRIu64 "%s%s%.*s", source->offset + source->length,
		 reading->bytes.packing ? " of what it unpacks to" : "", reading->members ? ", in or behind " : "",
		 NAMED_MOST, reading->label);
	if (cut)
		error_set(error, "the archive is cut short: it ends too early, %s", where);
	else
		error_set(error, "the archive cannot be read to its end: %.150s, %s", why, where);
	reading->ended = true;
	return ARCHIVE_BROKEN;
}

/* A header was expected and is none: libarchive looks for the next one, block by block. */
static enum archive_status damaged(struct archive_reading *reading, struct error *error)
{
	reading->damaged = true;
	error_set(error, "the archive is damaged behind its member %.*s: members may be missing", NAMED_MOST,
		  reading->label);
	return ARCHIVE_BROKEN;
}

static const char *path_of(struct archive_entry *entry)
{
	const char *path = libarchive.archive_entry_pathname(entry);

	/* NULL: it is UTF-8 in the archive, and not to be said in the locale's characters. */
	if (!path)
		path = libarchive.archive_entry_pathname_utf8(entry);
	if (!path)
		return "(a name that cannot be read)";
	while (path[0] == '/' || (path[0] == '.' && path[1] == '/'))
		path += path[0] == '/' ? 1 : 2;
	return path;
}

static void set_label(struct archive_reading *reading, const char *path)
{
	enum { END = (ARCHIVE_NAME_MOST - 3) / 2 };
	size_t length = strlen(path);

	if (length <= ARCHIVE_NAME_MOST)
		memcpy(reading->label, path, length + 1);
	else
		snprintf(reading->label, sizeof reading->label, "%.*s...%s", END, path, path + length - END);
}

static void describe(struct archive_reading *reading, struct archive_entry *entry, struct archive_member *member)
{
	la_int64_t size = libarchive.archive_entry_size(entry);
	const char *path = path_of(entry);

	set_label(reading, path);
	*member = (struct archive_member){
		.path = path,
		.label = reading->label,
		.size = size > 0 ? (uint64_t)size : 0,
		.modified = libarchive.archive_entry_mtime(entry),
		.sparse = libarchive.archive_entry_sparse_count(entry) > 0,
	};
	reading->read = 0;
	reading->block_length = 0;
}

/* An archive ends in two blocks of zeros. */
static enum archive_status end(struct archive_reading *reading, struct error *error)
{
	if (reading->exhausted && !reading->ends_in_zeros)
		return broken(reading, true, NULL, error);
	reading->ended = true;
	return ARCHIVE_ENDED;
}

enum archive_status archive_next(struct archive_reading *reading, struct archive_member *member, struct error *error)
{
	struct archive_entry *entry;

	while (!reading->ended) {
		int status = libarchive.archive_read_next_header(reading->archive, &entry);
		if (status == ARCHIVE_RETRY && !reading->damaged)
			return damaged(reading, error);
		if (status == ARCHIVE_RETRY)
			continue;
		if (status == ARCHIVE_EOF)
			return end(reading, error);
		if (status < ARCHIVE_WARN)
			return broken(reading, is_cut(reading), why_broken(reading), error);
		if (reading->members++ == ARCHIVE_MEMBERS_MOST)
			return broken(reading, false, "it has more members than 100000", error);
		describe(reading, entry, member);
		if (libarchive.archive_entry_filetype(entry) == AE_IFREG && !libarchive.archive_entry_hardlink(entry))
			return ARCHIVE_MEMBER;
	}
	return ARCHIVE_ENDED;
}

/* libarchive's archive_read_data() would lose what it had before it met an error. */
static int next_block(struct archive_reading *reading)
{
	const void *block;
	la_int64_t offset;
	int status;

	do
		status = libarchive.archive_read_data_block(reading->archive, &block, &reading->block_length, &offset);
	while (status == ARCHIVE_RETRY || (status == ARCHIVE_OK && !reading->block_length));
	reading->block = block;
	if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
		reading->block_length = 0;
	return status;
}

ssize_t archive_read_member(struct stream *stream, char *buffer, size_t size, struct error *error)
{
	struct archive_reading *reading = stream->state;
	int status = reading->block_length ? ARCHIVE_OK : next_block(reading);

	if (status == ARCHIVE_EOF)
		return 0;
	if (reading->block_length) {
		size_t length = size < reading->block_length ? size : reading->block_length;
		memcpy(buffer, reading->block, length);
		reading->block += length;
		reading->block_length -= length;
		reading->read += length;
		return (ssize_t)length;
	}
	reading->ended = status == ARCHIVE_FATAL;
	if (is_cut(reading))
		error_set(error, "the archive is cut short here: it ends too early, behind byte %" PRIu64 " of this member",
			  reading->read);
	else
		error_set(error, "the archive cannot be read behind byte %" PRIu64 " of this member: %.200s", reading->read,
			  why_broken(reading));
	return -1;
}
