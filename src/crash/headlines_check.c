/* What the kernel's own checks and sanitizers find. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

const struct crash_headline crash_headlines_check[] = {
	/* kernel/sched/core.c, __schedule_bug() */
	{ .kind = CRASH_SLEEPING_IN_ATOMIC, .begins = "BUG: scheduling while atomic: " },
	/* kernel/panic.c, __warn(): with CPU and PID since v3.11 ("at" alone before); with the place first since v6.18. */
	{ .kind = CRASH_WARNING, .begins = "WARNING: CPU: ", .contains = " at ", .word = "WARNING: " },
	{ .kind = CRASH_WARNING, .begins = "WARNING: at ", .word = "WARNING: " },
	{ .kind = CRASH_WARNING, .begins = "WARNING: ", .contains = ", CPU#", .word = "WARNING: " },
	{ .begins = NULL },
};
