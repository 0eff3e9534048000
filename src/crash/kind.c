/* The kinds of crash: their names, and what follows from being of that kind. */
#include "crash/kind.h"

/*
 * rank: how much a crash of this kind explains of a machine's trouble; higher wins where nothing brought the machine down.
 * title: what the title begins with, in syzbot's form; an 'in CULPRIT' follows.
 */
static const struct crash_kind_row kinds[CRASH_KIND_COUNT] = {
	[CRASH_UNKNOWN_KIND] = { "unknown", "crash", 60, CRASH_NO_TICK },
	[CRASH_NULL_POINTER_DEREFERENCE] = { "null-pointer-dereference",
					     "BUG: unable to handle kernel NULL pointer dereference", 90, CRASH_NO_TICK },
	[CRASH_PAGE_FAULT] = { "page-fault", "BUG: unable to handle kernel paging request", 90, CRASH_NO_TICK },
	[CRASH_GENERAL_PROTECTION_FAULT] = { "general-protection-fault", "general protection fault", 90, CRASH_NO_TICK },
	[CRASH_KERNEL_BUG] = { "kernel-bug", "kernel BUG", 90, CRASH_NO_TICK },
	[CRASH_DIVIDE_ERROR] = { "divide-error", "divide error", 90, CRASH_NO_TICK },
	[CRASH_INVALID_OPCODE] = { "invalid-opcode", "invalid opcode", 90, CRASH_NO_TICK },
	[CRASH_DOUBLE_FAULT] = { "double-fault", "PANIC: double fault", 95, CRASH_NO_TICK },
	[CRASH_STACK_OVERFLOW] = { "stack-overflow", "kernel stack overflow", 95, CRASH_NO_TICK },
	[CRASH_HARD_LOCKUP] = { "hard-lockup", "BUG: hard lockup", 70, CRASH_FROM_TICK },
	[CRASH_SOFT_LOCKUP] = { "soft-lockup", "BUG: soft lockup", 65, CRASH_FROM_TICK },
	[CRASH_RCU_STALL] = { "rcu-stall", "INFO: rcu detected stall", 50, CRASH_FROM_TICK },
	[CRASH_HUNG_TASK] = { "hung-task", "INFO: task hung", 40, CRASH_WAITING },
	[CRASH_SLEEPING_IN_ATOMIC] = { "sleeping-in-atomic", "BUG: scheduling while atomic", 30, CRASH_WAITING },
	[CRASH_WARNING] = { "warning", "WARNING", 20, CRASH_NO_TICK },
	[CRASH_SYSRQ] = { "sysrq", "sysrq: triggered crash", 85, CRASH_NO_CULPRIT },
	[CRASH_PANIC] = { "panic", "kernel panic", 80, CRASH_NO_TICK },
};

const struct crash_kind_row *crash_kind_row(enum crash_kind kind)
{
	return &kinds[kind < CRASH_KIND_COUNT ? kind : CRASH_UNKNOWN_KIND];
}

const char *crash_kind_name(enum crash_kind kind)
{
	return crash_kind_row(kind)->name;
}

bool crash_kind_from_name(struct text name, enum crash_kind *kind)
{
	for (int i = CRASH_UNKNOWN_KIND + 1; i < CRASH_KIND_COUNT; i++) {
		if (text_is(name, kinds[i].name)) {
			*kind = (enum crash_kind)i;
			return true;
		}
	}
	return false;
}

const char *crash_context_name(enum crash_context context)
{
	static const char *const names[] = {
		[CRASH_TASK] = "task",           [CRASH_IRQ] = "irq", [CRASH_SOFTIRQ] = "softirq", [CRASH_NMI] = "nmi",
		[CRASH_EXCEPTION] = "exception",
	};

	return names[context];
}
