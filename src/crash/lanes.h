/*
 * The reports that are being read at the same time. Where a log tells who wrote each record (printk's caller id), every
 * caller has a lane of its own, so that two CPUs that crash at once do not get into each other's report; where it does not,
 * all is one lane.
 */
#ifndef CRASH_LANES_H
#define CRASH_LANES_H

#include "crash/draft.h"
#include "log/log.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LANES_MOST = 8, LANE_HELPERS_MOST = 16 };

/* As struct record has it: kind 0 is none. */
struct caller {
	char kind;
	uint32_t id;
};

struct lane {
	struct draft draft; /* the report that is being read; its crash is NULL when there is none */
	struct draft other; /* that of a stall which another CPU reports at the same time */
	struct caller caller;
	struct caller helpers[LANE_HELPERS_MOST]; /* CPUs that it asked for their backtraces: theirs is its own */
	size_t helper_count;
	size_t strangers;  /* records of others since its own last one */
	uint64_t last_use; /* for which one goes when there are too many */
};

struct lanes {
	struct lane items[LANES_MOST];
	uint64_t uses;
	size_t last; /* index of the last one in use */
};

/* Does any lane hold a report? */
bool lanes_busy(const struct lanes *lanes);

/*
 * The lane of the record's caller; begins: it is a report's first. NULL: the caller has none, and others have: the record is
 * nobody's, or begins a report (lanes_new()).
 */
struct lane *lanes_of(struct lanes *lanes, const struct record *record, bool begins);

/* A lane for the record's caller: one that is idle, or the one that was longest not in use, which the caller empties first.
 */
struct lane *lanes_new(struct lanes *lanes, const struct record *record);

#endif
