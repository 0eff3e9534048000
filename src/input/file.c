/* From a path to a log's bytes or a dump's descriptor. */
#define _GNU_SOURCE /* SEEK_DATA */
#include "input/file.h"

#include "input/link.h"
#include "input/mapped.h"
#include "input/stream.h"
#include "input/transcode.h"
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
	int fd;                 /* of the file itself; -1: it is a member of an archive */
	struct stream stream;
	struct mapped mapped;
	struct stream unpacked;
	struct unpacking *unpacking;
	struct stream transcoded;
	struct transcoding *transcoding;
	struct stream *bytes; /* stream, or where that is compressed, unpacked; or transcoded, where that is in need of it */
	enum content content; /* of bytes */
	const char *name;     /* of that */
	const char *packing;  /* NULL: not compressed */
};

/* Says of what is neither log nor dump nor archive what it is. */
static bool refuse_content(const struct opened *opened, const char *expected, struct error *error)
{
	switch (opened->content) {
	case CONTENT_EMPTY:
		return error_set(error, "empty: expected %s", expected);
	case CONTENT_COMPRESSED:
		return error_set(error, "%s data inside compressed data: expected %s", opened->name, expected);
	default:
		return error_set(error, "%s: expected %s", opened->name, expected);
	}
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
static bool take_dump(struct opened *opened, struct error *error)
{
	if (lseek(opened->fd, 0, SEEK_CUR) < 0)
		return error_set(error,
				 "%s in a pipe, which cannot be read here and there; save it in a file, then give its name, "
				 "or run: kdump-triage - < FILE",
				 opened->name);
	opened->file.fd = opened->fd;
	return true;
}

/* Bytes of the file itself; 0: not known (a pipe). */
static uint64_t packed_size(const struct opened *opened)
{
	struct stat status;

	return fstat(opened->fd, &status) == 0 && S_ISREG(status.st_mode) ? (uint64_t)status.st_size : 0;
}

static bool unpack_dump(struct opened *opened, const char *temporary_directory, struct error *error)
{
	struct unpack_dump_order order = { opened->packing, packed_size(opened), temporary_directory };
	struct unpacked_dump unpacked;

	opened->file.fd = unpack_dump_to_temporary(&opened->unpacked.source, &order, &unpacked, error);
	if (opened->file.fd < 0)
		return false;
	snprintf(opened->file.notice, sizeof opened->file.notice, "%s", unpacked.notice);
	if (opened->unpacked.cut)
		snprintf(opened->file.cut, sizeof opened->file.cut,
			 "cut short, as the compressed file is: the %s data end too early, behind byte %" PRIu64
			 " of the dump",
			 opened->packing, unpacked.size);
	else if (unpacked.damage.message[0])
		snprintf(opened->file.cut, sizeof opened->file.cut, "%.290s", unpacked.damage.message);
	return true;
}

/* Goes on with these bytes, of which so many are there. */
static void take_bytes(struct opened *opened, struct stream *stream)
{
	opened->bytes = stream;
	opened->content = content_of((struct text){ stream->source.data, stream->source.length }, &opened->name);
}

static bool unpack(struct opened *opened, uint64_t *budget, struct error *error)
{
	opened->packing = opened->name;
	opened->unpacking = unpack_start(&opened->unpacked, opened->bytes, error);
	if (!opened->unpacking)
		return false;
	opened->unpacked.budget = budget;
	if (!stream_fill(&opened->unpacked, CONTENT_BYTES, error))
		return false;
	take_bytes(opened, &opened->unpacked);
	return true;
}

/* Text that is not encoded as the rest of the program expects it. */
static bool transcode(struct opened *opened, struct error *error)
{
	struct stream *raw = opened->bytes;
	enum transcode_form form = opened->content == CONTENT_TEXT || opened->content == CONTENT_BINARY
					   ? transcode_form_of((struct text){ raw->source.data, raw->source.length })
					   : TRANSCODE_NOTHING;

	if (form == TRANSCODE_NOTHING)
		return true;
	opened->transcoding = transcode_start(&opened->transcoded, raw, form, error);
	if (!opened->transcoding || !stream_fill(&opened->transcoded, CONTENT_BYTES, error))
		return false;
	take_bytes(opened, &opened->transcoded);
	return true;
}

/* Looks at the beginning, and unpacks where that is called for. budget: of what is unpacked, as a stream's. */
static bool look(struct opened *opened, ssize_t (*read)(struct stream *, char *, size_t, struct error *), void *state,
		 uint64_t *budget, struct error *error)
{
	struct stream *stream = opened->bytes = &opened->stream;

	if (!stream_start(stream, read, state, error) || !stream_fill(stream, CONTENT_BYTES, error))
		return false;
	take_bytes(opened, stream);
	if (opened->content == CONTENT_COMPRESSED && !unpack(opened, budget, error))
		return false;
	return transcode(opened, error);
}

static void take_log(struct opened *opened)
{
	opened->file.source = &opened->bytes->source;
	if (opened->bytes == &opened->stream && opened->fd >= 0)
		map_if_big(opened);
}

static void take_archive(struct opened *opened)
{
	opened->file.tar = (struct archive_bytes){
		.stream = opened->bytes,
		.packing = opened->packing,
		.size = packed_size(opened),
		.fd = !opened->packing && packed_size(opened) ? opened->fd : -1,
	};
}

/*
 * A log may begin with blocks that a crash left unwritten. A file of zeros from end to end is what is left where space was
 * reserved and nothing came: told from where it has data at all, and not by reading a terabyte.
 */
static bool is_all_zeros(const struct opened *opened)
{
	enum { LOOKED_AT_MOST = 64 * 1024 * 1024, PIECE = 64 * 1024 };
	static const char zeros[PIECE];
	char bytes[PIECE];
	off_t end = lseek(opened->fd, 0, SEEK_END), at = 0, looked_at = 0;
	bool all = end > 0 && !opened->packing;

	for (; all && looked_at < LOOKED_AT_MOST; looked_at += PIECE) {
		at = lseek(opened->fd, at, SEEK_DATA);
		ssize_t length = at >= 0 ? pread(opened->fd, bytes, PIECE, at) : 0;
		if (length <= 0) /* no more data, or it cannot be told */
			break;
		all = memcmp(bytes, zeros, (size_t)length) == 0;
		at += length;
	}
	if (end >= 0)
		lseek(opened->fd, (off_t)(opened->stream.source.offset + opened->stream.source.length), SEEK_SET);
	return all;
}

static bool take_zeros(struct opened *opened, struct error *error)
{
	if (is_all_zeros(opened))
		return error_set(error, "it holds zeros only: nothing was ever written to it");
	take_log(opened);
	return true;
}

static bool start_reading(struct opened *opened, const char *temporary_directory, struct error *error)
{
	if (!look(opened, stream_read_fd, &opened->fd, NULL, error))
		return false;
	switch (opened->content) {
	case CONTENT_TEXT:
		take_log(opened);
		return true;
	case CONTENT_ZEROS:
		return take_zeros(opened, error);
	case CONTENT_TAR:
		take_archive(opened);
		return true;
	case CONTENT_DUMP:
		return opened->packing ? unpack_dump(opened, temporary_directory, error) : take_dump(opened, error);
	default:
		return refuse_content(opened, "a kernel log or a dump", error);
	}
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

static struct opened *new_opened(int fd, struct error *error)
{
	struct opened *opened = calloc(1, sizeof *opened);

	if (opened)
		*opened = (struct opened){ .fd = fd, .file.fd = -1 };
	else
		error_out_of_memory(error);
	return opened;
}

struct input_file *input_file_open(const char *path, const struct input_options *options, struct error *error)
{
	struct link_roots roots = { options->link_roots, options->link_root_count };
	struct opened *opened = new_opened(STDIN_FILENO, error);

	if (!opened)
		return NULL;
	if (strcmp(path, "-") != 0)
		opened->fd = link_open(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY, roots, error);
	if (opened->fd >= 0 && start_reading(opened, options->temporary_directory, error))
		return &opened->file;
	input_file_close(&opened->file);
	return NULL;
}

enum content input_file_open_member(struct input_file **file,
				    ssize_t (*read)(struct stream *, char *, size_t, struct error *), void *state,
				    uint64_t *budget, struct error *error)
{
	struct opened *opened = new_opened(-1, error);
	enum content content = CONTENT_BINARY;

	*file = NULL;
	if (opened && look(opened, read, state, budget, error)) {
		content = opened->content;
		if (content == CONTENT_TEXT || content == CONTENT_ZEROS) {
			take_log(opened);
			*file = &opened->file;
			return CONTENT_TEXT;
		}
		refuse_content(opened, "a kernel log", error);
	}
	if (opened)
		input_file_close(&opened->file);
	return content;
}

void input_file_close(struct input_file *file)
{
	struct opened *opened = (struct opened *)file;

	if (!opened)
		return;
	transcode_stop(opened->transcoding);
	unpack_stop(opened->unpacking);
	mapped_stop(&opened->mapped);
	stream_stop(&opened->transcoded);
	stream_stop(&opened->unpacked);
	stream_stop(&opened->stream);
	if (file->fd >= 0 && file->fd != opened->fd)
		close(file->fd);
	if (opened->fd > STDIN_FILENO)
		close(opened->fd);
	free(opened);
}
