/* From the functions on a dying CPU's stack to what it died of. */
#include "crash/canonical.h"
#include "postmortem/death.h"

struct row {
	const char *function; /* a '*' at its end: all that begin so */
	enum crash_kind kind;
	bool of_another; /* it reports another CPU or task: this stack is not the crash's */
};

/*
 * What the kernel does when it has died: kernel/panic.c, kernel/kexec_core.c (kernel/crash_core.c since 6.9). And what it
 * does of an exception before that: arch/x86/kernel/dumpstack.c, arch/arm64/kernel/traps.c; kernel/panic.c.
 */
static const char *const panicking[] = {
	"panic",         "vpanic",           "nmi_panic",      "crash_kexec", "__crash_kexec",
	"machine_kexec", "crash_setup_regs", "crash_save_cpu", NULL
};
static const char *const of_exceptions[] = {
	"oops_end", "die", "__die", "die_addr", "__warn", "handle_stack_overflow", NULL
};

/* What led there, where it was no exception: the first row whose function is on the stack counts. */
static const struct row causes[] = {
	{ "sysrq_handle_crash", CRASH_SYSRQ, false },               /* drivers/tty/sysrq.c */
	{ "watchdog_overflow_callback", CRASH_HARD_LOCKUP, false }, /* kernel/watchdog_perf.c, watchdog_hld.c before 6.5 */
	{ "watchdog_hardlockup_check", CRASH_HARD_LOCKUP, true },   /* kernel/watchdog.c: by a neighbour */
	{ "watchdog_buddy_check_hardlockup", CRASH_HARD_LOCKUP, true }, /* kernel/watchdog_buddy.c */
	{ "watchdog_timer_fn", CRASH_SOFT_LOCKUP, false },              /* kernel/watchdog.c */
	{ "check_hung_uninterruptible_tasks", CRASH_HUNG_TASK, true },  /* kernel/hung_task.c */
	{ "watchdog", CRASH_HUNG_TASK, true },                          /* the same, inlined into khungtaskd's loop */
	{ "print_cpu_stall", CRASH_RCU_STALL, false },                  /* kernel/rcu/tree_stall.h */
	{ "print_other_cpu_stall", CRASH_RCU_STALL, true },
	{ "panic_on_rcu_stall", CRASH_RCU_STALL, true }, /* of whom, it does not say */
	{ "rcu_sched_clock_irq", CRASH_RCU_STALL, true },
	{ "rcu_check_callbacks", CRASH_RCU_STALL, true },      /* before 4.20 */
	{ "out_of_memory", CRASH_OUT_OF_MEMORY, false },       /* mm/oom_kill.c */
	{ "__stack_chk_fail", CRASH_STACK_CORRUPTION, false }, /* kernel/panic.c */
	{ "kasan_report*", CRASH_KASAN, false },               /* mm/kasan/report.c */
	{ "mce_panic", CRASH_MACHINE_CHECK, false },           /* arch/x86/kernel/cpu/mce/core.c */
	{ "__ghes_panic", CRASH_HARDWARE_ERROR, false },       /* drivers/acpi/apei/ghes.c */
	{ "unknown_nmi_error", CRASH_NMI_RECEIVED, false },    /* arch/x86/kernel/nmi.c */
	{ "io_check_error", CRASH_NMI_RECEIVED, false },
	{ "pci_serr_error", CRASH_NMI_RECEIVED, false },
};

/*
 * Exceptions, by their entries and by what handles them: arch/x86/include/asm/idtentry.h, before 5.8
 * arch/x86/entry/entry_64.S; with FRED all have one entry.
 */
static const struct row exceptions[] = {
	{ "handle_stack_overflow", CRASH_STACK_OVERFLOW, false }, /* arch/x86/kernel/traps.c */
	{ "__warn", CRASH_WARNING, false },
	{ "exc_page_fault", CRASH_PAGE_FAULT, false },
	{ "do_page_fault", CRASH_PAGE_FAULT, false },
	{ "__do_page_fault", CRASH_PAGE_FAULT, false },
	{ "asm_exc_page_fault", CRASH_PAGE_FAULT, false },
	{ "page_fault", CRASH_PAGE_FAULT, false },
	{ "async_page_fault", CRASH_PAGE_FAULT, false },
	{ "exc_general_protection", CRASH_GENERAL_PROTECTION_FAULT, false },
	{ "do_general_protection", CRASH_GENERAL_PROTECTION_FAULT, false },
	{ "asm_exc_general_protection", CRASH_GENERAL_PROTECTION_FAULT, false },
	{ "general_protection", CRASH_GENERAL_PROTECTION_FAULT, false },
	{ "exc_invalid_op", CRASH_KERNEL_BUG, false },
	{ "do_invalid_op", CRASH_KERNEL_BUG, false },
	{ "asm_exc_invalid_op", CRASH_KERNEL_BUG, false },
	{ "invalid_op", CRASH_KERNEL_BUG, false },
	{ "exc_divide_error", CRASH_DIVIDE_ERROR, false },
	{ "do_divide_error", CRASH_DIVIDE_ERROR, false },
	{ "asm_exc_divide_error", CRASH_DIVIDE_ERROR, false },
	{ "divide_error", CRASH_DIVIDE_ERROR, false },
	{ "exc_stack_segment", CRASH_STACK_SEGMENT, false },
	{ "do_stack_segment", CRASH_STACK_SEGMENT, false },
	{ "asm_exc_stack_segment", CRASH_STACK_SEGMENT, false },
	{ "stack_segment", CRASH_STACK_SEGMENT, false },
	{ "exc_double_fault", CRASH_DOUBLE_FAULT, false },
	{ "do_double_fault", CRASH_DOUBLE_FAULT, false },
	{ "asm_exc_double_fault", CRASH_DOUBLE_FAULT, false },
	{ "double_fault", CRASH_DOUBLE_FAULT, false },
};

