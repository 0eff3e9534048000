/* From the functions on a dying CPU's stack to what it died of. */
#include "postmortem/death.h"

#include "crash/canonical.h"
#include "touched/touched.h"

#include <string.h>

enum { PLACES_MOST = 10 };

struct row {
	const char *function;
	enum crash_kind kind;
};

/*
 * What the kernel does when it has died: kernel/panic.c, kernel/kexec_core.c (kernel/crash_core.c since 6.9),
 * arch/x86/kernel/dumpstack.c, arch/arm64/kernel/traps.c.
 */
static const char *const dying[] = {
	"panic",    "vpanic", "nmi_panic", "crash_kexec", "__crash_kexec",    "machine_kexec",
	"oops_end", "die",    "__die",     "die_addr",    "crash_setup_regs", "crash_save_cpu"
};

/* What led there, where it was no exception. */
static const struct row causes[] = {
	{ "sysrq_handle_crash", CRASH_SYSRQ },                   /* drivers/tty/sysrq.c */
	{ "watchdog_timer_fn", CRASH_SOFT_LOCKUP },              /* kernel/watchdog.c */
	{ "watchdog_overflow_callback", CRASH_HARD_LOCKUP },     /* kernel/watchdog_perf.c, watchdog_hld.c before 6.5 */
	{ "watchdog_hardlockup_check", CRASH_HARD_LOCKUP },      /* kernel/watchdog.c */
	{ "check_hung_uninterruptible_tasks", CRASH_HUNG_TASK }, /* kernel/hung_task.c */
	{ "panic_on_rcu_stall", CRASH_RCU_STALL },               /* kernel/rcu/tree_stall.h */
	{ "print_cpu_stall", CRASH_RCU_STALL },
	{ "print_other_cpu_stall", CRASH_RCU_STALL },
	{ "rcu_sched_clock_irq", CRASH_RCU_STALL },
	{ "out_of_memory", CRASH_OUT_OF_MEMORY },       /* mm/oom_kill.c */
	{ "__stack_chk_fail", CRASH_STACK_CORRUPTION }, /* kernel/panic.c */
	{ "__warn", CRASH_WARNING },
	{ "handle_stack_overflow", CRASH_STACK_OVERFLOW }, /* arch/x86/kernel/traps.c */
	{ "mce_panic", CRASH_MACHINE_CHECK },              /* arch/x86/kernel/cpu/mce/core.c */
	{ "__ghes_panic", CRASH_HARDWARE_ERROR },          /* drivers/acpi/apei/ghes.c */
	{ "unknown_nmi_error", CRASH_NMI_RECEIVED },       /* arch/x86/kernel/nmi.c */
	{ "io_check_error", CRASH_NMI_RECEIVED },
	{ "pci_serr_error", CRASH_NMI_RECEIVED },
};

/* Entries of exceptions: arch/x86/include/asm/idtentry.h, before 5.8 arch/x86/entry/entry_64.S; arch/arm64/kernel/entry.S.
 */
static const struct row exceptions[] = {
	{ "asm_exc_page_fault", CRASH_PAGE_FAULT },
	{ "page_fault", CRASH_PAGE_FAULT },
	{ "async_page_fault", CRASH_PAGE_FAULT },
	{ "asm_exc_general_protection", CRASH_GENERAL_PROTECTION_FAULT },
	{ "general_protection", CRASH_GENERAL_PROTECTION_FAULT },
	{ "asm_exc_invalid_op", CRASH_KERNEL_BUG },
	{ "invalid_op", CRASH_KERNEL_BUG },
	{ "asm_exc_divide_error", CRASH_DIVIDE_ERROR },
	{ "divide_error", CRASH_DIVIDE_ERROR },
	{ "asm_exc_stack_segment", CRASH_STACK_SEGMENT },
	{ "stack_segment", CRASH_STACK_SEGMENT },
	{ "asm_exc_double_fault", CRASH_DOUBLE_FAULT },
	{ "double_fault", CRASH_DOUBLE_FAULT },
	{ "el1h_64_sync", CRASH_UNKNOWN_KIND },
	{ "el1_sync", CRASH_UNKNOWN_KIND },
};

static const struct row *row_of(const struct row *rows, size_t count, struct text function)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(function, rows[i].function))
			return &rows[i];
	return NULL;
}

#define ROW_OF(rows, function) row_of(rows, sizeof(rows) / sizeof *(rows), function)

static bool is_dying(struct text function)
{
	for (size_t i = 0; i < sizeof dying / sizeof *dying; i++)
		if (text_is(function, dying[i]))
			return true;
	return false;
}

