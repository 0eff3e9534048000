/* What the kernel's sanitizers and its lock validator find. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

#define BUG "BUG: "

/*
 * kernel/locking/lockdep.c: "[ INFO: x ]" up to v4.12 ("[ BUG: x! ]" for what is wrong for certain), "WARNING: x" since;
 * copies of logs have lost the bracket.
 */
#define LOCKDEP(text, which, says)                                                                                          \
	{ .kind = CRASH_LOCKDEP, .begins = "WARNING: " text, .word = "WARNING: ", .subkind = which, .title = says },        \
		{ .kind = CRASH_LOCKDEP, .begins = "[ INFO: " text, .subkind = which, .title = says, .word = text },  \
	{                                                                                                                   \
		.kind = CRASH_LOCKDEP, .begins = "INFO: " text, .subkind = which, .title = says, .word = text                             \
	}
#define LOCKDEP_BUG(text, which, says)                                                                                      \
	{ .kind = CRASH_LOCKDEP, .begins = "WARNING: " text, .word = "WARNING: ", .subkind = which, .title = says },        \
		{ .kind = CRASH_LOCKDEP, .begins = "[ BUG: " text, .word = BUG, .subkind = which, .title = says },          \
	{                                                                                                                   \
		.kind = CRASH_LOCKDEP, .begins = BUG text, .word = BUG, .subkind = which, .title = says                     \
	}
#define DEADLOCK  "possible deadlock"
#define RCU_USAGE "WARNING: suspicious RCU usage"

const struct crash_headline crash_headlines_sanitizer[] = {
	/*
	 * More than one of a report: tools that look places up write a line for each function that was inlined,
	 * "BUG: KASAN: use-after-free in g include/g.h:12 [inline]".
	 */
	/* mm/kasan/report.c ("KASan" up to v4.2), mm/kfence/report.c, mm/kmsan/report.c, kernel/kcsan/report.c */
	{ .kind = CRASH_KASAN, .begins = "BUG: KASAN: ", .part_of = CRASH_KIND_BIT(CRASH_KASAN), .word = BUG },
	{ .kind = CRASH_KASAN, .begins = "BUG: KASan: ", .part_of = CRASH_KIND_BIT(CRASH_KASAN), .word = BUG },
	{ .kind = CRASH_KFENCE, .begins = "BUG: KFENCE: ", .part_of = CRASH_KIND_BIT(CRASH_KFENCE), .word = BUG },
	{ .kind = CRASH_KMSAN, .begins = "BUG: KMSAN: ", .part_of = CRASH_KIND_BIT(CRASH_KMSAN), .word = BUG },
	{ .kind = CRASH_KCSAN, .begins = "BUG: KCSAN: ", .word = BUG },
	/* lib/ubsan.c; the second where the kernel traps instead of reporting (CONFIG_UBSAN_TRAP), the third of arm64. */
	{ .kind = CRASH_UBSAN, .begins = "UBSAN: ", .contains = " in ", .word = "UBSAN: " },
	{ .kind = CRASH_UBSAN, .begins = "UBSAN: ", .contains = " at ", .word = "UBSAN: " },
	{ .kind = CRASH_UBSAN,
	  .begins = "Internal error: UBSAN: ",
	  .part_of = CRASH_KIND_BIT(CRASH_UBSAN),
	  .word = "UBSAN: " },

	LOCKDEP("possible circular locking dependency", "circular-locking", DEADLOCK),
	LOCKDEP("possible recursive locking", "recursive-locking", DEADLOCK),
	LOCKDEP("possible irq lock inversion", "irq-lock-inversion", DEADLOCK),
	{ .kind = CRASH_LOCKDEP,
	  .begins = "WARNING: ",
	  .contains = "-unsafe lock order detected",
	  .word = "WARNING: ",
	  .subkind = "irq-unsafe-lock-order",
	  .title = DEADLOCK },
	{ .kind = CRASH_LOCKDEP,
	  .begins = "[ INFO: ",
	  .contains = "-unsafe lock order detected",
	  .word = "-unsafe lock order",
	  .subkind = "irq-unsafe-lock-order",
	  .title = DEADLOCK },
	LOCKDEP("inconsistent lock state", "inconsistent-lock-state", "inconsistent lock state"),
	/* kernel/locking/lockdep.c, lockdep_rcu_suspicious(); "[ ERR: " in v4.11 and v4.12 */
	LOCKDEP("suspicious RCU usage", "suspicious-rcu-usage", RCU_USAGE),
	LOCKDEP("suspicious rcu_dereference_check() usage", "suspicious-rcu-usage", RCU_USAGE),
	{ .kind = CRASH_LOCKDEP,
	  .begins = "[ ERR: suspicious RCU usage",
	  .subkind = "suspicious-rcu-usage",
	  .title = RCU_USAGE,
	  .word = "suspicious RCU usage" },
	LOCKDEP_BUG("bad unlock balance detected", "bad-unlock-balance", "WARNING: bad unlock balance"),
	LOCKDEP_BUG("bad contention detected", "bad-contention", "WARNING: bad contention"),
	LOCKDEP_BUG("held lock freed", "held-lock-freed", "WARNING: held lock freed"),
	LOCKDEP_BUG("lock held when returning to user space", "lock-held-in-user-space",
		    "WARNING: lock held when returning to user space"),
	LOCKDEP_BUG("lock held at task exit time", "lock-held-at-exit", "WARNING: lock held at task exit time"),
	LOCKDEP_BUG("Nested lock was not taken", "nested-lock-not-taken", "WARNING: nested lock was not taken"),
	LOCKDEP_BUG("Invalid wait context", "invalid-wait-context", "BUG: Invalid wait context"),
	{ .kind = CRASH_LOCKDEP,
	  .begins = "WARNING: ",
	  .contains = " still has locks held!",
	  .word = "WARNING: ",
	  .subkind = "locks-still-held",
	  .title = "WARNING: locks still held" },
	{ .kind = CRASH_LOCKDEP,
	  .begins = "[ BUG: ",
	  .contains = " still has locks held!",
	  .word = BUG,
	  .subkind = "locks-still-held",
	  .title = "WARNING: locks still held" },
	{ .kind = CRASH_LOCKDEP,
	  .begins = "INFO: trying to register non-static key",
	  .word = "non-static key",
	  .subkind = "non-static-key",
	  .title = "INFO: trying to register non-static key" },
	/* "BUG: MAX_LOCKDEP_ENTRIES too low!": the validator's own tables are full, and it goes off. */
	{ .kind = CRASH_LOCKDEP, .begins = "BUG: MAX_", .contains = " too low!", .word = BUG, .subkind = "limit" },
	/* kernel/workqueue.c, process_one_work(); "leaked atomic, lock or RCU" since v6.10 */
	{ .kind = CRASH_LOCKDEP,
	  .begins = "BUG: workqueue leaked ",
	  .word = BUG,
	  .subkind = "workqueue-leaked-lock",
	  .title = "BUG: workqueue leaked lock or atomic" },
	{ .begins = NULL },
};
