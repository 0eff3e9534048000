/* The headlines: one row each. Order matters: the first that fits is taken. */
#include "crash/headline.h"

#define KIND(kind) (1U << (kind))

/* What die() of arch/x86/kernel/dumpstack.c ends in. */
#define OOPSES                                                                                                               \
	(KIND(CRASH_NULL_POINTER_DEREFERENCE) | KIND(CRASH_PAGE_FAULT) | KIND(CRASH_GENERAL_PROTECTION_FAULT) |              \
	 KIND(CRASH_KERNEL_BUG) | KIND(CRASH_DIVIDE_ERROR) | KIND(CRASH_INVALID_OPCODE) | KIND(CRASH_DOUBLE_FAULT) |         \
	 KIND(CRASH_UNKNOWN_KIND))

static const struct crash_headline headlines[] = {
	/* arch/x86/mm/fault.c, show_fault_oops(): the wording before and since v5.1. Before v4.20 sysrq-c was an oops. */
	{ CRASH_NULL_POINTER_DEREFERENCE, "BUG: kernel NULL pointer dereference", NULL, KIND(CRASH_SYSRQ) },
	{ CRASH_NULL_POINTER_DEREFERENCE, "BUG: unable to handle kernel NULL pointer dereference", NULL, KIND(CRASH_SYSRQ) },
	{ CRASH_NULL_POINTER_DEREFERENCE, "Unable to handle kernel NULL pointer dereference", NULL, KIND(CRASH_SYSRQ) },
	{ CRASH_PAGE_FAULT, "BUG: unable to handle page fault for address", NULL, KIND(CRASH_SYSRQ) },
	{ CRASH_PAGE_FAULT, "BUG: unable to handle kernel paging request", NULL, KIND(CRASH_SYSRQ) },
	{ CRASH_PAGE_FAULT, "Unable to handle kernel paging request", NULL, KIND(CRASH_SYSRQ) },
	/* arch/x86/kernel/traps.c; die() itself puts "Oops: " in front since v6.9. User programs' have "traps: comm[pid]" in front. */
	{ CRASH_GENERAL_PROTECTION_FAULT, "general protection fault", NULL, 0 },
	{ CRASH_GENERAL_PROTECTION_FAULT, "Oops: general protection fault", NULL, 0 },
	{ CRASH_DIVIDE_ERROR, "divide error: ", "[#", 0 },
	{ CRASH_DIVIDE_ERROR, "Oops: divide error: ", NULL, 0 },
	{ CRASH_KERNEL_BUG, "kernel BUG at ", NULL, 0 },
	{ CRASH_INVALID_OPCODE, "invalid opcode: ", "[#", KIND(CRASH_KERNEL_BUG) },
	{ CRASH_INVALID_OPCODE, "Oops: invalid opcode: ", NULL, KIND(CRASH_KERNEL_BUG) },
	{ CRASH_DOUBLE_FAULT, "PANIC: double fault", NULL, 0 },
	{ CRASH_DOUBLE_FAULT, "traps: PANIC: double fault", NULL, 0 },
	{ CRASH_DOUBLE_FAULT, "double fault: ", "[#", KIND(CRASH_DOUBLE_FAULT) },
	{ CRASH_DOUBLE_FAULT, "Oops: double fault: ", NULL, KIND(CRASH_DOUBLE_FAULT) },
	/* kernel/watchdog.c: pr_fmt put "NMI watchdog: " in front from v3.14, "watchdog: " from v4.13. */
	{ CRASH_SOFT_LOCKUP, "watchdog: BUG: soft lockup - CPU#", NULL, 0 },
	{ CRASH_SOFT_LOCKUP, "NMI watchdog: BUG: soft lockup - CPU#", NULL, 0 },
	{ CRASH_SOFT_LOCKUP, "BUG: soft lockup - CPU#", NULL, 0 },
	{ CRASH_HARD_LOCKUP, "NMI watchdog: Watchdog detected hard LOCKUP on cpu", NULL, 0 },
	{ CRASH_HARD_LOCKUP, "watchdog: Watchdog detected hard LOCKUP on cpu", NULL, 0 },
	{ CRASH_HARD_LOCKUP, "Watchdog detected hard LOCKUP on cpu", NULL, 0 },
	/* kernel/rcu/tree_stall.h, tree.c before v5.1; pr_fmt put "rcu: " in front from v4.20. */
	{ CRASH_RCU_STALL, "rcu: INFO: rcu", "detected stall", 0 },
	{ CRASH_RCU_STALL, "rcu: INFO: rcu", "detected expedited stalls", 0 },
	{ CRASH_RCU_STALL, "INFO: rcu", "detected stall", 0 },
	{ CRASH_RCU_STALL, "INFO: rcu", "detected expedited stalls", 0 },
	/* kernel/hung_task.c */
	{ CRASH_HUNG_TASK, "INFO: task ", "blocked for more than ", 0 },
	/* drivers/tty/sysrq.c: three wordings of the same. */
	{ CRASH_SYSRQ, "sysrq: Trigger a crash", NULL, 0 },
	{ CRASH_SYSRQ, "sysrq: SysRq : Trigger a crash", NULL, 0 },
	{ CRASH_SYSRQ, "SysRq : Trigger a crash", NULL, 0 },
	/* kernel/panic.c, __warn(): with CPU and PID since v3.11 ("at" alone before); with the place first since v6.18. */
	{ CRASH_WARNING, "WARNING: CPU: ", " at ", 0 },
	{ CRASH_WARNING, "WARNING: at ", NULL, 0 },
	{ CRASH_WARNING, "WARNING: ", ", CPU#", 0 },
	{ CRASH_PANIC, "Kernel panic - not syncing: ", NULL, 0 },
};

