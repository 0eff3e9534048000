/* What a kernel still reports when it has panicked. */
#include "crash/panicking.h"

/* kernel/smp.c warns when it stops the other CPUs; locks stay held, interrupts off, watchdogs go on. */
#define WHILE_PANICKING                                                                                                     \
	(CRASH_KIND_BIT(CRASH_WARNING) | CRASH_KIND_BIT(CRASH_SLEEPING_IN_ATOMIC) | CRASH_KIND_BIT(CRASH_LOCKDEP) |         \
	 CRASH_KIND_BIT(CRASH_SOFT_LOCKUP) | CRASH_KIND_BIT(CRASH_HARD_LOCKUP) | CRASH_KIND_BIT(CRASH_RCU_STALL) |          \
	 CRASH_KIND_BIT(CRASH_HUNG_TASK) | CRASH_KIND_BIT(CRASH_WORKQUEUE_LOCKUP))

#define SECOND INT64_C(1000000000)

void panicking_begin(struct panicking *panicking, const struct record *record, size_t boot)
{
	*panicking = (struct panicking){ true, record->line, record->time_ns, boot };
}

/* A log may lack the banner of the next boot: then its clock tells, or where it has none, how far away it is. */
bool panicking_says(const struct panicking *panicking, const struct crash *crash)
{
	enum { LINES = 200, SECONDS = 120 };

	if (!panicking->begun || crash->boot != panicking->boot || crash->line <= panicking->line ||
	    !crash_kinds_hold(WHILE_PANICKING, crash->kind) || crash->panic.length)
		return false;
	if (crash->time_ns == RECORD_NO_TIME || panicking->time_ns == RECORD_NO_TIME)
		return crash->line - panicking->line <= LINES;
	int64_t later = crash->time_ns - panicking->time_ns;
	return later > -SECOND && later <= SECONDS * SECOND;
}
