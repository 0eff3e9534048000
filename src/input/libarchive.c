/* The table of libarchive's functions, and how it gets its bytes. */
#include "input/libarchive.h"

#include "base/lazy_library.h"

#include <errno.h>
#include <string.h>

struct libarchive libarchive;

static const struct lazy_function functions[] = {
	LAZY_FUNCTION(libarchive, archive_entry_filetype),
	LAZY_FUNCTION(libarchive, archive_entry_hardlink),
	LAZY_FUNCTION(libarchive, archive_entry_mtime),
	LAZY_FUNCTION(libarchive, archive_entry_pathname),
	LAZY_FUNCTION(libarchive, archive_entry_pathname_utf8),
	LAZY_FUNCTION(libarchive, archive_entry_size),
	LAZY_FUNCTION(libarchive, archive_entry_sparse_count),
	LAZY_FUNCTION(libarchive, archive_error_string),
	LAZY_FUNCTION(libarchive, archive_filter_name),
	LAZY_FUNCTION(libarchive, archive_read_data),
	LAZY_FUNCTION(libarchive, archive_read_data_block),
	LAZY_FUNCTION(libarchive, archive_read_free),
	LAZY_FUNCTION(libarchive, archive_read_new),
	LAZY_FUNCTION(libarchive, archive_read_next_header),
	LAZY_FUNCTION(libarchive, archive_read_open2),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_bzip2),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_gzip),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_lz4),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_xz),
	LAZY_FUNCTION(libarchive, archive_read_support_filter_zstd),
	LAZY_FUNCTION(libarchive, archive_read_support_format_raw),
	LAZY_FUNCTION(libarchive, archive_read_support_format_tar),
	LAZY_FUNCTION(libarchive, archive_set_error),
};

bool libarchive_load(struct error *error)
{
	return lazy_library_load(LIBARCHIVE_SONAME, functions, sizeof functions / sizeof *functions, error);
}

la_ssize_t libarchive_feed_read(struct archive *archive, void *data, const void **buffer)
{
	struct libarchive_feed *feed = data;
	struct log_source *source = feed->source;
	static const char nothing[1];

	if (feed->begun && source->ended)
		return 0;
	if (feed->begun && !source->more(source, source->offset + source->length, &feed->error)) {
		feed->failed = true;
		libarchive.archive_set_error(archive, EIO, "%s", feed->error.message);
		return -1;
	}
	feed->begun = true;
	*buffer = source->length ? source->data : nothing;
	return (la_ssize_t)source->length;
}

bool libarchive_says_cut(const char *why)
{
	return why && (strstr(why, "runcated") || strstr(why, "No progress is possible"));
}
