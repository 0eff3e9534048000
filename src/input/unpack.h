/* Compressed logs, by libarchive. */
#ifndef INPUT_UNPACK_H
#define INPUT_UNPACK_H

#include "base/error.h"
#include "input/stream.h"

#include <stdbool.h>

struct unpacking;

/*
 * Reads through `packed`, which stays the caller's and whose window holds its first bytes; unpacked becomes a stream of what
 * is in it. Only one member: an archive inside is not opened. NULL: *error.
 */
struct unpacking *unpack_start(struct stream *unpacked, struct stream *packed, struct error *error);
void unpack_stop(struct unpacking *unpacking);

#endif
