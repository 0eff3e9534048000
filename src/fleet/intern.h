/* One copy of each text that many sightings share: releases, hosts, titles, functions. Private to fleet/. */
#ifndef FLEET_INTERN_H
#define FLEET_INTERN_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>
#include <stdint.h>

struct intern_slot {
	uint64_t hash;
	struct text text; /* data NULL: the slot is free */
};

/* Zero-initialised is ready for use. */
struct intern {
	struct intern_slot *slots;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/*
 * A copy of t in the arena, as a rule the one that was made before. Texts that collide, by chance or because somebody means
 * them to, cost a copy more and never time: only a few slots are looked at.
 */
struct text intern_text(struct intern *intern, struct arena *arena, struct text t);

void intern_free(struct intern *intern); /* the texts stay in their arena */

#endif
