/* Texts, each kept once, numbered in the order in which they came. */
#ifndef OUTPUT_TEXT_TABLE_H
#define OUTPUT_TEXT_TABLE_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>

/* Zero-initialised is ready for use; all of it lives in the arena that each call is given. */
struct text_table {
	struct text *items;
	size_t count;
	size_t *slots; /* a hash table of numbers plus one, half empty at least; open addressing */
	size_t slot_count;
};

/* The number of a text that is equal; where there is none yet, a copy is added. Out of memory: 0, and arena->failed. */
size_t text_table_add(struct arena *arena, struct text_table *table, struct text t);

#endif