/* Where an exception was had on purpose: the function in which it happened. */
static const struct row on_purpose[] = {
	{ "sysrq_handle_crash", CRASH_SYSRQ, false }, /* before 4.20 it wrote to address 0 */
	{ "usercopy_abort", CRASH_USERCOPY, false },  /* mm/usercopy.c */
	{ "fortify_panic", CRASH_FORTIFY, false },    /* lib/string_helpers.c */
	{ "__fortify_panic", CRASH_FORTIFY, false },
	{ "__list_add_valid*", CRASH_LIST_CORRUPTION, false }, /* lib/list_debug.c */
	{ "__list_del_entry_valid*", CRASH_LIST_CORRUPTION, false },
};

static bool is_function(struct text name, const char *row)
{
	struct text wanted = text_from(row);

	if (wanted.length && wanted.data[wanted.length - 1] == '*')
		return text_equal(text_first(name, wanted.length - 1), text_first(wanted, wanted.length - 1));
	return text_equal(name, wanted);
}

static bool is_one_of(struct text name, const char *const *rows)
{
	for (; *rows; rows++)
		if (is_function(name, *rows))
			return true;
	return false;
}

/* Canonical names of a stack's frames, up to the first that was interrupted. */
struct top {
	struct text names[STACK_FRAMES_MOST];
	size_t count;
	bool interrupted; /* the last of them saved what it interrupted */
};

static bool is_on(const struct top *top, const char *function)
{
	for (size_t i = 0; i < top->count; i++)
		if (is_function(top->names[i], function))
			return true;
	return false;
}

static const struct row *first_on(const struct row *rows, size_t count, const struct top *top)
{
	for (size_t i = 0; i < count; i++)
		if (is_on(top, rows[i].function))
			return &rows[i];
	return NULL;
}

#define FIRST_ON(rows, top) first_on(rows, sizeof(rows) / sizeof *(rows), top)

static void take_top(struct arena *arena, const struct stack *stack, struct top *top)
{
	for (size_t i = 0; i < stack->count && i < STACK_FRAMES_MOST && !top->interrupted; i++) {
		top->names[top->count++] = crash_canonical_name(arena, stack->frames[i].symbol.name);
		top->interrupted = stack->frames[i].entry;
	}
}

/* The first frame behind those that only dealt with the death; 0: none did. */
static size_t behind(const struct top *top, const char *const *functions)
{
	size_t first = 0;

	for (size_t i = 0; i < top->count; i++)
		if (is_one_of(top->names[i], functions))
			first = i + 1;
	return first;
}

/*
 * Finds kind and first frame. An exception counts only where the kernel died of it: what a panic's stack went through before
 * is no matter of its. False: the stack is not of what died.
 */
bool death_read_stack(struct arena *arena, const struct stack *stack, enum crash_kind *kind, size_t *first)
{
	struct top top = { 0 };
	const struct row *row;

	take_top(arena, stack, &top);
	*kind = CRASH_UNKNOWN_KIND;
	*first = behind(&top, panicking);
	if (behind(&top, of_exceptions) || (*first && is_on(&top, "exc_double_fault"))) {
		row = FIRST_ON(exceptions, &top);
		*first = top.count;
		*kind = row && top.interrupted ? row->kind : CRASH_UNKNOWN_KIND;
	} else if (*first) {
		row = FIRST_ON(causes, &top);
		*kind = row ? row->kind : CRASH_PANIC;
		if (row && row->of_another)
			return false;
	}
	if (*first >= stack->count)
		return false;
	struct top place = { .names = { crash_canonical_name(arena, stack->frames[*first].symbol.name) }, .count = 1 };
	row = *kind == CRASH_UNKNOWN_KIND || *first == top.count ? FIRST_ON(on_purpose, &place) : NULL;
	if (row)
		*kind = row->kind;
	return true;
}
