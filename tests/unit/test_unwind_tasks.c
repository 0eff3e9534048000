/* stacks/unwind of x86-64: tasks that sleep, return addresses that tracers took away, and what is refused. */
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

enum { BP = 6 };

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
	assert_int_equal(made_up_known(&stack, 0, BP), 0x55);
	assert_int_equal(made_up_known(&stack, 0, 15), 0x50);
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
		cmocka_unit_test(test_sleeping),
		cmocka_unit_test(test_hooks),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
