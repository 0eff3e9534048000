/* Days, weeks, months or years in a row, for a chart over time. All in UTC. */
#ifndef OUTPUT_PERIODS_H
#define OUTPUT_PERIODS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum period_unit { PERIOD_DAY, PERIOD_WEEK, PERIOD_MONTH, PERIOD_YEAR };

enum { PERIODS_MOST = 72 };

struct periods {
	enum period_unit unit;
	int64_t starts[PERIODS_MOST + 1]; /* seconds since 1970; the last is the end of all */
	size_t count;                     /* 0: there is nothing to show */
};

const char *period_unit_name(enum period_unit unit);  /* "day" */
const char *period_unit_title(enum period_unit unit); /* "Week from" */

/* The finest unit by which first and last (seconds since 1970) lie in at most PERIODS_MOST periods; else the last so many
 * years. */
struct periods periods_between(int64_t first, int64_t last);

/* The period that a time lies in; SIZE_MAX: in none. */
size_t periods_find(const struct periods *periods, int64_t time);

/* "2025-01-31", "2025-01" of a month, "2025" of a year: the beginning. Returns name. */
enum { PERIOD_NAME_SIZE = 32 };
const char *period_name(const struct periods *periods, size_t number, char name[PERIOD_NAME_SIZE]);

#endif
