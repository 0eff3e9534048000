/* YAML that is being written: line by line, with values quoted where they need it. Private to signature/. */
#ifndef SIGNATURE_YAML_TEXT_H
#define SIGNATURE_YAML_TEXT_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>

/* Zero-initialised but for arena is ready for use. */
struct yaml_lines {
	struct arena *arena;
	struct text *items;
	size_t count;
};

/* Adds a line, which must not have a line end in it. That memory ran out shows in arena->failed. */
void yaml_line(struct yaml_lines *lines, struct text line);

/* All lines, each with a line feed behind it. */
struct text yaml_join(const struct yaml_lines *lines);

/*
 * A value, whatever bytes it has: plain where no reader of YAML takes it for anything but this text, else in double quotes.
 * The result is printable ASCII: other bytes become \xNN, as output/ shows them.
 */
struct text yaml_value(struct arena *arena, struct text value);

/* A pattern without slashes, of printable ASCII: with slashes, in single quotes, in which backslashes are themselves. */
struct text yaml_pattern(struct arena *arena, struct text pattern);

#endif
