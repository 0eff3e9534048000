/* Crashes over time: how many each day, week, month or year. */
#ifndef OUTPUT_FLEET_CHART_H
#define OUTPUT_FLEET_CHART_H

#include "base/arena.h"
#include "base/text.h"
#include "fleet/fleet.h"

#include <stddef.h>
#include <stdint.h>

enum { FLEET_CHART_ROWS = 31, FLEET_CHART_LABEL_LONGEST = 10 };

struct fleet_bar {
	struct text label; /* "2026-11-24", "2026-11", "2026"; of a week, its Monday; "...": several without a crash */
	size_t count;
};

struct fleet_chart {
	const char *unit;                        /* "day", "week", "month", "year" */
	struct fleet_bar bars[FLEET_CHART_ROWS]; /* in the order of time; the first and the last count something */
	size_t bar_count;
	size_t earlier;  /* crashes before the first bar */
	size_t later;    /* crashes more than a day after the report was made: of machines whose clock is wrong */
	size_t timeless; /* crashes whose time is not known */
};

/*
 * The finest unit of which the last FLEET_CHART_ROWS show nine crashes of ten: a few machines whose clock was wrong do not
 * decide. made_at: seconds since 1970. Labels live in the arena.
 */
struct fleet_chart fleet_chart(struct arena *arena, const struct fleet *fleet, int64_t made_at);

#endif
