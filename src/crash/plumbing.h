/* Functions that are never the culprit. */
#ifndef CRASH_PLUMBING_H
#define CRASH_PLUMBING_H

#include "base/text.h"
#include "crash/kind.h"

/* Is this canonical name plumbing, in a crash that is reported so? */
bool is_plumbing(struct text canonical, enum crash_reporter reporter);

/* The entry of the interrupt by which a watchdog looks: what lies behind it in the trace is what was interrupted. */
bool is_tick_entry(struct text canonical);

#endif
