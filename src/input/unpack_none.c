/* In place of unpack.c, in a build without libarchive: says what to do instead. */
#include "input/unpack.h"

struct unpacking *unpack_start(struct stream *unpacked, struct stream *packed, struct error *error)
{
	(void)unpacked;
	(void)packed;
	error_set(error, "compressed: this kdump-triage was built without libarchive; unpack it first");
	return NULL;
}

void unpack_stop(struct unpacking *unpacking)
{
	(void)unpacking;
}
