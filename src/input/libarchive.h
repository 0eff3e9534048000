/* libarchive, loaded when first needed, for unpack.c and archive.c. */
#ifndef INPUT_LIBARCHIVE_H
#define INPUT_LIBARCHIVE_H

#include "base/error.h"
#include "log/source.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

/* Its functions; good when libarchive_load() has returned true. */
struct libarchive {
	__typeof__(&archive_entry_filetype) archive_entry_filetype;
	__typeof__(&archive_entry_hardlink) archive_entry_hardlink;
	__typeof__(&archive_entry_mtime) archive_entry_mtime;
	__typeof__(&archive_entry_pathname) archive_entry_pathname;
	__typeof__(&archive_entry_pathname_utf8) archive_entry_pathname_utf8;
	__typeof__(&archive_entry_size) archive_entry_size;
	__typeof__(&archive_entry_sparse_count) archive_entry_sparse_count;
	__typeof__(&archive_error_string) archive_error_string;
	__typeof__(&archive_filter_name) archive_filter_name;
	__typeof__(&archive_read_data) archive_read_data;
	__typeof__(&archive_read_data_block) archive_read_data_block;
	__typeof__(&archive_read_free) archive_read_free;
	__typeof__(&archive_read_new) archive_read_new;
	__typeof__(&archive_read_next_header) archive_read_next_header;
	__typeof__(&archive_read_open2) archive_read_open2;
	__typeof__(&archive_read_support_filter_bzip2) archive_read_support_filter_bzip2;
	__typeof__(&archive_read_support_filter_gzip) archive_read_support_filter_gzip;
	__typeof__(&archive_read_support_filter_lz4) archive_read_support_filter_lz4;
	__typeof__(&archive_read_support_filter_xz) archive_read_support_filter_xz;
	__typeof__(&archive_read_support_filter_zstd) archive_read_support_filter_zstd;
	__typeof__(&archive_read_support_format_raw) archive_read_support_format_raw;
	__typeof__(&archive_read_support_format_tar) archive_read_support_format_tar;
	__typeof__(&archive_set_error) archive_set_error;
};

extern struct libarchive libarchive;

/* False: *error says what is missing. */
bool libarchive_load(struct error *error);

/* What libarchive reads: the bytes of a source, from its window on. */
struct libarchive_feed {
	struct log_source *source;
	struct error error; /* why the source failed */
	bool begun;         /* the window that was there at the start is given */
	bool failed;
};

/* For archive_read_open2(), with the feed as its data. */
la_ssize_t libarchive_feed_read(struct archive *archive, void *feed, const void **buffer);

/* Whether that is how libarchive's filters and formats say that there should be more bytes. NULL can be. */
bool libarchive_says_cut(const char *why);

#endif
