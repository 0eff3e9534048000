/*
 * Bytes from a log or a file, made safe to print: control characters and bytes that are not UTF-8 are shown as \xNN, so that
 * no terminal escape gets through and every output is valid UTF-8. Tab becomes a blank.
 */
#ifndef OUTPUT_SAFE_H
#define OUTPUT_SAFE_H

#include "base/arena.h"
#include "base/text.h"

/*
 * A safe copy in the arena: one line. Also escaped: U+0080..U+009F, bidirectional controls, line and paragraph separators,
 * and what is not a character. What is safe already stays as it is.
 */
struct text safe_text(struct arena *arena, struct text t);

/* As safe_text, but line feeds stay: for what a signature file may say in several lines, such as a command. */
struct text safe_lines(struct arena *arena, struct text t);

#endif
