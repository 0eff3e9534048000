/*
 * Where an x86-64 kernel is entered: struct pt_regs on the stack (arch/x86/include/asm/ptrace.h), and for kernels without
 * ORC, whose entry code in assembly no table describes, the names of that code.
 */
#include "stacks/unwind_parts.h"
#include "vmcore/bytes.h"

/*
 * struct pt_regs, in words: r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss. The last five are
 * what the CPU pushes. DWARF numbers of the rest; -1 is orig_ax. (For system calls and FRED the same.)
 */
static const signed char saved_numbers[] = { 15, 14, 13, 12, 6, 3, 11, 10, 9, 8, 0, 2, 1, 4, 5, -1 };

enum { SAVED = sizeof saved_numbers, FRAME_WORDS = 5, PT_REGS_SIZE = (SAVED + FRAME_WORDS) * 8 };

/* Selectors (arch/x86/include/asm/segment.h): kernel, program of 64 and of 32 bits; the same under Xen (PV). */
static bool is_kernel_code(uint16_t cs)
{
	return cs == 0x10 || cs == 0xe030;
}

static bool is_user_code(uint16_t cs)
{
	return cs == 0x33 || cs == 0x23 || cs == 0xe033 || cs == 0xe02b;
}

/* Bit 1 is always set, 3, 5, 15 and those above 21 never. */
static bool is_flags(uint64_t flags)
{
	return (flags & 2) && !(flags & ~UINT64_C(0x3f7fd7));
}

static bool is_kernel_address(uint64_t address)
{
	return address >= UINT64_C(0xff00000000000000); /* with five levels of page tables */
}

/* ip cs flags sp ss. Only the lower halves of selectors count: FRED keeps more in the same words. */
static enum step read_frame(const unsigned char *words, struct stack_registers *registers)
{
	uint64_t ip = bytes_get(words, 8, false), flags = bytes_get(words + 16, 8, false),
		 sp = bytes_get(words + 24, 8, false);
	uint16_t cs = (uint16_t)bytes_get(words + 8, 2, false), ss = (uint16_t)bytes_get(words + 32, 2, false);

	if (!is_flags(flags))
		return STEP_UNKNOWN;
	if (is_user_code(cs))
		return (ss & 3) == 3 && !is_kernel_address(ip) ? STEP_USER : STEP_UNKNOWN;
	if (!is_kernel_code(cs) || (ss & 3 && ss != 0xe02b) || !is_kernel_address(sp))
		return STEP_UNKNOWN;
	register_set(registers, X86_RIP, ip);
	register_set(registers, X86_RSP, sp);
	return STEP_SAVED;
}

enum step x86_saved_frame(struct unwinder *unwinder, uint64_t address, struct stack_registers *registers)
{
	unsigned char words[FRAME_WORDS * 8];

	*registers = (struct stack_registers){ 0 };
	return unwind_read(unwinder, address, words, sizeof words) ? read_frame(words, registers) : STEP_UNKNOWN;
}

enum step x86_saved_registers(struct unwinder *unwinder, uint64_t address, struct stack_registers *registers)
{
	unsigned char words[PT_REGS_SIZE];

	*registers = (struct stack_registers){ 0 };
	if (!unwind_read(unwinder, address, words, sizeof words))
		return STEP_UNKNOWN;
	enum step step = read_frame(words + SAVED * 8, registers);
	for (size_t i = 0; step == STEP_SAVED && i < SAVED; i++)
		if (saved_numbers[i] >= 0)
			register_set(registers, (unsigned int)saved_numbers[i], bytes_get(words + i * 8, 8, false));
	return step;
}

/* What an entry is for. */
enum entry { ENTRY_NONE, ENTRY_INTERRUPT, ENTRY_EXCEPTION, ENTRY_CALL, ENTRY_FIRST };

