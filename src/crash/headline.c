/* The headlines: one row each. Order matters: the first that fits is taken. */
#include "crash/headline.h"

#define KIND(kind) (1U << (kind))

/* What die() of arch/x86/kernel/dumpstack.c ends in. */
#define OOPSES                                                                                                              \
	(KIND(CRASH_NULL_POINTER_DEREFERENCE) | KIND(CRASH_PAGE_FAULT) | KIND(CRASH_GENERAL_PROTECTION_FAULT) |             \
	 KIND(CRASH_KERNEL_BUG) | KIND(CRASH_DIVIDE_ERROR) | KIND(CRASH_INVALID_OPCODE) | KIND(CRASH_DOUBLE_FAULT) |        \
	 KIND(CRASH_STACK_OVERFLOW) | KIND(CRASH_UNKNOWN_KIND))

/* " [#1]": what die() puts behind headlines that are all lower case, as much other text is. */
#define DIE_COUNTER " [#"

static const struct crash_headline headlines[] = {
	/* arch/x86/mm/fault.c, show_fault_oops(): the wording before and since v5.1. Before v4.20 sysrq-c was an oops. */
	{ CRASH_NULL_POINTER_DEREFERENCE, "BUG: kernel NULL pointer dereference", NULL, KIND(CRASH_SYSRQ), NULL },
	{ CRASH_NULL_POINTER_DEREFERENCE, "BUG: unable to handle kernel NULL pointer dereference", NULL, KIND(CRASH_SYSRQ),
	  NULL },
	{ CRASH_NULL_POINTER_DEREFERENCE, "Unable to handle kernel NULL pointer dereference", NULL, KIND(CRASH_SYSRQ),
	  NULL },
	{ CRASH_PAGE_FAULT, "BUG: unable to handle page fault for address", NULL, KIND(CRASH_SYSRQ), NULL },
	{ CRASH_PAGE_FAULT, "BUG: unable to handle kernel paging request", NULL, KIND(CRASH_SYSRQ), NULL },
	{ CRASH_PAGE_FAULT, "Unable to handle kernel paging request", NULL, KIND(CRASH_SYSRQ), NULL },
	/* arch/x86/kernel/traps.c; die() itself puts "Oops: " in front since v6.9. User programs' have "traps: comm[pid]" in
	   front. */
	{ CRASH_GENERAL_PROTECTION_FAULT, "general protection fault", NULL, 0, DIE_COUNTER },
	{ CRASH_GENERAL_PROTECTION_FAULT, "Oops: general protection fault", NULL, 0, NULL },
	{ CRASH_GENERAL_PROTECTION_FAULT, "stack segment: ", "[#", 0, DIE_COUNTER },
	{ CRASH_GENERAL_PROTECTION_FAULT, "Oops: stack segment: ", NULL, 0, NULL },
	{ CRASH_DIVIDE_ERROR, "divide error: ", "[#", 0, DIE_COUNTER },
	{ CRASH_DIVIDE_ERROR, "Oops: divide error: ", NULL, 0, NULL },
	{ CRASH_KERNEL_BUG, "kernel BUG at ", NULL, 0, NULL },
	{ CRASH_INVALID_OPCODE, "invalid opcode: ", "[#", KIND(CRASH_KERNEL_BUG), DIE_COUNTER },
	{ CRASH_INVALID_OPCODE, "Oops: invalid opcode: ", NULL, KIND(CRASH_KERNEL_BUG), NULL },
	{ CRASH_DOUBLE_FAULT, "PANIC: double fault", NULL, 0, NULL },
	{ CRASH_DOUBLE_FAULT, "traps: PANIC: double fault", NULL, 0, NULL },
	{ CRASH_DOUBLE_FAULT, "double fault: ", "[#", KIND(CRASH_DOUBLE_FAULT), DIE_COUNTER },
	{ CRASH_DOUBLE_FAULT, "Oops: double fault: ", NULL, KIND(CRASH_DOUBLE_FAULT), NULL },
	/* arch/x86/kernel/traps.c, handle_stack_overflow(): "BUG: stack guard page", since v6.1 or so with the stack's name
	   in front. */
	{ CRASH_STACK_OVERFLOW, "BUG: ", "stack guard page was hit at ", 0, "stack guard page was hit" },
	/* kernel/sched/core.c, __schedule_bug() */
	{ CRASH_SLEEPING_IN_ATOMIC, "BUG: scheduling while atomic: ", NULL, 0, NULL },
	/* kernel/watchdog.c: pr_fmt put "NMI watchdog: " in front from v3.14, "watchdog: " from v4.13. */
	{ CRASH_SOFT_LOCKUP, "watchdog: BUG: soft lockup - CPU#", NULL, 0, NULL },
	{ CRASH_SOFT_LOCKUP, "NMI watchdog: BUG: soft lockup - CPU#", NULL, 0, NULL },
	{ CRASH_SOFT_LOCKUP, "BUG: soft lockup - CPU#", NULL, 0, NULL },
	{ CRASH_HARD_LOCKUP, "NMI watchdog: Watchdog detected hard LOCKUP on cpu", NULL, 0, NULL },
	{ CRASH_HARD_LOCKUP, "watchdog: Watchdog detected hard LOCKUP on cpu", NULL, 0, NULL },
	{ CRASH_HARD_LOCKUP, "Watchdog detected hard LOCKUP on cpu", NULL, 0, NULL },
	/* kernel/rcu/tree_stall.h, tree.c before v5.1; pr_fmt put "rcu: " in front from v4.20. */
	{ CRASH_RCU_STALL, "rcu: INFO: rcu", "detected stall", 0, "INFO: rcu" },
	{ CRASH_RCU_STALL, "rcu: INFO: rcu", "detected expedited stalls", 0, "INFO: rcu" },
	{ CRASH_RCU_STALL, "INFO: rcu", "detected stall", 0, "INFO: rcu" },
	{ CRASH_RCU_STALL, "INFO: rcu", "detected expedited stalls", 0, "INFO: rcu" },
	/* kernel/hung_task.c */
	{ CRASH_HUNG_TASK, "INFO: task ", "blocked for more than ", 0, "blocked for more than " },
	/* drivers/tty/sysrq.c: three wordings of the same. */
	{ CRASH_SYSRQ, "sysrq: Trigger a crash", NULL, 0, NULL },
	{ CRASH_SYSRQ, "sysrq: SysRq : Trigger a crash", NULL, 0, NULL },
	{ CRASH_SYSRQ, "SysRq : Trigger a crash", NULL, 0, NULL },
	/* kernel/panic.c, __warn(): with CPU and PID since v3.11 ("at" alone before); with the place first since v6.18. */
	{ CRASH_WARNING, "WARNING: CPU: ", " at ", 0, "WARNING: " },
	{ CRASH_WARNING, "WARNING: at ", NULL, 0, "WARNING: " },
	{ CRASH_WARNING, "WARNING: ", ", CPU#", 0, "WARNING: " },
	/* Up to v4.0 a hard lockup that panics says so in the panic alone. */
	{ CRASH_HARD_LOCKUP, "Kernel panic - not syncing: Watchdog detected hard LOCKUP on cpu", NULL, 0, NULL },
	{ CRASH_PANIC, "Kernel panic - not syncing: ", NULL, 0, NULL },
};

