/* Integers in the byte order of a dump's machine. */
#ifndef VMCORE_BYTES_H
#define VMCORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An unsigned integer of 1 to 8 bytes, at any alignment. */
static inline uint64_t bytes_get(const void *from, size_t size, bool big_endian)
{
	const unsigned char *bytes = from;
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[big_endian ? i : size - 1 - i];
	return value;
}

#endif
