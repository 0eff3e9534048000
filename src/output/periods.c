/* The calendar of a chart. */
#define _GNU_SOURCE /* timegm */
#include "output/periods.h"

#include <time.h>

enum { DAY = 24 * 60 * 60, WEEK = 7 * DAY, THURSDAY = 3 }; /* 1970 began on a Thursday, the third day behind a Monday */

static const struct {
	const char *name, *title;
	size_t length; /* of a name, as a part of "2025-01-31" */
} units[] = {
	[PERIOD_DAY] = { "day", "Day", 10 },
	[PERIOD_WEEK] = { "week", "Week from", 10 },
	[PERIOD_MONTH] = { "month", "Month", 7 },
	[PERIOD_YEAR] = { "year", "Year", 4 },
};

const char *period_unit_name(enum period_unit unit)
{
	return units[unit].name;
}

const char *period_unit_title(enum period_unit unit)
{
	return units[unit].title;
}

static int64_t round_down(int64_t time, int64_t step)
{
	return time - ((time % step) + step) % step;
}

/* The first second of the month or year that lies `further` behind that of time. */
static int64_t calendar_start(int64_t time, bool year, int further)
{
	time_t seconds = (time_t)time;
	struct tm parts;

	if (!gmtime_r(&seconds, &parts))
		return time;
	struct tm start = { .tm_year = parts.tm_year, .tm_mon = parts.tm_mon, .tm_mday = 1 };
	if (year) {
		start.tm_year += further;
		start.tm_mon = 0;
	} else {
		start.tm_mon += further;
	}
	return (int64_t)timegm(&start);
}

/* Where the period begins that lies `further` behind that of time. */
static int64_t period_start(enum period_unit unit, int64_t time, int further)
{
	switch (unit) {
	case PERIOD_DAY:
		return round_down(time, DAY) + (int64_t)further * DAY;
	case PERIOD_WEEK:
		return round_down(time + THURSDAY * DAY, WEEK) - THURSDAY * DAY + (int64_t)further * WEEK;
	case PERIOD_MONTH:
		return calendar_start(time, false, further);
	case PERIOD_YEAR:
		break;
	}
	return calendar_start(time, true, further);
}

/* False: last does not lie within PERIODS_MOST of them. */
static bool fill(struct periods *periods, enum period_unit unit, int64_t first, int64_t last)
{
	*periods = (struct periods){ .unit = unit };
	periods->starts[0] = period_start(unit, first, 0);
	while (periods->count < PERIODS_MOST && periods->starts[periods->count] <= last) {
		periods->count++;
		periods->starts[periods->count] = period_start(unit, first, (int)periods->count);
	}
	return periods->starts[periods->count] > last;
}

struct periods periods_between(int64_t first, int64_t last)
{
	struct periods periods = { 0 };

	for (enum period_unit unit = PERIOD_DAY; first <= last && unit <= PERIOD_YEAR; unit++)
		if (fill(&periods, unit, first, last))
			return periods;
	if (first <= last)
		fill(&periods, PERIOD_YEAR, calendar_start(last, true, 1 - PERIODS_MOST), last);
	return periods;
}

size_t periods_find(const struct periods *periods, int64_t time)
{
	size_t low = 0, high = periods->count;

	if (!periods->count || time < periods->starts[0] || time >= periods->starts[periods->count])
		return SIZE_MAX;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (periods->starts[middle] <= time)
			low = middle;
		else
			high = middle;
	}
	return low;
}

const char *period_name(const struct periods *periods, size_t number, char name[PERIOD_NAME_SIZE])
{
	time_t start = (time_t)periods->starts[number];
	struct tm parts;

	*name = 0;
	if (gmtime_r(&start, &parts) && strftime(name, PERIOD_NAME_SIZE, "%Y-%m-%d", &parts))
		name[units[periods->unit].length] = 0;
	return name;
}
