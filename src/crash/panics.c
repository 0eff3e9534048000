/* What a panic says it is the end of. */
#include "crash/headline.h"

/* From one kind to another, as kinds.h lists them. */
#define KINDS(first, last) ((CRASH_KIND_BIT(last) << 1) - CRASH_KIND_BIT(first))

/* What die() of an architecture ends in. */
#define OOPSES (KINDS(CRASH_UNKNOWN_KIND, CRASH_STACK_CORRUPTION) | CRASH_OF_BUG)
/* What check_panic_on_warn() ends, kernel/panic.c; it names the sanitizer, or "kernel", since v6.2. */
#define WARNINGS (KINDS(CRASH_LIST_CORRUPTION, CRASH_LOCKDEP))

/* What a machine reports of itself, in the processor's words or the firmware's. */
#define HARDWARE (CRASH_KIND_BIT(CRASH_MACHINE_CHECK) | CRASH_KIND_BIT(CRASH_HARDWARE_ERROR))

static const struct {
	const char *reason;
	crash_kinds kinds;
} panics[] = {
	{ "Fatal exception", OOPSES },
	/* arch/arm64/kernel/traps.c, arch/riscv/kernel/traps.c, arch/s390/kernel/nmi.c and dumpstack.c */
	{ "Asynchronous SError Interrupt", CRASH_KIND_BIT(CRASH_EXTERNAL_ABORT) },
	{ "Unhandled exception", OOPSES },
	{ "bad mode", OOPSES },
	{ "kernel stack overflow", CRASH_KIND_BIT(CRASH_STACK_OVERFLOW) },
	{ "Kernel stack overflow", CRASH_KIND_BIT(CRASH_STACK_OVERFLOW) },
	{ "Corrupt kernel stack, can't continue", CRASH_KIND_BIT(CRASH_STACK_OVERFLOW) },
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
	{ "Too many consecutive machine checks", HARDWARE },
	{ "Consecutive machine checks to different user pages", HARDWARE },
	{ "Unable to continue", HARDWARE }, /* i386 up to v2.6.31 */
	{ "Fatal hardware error", HARDWARE },
	{ "GHES: Fatal hardware error", HARDWARE },
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
	{ "BUG!", CRASH_KIND_BIT(CRASH_KERNEL_BUG) | CRASH_BEFORE_BUG },
	{ "softlockup: hung tasks", CRASH_KIND_BIT(CRASH_SOFT_LOCKUP) },
	{ "hung_task: blocked tasks", CRASH_KIND_BIT(CRASH_HUNG_TASK) },
	{ "Hard LOCKUP", CRASH_KIND_BIT(CRASH_HARD_LOCKUP) },
	{ "Watchdog detected hard LOCKUP", CRASH_KIND_BIT(CRASH_HARD_LOCKUP) },
	{ "RCU Stall", CRASH_KIND_BIT(CRASH_RCU_STALL) },
	{ "panic_on_warn set", WARNINGS },
	{ "kernel: panic_on_warn set", WARNINGS },
	{ "KASAN: panic_on_warn set", CRASH_KIND_BIT(CRASH_KASAN) },
	{ "kasan.fault=panic", CRASH_KIND_BIT(CRASH_KASAN) },
	{ "KFENCE: panic_on_warn set", CRASH_KIND_BIT(CRASH_KFENCE) },
	{ "KMSAN: panic_on_warn set", CRASH_KIND_BIT(CRASH_KMSAN) },
	{ "kmsan.panic set", CRASH_KIND_BIT(CRASH_KMSAN) },
	{ "KCSAN: panic_on_warn set", CRASH_KIND_BIT(CRASH_KCSAN) },
	{ "UBSAN: panic_on_warn set", CRASH_KIND_BIT(CRASH_UBSAN) },
	{ "scheduling while atomic", CRASH_KIND_BIT(CRASH_SLEEPING_IN_ATOMIC) },
	{ "sysrq triggered crash", CRASH_KIND_BIT(CRASH_SYSRQ) },
	{ "PowerNV Unrecovered Machine Check", HARDWARE },
	{ "Oopsed too often", OOPSES },
	{ "Warned too often", WARNINGS },
	{ "Machine halted", CRASH_KIND_BIT(CRASH_DOUBLE_FAULT) },
};

crash_kinds crash_panic_follows(struct text reason)
{
	for (size_t i = 0; i < sizeof panics / sizeof *panics; i++)
		if (text_starts(reason, panics[i].reason))
			return panics[i].kinds;
	/* Since v4.18 arm and arm64 put what die() was called for in front: "synchronous external abort: Fatal exception".
	 */
	return text_find(reason, ": Fatal exception") != SIZE_MAX ? OOPSES : 0;
}
