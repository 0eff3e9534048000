/* Bringing equal things together by sorting, whatever texts they are known by. Private to fleet/. */
#ifndef FLEET_TOGETHER_H
#define FLEET_TOGETHER_H

#include "base/arena.h"
#include "base/text.h"
#include "fleet/fleet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Something, by the text that it is to be compared by. */
struct keyed {
	uint64_t hash; /* of the text, from any start: things of different starts are different */
	struct text key;
	size_t index; /* of the thing, in an array of the caller's */
};

struct keyed keyed_by(struct text key, size_t index);

/* Equal ones come to lie side by side, those of a lower index first. */
void bring_together(struct keyed *items, size_t count);

/* How many of those at the front are equal to the first. count: at least 1. */
size_t run_length(const struct keyed *items, size_t count);

/*
 * How often each key occurs, the most frequent first, then by key; empty keys do not count. Sorts the items. The counts live
 * in the arena, which marks itself where it is out of memory.
 */
struct fleet_count *count_keys(struct arena *arena, struct keyed *items, size_t count, size_t *count_count);

#endif
