/* Sorting by hash first is quick, and n log n even for texts that were made to have the same hash. */
#include "fleet/together.h"

#include <stdlib.h>

struct keyed keyed_by(struct text key, size_t index)
{
	return (struct keyed){ text_hash(TEXT_HASH_START, key), key, index };
}

/* Most equal texts are one and the same (intern.h), which is told without a look at them. */
static int compare_keys(struct text a, struct text b)
{
	return a.data == b.data && a.length == b.length ? 0 : text_compare(a, b);
}

static int compare_keyed(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	int order = compare_keys(a->key, b->key);
	return order ? order : (a->index > b->index) - (a->index < b->index);
}

void bring_together(struct keyed *items, size_t count)
{
	if (count)
		qsort(items, count, sizeof *items, compare_keyed);
}

size_t run_length(const struct keyed *items, size_t count)
{
	size_t length = 1;

	while (length < count && items[length].hash == items->hash && compare_keys(items[length].key, items->key) == 0)
		length++;
	return length;
}

static int compare_counts(const void *left, const void *right)
{
	const struct fleet_count *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return text_compare(a->value, b->value);
}

struct fleet_count *count_keys(struct arena *arena, struct keyed *items, size_t count, size_t *count_count)
{
	size_t distinct = 0;

	bring_together(items, count);
	for (size_t i = 0; i < count; i += run_length(items + i, count - i))
		distinct += items[i].key.length > 0;
	struct fleet_count *counts = distinct ? arena_alloc(arena, distinct * sizeof *counts) : NULL;
	*count_count = counts ? distinct : 0;
	if (!counts)
		return NULL;
	size_t filled = 0;
	for (size_t i = 0, length; i < count; i += length) {
		length = run_length(items + i, count - i);
		if (items[i].key.length)
			counts[filled++] = (struct fleet_count){ items[i].key, length };
	}
	qsort(counts, distinct, sizeof *counts, compare_counts);
	return counts;
}
