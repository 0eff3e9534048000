/* stacks/unwind of x86-64 by ORC of every version: calls, exceptions, interrupts, in memory made by hand. */
#include "made_up_stack.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define KERNEL 0x10
#define USER 0x33

enum { BP = 6, SP = 7, BX = 3, R12 = 12 };

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
	assert_int_equal(made_up_known(&stack, 1, SP), STACK_TOP - 168 - 88);
	assert_int_equal(made_up_known(&stack, 1, BX), 0xb3); /* leaf had saved nothing yet */
	assert_int_equal(made_up_known(&stack, 2, SP), STACK_TOP - 168 - 32);
	assert_int_equal(made_up_known(&stack, 2, BP), 0xb0);
	assert_false(made_up_is_known(&stack, 2, BX)); /* middle may have saved it */
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
	assert_int_equal(made_up_known(&stack, 5, BP), 0xb0);
	assert_int_equal(made_up_known(&stack, 5, R12), 12);
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
	assert_int_equal(made_up_known(&stack, 3, R12), 12); /* nothing ran that could have changed it */
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
