/* That nothing goes on: lockups, stalls, hung tasks. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

const struct crash_headline crash_headlines_lockup[] = {
	/* kernel/watchdog.c: pr_fmt put "NMI watchdog: " in front from v3.14, "watchdog: " from v4.13. */
	{ .kind = CRASH_SOFT_LOCKUP, .begins = "watchdog: BUG: soft lockup - CPU#" },
	{ .kind = CRASH_SOFT_LOCKUP, .begins = "NMI watchdog: BUG: soft lockup - CPU#" },
	{ .kind = CRASH_SOFT_LOCKUP, .begins = "BUG: soft lockup - CPU#" },
	{ .kind = CRASH_HARD_LOCKUP, .begins = "NMI watchdog: Watchdog detected hard LOCKUP on cpu" },
	{ .kind = CRASH_HARD_LOCKUP, .begins = "watchdog: Watchdog detected hard LOCKUP on cpu" },
	{ .kind = CRASH_HARD_LOCKUP, .begins = "Watchdog detected hard LOCKUP on cpu" },
	/* kernel/rcu/tree_stall.h, tree.c before v5.1; pr_fmt put "rcu: " in front from v4.20. */
	{ .kind = CRASH_RCU_STALL, .begins = "rcu: INFO: rcu", .contains = "detected stall", .word = "INFO: rcu" },
	{ .kind = CRASH_RCU_STALL,
	  .begins = "rcu: INFO: rcu",
	  .contains = "detected expedited stalls",
	  .word = "INFO: rcu" },
	{ .kind = CRASH_RCU_STALL, .begins = "INFO: rcu", .contains = "detected stall", .word = "INFO: rcu" },
	{ .kind = CRASH_RCU_STALL, .begins = "INFO: rcu", .contains = "detected expedited stalls", .word = "INFO: rcu" },
	/* kernel/hung_task.c */
	{ .kind = CRASH_HUNG_TASK,
	  .begins = "INFO: task ",
	  .contains = "blocked for more than ",
	  .word = "blocked for more than " },
	/* Up to v4.0 a hard lockup that panics says so in the panic alone. */
	{ .kind = CRASH_HARD_LOCKUP, .begins = "Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu" },
	{ .begins = NULL },
};
