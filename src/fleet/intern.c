/* A hash table that may forget: open addressing with an end to the probing. */
#include "fleet/intern.h"

#include <stdlib.h>

enum { FIRST_CAPACITY = 1024, PROBES = 16 };

/* The slot that holds t, or the first free one for it; NULL: neither is near. */
static struct intern_slot *find_slot(struct intern_slot *slots, size_t capacity, uint64_t hash, struct text t)
{
	for (size_t i = 0; i < PROBES; i++) {
		/* FNV-1a mixes its upper bits best */
		struct intern_slot *slot = &slots[((hash >> 32 ^ hash) + i) & (capacity - 1)];
		if (!slot->text.data || (slot->hash == hash && text_equal(slot->text, t)))
			return slot;
	}
	return NULL;
}

/* Where there is no memory for a larger table, the old one goes on: it only finds less. */
static void grow(struct intern *intern)
{
	size_t capacity = intern->capacity ? intern->capacity * 2 : FIRST_CAPACITY;
	struct intern_slot *slots = calloc(capacity, sizeof *slots);

	if (!slots)
		return;
	intern->count = 0;
	for (size_t i = 0; i < intern->capacity; i++) {
		struct intern_slot *old = &intern->slots[i];
		struct intern_slot *slot = old->text.data ? find_slot(slots, capacity, old->hash, old->text) : NULL;
		if (slot) {
			*slot = *old;
			intern->count++;
		}
	}
	free(intern->slots);
	intern->slots = slots;
	intern->capacity = capacity;
}

struct text intern_text(struct intern *intern, struct arena *arena, struct text t)
{
	if (!t.length)
		return TEXT_NONE;
	if (intern->count >= intern->capacity / 2)
		grow(intern);
	uint64_t hash = text_hash(TEXT_HASH_START, t);
	struct intern_slot *slot = intern->capacity ? find_slot(intern->slots, intern->capacity, hash, t) : NULL;
	if (slot && slot->text.data)
		return slot->text;
	struct text copy = arena_copy(arena, t);
	if (slot && copy.data) {
		*slot = (struct intern_slot){ hash, copy };
		intern->count++;
	}
	return copy;
}

void intern_free(struct intern *intern)
{
	free(intern->slots);
	*intern = (struct intern){ 0 };
}
