/* That nothing goes on: lockups, stalls, hung tasks. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

#define BUG    "BUG: "
#define LOCKUP "LOCKUP" /* of every wording, and rare in other lines */

const struct crash_headline crash_headlines_lockup[] = {
	/* kernel/watchdog.c: pr_fmt put "NMI watchdog: " in front from v3.14, "watchdog: " from v4.13; softlockup.c before
	   v2.6.19. */
	{ .kind = CRASH_SOFT_LOCKUP, .begins = "watchdog: BUG: soft lockup - CPU#", .word = BUG },
	{ .kind = CRASH_SOFT_LOCKUP, .begins = "NMI watchdog: BUG: soft lockup - CPU#", .word = BUG },
	{ .kind = CRASH_SOFT_LOCKUP, .begins = "BUG: soft lockup - CPU#", .word = BUG },
	{ .kind = CRASH_SOFT_LOCKUP, .begins = "BUG: soft lockup detected on CPU#", .word = BUG },
	/* kernel/watchdog_hld.c; with "CPU3: " in front since v6.6, as another CPU may look (watchdog_buddy.c). */
	{ .kind = CRASH_HARD_LOCKUP, .begins = "NMI watchdog: Watchdog detected hard LOCKUP on cpu", .word = LOCKUP },
	{ .kind = CRASH_HARD_LOCKUP, .begins = "watchdog: Watchdog detected hard LOCKUP on cpu", .word = LOCKUP },
	{ .kind = CRASH_HARD_LOCKUP, .begins = "Watchdog detected hard LOCKUP on cpu", .word = LOCKUP },
	{ .kind = CRASH_HARD_LOCKUP,
	  .begins = "watchdog: CPU",
	  .contains = "Watchdog detected hard LOCKUP on cpu",
	  .word = LOCKUP },
	{ .kind = CRASH_HARD_LOCKUP,
	  .begins = "NMI watchdog: CPU",
	  .contains = "Watchdog detected hard LOCKUP on cpu",
	  .word = LOCKUP },
	/*
	 * arch/powerpc/kernel/watchdog.c: the CPU that looks, "detected hard LOCKUP on other CPUs 4", and the one that is
	 * found, "self-detected hard LOCKUP @ f+0x1/0x2" or "Hard LOCKUP"; "Watchdog CPU:3 ..." up to v4.20.
	 */
	{ .kind = CRASH_HARD_LOCKUP,
	  .begins = "watchdog: CPU ",
	  .contains = "ard LOCKUP",
	  .part_of = CRASH_KIND_BIT(CRASH_HARD_LOCKUP),
	  .word = LOCKUP },
	{ .kind = CRASH_HARD_LOCKUP, .begins = "CPU ", .contains = "etected hard LOCKUP", .word = LOCKUP },
	{ .kind = CRASH_HARD_LOCKUP,
	  .begins = "Watchdog CPU:",
	  .contains = "ard LOCKUP",
	  .part_of = CRASH_KIND_BIT(CRASH_HARD_LOCKUP),
	  .word = LOCKUP },
	/* arch/x86/kernel/apic/nmi.c, up to v2.6.37 */
	{ .kind = CRASH_HARD_LOCKUP, .begins = "BUG: NMI Watchdog detected LOCKUP on CPU", .word = LOCKUP },
	{ .kind = CRASH_HARD_LOCKUP, .begins = "NMI Watchdog detected LOCKUP on CPU", .word = LOCKUP },
	/* kernel/rcu/tree_stall.h, tree.c before v5.1; pr_fmt put "rcu: " in front from v4.20. */
	{ .kind = CRASH_RCU_STALL, .begins = "rcu: INFO: rcu", .contains = "detected stall", .word = "INFO: rcu" },
	{ .kind = CRASH_RCU_STALL,
	  .begins = "rcu: INFO: rcu",
	  .contains = "detected expedited stalls",
	  .word = "INFO: rcu",
	  .subkind = "expedited" },
	{ .kind = CRASH_RCU_STALL, .begins = "INFO: rcu", .contains = "detected stall", .word = "INFO: rcu" },
	{ .kind = CRASH_RCU_STALL,
	  .begins = "INFO: rcu",
	  .contains = "detected expedited stalls",
	  .word = "INFO: rcu",
	  .subkind = "expedited" },
	/* kernel/rcutree.c up to v2.6.32: "INFO: RCU detected CPU 0 stall (t=1000 jiffies)", "INFO: RCU detected CPU stalls:
	   1" */
	{ .kind = CRASH_RCU_STALL, .begins = "INFO: RCU detected CPU ", .contains = "stall" },
	/* kernel/hung_task.c; "in I/O wait" since v6.19 */
	{ .kind = CRASH_HUNG_TASK,
	  .begins = "INFO: task ",
	  .contains = "blocked for more than ",
	  .word = "blocked for more than " },
	{ .kind = CRASH_HUNG_TASK,
	  .begins = "INFO: task ",
	  .contains = "blocked in I/O wait for more than ",
	  .word = "blocked in I/O wait",
	  .subkind = "io-wait" },
	/* kernel/workqueue.c, wq_watchdog_timer_fn() */
	{ .kind = CRASH_WORKQUEUE_LOCKUP, .begins = "BUG: workqueue lockup - pool", .word = BUG },
	/* Up to v4.0 a hard lockup that panics says so in the panic alone. */
	{ .kind = CRASH_HARD_LOCKUP,
	  .begins = "Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu",
	  .word = LOCKUP },
	{ .begins = NULL },
};
