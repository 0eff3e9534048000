/* stacks/unwind in memory that lies: it ends, within its bounds, and says that it is not sure. Most is for the sanitizers.
 */
#include "made_up_stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define KERNEL    0x10

static uint64_t seed = 1;

static uint64_t random_number(uint64_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % below;
}

/* A table by which a function's caller is itself, with the stack pointer where it was: no step. */
static void test_no_step(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t a = made_up_function("a"), b = made_up_function("b");
	made_up_orc(a, ORC_SP, 0, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc(b, ORC_SP, -64, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc_end(MADE_UP_4_14);
	for (uint64_t at = STACK_TOP - 0x200; at < STACK_TOP; at += 8)
		made_up_word(at, made_up_call(a, 0x20, a));
	made_up_register("rip", a + 0x10);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", STACK_TOP - 0x100);
	made_up_unwind(&stack);
	/* one step from where it was interrupted may leave the stack pointer; the others are finds of the scan */
	assert_true(stack.count <= 2 + 0x100 / 8);
	assert_true(stack.ends_early.length > 0);
	assert_false(stack.frames[stack.count - 1].reliable);
	stack_free(&stack);
}

/* Saved registers that name each other, on two stacks: each stack is left once. */
static void test_stacks_that_lead_to_each_other(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t entry = made_up_function("asm_exc_page_fault");
	made_up_orc(entry, ORC_SP, 0, ORC_UNDEFINED, 0, ORC_TYPE_REGS);
	made_up_orc_end(MADE_UP_4_14);
	made_up_pt_regs(STACK_TOP - 0x200, entry + 0x20, KERNEL, NMI_STACK + 0x1000, 0);
	made_up_pt_regs(NMI_STACK + 0x1000, entry + 0x20, KERNEL, IRQ_STACK + 0x1000, 0);
	made_up_pt_regs(IRQ_STACK + 0x1000, entry + 0x20, KERNEL, STACK_TOP - 0x200, 0);
	made_up_register("rip", entry + 0x20);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", STACK_TOP - 0x200);
	made_up_unwind(&stack);
	assert_int_equal(stack.count, 3);
	assert_true(stack.ends_early.length > 0);
	stack_free(&stack);
}

static void test_endless_recursion(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t a = made_up_function("a");
	made_up_orc(a, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
	made_up_orc_end(MADE_UP_4_14);
	for (uint64_t at = TASK_STACK; at < STACK_TOP; at += 8)
		made_up_word(at, made_up_call(a, 0x20, a));
	made_up_register("rip", a + 0x10);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", TASK_STACK + 0x100);
	made_up_unwind(&stack);
	assert_int_equal(stack.count, STACK_FRAMES_MOST);
	assert_true(stack.ends_early.length > 0);
	stack_free(&stack);
}

/* A stack pointer at nothing, at the ends of memory, at the ends of the stack. */
static void test_stack_pointers(void **state)
{
	static const uint64_t places[] = { 0,
					   1,
					   8,
					   0x7fffffffffff,
					   UINT64_C(0xffff800000000000),
					   UINT64_MAX,
					   UINT64_MAX - 7,
					   UINT64_MAX - 4095,
					   TASK_STACK,
					   STACK_TOP,
					   STACK_TOP - 8,
					   STACK_TOP + 8,
					   TASK_STACK - 8,
					   TASK_STACK + 3 };

	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		for (size_t known = 0; known < 2; known++) {
			struct stack stack;
			made_up_begin(ARCH_X86_64);
			uint64_t a = made_up_function("a");
			made_up_orc(a, ORC_SP, 8, ORC_UNDEFINED, 0, ORC_TYPE_CALL);
			made_up_orc_end(MADE_UP_6_4);
			if (!known)
				made_up_task = (struct cpu_task){ 0 };
			made_up_register("rip", a + 0x10);
			made_up_register("cs", KERNEL);
			made_up_register("rsp", places[i]);
			made_up_register("rbp", places[i]);
			made_up_unwind(&stack);
			assert_int_equal(stack.count, 1);
			assert_string_equal(made_up_names(&stack), "*a ");
			stack_free(&stack);
		}
}

/* What tasks.c read of a dump may be anything. */
static void test_lies_about_stacks(void **state)
{
	struct stack stack;

	(void)state;
	made_up_begin(ARCH_X86_64);
	uint64_t a = made_up_function("a");
	made_up_orc_end(MADE_UP_6_4);
	made_up_task.stack = UINT64_MAX - 8;
	made_up_task.irq_stack_size = UINT64_MAX;
	made_up_task.exception_stack_count = SIZE_MAX;
	for (size_t i = 0; i < 8; i++) {
		made_up_task.exception_stacks[i].start = TASK_STACK - 0x1000 + i * 0x800;
		made_up_task.exception_stacks[i].size = UINT64_C(1) << (i * 8);
	}
	made_up_register("rip", a + 0x10);
	made_up_register("cs", KERNEL);
	made_up_register("rsp", TASK_STACK + 0x100);
	made_up_unwind(&stack);
	assert_int_equal(stack.count, 1);
	stack_free(&stack);
}

static uint64_t random_word(void)
{
	static const uint64_t bases[] = { TEXT_AT, TASK_STACK, IRQ_STACK, NMI_STACK, ORC_IPS_AT };

	switch (random_number(4)) {
	case 0:
		return random_number(256);
	case 1:
		return seed * UINT64_C(0x9e3779b97f4a7c15);
	default:
		return bases[random_number(5)] + random_number(STACK_SIZE / 8) * (random_number(8) ? 8 : 1);
	}
}

static void fill(uint64_t at, size_t size)
{
	for (size_t i = 0; i + 8 <= size; i += 8)
		made_up_word(at + i, random_word());
	/* some saved registers among it */
	for (size_t i = 0; i < 8; i++)
		made_up_pt_regs(at + random_number(size / 8 - 21) * 8, random_word(), random_number(4) ? KERNEL : 0x33,
				random_word(), random_word());
}

static void random_table(void)
{
	static const enum orc_type types[] = { ORC_TYPE_CALL,         ORC_TYPE_CALL,      ORC_TYPE_CALL, ORC_TYPE_REGS,
					       ORC_TYPE_REGS_PARTIAL, ORC_TYPE_UNDEFINED, ORC_TYPE_END };

	for (uint64_t at = TEXT_AT; at < TEXT_AT + 64 * FUNCTION_SIZE; at += 1 + random_number(64))
		if (at % 3)
			made_up_orc(at, (enum orc_register)random_number(16), (int)random_number(256) - 64,
				    (enum orc_register)random_number(16), (int)random_number(256) - 128,
				    types[random_number(sizeof types / sizeof *types)]);
}

static void test_random(void **state)
{
	static const char *const names[] = { "a", "asm_exc_nmi", "page_fault", "ret_from_intr", "b", "common_interrupt" };
	size_t frames = 0, reliable = 0;

	(void)state;
	for (unsigned int round = 0; round < 300; round++) {
		struct stack stack;
		seed = round + 1;
		made_up_begin(round % 3 == 2 ? ARCH_AARCH64 : ARCH_X86_64);
		for (size_t i = 0; i < 64; i++)
			made_up_function(names[random_number(sizeof names / sizeof *names)]);
		fill(TASK_STACK, STACK_SIZE);
		fill(IRQ_STACK, STACK_SIZE);
		fill(NMI_STACK, NMI_STACK_SIZE);
		for (uint64_t at = TEXT_AT; at < TEXT_AT + TEXT_SIZE; at += 8)
			made_up_word(at, round % 3 == 2 ? 0x9400000094000000 : 0xe8000000); /* a call before each */
		if (round % 3 != 1) {
			random_table();
			made_up_orc_end((enum made_up_layout)random_number(5));
		}
		bool arm = made_up_dump.arch == ARCH_AARCH64;
		made_up_register(arm ? "pc" : "rip", TEXT_AT + random_number(TEXT_SIZE));
		made_up_register(arm ? "sp" : "rsp", TASK_STACK + random_number(STACK_SIZE / 8) * 8);
		made_up_register(arm ? "x29" : "rbp", TASK_STACK + random_number(STACK_SIZE / 8) * 8);
		made_up_register(arm ? "x30" : "r10", random_word());
		made_up_register(arm ? "pstate" : "cs", arm ? 5 : KERNEL);
		made_up_unwind(&stack);
		assert_true(stack.count >= 1 && stack.count <= STACK_FRAMES_MOST);
		for (size_t i = 0; i < stack.count; i++) {
			frames++;
			reliable += stack.frames[i].reliable;
			assert_true(stack.frames[i].reliable || !stack.frames[i].registers.known);
		}
		stack_free(&stack);
	}
	assert_true(frames > 3000); /* it went somewhere */
	assert_true(reliable < frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_step),           cmocka_unit_test(test_stacks_that_lead_to_each_other),
		cmocka_unit_test(test_endless_recursion), cmocka_unit_test(test_stack_pointers),
		cmocka_unit_test(test_lies_about_stacks), cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
