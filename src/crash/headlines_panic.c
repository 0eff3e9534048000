/* sysrq, and the panics that are crashes of their own. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

const struct crash_headline crash_headlines_panic[] = {
	/* drivers/tty/sysrq.c: three wordings of the same. */
	{ .kind = CRASH_SYSRQ, .begins = "sysrq: Trigger a crash" },
	{ .kind = CRASH_SYSRQ, .begins = "sysrq: SysRq : Trigger a crash" },
	{ .kind = CRASH_SYSRQ, .begins = "SysRq : Trigger a crash" },
	{ .kind = CRASH_PANIC, .begins = "Kernel panic - not syncing: " },
	{ .begins = NULL },
};
