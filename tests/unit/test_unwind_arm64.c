/* stacks/unwind of arm64: frame records, with signed return addresses, through saved registers of every form. */
#include "made_up_stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { PT_REGS_PC = 256, PT_REGS_PSTATE = 264, EL1H = 5 };

static void record(uint64_t at, uint64_t next, uint64_t return_address)
{
	made_up_word(at, next);
	made_up_word(at + 8, return_address);
}

static void saved(uint64_t at, uint64_t pc, uint64_t sp, uint64_t fp, uint64_t lr, uint64_t pstate)
{
	for (unsigned int i = 0; i < 29; i++)
		made_up_word(at + i * 8, 0x100 + i);
	made_up_word(at + 29 * 8, fp);
	made_up_word(at + 30 * 8, lr);
	made_up_word(at + 31 * 8, sp);
	made_up_word(at + PT_REGS_PC, pc);
	made_up_word(at + PT_REGS_PSTATE, pstate);
}

static void stands(uint64_t pc, uint64_t sp, uint64_t fp, uint64_t lr)
{
	made_up_register("pc", pc);
	made_up_register("sp", sp);
	made_up_register("x29", fp);
	made_up_register("x30", lr);
	made_up_register("pstate", EL1H);
}

static void test_chain(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_AARCH64);
	made_up_dump.vmcoreinfo = TEXT("OSRELEASE=6.1.0\nNUMBER(KERNELPACMASK)=0xffff000000000000\n");
	uint64_t a = made_up_function("a"), b = made_up_function("b"), c = made_up_function("ret_from_fork");
	record(STACK_TOP - 0x100, STACK_TOP - 0x80, made_up_call(b, 0x20, a));
	record(STACK_TOP - 0x80, STACK_TOP - 0x10, made_up_call(c, 0x20, b) & ~UINT64_C(0x552a000000000000)); /* signed */
	record(STACK_TOP - 0x10, 0, 0);
	stands(a + 0x40, STACK_TOP - 0x100, STACK_TOP - 0x100, b + 0x20);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*a b ret_from_fork ");
	assert_int_equal(stack.frames[2].pc, c + 0x20);
	assert_string_equal(stack.how.data, "frame pointers");
	assert_int_equal(stack.ends_early.length, 0);
	stack_free(&stack);
}

/* A function that keeps no record is in x30 alone. */
static void test_leaf(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_AARCH64);
	uint64_t leaf = made_up_function("memcpy"), a = made_up_function("a"), b = made_up_function("ret_from_fork");
	record(STACK_TOP - 0x80, STACK_TOP - 0x10, made_up_call(b, 0x20, a));
	record(STACK_TOP - 0x10, 0, 0);
	stands(leaf + 0x40, STACK_TOP - 0x80, STACK_TOP - 0x80, made_up_call(a, 0x30, leaf));
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*memcpy a ret_from_fork ");
	stack_free(&stack);
}

/* An interrupt: the record in struct pt_regs leads on, in its form of before 6.14 and of since. */
static void check_entry(bool with_meta)
{
	struct stack stack;

	made_up_begin(ARCH_AARCH64);
	uint64_t handler = made_up_function("el1h_64_irq_handler"), entry = made_up_function("el1h_64_irq"),
		 victim = made_up_function("victim"), outer = made_up_function("ret_from_fork");
	uint64_t regs = STACK_TOP - 0x400, in_regs = regs + (with_meta ? 296 : 304);
	saved(regs, victim + 0x44, STACK_TOP - 0x80, STACK_TOP - 0x80, 0x1234, EL1H);
	record(IRQ_STACK + 0x3000, in_regs, made_up_call(entry, 0x20, handler));
	record(in_regs, with_meta ? 0 : STACK_TOP - 0x80, with_meta ? 0 : victim + 0x44);
	if (with_meta)
		made_up_word(in_regs + 16, 2);
	record(STACK_TOP - 0x80, STACK_TOP - 0x18, made_up_call(outer, 0x20, victim));
	record(STACK_TOP - 0x18, 0, 0);
	made_up_word(STACK_TOP - 8, 1);
	stands(handler + 0x40, IRQ_STACK + 0x3000, IRQ_STACK + 0x3000, entry + 0x20);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*el1h_64_irq_handler el1h_64_irq *victim ret_from_fork ");
	assert_true(stack.frames[1].entry);
	assert_int_equal(stack.frames[0].context, CRASH_IRQ);
	assert_int_equal(stack.frames[2].context, CRASH_TASK);
	assert_int_equal(stack.frames[2].registers.values[19], 0x100 + 19);
	assert_int_equal(stack.ends_early.length, 0);
	stack_free(&stack);
}

