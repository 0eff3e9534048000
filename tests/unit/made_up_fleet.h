/* Fleets that never were, for tests of what is written of a fleet. The same each time. */
#ifndef TEST_MADE_UP_FLEET_H
#define TEST_MADE_UP_FLEET_H

#include "fleet/fleet.h"
#include "output/fleet.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum { MADE_UP_NOW = 1764028800 }; /* 2025-11-25 00:00 UTC: when the reports are made */

/* A fleet in the making: crashes are added to the group added last. */
struct made_up {
	struct fleet fleet;
	struct fleet_heading heading;
};

/* The fleets by name; false: there is none of that name. Freed with fleet_free() of the fleet, or made_up_free(). */
bool made_up_fleet(const char *name, struct made_up *made);
void made_up_free(struct made_up *made);

/* Their names, up to a NULL. */
extern const char *const made_up_names[];

/* ---- for the files that make them up ---- */

struct fleet_group *made_up_add_group(struct made_up *made, enum sighting_verdict verdict, struct text key,
				      struct text title);
struct fleet_crash *made_up_add_crash(struct made_up *made, struct fleet_group *group, const struct sighting *sighting);
void made_up_add_copy(struct made_up *made, struct fleet_crash *crash, struct text path);
void made_up_add_failure(struct made_up *made, struct text file, struct text why);
struct text made_up_json(struct arena *arena, json_t *value); /* frees the value */

/* So many crashes of so many bugs, in so many seconds before MADE_UP_NOW. */
void made_up_ordinary(struct made_up *made, size_t group_count, size_t crash_count, int64_t span);
void made_up_hostile(struct made_up *made);

#endif
