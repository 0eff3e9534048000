/* Memory that is freed all at once. What is made of one crash or one signature file lives in one arena. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

struct arena_block;

/* Zero-initialised is ready for use. */
struct arena {
	struct arena_block *last;
	size_t used; /* bytes handed out, for limits */
	bool failed; /* an allocation failed once: what was built in it is not whole; check before using the result */
};

/* Zeroed memory, aligned for any type, or NULL (and arena->failed set). */
void *arena_alloc(struct arena *arena, size_t size);

/*
 * Grows an array of `size`-byte items that lives in the arena by one zeroed item and returns it; NULL when out of memory.
 * items is the address of the array's pointer, count of its count; it grows by doubling at powers of two, so the pointer may
 * change. The old memory is kept until the arena goes.
 */
void *arena_push(struct arena *arena, void *items, size_t *count, size_t size);

/* A copy, with a NUL behind it that is not counted. The empty text when out of memory. */
struct text arena_copy(struct arena *arena, struct text t);

/* As printf; the empty text when out of memory. */
struct text arena_print(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

void arena_free(struct arena *arena); /* frees all; the arena is empty and ready again */

#endif
