/* Choosing a unit of time, and counting. A period is known by its index, counted from 1970. */
#include "output/fleet_chart.h"

#include "output/fleet_words.h"

enum {
	DAY = 24 * 60 * 60,
	DAYS_TO_MONDAY = 3 /* 1970-01-01 was a Thursday */,
	EMPTY_MOST = 3 /* bars that are shown side by side */
};

static int64_t day_of(int64_t seconds)
{
	return seconds / DAY;
}

static int64_t week_of(int64_t seconds)
{
	return (seconds / DAY + DAYS_TO_MONDAY) / 7;
}

static int64_t year_of(int64_t seconds)
{
	struct tm broken_down = { 0 };

	fleet_calendar(seconds, &broken_down);
	return broken_down.tm_year - 70;
}

static int64_t month_of(int64_t seconds)
{
	struct tm broken_down = { 0 };

	fleet_calendar(seconds, &broken_down);
	return (broken_down.tm_year - 70) * 12 + broken_down.tm_mon;
}

static struct text day_label(struct arena *arena, int64_t index)
{
	return fleet_date(arena, index * DAY);
}

static struct text week_label(struct arena *arena, int64_t index)
{
	int64_t monday = (index * 7 - DAYS_TO_MONDAY) * DAY;

	return monday < 0 ? TEXT("1969-12-29") : fleet_date(arena, monday);
}

static struct text month_label(struct arena *arena, int64_t index)
{
	return arena_print(arena, "%04d-%02d", (int)(1970 + index / 12), (int)(index % 12 + 1));
}

static struct text year_label(struct arena *arena, int64_t index)
{
	return arena_print(arena, "%04d", (int)(1970 + index));
}

static const struct unit {
	const char *name;
	int64_t (*index)(int64_t seconds);
	struct text (*label)(struct arena *arena, int64_t index);
} units[] = {
	{ "day", day_of, day_label },
	{ "week", week_of, week_label },
	{ "month", month_of, month_label },
	{ "year", year_of, year_label },
};

/* What is to be counted: the crashes' times. */
struct times {
	const struct fleet *fleet;
	int64_t latest; /* that may be true */
	int64_t last;   /* of those up to that; -1: there is none */
	size_t timeless, later, good;
};

static void survey(struct times *times)
{
	struct tm broken_down;

	for (size_t i = 0; i < times->fleet->group_count; i++) {
		const struct fleet_group *group = &times->fleet->groups[i];
		for (size_t k = 0; k < group->count; k++) {
			int64_t when = group->crashes[k]->sighting->crashed_at;
			if (!fleet_calendar(when, &broken_down)) {
				times->timeless++;
			} else if (when > times->latest) {
				times->later++;
			} else {
				times->good++;
				times->last = when > times->last ? when : times->last;
			}
		}
	}
}

/* Counts by periods of the unit, up to the last; the number of crashes that are in none of them: they are earlier. */
static size_t count(const struct times *times, const struct unit *unit, size_t counts[FLEET_CHART_ROWS])
{
	struct tm broken_down;
	int64_t last = unit->index(times->last);
	size_t earlier = 0;

	for (size_t i = 0; i < FLEET_CHART_ROWS; i++)
		counts[i] = 0;
	for (size_t i = 0; i < times->fleet->group_count; i++) {
		const struct fleet_group *group = &times->fleet->groups[i];
		for (size_t k = 0; k < group->count; k++) {
			int64_t when = group->crashes[k]->sighting->crashed_at;
			if (!fleet_calendar(when, &broken_down) || when > times->latest)
				continue;
			int64_t before = last - unit->index(when);
			if (before < FLEET_CHART_ROWS)
				counts[FLEET_CHART_ROWS - 1 - before]++;
			else
				earlier++;
		}
	}
	return earlier;
}

static size_t count_empty(const size_t *counts, size_t count)
{
	size_t empty = 0;

	while (empty < count && !counts[empty])
		empty++;
	return empty;
}

struct fleet_chart fleet_chart(struct arena *arena, const struct fleet *fleet, int64_t made_at)
{
	struct times times = { .fleet = fleet, .latest = made_at < INT64_MAX - DAY ? made_at + DAY : INT64_MAX, .last = -1 };
	struct fleet_chart chart = { .unit = units[0].name };
	size_t counts[FLEET_CHART_ROWS], first = 0;
	const struct unit *unit = units;

	survey(&times);
	chart.later = times.later;
	chart.timeless = times.timeless;
	if (!times.good)
		return chart;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		unit = &units[i];
		chart.earlier = count(&times, unit, counts);
		if (chart.earlier <= times.good / 10)
			break;
	}
	chart.unit = unit->name;
	while (!counts[first])
		first++;
	for (size_t i = first; i < FLEET_CHART_ROWS;) {
		int64_t index = unit->index(times.last) - (int64_t)(FLEET_CHART_ROWS - 1 - i);
		size_t empty = count_empty(counts + i, FLEET_CHART_ROWS - i);
		bool gap = empty > EMPTY_MOST;
		struct text label = gap ? TEXT("...") : unit->label(arena, index);
		chart.bars[chart.bar_count++] = (struct fleet_bar){ label, counts[i] };
		i += gap ? empty : 1;
	}
	return chart;
}
