/* What a file is, by its first bytes. */
#ifndef INPUT_CONTENT_H
#define INPUT_CONTENT_H

#include "base/text.h"

enum content {
	CONTENT_TEXT, /* a log, as far as one can tell */
	CONTENT_EMPTY,
	CONTENT_COMPRESSED, /* gzip, bzip2, xz, zstd: one file, to be unpacked */
	CONTENT_DUMP,       /* a kernel dump */
	CONTENT_TAR,
	CONTENT_ZEROS, /* as far as was looked: nothing was written there */
	CONTENT_BINARY,
};

enum { CONTENT_BYTES = 64 * 1024 }; /* that many are looked at */

/* *name is what to call it ("gzip", "a kernel dump (makedumpfile's compressed format)"). */
enum content content_of(struct text beginning, const char **name);

#endif
