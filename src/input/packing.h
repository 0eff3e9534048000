/* The endings of compressed files' names. */
#ifndef INPUT_PACKING_H
#define INPUT_PACKING_H

#include <stddef.h>

/* Where the ending of a compressed file (".gz", ".xz"...) begins in a name; its length where it has none. */
size_t packing_offset(const char *name);

#endif
