/*
 * The lines that checks, sanitizers and watchdogs print besides what every report has: who accessed what, and what only
 * belongs there. Where a stack begins that is not the crash's own is none of this table's.
 */
#include "crash/details.h"

#define OF(kind) CRASH_KIND_BIT(CRASH_##kind)
#define EVERY    (~(crash_kinds)0)
#define LOCKS    (OF(LOCKDEP) | OF(SLEEPING_IN_ATOMIC) | OF(HUNG_TASK) | OF(WARNING) | OF(WORKQUEUE_LOCKUP))
#define OOPSES   (OF(GENERAL_PROTECTION_FAULT) | OF(PAGE_FAULT) | OF(NULL_POINTER_DEREFERENCE))

static void set_access(struct draft *draft, enum crash_access_type type, uint64_t size)
{
	if (draft->crash->access.type == CRASH_ACCESS_UNKNOWN)
		draft->crash->access = (struct crash_access){ type, size };
}

/*
 * mm/kasan/report.c: "Read of size 8 at addr ffff888012345678 by task nginx/1242", without the address up to v4.9; "Read at
 * addr
 * ..." where tags are in hardware; "Free of addr ..." since v6.3.
 */
static void take_kasan_access(struct draft *draft, struct text text, size_t record)
{
	struct text size_text = details_behind(text, " of size ");
	uint64_t size = 0;

	text_eat_decimal(&size_text, &size);
	set_access(draft,
		   text_starts(text, "Read")    ? CRASH_READ
		   : text_starts(text, "Write") ? CRASH_WRITE
						: CRASH_FREE,
		   size);
	details_set_fault_address(draft, details_behind(text, " addr "), record);
	details_take_task(draft, text_trim(details_behind(text, " by task ")), '/', record);
}

/* mm/kfence/report.c: "Use-after-free read at 0xffff8c3f2e2a0000 (in kfence-#24):"; the crash's own frames follow. */
static void take_kfence_access(struct draft *draft, struct text text, size_t record)
{
	struct text address = details_behind(text, " at ");

	details_set_fault_address(draft, address.length ? address : details_behind(text, " free of "), record);
	draft->in_trace |= !draft->crash->frame_count;
}

/* kernel/kcsan/report.c: "write (marked) to 0xffff888012345678 of 8 bytes by task 12 on cpu 0:", of each side. */
static void take_kcsan_access(struct draft *draft, struct text text, size_t record)
{
	struct text size_text = details_behind(text, " of ");
	uint64_t size = 0;

	text_eat_decimal(&size_text, &size);
	set_access(draft, text_find(text, "write") < text_find(text, " to ") ? CRASH_WRITE : CRASH_READ, size);
	details_set_fault_address(draft, details_behind(text, " to "), record);
}

/* mm/kmsan/report.c: "Memory access of size 8 starts at ffff888012345678" */
static void take_kmsan_access(struct draft *draft, struct text text, size_t record)
{
	details_set_fault_address(draft, details_behind(text, " starts at "), record);
}

/* kernel/sched/core.c: "in_atomic(): 1, irqs_disabled(): 0, non_block: 0, pid: 12, name: foo" */
static void take_atomic_task(struct draft *draft, struct text text, size_t record)
{
	struct text pid_text = details_behind(text, " pid: ");
	uint64_t pid;

	if (text_eat_decimal(&pid_text, &pid) && text_eat(&pid_text, ", name: "))
		draft_set_task(draft, text_trim(pid_text), pid, record);
}

/* kernel/locking/lockdep.c: "nginx/1242 is trying to acquire lock:" */
static void take_lockdep_task(struct draft *draft, struct text text, size_t record)
{
	static const char *const marks[] = { " is trying to ",    " just changed the state of lock", " [",
					     " is exiting with ", " is leaving the kernel ",         " is freeing memory " };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t at = text_find(text, marks[i]);
		if (at != SIZE_MAX) {
			details_take_task(draft, text_first(text, at), '/', record);
			return;
		}
	}
}

/* lib/smp_processor_id.c: "caller is f+0x1/0x2" */
static void take_caller(struct draft *draft, struct text text, size_t record)
{
	details_take_place(draft, details_behind(text, "caller is "), false, record);
}

/*
 * What the fault was at, arch/x86/mm/fault.c, since v5.1: "#PF: supervisor write access in kernel mode";
 * arch/arm64/mm/fault.c, since v4.15: "CM = 0, WnR = 1".
 */
