/* What could not be read, brought together by the reason why. */
#ifndef OUTPUT_FLEET_REASONS_H
#define OUTPUT_FLEET_REASONS_H

#include "base/arena.h"
#include "base/text.h"
#include "fleet/fleet.h"

#include <stddef.h>

struct fleet_reason {
	struct text reason; /* as it was given: not made safe */
	struct text *paths; /* those to be shown, in their order; not made safe */
	size_t shown;
	size_t count; /* of all with this reason */
};

struct fleet_reasons {
	struct fleet_reason *items; /* the most frequent first, then by their paths */
	size_t count;
	size_t left_out; /* failures with other reasons */
};

enum { FLEET_FAILURES_MOST = 20 }; /* paths that are shown of all reasons together, and reasons */

/* Lives in the arena, texts in the fleet. Not whole where the arena ran out of memory. */
struct fleet_reasons fleet_reasons(struct arena *arena, const struct fleet *fleet);

#endif
