/*
 * From the lines of a file to the lines that were printed: one line of a file holds several where a terminal overprinted it
 * or where a hole lies in it, and one that was printed became several where a terminal or a datagram was too narrow for it.
 */
#ifndef LOG_LINES_H
#define LOG_LINES_H

#include "log/reader.h"
#include "log/wrapping.h"

#include <stdbool.h>
#include <stddef.h>

struct lines {
	struct reader reader;
	struct reader_line rest;  /* of a line that is given in pieces; with has_rest */
	struct reader_line ahead; /* read to see whether it belongs to the line before; with has_ahead: the next one */
	bool has_rest, has_ahead;
	size_t longest; /* of the lines so far, bytes */
	char *clean;    /* a line without its colours; allocated when first needed, as is joined */
	char *joined;   /* a line that is put together */
	bool out_of_memory;
};

void lines_start(struct lines *lines, struct log_source *source);
void lines_stop(struct lines *lines);

/*
 * The next line that was printed; its text is good until the next call, and starts and ends without residue. wrappings: what
 * is known of the log's. False: no more, or reading failed (lines->reader.failed), or memory ran out.
 */
bool lines_next(struct lines *lines, const struct wrappings *wrappings, struct reader_line *line);

/* Were all lines that were read given? Then reader may be used directly. */
bool lines_are_given(const struct lines *lines);

/* Room for a changed copy of a line's text that is no longer than it: where it lies already, if that may be written to.
 * NULL: out of memory. */
char *lines_room(struct lines *lines, struct text line);

#endif
