/* libarchive's filters over our stream. */
#include "input/unpack.h"

#include "input/libarchive.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PIECE = 64 * 1024 };

struct unpacking {
	struct archive *archive;
	struct libarchive_feed feed;
};

static ssize_t read_unpacked(struct stream *stream, char *buffer, size_t size, struct error *error)
{
	struct unpacking *unpacking = stream->state;
	la_ssize_t got;

	/* Of a read that meets damage, libarchive gives nothing: small ones lose less. */
	if (size > PIECE)
		size = PIECE;
	do
		got = libarchive.archive_read_data(unpacking->archive, buffer, size);
	while (got == ARCHIVE_RETRY);
	if (got >= 0)
		return (ssize_t)got;
	const char *why = libarchive.archive_error_string(unpacking->archive);
	stream->cut = libarchive_says_cut(why);
	error_set(error, "%s data is damaged or cut short behind byte %" PRIu64 " of what it unpacks to: %s",
		  libarchive.archive_filter_name(unpacking->archive, 0), stream->source.offset + stream->source.length,
		  stream->cut ? "the compressed file ends too early"
		  : why       ? why
			      : "unknown error");
	return -1;
}

static bool open_archive(struct unpacking *unpacking, struct error *error)
{
	struct archive *archive = unpacking->archive;
	struct archive_entry *entry;

	if (!archive || libarchive.archive_read_support_format_raw(archive) != ARCHIVE_OK)
		return error_out_of_memory(error);
	/* A filter that only an outside program could do is left out: ARCHIVE_WARN says so. */
	libarchive.archive_read_support_filter_gzip(archive);
	libarchive.archive_read_support_filter_bzip2(archive);
	libarchive.archive_read_support_filter_xz(archive);
	libarchive.archive_read_support_filter_zstd(archive);
	libarchive.archive_read_support_filter_lz4(archive);
	if (libarchive.archive_read_open2(archive, &unpacking->feed, NULL, libarchive_feed_read, NULL, NULL) == ARCHIVE_OK &&
	    libarchive.archive_read_next_header(archive, &entry) == ARCHIVE_OK)
		return true;
	const char *why = libarchive.archive_error_string(archive);
	if (libarchive_says_cut(why))
		return error_set(error, "the compressed file is cut short: it ends before anything of it can be unpacked");
	return error_set(error, "cannot unpack: %s", why ? why : "unknown error");
}

struct unpacking *unpack_start(struct stream *unpacked, struct stream *packed, struct error *error)
{
	struct unpacking *unpacking;

	if (!libarchive_load(error))
		return NULL;
	unpacking = calloc(1, sizeof *unpacking);
	if (!unpacking) {
		error_out_of_memory(error);
		return NULL;
	}
	unpacking->feed.source = &packed->source;
	unpacking->archive = libarchive.archive_read_new();
	if (!stream_start(unpacked, read_unpacked, unpacking, error) || !open_archive(unpacking, error)) {
		stream_stop(unpacked);
		unpack_stop(unpacking);
		return NULL;
	}
	return unpacking;
}

void unpack_stop(struct unpacking *unpacking)
{
	if (!unpacking)
		return;
	libarchive.archive_read_free(unpacking->archive);
	free(unpacking);
}