/* Pieces by which a crash is known that lost its headline, and the banner that begins a boot; and a journal's message as
 * bytes. */
static const char *const other_words[] = {
	"------------[ cut here", "Oops: ",        "Call Trace",      "RIP: ",          "---[ end ", "CR2: ",
	"Linux version ",         "\"MESSAGE\":[", "\"MESSAGE\" : [", "\"MESSAGE\": [",
};

enum { HEADLINES = sizeof headlines / sizeof *headlines, OTHER_WORDS = sizeof other_words / sizeof *other_words };

const struct crash_headline *crash_headline_of(struct text text)
{
	for (size_t i = 0; i < HEADLINES; i++) {
		struct text rest = text;
		if (text_eat(&rest, headlines[i].begins) &&
		    (!headlines[i].contains || text_find(rest, headlines[i].contains) != SIZE_MAX))
			return &headlines[i];
	}
	return NULL;
}

bool crash_headline_joins(const struct crash_headline *headline, enum crash_kind kind)
{
	return headline->part_of >> kind & 1;
}

/* A word that holds another one of the list finds nothing that the other does not. */
static size_t add_word(const char **words, size_t count, const char *word)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (text_find(text_from(word), words[i]) != SIZE_MAX)
			return count;
	for (size_t i = 0; i < count; i++)
		if (text_find(text_from(words[i]), word) == SIZE_MAX)
			words[kept++] = words[i];
	words[kept] = word;
	return kept + 1;
}

const char *const *crash_headline_words(size_t *count)
{
	static const char *words[HEADLINES + OTHER_WORDS];

	*count = 0;
	for (size_t i = 0; i < HEADLINES; i++)
		*count = add_word(words, *count, headlines[i].word ? headlines[i].word : headlines[i].begins);
	for (size_t i = 0; i < OTHER_WORDS; i++)
		*count = add_word(words, *count, other_words[i]);
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
	{ "scheduling while atomic", KIND(CRASH_SLEEPING_IN_ATOMIC) },
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
