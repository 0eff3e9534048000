/*
 * The lists of plumbing, for plumbing.c. A name, or with a '*' at its end all names that begin so; canonical ones
 * (canonical.h). Who adds one: it must be a function that is called from everywhere, so that a fault in it says something of
 * its caller only; and what follows the '*' must not be able to name anything else. What is plumbing in some reports only,
 * or has a name that a driver may have as well, stands in a list that holds for those kinds.
 */
#ifndef CRASH_PLUMBING_LISTS_H
#define CRASH_PLUMBING_LISTS_H

#include "crash/kinds.h"

struct plumbing_list {
	const char *const *names; /* NULL ends them */
	crash_kinds kinds;        /* in whose reports they are plumbing */
};

#define PLUMBING_EVERY_KIND (~UINT64_C(0))
/* A timer or an NMI found the CPU busy. */
#define PLUMBING_BUSY                                                                                                       \
	(CRASH_KIND_BIT(CRASH_SOFT_LOCKUP) | CRASH_KIND_BIT(CRASH_HARD_LOCKUP) | CRASH_KIND_BIT(CRASH_RCU_STALL) |          \
	 CRASH_KIND_BIT(CRASH_HANG))
/* A task sleeps, or is about to. */
#define PLUMBING_ASLEEP                                                                                                     \
	(CRASH_KIND_BIT(CRASH_HUNG_TASK) | CRASH_KIND_BIT(CRASH_SLEEPING_IN_ATOMIC) | CRASH_KIND_BIT(CRASH_WORKQUEUE_LOCKUP))
/* The sanitizers that watch memory. */
#define PLUMBING_MEMORY                                                                                                     \
	(CRASH_KIND_BIT(CRASH_KASAN) | CRASH_KIND_BIT(CRASH_KFENCE) | CRASH_KIND_BIT(CRASH_KMSAN) |                         \
	 CRASH_KIND_BIT(CRASH_KCSAN))

/* Each ends with a row whose names are NULL. */
extern const struct plumbing_list plumbing_helpers[]; /* locks, allocators, strings, lists, counters */
extern const struct plumbing_list plumbing_report[];  /* what finds trouble and prints it */
extern const struct plumbing_list plumbing_entry[];   /* the ways into the kernel, on each architecture */
extern const struct plumbing_list plumbing_waiting[]; /* sleeping, spinning, other CPUs, the tick */

/* NULL ends them. */
extern const char *const plumbing_ways_in[];
extern const char *const plumbing_tick_entries[];

#endif