static void take_fault_access(struct draft *draft, struct text text, size_t record)
{
	bool executed = text_find(text, " instruction fetch ") != SIZE_MAX;
	bool written = text_find(text, " write access ") != SIZE_MAX || text_find(text, "WnR = 1") != SIZE_MAX;

	(void)record;
	set_access(draft, executed ? CRASH_EXECUTE : written ? CRASH_WRITE : CRASH_READ, 0);
}

static const struct {
	crash_kinds kinds;
	const char *begins;   /* the line begins with this */
	const char *contains; /* and holds this; NULL: nothing more is asked for */
	void (*take)(struct draft *draft, struct text text, size_t record); /* NULL: it says nothing that is asked for */
} lines[] = {
	/* clang-format off */
	{ OF(KASAN), "Read of size ", NULL, take_kasan_access },
	{ OF(KASAN), "Write of size ", NULL, take_kasan_access },
	{ OF(KASAN), "Read at addr ", NULL, take_kasan_access },
	{ OF(KASAN), "Write at addr ", NULL, take_kasan_access },
	{ OF(KASAN), "Free of addr ", NULL, take_kasan_access },
	{ OF(KASAN), "The buggy address ", NULL, NULL },
	{ OF(KASAN), "Memory state around", NULL, NULL },
	{ OF(KASAN), "Pointer tag: ", NULL, NULL },
	{ OF(KASAN), "which belongs to the cache ", NULL, NULL },
	{ OF(KASAN), "Disabling lock debugging", NULL, NULL },
	/* arch/x86/mm/kasan_init_64.c and others, kasan_non_canonical_hook(): behind the headline of the fault */
	{ OOPSES, "KASAN: ", NULL, NULL },
	{ OOPSES, "kasan: ", NULL, NULL },

	{ OOPSES, "#PF: ", " access in ", take_fault_access },
	{ OOPSES, "#PF: ", " instruction fetch in ", take_fault_access },
	{ OOPSES, "", "WnR = ", take_fault_access },

	{ OF(KFENCE), "Out-of-bounds ", " at ", take_kfence_access },
	{ OF(KFENCE), "Use-after-free ", " at ", take_kfence_access },
	{ OF(KFENCE), "Corrupted memory at ", NULL, take_kfence_access },
	{ OF(KFENCE), "Invalid free of ", NULL, take_kfence_access },
	{ OF(KFENCE), "Invalid read at ", NULL, take_kfence_access },
	{ OF(KFENCE), "Invalid write at ", NULL, take_kfence_access },
	{ OF(KFENCE), "kfence-#", NULL, NULL },

	{ OF(KMSAN), "Memory access of size ", NULL, take_kmsan_access },
	{ OF(KMSAN), "Bytes ", " uninitialized", NULL },
	{ OF(KMSAN), "Byte ", " uninitialized", NULL },
	{ OF(KMSAN), "Data copied to ", NULL, NULL },

	{ OF(KCSAN), "value changed: ", NULL, NULL },
	{ OF(KCSAN), "Reported by Kernel Concurrency", NULL, NULL },

	{ OF(UBSAN), "", NULL, details_ubsan_check },

	{ OF(LOCKDEP), "", " is trying to ", take_lockdep_task },
	{ OF(LOCKDEP), "", " just changed the state of lock", take_lockdep_task },
	{ OF(LOCKDEP), "", " takes:", take_lockdep_task },
	{ OF(LOCKDEP), "", " is freeing memory ", take_lockdep_task },
	{ OF(LOCKDEP), "", " is leaving the kernel ", take_lockdep_task },
	{ OF(LOCKDEP), "", " is exiting with ", take_lockdep_task },
	{ OF(LOCKDEP), "", ", at: ", NULL },
	{ OF(LOCKDEP), "", " usage!", NULL },
	{ OF(LOCKDEP), "but ", NULL, NULL },
	{ OF(LOCKDEP), "and ", NULL, NULL },
	{ OF(LOCKDEP), "which ", NULL, NULL },
	{ OF(LOCKDEP), "the existing dependency chain", NULL, NULL },
	{ OF(LOCKDEP), "the dependencies between ", NULL, NULL },
	{ OF(LOCKDEP), "the shortest dependencies between ", NULL, NULL },
	{ OF(LOCKDEP), "Chain exists of:", NULL, NULL },
	{ OF(LOCKDEP), "Possible unsafe locking scenario", NULL, NULL },
	{ OF(LOCKDEP), "Possible interrupt unsafe locking scenario", NULL, NULL },
	{ OF(LOCKDEP), "CPU0", NULL, NULL },
	{ OF(LOCKDEP), "lock(", NULL, NULL },
	{ OF(LOCKDEP), "<Interrupt>", NULL, NULL },
	{ OF(LOCKDEP), "*** DEADLOCK ***", NULL, NULL },
	{ OF(LOCKDEP), "other info that might help", NULL, NULL },
	{ OF(LOCKDEP), "stack backtrace:", NULL, NULL },
	{ OF(LOCKDEP), "rcu_scheduler_active", NULL, NULL },
	{ OF(LOCKDEP), "#", NULL, NULL },
	{ LOCKS, "", " held by ", NULL },
	{ LOCKS, "no locks held", NULL, NULL },

	{ OF(SLEEPING_IN_ATOMIC), "in_atomic(): ", NULL, take_atomic_task },
	{ OF(SLEEPING_IN_ATOMIC), "preempt_count: ", NULL, NULL },
	{ OF(SLEEPING_IN_ATOMIC), "RCU nest depth: ", NULL, NULL },
	{ OF(SLEEPING_IN_ATOMIC), "INFO: lockdep is turned off", NULL, NULL },
	{ OF(SLEEPING_IN_ATOMIC), "Preemption disabled at:", NULL, NULL },
	{ OF(WARNING), "caller is ", NULL, take_caller },
	{ OF(SPINLOCK), "lock: ", NULL, NULL },

	{ OF(SLAB_CORRUPTION), "INFO: ", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "Slab 0x", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "Object ", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "Redzone ", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "Padding ", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "Bytes b4 ", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "FIX ", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "Disabling lock debugging", NULL, NULL },
	{ OF(SLAB_CORRUPTION), "0x", ": ", NULL },
	{ OF(SLAB_CORRUPTION), "-----------------------", NULL, NULL },

	{ OF(BAD_PAGE) | OF(KASAN) | OF(KERNEL_BUG), "page:", NULL, NULL },
	{ OF(BAD_PAGE) | OF(KASAN) | OF(KERNEL_BUG), "page: ", NULL, NULL },
	{ OF(BAD_PAGE) | OF(KASAN) | OF(KERNEL_BUG), "head:", NULL, NULL },
	{ OF(BAD_PAGE) | OF(KASAN) | OF(KERNEL_BUG), "flags: ", NULL, NULL },
	{ OF(BAD_PAGE) | OF(KASAN) | OF(KERNEL_BUG), "raw: ", NULL, NULL },
	{ OF(BAD_PAGE) | OF(KASAN) | OF(KERNEL_BUG), "page dumped because: ", NULL, NULL },
	{ OF(BAD_PAGE), "bad because of flags", NULL, NULL },
	{ OF(BAD_PAGE), "addr:", NULL, NULL },
	{ OF(BAD_PAGE), "file:", NULL, NULL },

	/* kernel/hung_task.c, since v6.16: "INFO: task x:12 is blocked on a mutex likely owned by task y:13." */
	{ OF(HUNG_TASK), "INFO: task ", " blocked on ", NULL },
	/* kernel/workqueue.c, show_workqueue_state() */
	{ OF(WORKQUEUE_LOCKUP), "Showing ", NULL, NULL },
	{ OF(WORKQUEUE_LOCKUP), "workqueue ", NULL, NULL },
	{ OF(WORKQUEUE_LOCKUP), "pwq ", NULL, NULL },
	{ OF(WORKQUEUE_LOCKUP), "pool ", NULL, NULL },
	{ OF(WORKQUEUE_LOCKUP), "in-flight: ", NULL, NULL },
	{ OF(WORKQUEUE_LOCKUP), "pending: ", NULL, NULL },
	{ OF(WORKQUEUE_LOCKUP), "delayed: ", NULL, NULL },
	{ OF(WORKQUEUE_LOCKUP), "inactive: ", NULL, NULL },
	{ OF(REFERENCE_LEAK), "ref_tracker: ", NULL, NULL },

	{ EVERY, "======================", NULL, NULL },
	/* clang-format on */
};

bool part_check(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);
	enum crash_kind kind = draft->crash->kind;

	/* KCSAN's sides begin with the access. */
	if (kind == CRASH_KCSAN && text_find(rest, " bytes by ") != SIZE_MAX) {
		take_kcsan_access(draft, rest, record);
		return true;
	}
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		if (!crash_kinds_hold(lines[i].kinds, kind) || !text_starts(rest, lines[i].begins) ||
		    (lines[i].contains && text_find(rest, lines[i].contains) == SIZE_MAX))
			continue;
		if (lines[i].take)
			lines[i].take(draft, rest, record);
		/* A row that fits every line does not say that this one belongs there. */
		if (lines[i].begins[0] || lines[i].contains)
			return true;
	}
	return false;
}