/* Pieces by which a crash is known that lost its headline, and the banner that begins a boot; and a journal's message as bytes. */
static const char *const other_words[] = {
	"------------[ cut here", "Oops: ", "Call Trace", "RIP: ", "end trace", "CR2: ", "Linux version ", "\"MESSAGE\":[", "\"MESSAGE\" : [",
};

enum { HEADLINES = sizeof headlines / sizeof *headlines, OTHER_WORDS = sizeof other_words / sizeof *other_words };

const struct crash_headline *crash_headline_of(struct text text)
{
	for (size_t i = 0; i < HEADLINES; i++) {
		struct text rest = text;
		if (text_eat(&rest, headlines[i].begins) && (!headlines[i].contains || text_find(rest, headlines[i].contains) != SIZE_MAX))
			return &headlines[i];
	}
	return NULL;
}

bool crash_headline_joins(const struct crash_headline *headline, enum crash_kind kind)
{
	return headline->part_of >> kind & 1;
}

const char *const *crash_headline_words(size_t *count)
{
	static const char *words[HEADLINES + OTHER_WORDS];

	for (size_t i = 0; i < HEADLINES; i++) {
		/* The rarer half: "INFO: task " is in many a program's log. */
		bool common = headlines[i].contains && headlines[i].kind != CRASH_WARNING;
		words[i] = common && headlines[i].contains[0] != '[' ? headlines[i].contains : headlines[i].begins;
	}
	for (size_t i = 0; i < OTHER_WORDS; i++)
		words[HEADLINES + i] = other_words[i];
	*count = HEADLINES + OTHER_WORDS;
	return words;
}

static const struct {
	const char *reason;
	unsigned kinds;
} panics[] = {
	{ "Fatal exception", OOPSES },
	{ "Fatal Machine check", 0 },
	{ "Attempted to kill", OOPSES },
	{ "Aiee, killing interrupt handler", OOPSES },
	{ "softlockup: hung tasks", KIND(CRASH_SOFT_LOCKUP) },
	{ "hung_task: blocked tasks", KIND(CRASH_HUNG_TASK) },
	{ "Hard LOCKUP", KIND(CRASH_HARD_LOCKUP) },
	{ "Watchdog detected hard LOCKUP", KIND(CRASH_HARD_LOCKUP) },
	{ "RCU Stall", KIND(CRASH_RCU_STALL) },
	{ "panic_on_warn set", KIND(CRASH_WARNING) },
	{ "kernel: panic_on_warn set", KIND(CRASH_WARNING) },
	{ "sysrq triggered crash", KIND(CRASH_SYSRQ) },
	{ "Machine halted", KIND(CRASH_DOUBLE_FAULT) },
};

unsigned crash_panic_follows(struct text reason)
{
	for (size_t i = 0; i < sizeof panics / sizeof *panics; i++)
		if (text_starts(reason, panics[i].reason))
			return panics[i].kinds;
	return 0;
}
