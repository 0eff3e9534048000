/*
 * Where a log's bytes come from: a file, a pipe, an unpacking, a dump's memory. Gives a window that moves forward over
 * them; whoever reads says how much of the window's tail must stay.
 */
#ifndef LOG_SOURCE_H
#define LOG_SOURCE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct log_source {
	const char *data; /* the window */
	size_t length;    /* its length, bytes */
	uint64_t offset;  /* where it begins in the bytes of the log */
	bool ended;       /* no byte lies behind the window */
	/*
	 * Drops what lies before `keep` (an offset within the window, or its end) and reads more behind it; data, length and
	 * offset change. At the end of the bytes, only sets ended. False on a read error, which *error tells; what was read
	 * before is in the window, and the source is ended. At most LOG_SOURCE_KEEP_MOST bytes may be kept.
	 */
	bool (*more)(struct log_source *source, uint64_t keep, struct error *error);
};

enum { LOG_SOURCE_KEEP_MOST = 256 * 1024 };

#endif
