/* The table of texts: FNV-1a, linear probing. */
#include "output/text_table.h"

#include <stdbool.h>
#include <stdint.h>

enum { FIRST_SLOTS = 64 };

static size_t *find_slot(const struct text_table *table, struct text t)
{
	uint64_t hash = text_hash(TEXT_HASH_START, t);
	size_t at = (size_t)(hash ^ hash >> 32) & (table->slot_count - 1);

	while (table->slots[at] && !text_equal(table->items[table->slots[at] - 1], t))
		at = (at + 1) & (table->slot_count - 1);
	return &table->slots[at];
}

static bool grow(struct arena *arena, struct text_table *table)
{
	size_t count = table->slot_count ? table->slot_count * 2 : FIRST_SLOTS;
	size_t *slots = arena_alloc(arena, count * sizeof *slots);

	if (!slots)
		return false;
	table->slots = slots;
	table->slot_count = count;
	for (size_t i = 0; i < table->count; i++)
		*find_slot(table, table->items[i]) = i + 1;
	return true;
}

size_t text_table_add(struct arena *arena, struct text_table *table, struct text t)
{
	if (table->slot_count < 2 * (table->count + 1) && !grow(arena, table))
		return 0;
	size_t *slot = find_slot(table, t);
	if (*slot)
		return *slot - 1;
	struct text copy = arena_copy(arena, t);
	struct text *item = arena->failed ? NULL : arena_push(arena, &table->items, &table->count, sizeof *item);
	if (!item)
		return 0;
	*item = copy;
	*slot = table->count;
	return table->count - 1;
}
