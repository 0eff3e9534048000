/* stacks/unwind of x86-64: ORC of every version, exceptions, interrupts, frame pointers, scans, in memory made by hand. */
#include "made_up_stack.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define STACK_TOP (TASK_STACK + STACK_SIZE)
#define KERNEL    0x10
#define USER      0x33

enum { BP = 6, SP = 7, BX = 3, R10 = 10, R12 = 12, PC = 16 };

static uint64_t known(const struct stack *stack, size_t frame, unsigned int number)
{
	const struct stack_registers *registers = &stack->frames[frame].registers;

	assert_true(registers->known >> number & 1);
	return registers->values[number];
}

static bool is_known(const struct stack *stack, size_t frame, unsigned int number)
{
	return stack->frames[frame].registers.known >> number & 1;
}

/* leaf <- middle (has a frame by rbp) <- outer <- entry from a program. */
static void make_call_chain(void)
{
	uint64_t leaf = made_up_function("leaf"), middle = made_up_function("middle"), outer = made_up_function("outer"),
		 entry = made_up_function("entry_SYSCALL_64_after_hwframe");
	uint64_t regs = STACK_TOP - 168;

	made_up_orc(leaf, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(middle, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(middle + 4, ORC_BP, 16, ORC_PREV_SP, -16, ORC_TYPE_CALL);
	made_up_orc(outer, ORC_SP, 32, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(entry, ORC_SP, 0, ORC_UNDEFINED, 0, ORC_TYPE_REGS);
	made_up_orc(entry + FUNCTION_SIZE, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_UNDEFINED);

	made_up_pt_regs(regs, 0x401000, USER, 0x7ffe0000, 0);
	made_up_word(regs - 8, made_up_call(entry, 0x20, outer));
	/* outer's 24 bytes, and of middle: return address, rbp, 40 bytes; of leaf: return address */
	made_up_word(regs - 40, made_up_call(outer, 0x30, middle));
	made_up_word(regs - 48, 0xb0);
	made_up_word(regs - 96, made_up_call(middle, 0x40, leaf));
	made_up_register("rip", leaf + 0x10);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", regs - 96);
	made_up_register("rbp", regs - 48);
	made_up_register("rbx", 0xb3);
}

static void check_call_chain(enum made_up_layout layout)
{
	struct stack stack;

	made_up_begin(ARCH_X86_64);
	make_call_chain();
	made_up_orc_end(layout);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*leaf middle outer entry_SYSCALL_64_after_hwframe ");
	assert_string_equal(stack.how.data, "ORC");
	assert_int_equal(stack.ends_early.length, 0);
	assert_false(stack.in_user);
	assert_int_equal(known(&stack, 1, SP), STACK_TOP - 168 - 88);
	assert_int_equal(known(&stack, 1, BX), 0xb3); /* leaf had saved nothing yet */
	assert_int_equal(known(&stack, 2, SP), STACK_TOP - 168 - 32);
	assert_int_equal(known(&stack, 2, BP), 0xb0);
	assert_false(is_known(&stack, 2, BX)); /* middle may have saved it */
	for (size_t i = 0; i < stack.count; i++) {
		assert_int_equal(stack.frames[i].context, CRASH_TASK);
		assert_false(stack.frames[i].entry);
	}
	stack_free(&stack);
}

static void test_orc(void **state)
{
	(void)state;
	check_call_chain(MADE_UP_4_14);
	check_call_chain(MADE_UP_6_3);
	check_call_chain(MADE_UP_6_4);
	check_call_chain(MADE_UP_7_3);
}

/* Tables that are of no one version are not believed: the scan finds what it finds, and says so. */
static void test_orc_of_two_versions(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	make_call_chain();
	made_up_orc_end(MADE_UP_MIXED);
	made_up_unwind(&stack);
	assert_int_equal(text_find(stack.how, "ORC"), SIZE_MAX);
	stack_free(&stack);
}

/* A task that begins in the kernel ends where ORC says that nothing is above. */
static void check_end(enum made_up_layout layout)
{
	struct stack stack;

	made_up_begin(ARCH_X86_64);
	uint64_t thread = made_up_function("kthread"), fork = made_up_function("ret_from_fork");
	made_up_orc(thread, ORC_SP, 16, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
	made_up_orc_end(layout);
	made_up_word(STACK_TOP - 176, fork + 0x20);
	made_up_register("rip", thread + 0x10);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", STACK_TOP - 184);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*kthread ret_from_fork ");
	assert_int_equal(stack.ends_early.length, 0);
	stack_free(&stack);
}

static void test_end(void **state)
{
	(void)state;
	check_end(MADE_UP_4_14);
	check_end(MADE_UP_6_3);
	check_end(MADE_UP_6_4);
	check_end(MADE_UP_7_3);
}

/* An interrupt on its own stack, in whose handler an NMI came: three stacks, of which each is named. */
static void make_interrupt(uint64_t cs)
{
	uint64_t handler = made_up_function("handle_irq"), sysvec = made_up_function("sysvec_apic_timer_interrupt"),
		 entry = made_up_function("asm_sysvec_apic_timer_interrupt"), nmi = made_up_function("exc_nmi"),
		 nmi_entry = made_up_function("asm_exc_nmi"), victim = made_up_function("victim"),
		 fork = made_up_function("ret_from_fork");
	uint64_t task_regs = STACK_TOP - 0x400, nmi_regs = NMI_STACK + NMI_STACK_SIZE - 168,
		 irq_top = IRQ_STACK + STACK_SIZE;

	made_up_orc(handler, ORC_SP, 24, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(sysvec, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(sysvec + 8, ORC_SP_INDIRECT, 16, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(entry, ORC_SP, 0, ORC_UNDEFINED, 0, ORC_TYPE_REGS);
	made_up_orc(nmi, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(nmi_entry, ORC_SP, 0, ORC_UNDEFINED, 0, ORC_TYPE_REGS);
	made_up_orc(victim, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
	made_up_orc_end(MADE_UP_4_14);

	made_up_pt_regs(task_regs, cs == USER ? 0x401000 : victim + 0x22, cs, cs == USER ? 0x7ffe0000 : STACK_TOP - 0x40,
			0xb0);
	made_up_word(STACK_TOP - 0x40, made_up_call(fork, 0x20, victim));
	/* sysvec: 8 bytes of its own and the return address to the entry; then on the interrupt stack */
	made_up_word(task_regs - 8, made_up_call(entry, 0x20, sysvec));
	made_up_word(irq_top - 8, task_regs - 16);
	made_up_word(irq_top - 16, made_up_call(sysvec, 0x40, handler));
	/* in handle_irq() came the NMI */
	made_up_pt_regs(nmi_regs, handler + 0x33, KERNEL, irq_top - 32, 0);
	made_up_word(nmi_regs - 8, made_up_call(nmi_entry, 0x20, nmi));
	made_up_register("rip", nmi + 0x10);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", nmi_regs - 8);
}

static void test_interrupt(void **state)
{
	static const enum crash_context contexts[] = { CRASH_NMI,  CRASH_NMI,  CRASH_IRQ, CRASH_TASK,
						       CRASH_TASK, CRASH_TASK, CRASH_TASK };
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	make_interrupt(KERNEL);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*exc_nmi asm_exc_nmi *handle_irq sysvec_apic_timer_interrupt "
						   "asm_sysvec_apic_timer_interrupt *victim ret_from_fork ");
	for (size_t i = 0; i < stack.count; i++) {
		/* the frame that switched stacks was still on the interrupt stack when it called */
		enum crash_context expected = i == 3 ? CRASH_IRQ : contexts[i];
		assert_int_equal(stack.frames[i].context, expected);
		assert_int_equal(stack.frames[i].entry, i == 1 || i == 4);
	}
	assert_int_equal(known(&stack, 5, BP), 0xb0);
	assert_int_equal(known(&stack, 5, R12), 12);
	assert_int_equal(stack.ends_early.length, 0);
	assert_false(stack.in_user);
	stack_free(&stack);
}

/* The same where the stacks are not known: they are told apart all the same. */
static void test_interrupt_on_unknown_stacks(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	make_interrupt(KERNEL);
	made_up_task.stack = made_up_task.irq_stack = 0;
	made_up_task.exception_stack_count = 0;
	made_up_unwind(&stack);
	assert_int_equal(stack.count, 7);
	assert_int_equal(stack.frames[0].context, CRASH_NMI);
	assert_int_equal(stack.frames[2].context, CRASH_IRQ);
	assert_int_equal(stack.frames[6].context, CRASH_TASK);
	stack_free(&stack);
}

/* Before 5.12 SP_INDIRECT is where the stack pointer lies, not what is added to it. */
static void test_indirect_before_5_12(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	made_up_facts.release = TEXT("5.10.0-30-amd64");
	uint64_t handler = made_up_function("do_IRQ"), entry = made_up_function("ret_from_intr"),
		 victim = made_up_function("victim"), fork = made_up_function("ret_from_fork");
	uint64_t regs = STACK_TOP - 0x400, irq_top = IRQ_STACK + STACK_SIZE;
	made_up_orc(handler, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(entry, ORC_SP_INDIRECT, 8, ORC_UNDEFINED, 0, ORC_TYPE_REGS);
	made_up_orc(victim, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
	made_up_orc_end(MADE_UP_4_14);
	made_up_pt_regs(regs, victim + 4, KERNEL, STACK_TOP - 0x40, 0);
	made_up_word(STACK_TOP - 0x40, made_up_call(fork, 0x20, victim));
	made_up_word(irq_top - 8, regs);
	made_up_word(irq_top - 16, STACK_TOP - 0x80); /* taken for the stack pointer, it would lead astray */
	made_up_word(irq_top - 24, made_up_call(entry, 0x20, handler));
	made_up_register("rip", handler + 1);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", irq_top - 24);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*do_IRQ ret_from_intr *victim ret_from_fork ");
	stack_free(&stack);
}

/* What interrupted a program is told, and that it was one. */
static void test_interrupted_program(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	make_interrupt(USER);
	made_up_cpu.register_count = 0;
	made_up_register("rip", TEXT_AT + 0x10); /* handle_irq(), without the NMI */
	made_up_register("cs", KERNEL);
	made_up_register("rsp", IRQ_STACK + STACK_SIZE - 32);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack),
			    "*handle_irq sysvec_apic_timer_interrupt asm_sysvec_apic_timer_interrupt ");
	assert_true(stack.in_user);
	stack_free(&stack);
}

static void test_program(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	made_up_register("rip", 0x401000);
	made_up_register("cs", USER);
	made_up_register("rsp", 0x7ffe0000);
	made_up_unwind(&stack);
	assert_true(stack.in_user);
	assert_int_equal(stack.count, 0);
	stack_free(&stack);
}

/* A call through a null pointer, and the page fault that came of it. */
static void test_wild_call(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t handler = made_up_function("exc_page_fault"), entry = made_up_function("asm_exc_page_fault"),
		 caller = made_up_function("caller"), fork = made_up_function("ret_from_fork");
	uint64_t regs = STACK_TOP - 0x400;
	made_up_orc(handler, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(entry, ORC_SP, 0, ORC_UNDEFINED, 0, ORC_TYPE_REGS);
	made_up_orc(caller, ORC_SP, 16, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
	made_up_orc_end(MADE_UP_4_14);
	made_up_pt_regs(regs, 0, KERNEL, STACK_TOP - 0x40, 0);
	made_up_word(STACK_TOP - 0x40, made_up_call(caller, 0x20, 0));
	made_up_word(STACK_TOP - 0x30, made_up_call(fork, 0x20, caller));
	made_up_word(regs - 8, made_up_call(entry, 0x20, handler));
	made_up_register("rip", handler + 1);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", regs - 8);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*exc_page_fault asm_exc_page_fault * caller ret_from_fork ");
	assert_int_equal(stack.frames[2].pc, 0);
	assert_true(stack.frames[3].reliable);
	assert_int_equal(known(&stack, 3, R12), 12); /* nothing ran that could have changed it */
	stack_free(&stack);
}

/* The stack has overflowed: what was interrupted stands in the page before it, which is not there. */
static void test_overflow(void **state)
{
	struct stack stack;

	(void)state;
	for (size_t wrecked = 0; wrecked < 2; wrecked++) {
		made_up_begin(ARCH_X86_64);
		uint64_t handler = made_up_function("exc_double_fault"), entry = made_up_function("asm_exc_double_fault"),
			 deep = made_up_function("deep"), fork = made_up_function("ret_from_fork");
		uint64_t regs = NMI_STACK + NMI_STACK_SIZE - 168;
		made_up_orc(handler, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(entry, ORC_SP, 0, ORC_UNDEFINED, 0, ORC_TYPE_REGS);
		made_up_orc(deep, ORC_SP, 0x200, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
		made_up_orc_end(MADE_UP_6_4);
		made_up_pt_regs(regs, deep + 0x10, KERNEL, wrecked ? UINT64_C(0xffffa5a5a5a5a5a0) : TASK_STACK - 0x100, 0);
		made_up_word(TASK_STACK + 0x100 - 8, made_up_call(fork, 0x20, deep));
		made_up_word(regs - 8, made_up_call(entry, 0x20, handler));
		made_up_register("rip", handler + 1);
		made_up_register("cs", KERNEL);
		made_up_register("rsp", regs - 8);
		made_up_unwind(&stack);
		assert_string_equal(made_up_names(&stack),
				    wrecked ? "*exc_double_fault asm_exc_double_fault *deep "
					    : "*exc_double_fault asm_exc_double_fault *deep ret_from_fork ");
		assert_int_equal(stack.ends_early.length > 0, wrecked);
		stack_free(&stack);
	}
}

/* A helper that a BPF program calls: the program has no name, but it has a frame. */
static void test_generated_code(void **state)
{
	struct stack stack;

	(void)state;
	for (size_t interrupted = 0; interrupted < 2; interrupted++) {
		made_up_begin(ARCH_X86_64);
		uint64_t helper = made_up_function("bpf_helper"), run = made_up_function("run_program"),
			 fork = made_up_function("ret_from_fork");
		uint64_t frame = STACK_TOP - 0x80;
		made_up_orc(helper, ORC_SP, 16, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(run, ORC_SP, 24, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
		made_up_orc_end(MADE_UP_6_4);
		made_up_word(STACK_TOP - 0x100 + 8, made_up_call(GENERATED_AT, 0x40, helper));
		made_up_word(frame, 0x77);
		made_up_word(frame + 8, made_up_call(run, 0x20, 0));
		made_up_word(frame + 16 + 16, made_up_call(fork, 0x20, run));
		made_up_register("rip", interrupted ? GENERATED_AT + 0x50 : helper + 0x10);
		made_up_register("cs", KERNEL);
		made_up_register("rsp", STACK_TOP - 0x100);
		made_up_register("rbp", frame);
		made_up_unwind(&stack);
		assert_string_equal(made_up_names(&stack), interrupted ? "* run_program ret_from_fork "
								       : "*bpf_helper  run_program ret_from_fork ");
		assert_int_equal(stack.ends_early.length, 0);
		assert_string_equal(stack.how.data, "ORC, frame pointers");
		stack_free(&stack);
	}
}

/* A copy of ftrace's code, at the beginning of a page or behind another: ORC of the original holds. */
static void test_trampoline(void **state)
{
	static const unsigned char code[] = { 0x9c, 0x48, 0x81, 0xec, 0xa8, 0,    0,    0,    0x48, 0x89,
					      0x44, 0x24, 0x50, 0x48, 0x89, 0x4c, 0x24, 0x58, 0x48, 0x89 };
	struct stack stack;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		bool regs = i % 2, known = i < 3;
		uint64_t copy = GENERATED_AT + (i / 2 ? 0x480 : 0);
		made_up_begin(ARCH_X86_64);
		uint64_t handler = made_up_function("kprobe_ftrace_handler"), traced = made_up_function("traced"),
			 ftrace = made_up_function(regs ? "ftrace_regs_caller" : "ftrace_caller"),
			 fork = made_up_function("ret_from_fork");
		made_up_orc(handler, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(traced, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(ftrace, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(ftrace + 0x10, ORC_SP, 0xc0, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
		made_up_orc_end(MADE_UP_6_4);
		for (size_t j = 0; j + !regs < sizeof code; j++) {
			made_up_write(ftrace + j, 1, code[j + !regs]);
			made_up_write(copy + j, 1, known ? code[j + !regs] : 0x90);
		}
		made_up_word(STACK_TOP - 0x200, made_up_call(copy, 0x60, handler));
		made_up_word(STACK_TOP - 0x200 + 0xc0, made_up_call(traced, 5, copy));
		made_up_word(STACK_TOP - 0x200 + 0xc8, made_up_call(fork, 0x20, traced));
		made_up_register("rip", handler + 0x10);
		made_up_register("cs", KERNEL);
		made_up_register("rsp", STACK_TOP - 0x200);
		made_up_unwind(&stack);
		assert_string_equal(made_up_names(&stack), known ? "*kprobe_ftrace_handler  traced ret_from_fork "
								 : "*kprobe_ftrace_handler  ?traced ?ret_from_fork ");
		stack_free(&stack);
	}
}

/* The function begins as compilers begin it with -fno-omit-frame-pointer. */
static uint64_t function_with_frame(const char *name)
{
	uint64_t function = made_up_function(name);

	made_up_write(function, 5, UINT64_C(0x0000441f0f)); /* what __fentry__ was patched to */
	made_up_write(function + 5, 4, 0xe5894855);         /* push %rbp; mov %rsp,%rbp */
	return function;
}

/* Without ORC: rbp leads from frame to frame, and by its mark to the registers of an exception. */
static void test_frame_pointers(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t handler = function_with_frame("do_page_fault"), entry = made_up_function("page_fault"),
		 victim = function_with_frame("victim"), caller = function_with_frame("caller"),
		 outer = function_with_frame("outer"), fork = made_up_function("ret_from_fork");
	uint64_t regs = STACK_TOP - 0x400, caller_frame = STACK_TOP - 0x100, outer_frame = STACK_TOP - 0x80;
	made_up_word(regs - 32, regs + 1); /* handle_page_fault's frame: the saved rbp is marked */
	made_up_word(regs - 24, made_up_call(entry, 0x20, handler));
	/* victim was interrupted before its push: its caller lies at its stack pointer */
	made_up_pt_regs(regs, victim, KERNEL, caller_frame - 0x20, caller_frame);
	made_up_word(caller_frame - 0x20, made_up_call(caller, 0x20, victim));
	made_up_word(caller_frame, outer_frame);
	made_up_word(caller_frame + 8, made_up_call(outer, 0x20, caller));
	made_up_word(outer_frame, 0);
	made_up_word(outer_frame + 8, made_up_call(fork, 0x20, 0));
	made_up_register("rip", handler + 0x50);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", regs - 64);
	made_up_register("rbp", regs - 32);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*do_page_fault page_fault *victim caller outer ret_from_fork ");
	assert_string_equal(stack.how.data, "frame pointers");
	assert_true(stack.frames[1].entry);
	stack_free(&stack);
}

/* Assembly keeps no frame; where no function does, rbp may be anything, and leads nowhere. */
static void test_functions_without_frames(void **state)
{
	struct stack stack;

	(void)state;
	for (size_t case_number = 0; case_number < 3; case_number++) {
		bool direct = case_number == 0, frames = case_number < 2;
		made_up_begin(ARCH_X86_64);
		uint64_t copy = made_up_function("memcpy"),
			 caller = frames ? function_with_frame("caller") : made_up_function("caller"),
			 outer = frames ? function_with_frame("outer") : made_up_function("outer"),
			 fork = made_up_function("ret_from_fork");
		uint64_t frame = STACK_TOP - 0x100, outer_frame = STACK_TOP - 0x80;
		made_up_word(frame - 0x20, made_up_call(caller, 0x20, direct ? copy : 0));
		made_up_word(frame, outer_frame);
		made_up_word(frame + 8, made_up_call(outer, 0x20, 0));
		made_up_word(outer_frame, 0);
		made_up_word(outer_frame + 8, made_up_call(fork, 0x20, 0));
		made_up_register("rip", copy + 0x10);
		made_up_register("cs", KERNEL);
		made_up_register("rsp", frame - 0x30);
		made_up_register("rbp", frame);
		made_up_unwind(&stack);
		assert_string_equal(made_up_names(&stack), direct   ? "*memcpy caller outer ret_from_fork "
							   : frames ? "*memcpy outer ret_from_fork "
								    : "*memcpy ?caller ?outer ?ret_from_fork ");
		stack_free(&stack);
	}
}

/* An interrupt entry of before 4.10 has no mark; its name tells that registers lie there, somewhat further on. */
static void test_entry_by_name(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t handler = function_with_frame("do_IRQ"), entry = made_up_function("ret_from_intr"),
		 victim = function_with_frame("victim"), fork = made_up_function("ret_from_fork");
	uint64_t regs = STACK_TOP - 0x400;
	made_up_word(regs - 64, 0);
	made_up_word(regs - 56, made_up_call(entry, 0x20, handler));
	made_up_pt_regs(regs, victim + 0x44, KERNEL, STACK_TOP - 0x60, STACK_TOP - 0x40);
	made_up_word(STACK_TOP - 0x40, 0);
	made_up_word(STACK_TOP - 0x38, made_up_call(fork, 0x20, victim));
	made_up_register("rip", handler + 0x50);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", regs - 0x80);
	made_up_register("rbp", regs - 64);
	made_up_unwind(&stack);
	assert_string_equal(stack.ends_early.data ? stack.ends_early.data : "", "");
	assert_int_equal(text_find(text_from(made_up_names(&stack)), "*do_IRQ ret_from_intr *victim "), 0);
	assert_true(stack.frames[1].entry);
	stack_free(&stack);
}

/* A function that no table knows, but whose caller calls it by name: its return address is no guess. */
static void test_direct_call(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t kexec = made_up_function("__crash_kexec"), panic = made_up_function("panic"),
		 other = made_up_function("other"), fork = made_up_function("ret_from_fork");
	made_up_orc(kexec, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_UNDEFINED);
	made_up_orc(panic, ORC_BP, 16, ORC_PREV_SP, -16, ORC_TYPE_CALL);
	made_up_orc(other, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
	made_up_orc_end(MADE_UP_6_4);
	made_up_word(STACK_TOP - 0x180, made_up_call(other, 0x20, panic)); /* left over, of another call */
	made_up_word(STACK_TOP - 0x100, made_up_call(panic, 0x20, kexec));
	made_up_word(STACK_TOP - 0x40, 0);
	made_up_word(STACK_TOP - 0x38, made_up_call(fork, 0x20, panic));
	made_up_register("rip", kexec + 0x50);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", STACK_TOP - 0x1c0);
	made_up_register("rbp", STACK_TOP - 0x40);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*__crash_kexec panic ret_from_fork ");
	assert_int_equal(stack.ends_early.length, 0);
	assert_false(is_known(&stack, 1, BP));
	assert_string_equal(stack.how.data, "ORC, calls");
	stack_free(&stack);
}

/* Where nothing tells the way, words behind calls are taken, and only these; what follows is unsure. */
static void test_scan(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t lost = made_up_function("lost"), found = made_up_function("found"), next = made_up_function("next"),
		 fork = made_up_function("ret_from_fork");
	made_up_orc(lost, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_UNDEFINED);
	made_up_orc(found, ORC_SP, 24, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(next, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_UNDEFINED);
	made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
	made_up_orc_end(MADE_UP_4_14);
	made_up_word(STACK_TOP - 0x200, found + 0x10);                    /* no call before it */
	made_up_word(STACK_TOP - 0x1f4, made_up_call(found, 0x60, lost)); /* not aligned */
	made_up_word(STACK_TOP - 0x180, made_up_call(found, 0x40, 0));
	made_up_word(STACK_TOP - 0x168, made_up_call(next, 0x20, 0));
	made_up_register("rip", lost + 0x50);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", STACK_TOP - 0x240);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*lost ?found ?next ");
	assert_int_equal(stack.frames[1].pc, found + 0x40);
	assert_int_equal(stack.frames[1].registers.known, 0);
	assert_true(stack.ends_early.length > 0);
	assert_string_equal(stack.how.data, "ORC, scan");
	stack_free(&stack);
}

/* Calls through registers and memory, as compilers write them, and what only looks like one. */
static void test_call_forms(void **state)
{
	static const struct {
		unsigned char bytes[8];
		size_t length;
		bool is_call;
	} forms[] = {
		{ { 0xff, 0xd0 }, 2, true },                               /* call *%rax */
		{ { 0x41, 0xff, 0xd3 }, 3, true },                         /* call *%r11 */
		{ { 0xff, 0x10 }, 2, true },                               /* call *(%rax) */
		{ { 0xff, 0x50, 0x18 }, 3, true },                         /* call *0x18(%rax) */
		{ { 0x41, 0xff, 0x54, 0x24, 0x20 }, 5, true },             /* call *0x20(%r12) */
		{ { 0xff, 0x90, 0x00, 0x01, 0x00, 0x00 }, 6, true },       /* call *0x100(%rax) */
		{ { 0xff, 0x15, 0x00, 0x01, 0x00, 0x00 }, 6, true },       /* call *0x100(%rip) */
		{ { 0xff, 0x14, 0xc5, 0x00, 0x00, 0x00, 0x82 }, 7, true }, /* call *table(,%rax,8) */
		{ { 0xe8, 0x00, 0x01, 0x00, 0x00 }, 5, true },             /* call */
		{ { 0xff, 0xe0 }, 2, false },                              /* jmp *%rax */
		{ { 0xff, 0xd0, 0x90 }, 3, false },                        /* one byte behind a call */
		{ { 0xe9, 0x00, 0x01, 0x00, 0x00 }, 5, false },            /* jmp */
	};

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct stack stack;
		made_up_begin(ARCH_X86_64);
		uint64_t lost = made_up_function("lost"), found = made_up_function("found");
		for (size_t j = 0; j < forms[i].length; j++)
			made_up_write(found + 0x20 - forms[i].length + j, 1, forms[i].bytes[j]);
		made_up_word(STACK_TOP - 0x100, found + 0x20);
		made_up_register("rip", lost + 0x50);
		made_up_register("cs", KERNEL);
		made_up_register("rsp", STACK_TOP - 0x200);
		made_up_unwind(&stack);
		if ((stack.count == 2) != forms[i].is_call)
			fail_msg("form %zu", i);
		stack_free(&stack);
	}
}

static void test_sleeping(void **state)
{
	static int there;
	struct error error = { 0 };
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t schedule = made_up_function("__schedule"), wait = made_up_function("wait"),
		 fork = made_up_function("ret_from_fork");
	made_up_orc(schedule, ORC_SP, 16, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(wait, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(fork, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
	made_up_orc_end(MADE_UP_6_4);
	uint64_t sp = STACK_TOP - 0x200;
	made_up_word(TASK_STRUCT + 0x40, sp);
	for (unsigned int i = 0; i < 6; i++)
		made_up_word(sp + i * 8, 0x50 + i);
	made_up_word(sp + 48, made_up_call(schedule, 0x40, 0));
	made_up_word(sp + 56 + 8, made_up_call(wait, 0x40, schedule));
	made_up_word(sp + 56 + 16, made_up_call(fork, 0x40, wait));
	struct stack_sources sources = { .dump = &made_up_dump,
					 .facts = &made_up_facts,
					 .symbols = (struct symbols *)&there,
					 .types = (struct types *)&there };
	struct unwinder *unwinder = unwinder_open(&sources, &error);
	assert_non_null(unwinder);
	assert_true(unwind_sleeping(unwinder, TASK_STRUCT, &stack, &error));
	assert_string_equal(made_up_names(&stack), "__schedule wait ret_from_fork ");
	assert_int_equal(known(&stack, 0, BP), 0x55);
	assert_int_equal(known(&stack, 0, 15), 0x50);
	stack_free(&stack);
	made_up_word(sp + 48, 0x1234);
	assert_false(unwind_sleeping(unwinder, TASK_STRUCT, &stack, &error));
	assert_false(unwind_sleeping(unwinder, 0x1000, &stack, &error));
	unwinder_close(unwinder);
}

/* The addresses that a kretprobe and the function graph tracer have taken away are put back. */
static void test_hooks(void **state)
{
	static const char *const hooks[] = { "arch_rethook_trampoline", "return_to_handler" };
	struct stack stack;

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		made_up_begin(ARCH_X86_64);
		uint64_t probed = made_up_function("probed"), caller = made_up_function("caller"),
			 hook = made_up_function(hooks[i % 2]), fork = made_up_function("ret_from_fork");
		uint64_t slot = STACK_TOP - 0x100, node = TASK_STRUCT + 0x200;
		bool known = i / 2 == 0, list_loops = i / 2 == 1;
		made_up_orc(probed, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(caller, ORC_SP, 32, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
		made_up_orc(hook, ORC_UNDEFINED, 0, ORC_UNDEFINED, 0, ORC_TYPE_END);
		made_up_orc_end(MADE_UP_6_4);
		made_up_word(slot, hook);
		made_up_word(slot + 32, made_up_call(fork, 0x20, caller));
		uint64_t back = made_up_call(caller, 0x20, probed);
		if (i % 2 == 0) { /* two nodes, the second is this one */
			made_up_word(TASK_STRUCT + 0x100, node + 0x10);
			made_up_word(node + 0x10, list_loops ? node + 0x10 : node + 0x110);
			made_up_word(node + 0x28, slot - 64);
			made_up_word(node + 0x120, back);
			made_up_word(node + 0x128, known ? slot : slot + 8);
		} else {
			made_up_word(TASK_STRUCT + 0x108, node);
			made_up_word(node + 0x28, back);
			made_up_word(node + 0x28 + 0x18, known ? slot : slot + 8);
		}
		made_up_task.task = TASK_STRUCT;
		made_up_register("rip", probed + 0x10);
		made_up_register("cs", KERNEL);
		made_up_register("rsp", slot);
		made_up_unwind(&stack);
		if (known)
			assert_string_equal(made_up_names(&stack), "*probed caller ret_from_fork ");
		else
			assert_string_equal(made_up_names(&stack),
					    i % 2 ? "*probed *return_to_handler ?ret_from_fork "
						  : "*probed *arch_rethook_trampoline ?ret_from_fork ");
		stack_free(&stack);
	}
}

static void test_refused(void **state)
{
	struct error error = { 0 };
	struct stack_sources sources = { .dump = &made_up_dump, .facts = &made_up_facts };
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_S390X);
	assert_null(unwinder_open(&sources, &error));
	assert_non_null(strstr(error.message, "s390x"));
	made_up_begin(ARCH_X86_64);
	struct unwinder *unwinder = unwinder_open(&sources, &error);
	assert_non_null(unwinder);
	made_up_task.registers = SIZE_MAX;
	assert_false(unwind_cpu(unwinder, &made_up_task, &stack, &error));
	made_up_task.registers = 0; /* a note without registers */
	assert_false(unwind_cpu(unwinder, &made_up_task, &stack, &error));
	unwinder_close(unwinder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_orc),
		cmocka_unit_test(test_orc_of_two_versions),
		cmocka_unit_test(test_end),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_interrupt_on_unknown_stacks),
		cmocka_unit_test(test_indirect_before_5_12),
		cmocka_unit_test(test_interrupted_program),
		cmocka_unit_test(test_program),
		cmocka_unit_test(test_wild_call),
		cmocka_unit_test(test_overflow),
		cmocka_unit_test(test_generated_code),
		cmocka_unit_test(test_trampoline),
		cmocka_unit_test(test_frame_pointers),
		cmocka_unit_test(test_functions_without_frames),
		cmocka_unit_test(test_entry_by_name),
		cmocka_unit_test(test_direct_call),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_call_forms),
		cmocka_unit_test(test_sleeping),
		cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
