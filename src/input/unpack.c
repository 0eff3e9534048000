/* libarchive's filters over our stream. */
#include "input/unpack.h"

#include "base/lazy_library.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* libarchive, once it is loaded. */
static struct {
	__typeof__(&archive_error_string) archive_error_string;
	__typeof__(&archive_filter_name) archive_filter_name;
	__typeof__(&archive_read_data) archive_read_data;
	__typeof__(&archive_read_free) archive_read_free;
	__typeof__(&archive_read_new) archive_read_new;
	__typeof__(&archive_read_next_header) archive_read_next_header;
	__typeof__(&archive_read_open) archive_read_open;
	__typeof__(&archive_read_support_filter_bzip2) archive_read_support_filter_bzip2;
	__typeof__(&archive_read_support_filter_gzip) archive_read_support_filter_gzip;
	__typeof__(&archive_read_support_filter_lz4) archive_read_support_filter_lz4;
	__typeof__(&archive_read_support_filter_xz) archive_read_support_filter_xz;
	__typeof__(&archive_read_support_filter_zstd) archive_read_support_filter_zstd;
	__typeof__(&archive_read_support_format_raw) archive_read_support_format_raw;
	__typeof__(&archive_set_error) archive_set_error;
} libarchive;

static const struct lazy_function functions[] = {
	LAZY_FUNCTION(libarchive, archive_error_string),
	LAZY_FUNCTION(libarchive, archive_filter_name),
	LAZY_FUNCTION(libarchive, archive_read_data),
	LAZY_FUNCTION(libarchive, archive_read_free),
	LAZY_FUNCTION(libarchive, archive_read_new),
	LAZY_FUNCTION(libarchive, archive_read_next_header),
	LAZY_FUNCTION(libarchive, archive_read_open),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_bzip2),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_gzip),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_lz4),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_xz),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_zstd),
	LAZY_FUNCTION(libarchive, archive_read_support_format_raw),
	LAZY_FUNCTION(libarchive, archive_set_error),
};

enum { PIECE = 64 * 1024 };

struct unpacking {
	struct archive *archive;
	struct stream *packed;
	struct error packed_error;
	bool begun; /* the window that was there at the start is given */
};

/* Hands libarchive the window as it is, then what follows. */
static la_ssize_t give_packed(struct archive *archive, void *data, const void **buffer)
{
	struct unpacking *unpacking = data;
	struct log_source *source = &unpacking->packed->source;
	static const char nothing[1];

	(void)archive;
	if (unpacking->begun && source->ended)
		return 0;
	if (unpacking->begun && !source->more(source, source->offset + source->length, &unpacking->packed_error)) {
		libarchive.archive_set_error(unpacking->archive, EIO, "%s", unpacking->packed_error.message);
		return -1;
	}
	unpacking->begun = true;
	*buffer = source->length ? source->data : nothing;
	return (la_ssize_t)source->length;
}

/* How libarchive's filters say that there should be more: those of its own, and liblzma by LZMA_BUF_ERROR. */
static bool ended_early(const char *why)
{
	return why && (strstr(why, "runcated") || strstr(why, "No progress is possible"));
}

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
	stream->cut = ended_early(why);
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
	if (libarchive.archive_read_open(archive, unpacking, NULL, give_packed, NULL) == ARCHIVE_OK &&
	    libarchive.archive_read_next_header(archive, &entry) == ARCHIVE_OK)
		return true;
	const char *why = libarchive.archive_error_string(archive);
	if (ended_early(why))
		return error_set(error, "the compressed file is cut short: it ends before anything of it can be unpacked");
	return error_set(error, "cannot unpack: %s", why ? why : "unknown error");
}

struct unpacking *unpack_start(struct stream *unpacked, struct stream *packed, struct error *error)
{
	struct unpacking *unpacking;

	if (!lazy_library_load(LIBARCHIVE_SONAME, functions, sizeof functions / sizeof *functions, error))
		return NULL;
	unpacking = calloc(1, sizeof *unpacking);
	if (!unpacking) {
		error_out_of_memory(error);
		return NULL;
	}
	unpacking->packed = packed;
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