static void test_entry(void **state)
{
	(void)state;
	check_entry(false);
	check_entry(true);
}

/* Since 6.14 the registers of a program that called are marked, too. */
static void test_program(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_AARCH64);
	uint64_t a = made_up_function("invoke_syscall"), b = made_up_function("el0t_64_sync");
	uint64_t regs = STACK_TOP - 336;
	saved(regs, 0x400000, 0x7ffff0000000, 0, 0, 0);
	record(regs - 0x40, regs + 296, made_up_call(b, 0x20, a));
	record(regs + 296, 0, 0);
	made_up_word(regs + 312, 1);
	stands(a + 0x40, regs - 0x40, regs - 0x40, 0);
	made_up_unwind(&stack);
	assert_string_equal(made_up_names(&stack), "*invoke_syscall el0t_64_sync ");
	assert_int_equal(stack.ends_early.length, 0);
	assert_false(stack.in_user);
	stack_free(&stack);
	made_up_begin(ARCH_AARCH64);
	stands(0x400000, 0x7ffff0000000, 0, 0);
	made_up_cpu.registers[4].value = 0;
	made_up_unwind(&stack);
	assert_true(stack.in_user);
	stack_free(&stack);
}

static void test_loop(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_AARCH64);
	uint64_t a = made_up_function("a"), b = made_up_function("b");
	record(STACK_TOP - 0x100, STACK_TOP - 0x80, made_up_call(b, 0x20, a));
	record(STACK_TOP - 0x80, STACK_TOP - 0x100, made_up_call(b, 0x20, a));
	stands(a + 0x40, STACK_TOP - 0x100, STACK_TOP - 0x100, b + 0x20);
	made_up_unwind(&stack);
	assert_true(stack.count <= 4);
	assert_true(stack.ends_early.length > 0);
	stack_free(&stack);
}

static void test_sleeping(void **state)
{
	static int there;
	struct error error = { 0 };
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_AARCH64);
	uint64_t switch_to = made_up_function("__switch_to"), schedule = made_up_function("__schedule");
	for (unsigned int i = 0; i < 10; i++)
		made_up_word(TASK_STRUCT + 0x80 + i * 8, 0x13 + i);
	made_up_word(TASK_STRUCT + 0x80 + 80, STACK_TOP - 0x80);
	made_up_word(TASK_STRUCT + 0x80 + 88, STACK_TOP - 0x80);
	made_up_word(TASK_STRUCT + 0x80 + 96, switch_to + 0x30);
	record(STACK_TOP - 0x80, STACK_TOP - 0x10, made_up_call(schedule, 0x20, switch_to));
	record(STACK_TOP - 0x10, 0, 0);
	struct stack_sources sources = { .dump = &made_up_dump,
					 .facts = &made_up_facts,
					 .symbols = (struct symbols *)&there,
					 .types = (struct types *)&there };
	struct unwinder *unwinder = unwinder_open(&sources, &error);
	assert_non_null(unwinder);
	assert_true(unwind_sleeping(unwinder, TASK_STRUCT, &stack, &error));
	assert_string_equal(made_up_names(&stack), "__switch_to __schedule ");
	assert_int_equal(stack.frames[0].registers.values[28], 0x13 + 9);
	stack_free(&stack);
	unwinder_close(unwinder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chain),   cmocka_unit_test(test_leaf), cmocka_unit_test(test_entry),
		cmocka_unit_test(test_program), cmocka_unit_test(test_loop), cmocka_unit_test(test_sleeping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
