/* The kinds of crash: which report of the kernel's it is. */
#ifndef CRASH_KINDS_H
#define CRASH_KINDS_H

#include "base/text.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

/* The table of kind.c has a row for each. */
enum crash_kind {
	CRASH_UNKNOWN_KIND, /* a piece of a crash whose headline the log lacks, and whose kind its pieces do not prove */
	/* the processor refused an instruction */
	CRASH_NULL_POINTER_DEREFERENCE,
	CRASH_PAGE_FAULT,
	CRASH_GENERAL_PROTECTION_FAULT,
	CRASH_STACK_SEGMENT,
	CRASH_DIVIDE_ERROR,
	CRASH_BOUNDS,
	CRASH_INVALID_OPCODE,
	CRASH_UNDEFINED_INSTRUCTION,
	CRASH_ALIGNMENT_FAULT,
	CRASH_EXTERNAL_ABORT,
	CRASH_CONTROL_PROTECTION,
	CRASH_DOUBLE_FAULT,
	CRASH_UNEXPECTED_EXCEPTION, /* a trap that this processor has, and no other kind is for */
	CRASH_STACK_OVERFLOW,
	CRASH_STACK_CORRUPTION,
	/* the kernel found something that must not be */
	CRASH_KERNEL_BUG,
	CRASH_LIST_CORRUPTION,
	CRASH_USERCOPY,
	CRASH_FORTIFY,
	CRASH_REFCOUNT,
	CRASH_BAD_PAGE,
	CRASH_SLAB_CORRUPTION,
	CRASH_SPINLOCK,
	CRASH_SLEEPING_IN_ATOMIC,
	CRASH_REFERENCE_LEAK,
	CRASH_WARNING,
	/* its sanitizers */
	CRASH_KASAN,
	CRASH_KFENCE,
	CRASH_KMSAN,
	CRASH_KCSAN,
	CRASH_UBSAN,
	CRASH_LOCKDEP,
	/* nothing goes on */
	CRASH_SOFT_LOCKUP,
	CRASH_HARD_LOCKUP,
	CRASH_RCU_STALL,
	CRASH_HUNG_TASK,
	CRASH_WORKQUEUE_LOCKUP,
	CRASH_HANG, /* no report of the kernel's: a CPU's stack shows it */
	/* the machine, not the kernel */
	CRASH_MACHINE_CHECK,
	CRASH_HARDWARE_ERROR,
	CRASH_NMI_RECEIVED,
	CRASH_OUT_OF_MEMORY,
	/* the rest */
	CRASH_SYSRQ,
	CRASH_PANIC,
	CRASH_KIND_COUNT
};

/* A set of kinds: CRASH_KIND_BIT(a) | CRASH_KIND_BIT(b). */
typedef uint64_t crash_kinds;
#define CRASH_KIND_BIT(kind) (UINT64_C(1) << (kind))
static_assert(CRASH_KIND_COUNT <= 64, "a set of kinds has 64 bits");

static inline bool crash_kinds_hold(crash_kinds kinds, enum crash_kind kind)
{
	return kinds >> kind & 1;
}

/* The kind's name as users write it: "null-pointer-dereference". "unknown" for CRASH_UNKNOWN_KIND. */
const char *crash_kind_name(enum crash_kind kind);
/*
 * Whether a crash of this kind is one that a symptom of the other asks for: of its own, or a hang, which is what a watchdog
 * reports, had there been one.
 */
bool crash_kind_meets(enum crash_kind kind, enum crash_kind asked);
/* False when there is no such kind. */
bool crash_kind_from_name(struct text name, enum crash_kind *kind);

#endif
