/* Notes of an ELF dump, made in memory. */
#ifndef MAKE_NOTE_H
#define MAKE_NOTE_H

#include "base/text.h"

#include <string.h>

static inline void put(char *to, uint64_t value, size_t size, bool big_endian)
{
	for (size_t i = 0; i < size; i++)
		to[big_endian ? size - 1 - i : i] = (char)(value >> 8 * i & 0xff);
}

/* Writes a note with its padding; returns its size. */
static inline size_t put_note(char *to, const char *name, uint32_t type, struct text data, bool big_endian)
{
	size_t name_size = strlen(name) + 1, at = 12 + (name_size + 3) / 4 * 4;

	put(to, name_size, 4, big_endian);
	put(to + 4, data.length, 4, big_endian);
	put(to + 8, type, 4, big_endian);
	memset(to + 12, 0, at - 12);
	memcpy(to + 12, name, name_size);
	memset(to + at, 0, (data.length + 3) / 4 * 4);
	memcpy(to + at, data.data, data.length);
	return at + (data.length + 3) / 4 * 4;
}

#endif
