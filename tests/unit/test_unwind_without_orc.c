/* stacks/unwind of x86-64 where ORC tells nothing: frame pointers, names of entries, calls of just that function, scans. */
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
	assert_false(made_up_is_known(&stack, 1, BP));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_frame_pointers),
		cmocka_unit_test(test_functions_without_frames),
		cmocka_unit_test(test_entry_by_name),
		cmocka_unit_test(test_direct_call),
		cmocka_unit_test(test_scan),
		cmocka_unit_test(test_call_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
