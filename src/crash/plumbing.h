/* Functions that are never the culprit. */
#ifndef CRASH_PLUMBING_H
#define CRASH_PLUMBING_H

#include "base/text.h"
#include "crash/kinds.h"

/* Is this canonical name plumbing, in a crash of that kind? */
bool is_plumbing(struct text canonical, enum crash_kind kind);

/*
 * Does much of all that a kernel does come this way: a system call's entry, vfs_write(), a softirq's loop? Such a function
 * may be the culprit, but that two crashes both came through it says nothing of them.
 */
bool is_way_in(struct text canonical);

/* Of the entry of the interrupt by which a watchdog looks: what lies behind it in the trace is what was interrupted. */
bool is_tick_entry(struct text canonical);

#endif
