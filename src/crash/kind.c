/* The kinds of crash: their names, and what follows from being of that kind. */
#include "crash/kind.h"

/*
 * rank: how much a crash of this kind explains of a machine's trouble; higher wins where nothing brought the machine down.
 * title: what the title begins with, in syzbot's form; an 'in CULPRIT' follows.
 */
static const struct crash_kind_row kinds[CRASH_KIND_COUNT] = {
	/* clang-format off */
	[CRASH_UNKNOWN_KIND] = { "unknown", "crash", 60, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_NULL_POINTER_DEREFERENCE] = { "null-pointer-dereference", "BUG: unable to handle kernel NULL pointer dereference", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_PAGE_FAULT] = { "page-fault", "BUG: unable to handle kernel paging request", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_GENERAL_PROTECTION_FAULT] = { "general-protection-fault", "general protection fault", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_STACK_SEGMENT] = { "stack-segment", "stack segment", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_DIVIDE_ERROR] = { "divide-error", "divide error", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_BOUNDS] = { "bounds", "bounds", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_INVALID_OPCODE] = { "invalid-opcode", "invalid opcode", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_UNDEFINED_INSTRUCTION] = { "undefined-instruction", "undefined instruction", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_ALIGNMENT_FAULT] = { "alignment-fault", "alignment fault", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_EXTERNAL_ABORT] = { "external-abort", "external abort", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_CONTROL_PROTECTION] = { "control-protection", "control protection", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_DOUBLE_FAULT] = { "double-fault", "PANIC: double fault", 95, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_UNEXPECTED_EXCEPTION] = { "unexpected-exception", "unexpected exception", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_STACK_OVERFLOW] = { "stack-overflow", "kernel stack overflow", 95, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_STACK_CORRUPTION] = { "stack-corruption", "kernel stack corruption", 92, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_KERNEL_BUG] = { "kernel-bug", "kernel BUG", 90, CRASH_NO_TICK, CRASH_IS_OOPS },
	[CRASH_LIST_CORRUPTION] = { "list-corruption", "BUG: corrupted list", 90, CRASH_NO_TICK, 0 },
	[CRASH_USERCOPY] = { "usercopy", "BUG: bad usercopy", 90, CRASH_NO_TICK, 0 },
	[CRASH_FORTIFY] = { "fortify", "detected buffer overflow", 90, CRASH_NO_TICK, 0 },
	[CRASH_REFCOUNT] = { "refcount", "WARNING: refcount bug", 55, CRASH_NO_TICK, 0 },
	[CRASH_BAD_PAGE] = { "bad-page", "BUG: Bad page state", 60, CRASH_NO_TICK, 0 },
	[CRASH_SLAB_CORRUPTION] = { "slab-corruption", "BUG: slab corruption", 75, CRASH_NO_TICK, 0 },
	[CRASH_SPINLOCK] = { "spinlock", "BUG: spinlock bug", 60, CRASH_NO_TICK, 0 },
	[CRASH_SLEEPING_IN_ATOMIC] = { "sleeping-in-atomic", "BUG: scheduling while atomic", 30, CRASH_WAITING, 0 },
	[CRASH_REFERENCE_LEAK] = { "reference-leak", "INFO: leaked reference", 15, CRASH_NO_CULPRIT, 0 },
	[CRASH_WARNING] = { "warning", "WARNING", 20, CRASH_NO_TICK, 0 },
	[CRASH_KASAN] = { "kasan", "KASAN", 85, CRASH_NO_TICK, CRASH_TITLE_HAS_ACCESS | CRASH_TITLE_HAS_SUBKIND },
	[CRASH_KFENCE] = { "kfence", "KFENCE", 85, CRASH_NO_TICK, CRASH_TITLE_HAS_SUBKIND },
	[CRASH_KMSAN] = { "kmsan", "KMSAN", 60, CRASH_NO_TICK, CRASH_TITLE_HAS_SUBKIND },
	[CRASH_KCSAN] = { "kcsan", "KCSAN", 18, CRASH_NO_TICK, CRASH_TITLE_HAS_SUBKIND },
	[CRASH_UBSAN] = { "ubsan", "UBSAN", 45, CRASH_NO_TICK, CRASH_TITLE_HAS_SUBKIND },
	[CRASH_LOCKDEP] = { "lockdep", "possible deadlock", 25, CRASH_NO_TICK, 0 },
	[CRASH_SOFT_LOCKUP] = { "soft-lockup", "BUG: soft lockup", 65, CRASH_FROM_TICK, 0 },
	[CRASH_HARD_LOCKUP] = { "hard-lockup", "BUG: hard lockup", 70, CRASH_FROM_TICK, 0 },
	[CRASH_RCU_STALL] = { "rcu-stall", "INFO: rcu detected stall", 50, CRASH_FROM_TICK, 0 },
	[CRASH_HUNG_TASK] = { "hung-task", "INFO: task hung", 40, CRASH_WAITING, 0 },
	[CRASH_WORKQUEUE_LOCKUP] = { "workqueue-lockup", "BUG: workqueue lockup", 35, CRASH_WAITING, 0 },
	[CRASH_HANG] = { "hang", "hang", 45, CRASH_FROM_TICK, 0 },
	[CRASH_MACHINE_CHECK] = { "machine-check", "machine check", 98, CRASH_NO_CULPRIT, CRASH_IS_HARDWARE },
	[CRASH_HARDWARE_ERROR] = { "hardware-error", "hardware error", 97, CRASH_NO_CULPRIT, CRASH_IS_HARDWARE },
	[CRASH_NMI_RECEIVED] = { "nmi", "NMI", 28, CRASH_NO_CULPRIT, CRASH_IS_HARDWARE },
	[CRASH_OUT_OF_MEMORY] = { "out-of-memory", "out of memory", 10, CRASH_NO_CULPRIT, 0 },
	[CRASH_SYSRQ] = { "sysrq", "sysrq: triggered crash", 85, CRASH_NO_CULPRIT, 0 },
	[CRASH_PANIC] = { "panic", "kernel panic", 80, CRASH_NO_TICK, 0 },
	/* clang-format on */
};

