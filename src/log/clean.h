/* What terminals, web pages and mail programs leave within a line. */
#ifndef LOG_CLEAN_H
#define LOG_CLEAN_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Is there nothing in it that the functions below look for? Most lines are plain, and need none of them. */
bool clean_is_plain(struct text line);

/* Must the line be copied by clean_line()? */
bool clean_is_needed(struct text line);

/*
 * Copies a line without a terminal's colours and cursor movements, overprinted where it has backspaces, and with the
 * characters that a web page escapes ("&lt;TASK&gt;") as they were. `to` holds line.length bytes and may be where the line
 * lies; how many were written.
 */
size_t clean_line(struct text line, char *to);

/* The line without what a file system leaves around it (NUL bytes that were never written), a terminal's carriage returns,
 * and a web page's tags at its ends. */
struct text clean_ends(struct text line);

/*
 * Where within the line another begins: behind a carriage return, where a terminal goes back to overprint, or behind two NUL
 * bytes or more: a hole of a file that was never written. SIZE_MAX: nowhere.
 */
size_t clean_find_break(struct text line);

#endif
