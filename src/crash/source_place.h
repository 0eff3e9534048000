/*
 * Places in the kernel's source, as tools put them into a log: scripts/decode_stacktrace.sh writes "f (fs/foo.c:123)" where
 * the kernel wrote "f+0x1/0x2", and "f (fs/inlined.c:12 fs/foo.c:123)" where something was inlined; syzkaller writes
 * "f+0x1/0x2 fs/foo.c:123", and a line "g fs/inlined.c:12 [inline]" for each function that was.
 */
#ifndef CRASH_SOURCE_PLACE_H
#define CRASH_SOURCE_PLACE_H

#include "base/text.h"

/*
 * Takes such a place off the front of t, with or without brackets. file points into t, and is empty where the tool found
 * none; line is 0 then. False: there is none, and t is as it was.
 */
bool source_place_eat(struct text *t, struct text *file, uint32_t *line);

#endif
