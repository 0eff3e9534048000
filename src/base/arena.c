/* A bump allocator over a chain of blocks. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 65536 };

struct arena_block {
	struct arena_block *previous;
	size_t size;
	size_t used;
	alignas(max_align_t) char data[];
};

static struct arena_block *add_block(struct arena *arena, size_t at_least)
{
	size_t size = arena->last ? arena->last->size * 2 : FIRST_BLOCK;

	if (size > LARGEST_BLOCK)
		size = LARGEST_BLOCK;
	if (size < at_least)
		size = at_least;
	struct arena_block *block = calloc(1, sizeof *block + size);
	if (!block) {
		arena->failed = true;
		return NULL;
	}
	block->previous = arena->last;
	block->size = size;
	arena->last = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->last;

	if (size > SIZE_MAX / 4) {
		arena->failed = true;
		return NULL;
	}
	size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	if (!block)
		return NULL;
	void *memory = block->data + block->used;
	block->used += size;
	arena->used += size;
	return memory;
}

void *arena_push(struct arena *arena, void *items, size_t *count, size_t size)
{
	char *array; /* *items, whatever its type: read and written by memcpy, for aliasing's sake */
	bool full = (*count & (*count - 1)) == 0; /* 0 and every power of two */

	memcpy(&array, items, sizeof array);
	if (full) {
		size_t capacity = *count ? *count * 2 : 1;
		char *grown = arena_alloc(arena, capacity * size);
		if (!grown)
			return NULL;
		if (*count)
			memcpy(grown, array, *count * size);
		array = grown;
		memcpy(items, &array, sizeof array);
	}
	char *item = array + *count * size;
	memset(item, 0, size);
	++*count;
	return item;
}

struct text arena_copy(struct arena *arena, struct text t)
{
	char *copy = arena_alloc(arena, t.length + 1);

	if (!copy)
		return TEXT_NONE;
	if (t.length)
		memcpy(copy, t.data, t.length);
	return (struct text){ copy, t.length };
}

struct text arena_print(struct arena *arena, const char *format, ...)
{
	va_list arguments, again;

	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *memory = length < 0 ? NULL : arena_alloc(arena, (size_t)length + 1);
	if (memory)
		vsnprintf(memory, (size_t)length + 1, format, again);
	else
		arena->failed = true;
	va_end(again);
	return memory ? (struct text){ memory, (size_t)length } : TEXT_NONE;
}

void arena_free(struct arena *arena)
{
	struct arena_block *block = arena->last;

	while (block) {
		struct arena_block *previous = block->previous;
		free(block);
		block = previous;
	}
	*arena = (struct arena){ 0 };
}
