/* What a panic says it is the end of. */
#include "crash/headline.h"

/* What die() of arch/x86/kernel/dumpstack.c ends in. */
#define OOPSES                                                                                                              \
	(CRASH_KIND_BIT(CRASH_NULL_POINTER_DEREFERENCE) | CRASH_KIND_BIT(CRASH_PAGE_FAULT) |                                \
	 CRASH_KIND_BIT(CRASH_GENERAL_PROTECTION_FAULT) | CRASH_KIND_BIT(CRASH_KERNEL_BUG) |                                \
	 CRASH_KIND_BIT(CRASH_DIVIDE_ERROR) | CRASH_KIND_BIT(CRASH_INVALID_OPCODE) | CRASH_KIND_BIT(CRASH_DOUBLE_FAULT) |   \
	 CRASH_KIND_BIT(CRASH_STACK_OVERFLOW) | CRASH_KIND_BIT(CRASH_UNKNOWN_KIND))

/* What a machine reports of itself, in the processor's words or the firmware's. */
#define HARDWARE (CRASH_KIND_BIT(CRASH_MACHINE_CHECK) | CRASH_KIND_BIT(CRASH_HARDWARE_ERROR))

static const struct {
	const char *reason;
	crash_kinds kinds;
} panics[] = {
	{ "Fatal exception", OOPSES },
	{ "Fatal Machine check", HARDWARE },
	{ "Fatal machine check", HARDWARE },
	{ "Fatal local machine check", HARDWARE },
	{ "Machine check", HARDWARE },
	{ "Unrecoverable Machine check", HARDWARE },
	{ "CPU context corrupt", HARDWARE },
	{ "Timeout: Not all CPUs entered broadcast", HARDWARE },
	{ "Timeout: Monarch CPU unable", HARDWARE },
	{ "Timeout: Subject CPUs unable", HARDWARE },
	{ "Timeout: MCE synchronization", HARDWARE },
	{ "Timeout synchronizing machine check", HARDWARE },
	{ "Failed kernel mode recovery", HARDWARE },
	{ "Fatal hardware error", HARDWARE },
	{ "EDAC MC", HARDWARE },
	{ "UE ", HARDWARE },
	{ "NMI: ", CRASH_KIND_BIT(CRASH_NMI_RECEIVED) },
	{ "NMI IOCK error", CRASH_KIND_BIT(CRASH_NMI_RECEIVED) },
	{ "An NMI occurred", CRASH_KIND_BIT(CRASH_NMI_RECEIVED) },
	{ "Out of memory", CRASH_KIND_BIT(CRASH_OUT_OF_MEMORY) },
	{ "out of memory", CRASH_KIND_BIT(CRASH_OUT_OF_MEMORY) },
	{ "System is deadlocked on memory", CRASH_KIND_BIT(CRASH_OUT_OF_MEMORY) },
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