/* Finds kind and first frame; false: the stack does not say what it was, only where. */
static bool read_stack(struct arena *arena, const struct stack *stack, enum crash_kind *kind, size_t *first)
{
	const struct row *cause = NULL;
	bool died = false;

	*first = 0;
	for (size_t i = 0; i < stack->count; i++) {
		const struct stack_frame *frame = &stack->frames[i];
		struct text function = crash_canonical_name(arena, frame->symbol.name);
		const struct row *exception = frame->entry ? ROW_OF(exceptions, function) : NULL;
		if (is_dying(function)) {
			died = true;
			*first = i + 1;
		}
		cause = cause ? cause : ROW_OF(causes, function);
		if (!died || !exception)
			continue;
		*kind = cause ? cause->kind : exception->kind;
		*first = i + 1;
		return *kind != CRASH_UNKNOWN_KIND;
	}
	*kind = cause ? cause->kind : died ? CRASH_PANIC : CRASH_UNKNOWN_KIND;
	return *kind != CRASH_UNKNOWN_KIND;
}

/* x86-64's, by their DWARF numbers. */
static void take_registers(struct examination *examination, const struct stack_registers *from,
			   struct postmortem_death *death)
{
	static const char *const names[] = { "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
					     "r8",  "r9",  "r10", "r11", "r12", "r13", "r14", "r15" };
	const char *arch = examination->request->facts ? examination->request->facts->arch : NULL;

	for (size_t i = 0; arch && strcmp(arch, "x86_64") == 0 && i < sizeof names / sizeof *names; i++) {
		if (!(from->known >> i & 1))
			continue;
		struct crash_register *item =
			arena_push(&examination->found->arena, &death->registers, &death->register_count, sizeof *item);
		if (item)
			*item = (struct crash_register){ names[i], from->values[i], CRASH_NO_RECORD };
	}
}

static bool is_memory_fault(enum crash_kind kind)
{
	return kind == CRASH_NULL_POINTER_DEREFERENCE || kind == CRASH_PAGE_FAULT ||
	       kind == CRASH_GENERAL_PROTECTION_FAULT || kind == CRASH_STACK_SEGMENT;
}

static void judge_fault(struct examination *examination, const struct stack_frame *frame, bool kind_known,
			struct postmortem_death *death)
{
	struct touched_machine machine = {
		.dump = examination->request->dump,
		.arch = examination->request->facts ? examination->request->facts->arch : NULL,
		.pc = frame->pc,
		.registers = death->registers,
		.register_count = death->register_count,
	};
	struct touched_fault fault;

	if (frame->is_call || (kind_known && !is_memory_fault(death->kind)) || !touched_fault(&machine, &fault))
		return;
	if (!kind_known || (death->kind == CRASH_PAGE_FAULT && fault.kind == CRASH_NULL_POINTER_DEREFERENCE))
		death->kind = fault.kind;
	if (!is_memory_fault(death->kind) || !fault.has_address)
		return;
	death->has_fault_address = true;
	death->fault_address = fault.address;
}

static void find_touched(struct examination *examination, const struct stack *stack, size_t first,
			 struct postmortem_death *death)
{
	uint64_t places[PLACES_MOST];
	struct crash crash = {
		.kind = death->kind,
		.registers = death->registers,
		.register_count = death->register_count,
		.fault_address = death->fault_address,
		.has_fault_address = death->has_fault_address,
	};
	struct touched_request request = {
		.debuginfo = examination->debuginfo,
		.dump = examination->request->dump,
		.arch = examination->request->facts ? examination->request->facts->arch : NULL,
		.crash = &crash,
		.places = places,
	};

	if (!examination->debuginfo || !death->has_fault_address)
		return;
	for (size_t i = first; i < stack->count && request.place_count < PLACES_MOST; i++) {
		const struct stack_frame *frame = &stack->frames[i];
		if (!frame->reliable || (i > first && !frame->is_call))
			break;
		places[request.place_count++] = frame->pc;
	}
	examine_touched(examination, &request, &death->touched);
}

void death_tell(struct examination *examination, const struct stack *stack, struct postmortem_death *death, size_t *first)
{
	bool kind_known = read_stack(&examination->found->arena, stack, &death->kind, first);

	death->known = *first < stack->count;
	if (!death->known)
		return;
	take_registers(examination, &stack->frames[*first].registers, death);
	judge_fault(examination, &stack->frames[*first], kind_known, death);
	find_touched(examination, stack, *first, death);
}
