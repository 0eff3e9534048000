/* A fleet while it is being made. Private to fleet/. */
#ifndef FLEET_MAKING_H
#define FLEET_MAKING_H

#include "base/arena.h"
#include "fleet/fleet.h"
#include "fleet/intern.h"
#include "fleet/together.h"

struct fleet_making {
	struct arena arena;           /* of what is not needed any more once the fleet is made */
	const struct sighting **seen; /* of crashes, copies among them, in the order of adding */
	size_t seen_count;
	struct intern intern;
	struct keyed *keyed; /* room for one of each that was seen */
};

/*
 * group.c: the groups of the crashes, in their order, each with its own crashes and counts. What is missing for lack of
 * memory, the arenas mark.
 */
void make_groups(struct fleet *fleet, struct fleet_crash *crashes, size_t count);

/* related.c: which groups may be of one bug. */
void relate_groups(struct fleet *fleet);

#endif
