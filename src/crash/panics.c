/* What a panic says it is the end of. */
#include "crash/headline.h"

/* What die() of arch/x86/kernel/dumpstack.c ends in. */
#define OOPSES                                                                                                              \
	(CRASH_KIND_BIT(CRASH_NULL_POINTER_DEREFERENCE) | CRASH_KIND_BIT(CRASH_PAGE_FAULT) |                                \
	 CRASH_KIND_BIT(CRASH_GENERAL_PROTECTION_FAULT) | CRASH_KIND_BIT(CRASH_KERNEL_BUG) |                                \
	 CRASH_KIND_BIT(CRASH_DIVIDE_ERROR) | CRASH_KIND_BIT(CRASH_INVALID_OPCODE) | CRASH_KIND_BIT(CRASH_DOUBLE_FAULT) |   \
	 CRASH_KIND_BIT(CRASH_STACK_OVERFLOW) | CRASH_KIND_BIT(CRASH_UNKNOWN_KIND))

static const struct {
	const char *reason;
	crash_kinds kinds;
} panics[] = {
	{ "Fatal exception", OOPSES },
	{ "Fatal Machine check", 0 },
	{ "Attempted to kill", OOPSES },
	{ "Aiee, killing interrupt handler", OOPSES },
	{ "softlockup: hung tasks", CRASH_KIND_BIT(CRASH_SOFT_LOCKUP) },
	{ "hung_task: blocked tasks", CRASH_KIND_BIT(CRASH_HUNG_TASK) },
	{ "Hard LOCKUP", CRASH_KIND_BIT(CRASH_HARD_LOCKUP) },
	{ "Watchdog detected hard LOCKUP", CRASH_KIND_BIT(CRASH_HARD_LOCKUP) },
	{ "RCU Stall", CRASH_KIND_BIT(CRASH_RCU_STALL) },
	{ "panic_on_warn set", CRASH_KIND_BIT(CRASH_WARNING) },
	{ "kernel: panic_on_warn set", CRASH_KIND_BIT(CRASH_WARNING) },
	{ "scheduling while atomic", CRASH_KIND_BIT(CRASH_SLEEPING_IN_ATOMIC) },
	{ "sysrq triggered crash", CRASH_KIND_BIT(CRASH_SYSRQ) },
	{ "Machine halted", CRASH_KIND_BIT(CRASH_DOUBLE_FAULT) },
};

crash_kinds crash_panic_follows(struct text reason)
{
	for (size_t i = 0; i < sizeof panics / sizeof *panics; i++)
		if (text_starts(reason, panics[i].reason))
			return panics[i].kinds;
	return 0;
}
