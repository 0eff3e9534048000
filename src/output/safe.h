/*
 * Bytes from a log or a file, made safe to print: control characters and bytes that are not UTF-8 are shown as \xNN, so that no
 * terminal escape gets through and every output is valid UTF-8. Tab becomes a blank.
 */
#ifndef OUTPUT_SAFE_H
#define OUTPUT_SAFE_H

#include "base/arena.h"
#include "base/text.h"

/* A safe copy in the arena. Also escaped: U+0080..U+009F, bidirectional controls, and what is not a character. */
struct text safe_text(struct arena *arena, struct text t);

#endif