/* Beginnings of names: of arch/x86/entry/entry_64.S and head_64.S, in kernels from 2.6.32 on. The longer ones first. */
static const struct entry_name {
	const char *name;
	enum entry entry;
	bool whole; /* the name is no longer */
} entry_names[] = {
	/* since 5.8: asm_exc_page_fault, asm_sysvec_apic_timer_interrupt, asm_common_interrupt */
	{ "asm_exc_nmi", ENTRY_INTERRUPT, true },
	{ "asm_exc_", ENTRY_EXCEPTION, false },
	{ "asm_sysvec_", ENTRY_INTERRUPT, false },
	{ "asm_common_interrupt", ENTRY_INTERRUPT, true },
	{ "asm_spurious_interrupt", ENTRY_INTERRUPT, true },
	{ "asm_load_gs_index", ENTRY_NONE, true },
	{ "asm_fred_entrypoint_", ENTRY_EXCEPTION, false },
	/* before */
	{ "end_repeat_nmi", ENTRY_INTERRUPT, true },
	{ "repeat_nmi", ENTRY_INTERRUPT, true },
	{ "first_nmi", ENTRY_INTERRUPT, true },
	{ "nmi", ENTRY_INTERRUPT, true },
	{ "common_interrupt", ENTRY_INTERRUPT, true },
	{ "ret_from_intr", ENTRY_INTERRUPT, true },
	{ "apic_timer_interrupt", ENTRY_INTERRUPT, true },
	{ "reschedule_interrupt", ENTRY_INTERRUPT, true },
	{ "reboot_interrupt", ENTRY_INTERRUPT, true },
	{ "call_function_interrupt", ENTRY_INTERRUPT, true },
	{ "call_function_single_interrupt", ENTRY_INTERRUPT, true },
	{ "irq_work_interrupt", ENTRY_INTERRUPT, true },
	{ "thermal_interrupt", ENTRY_INTERRUPT, true },
	{ "threshold_interrupt", ENTRY_INTERRUPT, true },
	{ "deferred_error_interrupt", ENTRY_INTERRUPT, true },
	{ "error_interrupt", ENTRY_INTERRUPT, true },
	{ "spurious_interrupt", ENTRY_INTERRUPT, true },
	{ "x86_platform_ipi", ENTRY_INTERRUPT, true },
	{ "kvm_posted_intr_", ENTRY_INTERRUPT, false },
	{ "invalidate_interrupt", ENTRY_INTERRUPT, false },
	{ "xen_hvm_callback_vector", ENTRY_INTERRUPT, true },
	{ "xen_do_hypervisor_callback", ENTRY_INTERRUPT, true },
	{ "hyperv_callback_vector", ENTRY_INTERRUPT, true },
	{ "hyperv_reenlightenment_vector", ENTRY_INTERRUPT, true },
	{ "hv_stimer0_callback_vector", ENTRY_INTERRUPT, true },
	{ "acrn_hv_callback_vector", ENTRY_INTERRUPT, true },
	{ "page_fault", ENTRY_EXCEPTION, true },
	{ "async_page_fault", ENTRY_EXCEPTION, true },
	{ "general_protection", ENTRY_EXCEPTION, true },
	{ "double_fault", ENTRY_EXCEPTION, true },
	{ "invalid_op", ENTRY_EXCEPTION, true },
	{ "divide_error", ENTRY_EXCEPTION, true },
	{ "stack_segment", ENTRY_EXCEPTION, true },
	{ "debug", ENTRY_EXCEPTION, true },
	{ "int3", ENTRY_EXCEPTION, true },
	{ "overflow", ENTRY_EXCEPTION, true },
	{ "bounds", ENTRY_EXCEPTION, true },
	{ "device_not_available", ENTRY_EXCEPTION, true },
	{ "invalid_TSS", ENTRY_EXCEPTION, true },
	{ "segment_not_present", ENTRY_EXCEPTION, true },
	{ "coprocessor_error", ENTRY_EXCEPTION, true },
	{ "simd_coprocessor_error", ENTRY_EXCEPTION, true },
	{ "alignment_check", ENTRY_EXCEPTION, true },
	{ "machine_check", ENTRY_EXCEPTION, true },
	{ "error_exit", ENTRY_EXCEPTION, true },
	{ "paranoid_exit", ENTRY_EXCEPTION, true },
	{ "retint_", ENTRY_INTERRUPT, false },
	{ "entry_SYSCALL_", ENTRY_CALL, false },
	{ "entry_SYSENTER_", ENTRY_CALL, false },
	{ "entry_INT80_", ENTRY_CALL, false },
	{ "system_call", ENTRY_CALL, false },
	{ "sysenter_", ENTRY_CALL, false },
	{ "sysret_", ENTRY_CALL, false },
	{ "tracesys", ENTRY_CALL, false },
	{ "ia32_sys", ENTRY_CALL, false },
	{ "cstar_", ENTRY_CALL, false },
	{ "int_ret_from_sys_call", ENTRY_CALL, false },
	{ "stub_", ENTRY_CALL, false },
	{ "ret_from_fork", ENTRY_FIRST, false }, /* and ret_from_fork_asm, of 6.5 */
	{ "kernel_thread_helper", ENTRY_FIRST, true },
	{ "child_rip", ENTRY_FIRST, true },
	{ "secondary_startup_64", ENTRY_FIRST, false },
	{ "start_cpu0", ENTRY_FIRST, false },
	{ "start_cpu", ENTRY_FIRST, true },
	{ "cpu_bringup_and_idle", ENTRY_FIRST, true },
	{ "x86_64_start_kernel", ENTRY_FIRST, true },
	{ "x86_64_start_reservations", ENTRY_FIRST, true },
};

static enum entry entry_of(struct text function)
{
	for (size_t i = 0; i < sizeof entry_names / sizeof *entry_names; i++) {
		const struct entry_name *name = &entry_names[i];
		if (name->whole ? text_is(function, name->name) : text_starts(function, name->name))
			return name->entry;
	}
	return ENTRY_NONE;
}

bool x86_is_interrupt(struct text function)
{
	return entry_of(function) == ENTRY_INTERRUPT;
}

/*
 * The registers are at the stack pointer where a handler is called with a pointer to them, as all exceptions do. Interrupts
 * before 5.8 have something between, and before 4.1 save less: then only what the CPU pushed is to be trusted.
 */
enum step step_entry_x86(const struct walk *walk, struct stack_registers *caller)
{
	enum { WORDS_MOST = 64 };
	enum entry entry = entry_of(walk->symbol.name);
	uint64_t sp = walk->registers.values[X86_RSP];

	*caller = (struct stack_registers){ 0 };
	if (entry == ENTRY_NONE || !register_known(&walk->registers, X86_RSP))
		return STEP_UNKNOWN;
	if (register_known(&walk->registers, X86_RBP) && walk->registers.values[X86_RBP] & 1)
		return STEP_UNKNOWN; /* the frame pointer tells where they are */
	enum step step = entry == ENTRY_FIRST ? STEP_END : x86_saved_registers(walk->unwinder, sp, caller);
	for (size_t i = 0; step == STEP_UNKNOWN && i < WORDS_MOST; i++)
		step = x86_saved_frame(walk->unwinder, sp + i * 8, caller);
	return step;
}