const struct crash_kind_row *crash_kind_row(enum crash_kind kind)
{
	return &kinds[kind < CRASH_KIND_COUNT ? kind : CRASH_UNKNOWN_KIND];
}

const char *crash_kind_name(enum crash_kind kind)
{
	return crash_kind_row(kind)->name;
}

bool crash_kind_meets(enum crash_kind kind, enum crash_kind asked)
{
	static const crash_kinds watchdogs =
		CRASH_KIND_BIT(CRASH_SOFT_LOCKUP) | CRASH_KIND_BIT(CRASH_HARD_LOCKUP) | CRASH_KIND_BIT(CRASH_RCU_STALL);

	return kind == asked || (kind == CRASH_HANG && crash_kinds_hold(watchdogs, asked));
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

const char *crash_access_name(enum crash_access_type type)
{
	static const char *const names[] = {
		[CRASH_READ] = "read",
		[CRASH_WRITE] = "write",
		[CRASH_EXECUTE] = "execute",
		[CRASH_FREE] = "free",
	};

	return names[type];
}

const char *crash_context_name(enum crash_context context)
{
	static const char *const names[] = {
		[CRASH_TASK] = "task",           [CRASH_IRQ] = "irq", [CRASH_SOFTIRQ] = "softirq", [CRASH_NMI] = "nmi",
		[CRASH_EXCEPTION] = "exception",
	};

	return names[context];
}

bool crash_kind_is_memory_fault(enum crash_kind kind)
{
	return kind == CRASH_NULL_POINTER_DEREFERENCE || kind == CRASH_PAGE_FAULT ||
	       kind == CRASH_GENERAL_PROTECTION_FAULT || kind == CRASH_STACK_SEGMENT;
}
