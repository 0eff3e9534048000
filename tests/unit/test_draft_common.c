/* New signatures: what crashes have in common, and when that is too little. */
#include "test_draft_signature.h"

static void find_common(struct group *group, struct common *common)
{
	struct error error;

	if (!common_find(&group->arena, group->crashes, group->count, common, &error))
		fail_msg("common_find: %s", error.message);
}

/* "kind; instruction pointer; culprit; trace; low-high; module; log": what was found, in a line. */
static void assert_common(struct group *group, const char *expected)
{
	struct common common;
	struct text all = TEXT_NONE;

	find_common(group, &common);
	for (size_t i = 0; i < common.kind_count; i++)
		all = arena_print(&group->arena, "%.*s%s%s", TEXT_ARGS(all), i ? "," : "", crash_kind_name(common.kinds[i]));
	all = arena_print(&group->arena, "%.*s; %.*s; %.*s;", TEXT_ARGS(all), TEXT_ARGS(common.instruction_pointer),
			  TEXT_ARGS(common.culprit));
	for (size_t i = 0; i < common.trace_count; i++)
		all = arena_print(&group->arena, "%.*s %.*s", TEXT_ARGS(all), TEXT_ARGS(common.trace[i]));
	if (common.has_fault_address)
		all = arena_print(&group->arena, "%.*s; %" PRIx64 "-%" PRIx64, TEXT_ARGS(all), common.low, common.high);
	if (common.module.length)
		all = arena_print(&group->arena, "%.*s; %.*s", TEXT_ARGS(all), TEXT_ARGS(common.module));
	if (common.log.length)
		all = arena_print(&group->arena, "%.*s; /%.*s/", TEXT_ARGS(all), TEXT_ARGS(common.log));
	assert_text(all, expected, "common");
}

static void assert_refused(struct group *group, const char *says)
{
	struct common common;
	struct error error = { 0 };

	assert_false(common_find(&group->arena, group->crashes, group->count, &common, &error));
	if (!strstr(error.message, says))
		fail_msg("\"%s\" does not say \"%s\"", error.message, says);
}

static void test_one_crash(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group,
	    NULL_POINTER("88") OOPS RIP("_raw_spin_lock") TRACE FRAME("__mutex_lock.isra.0") FRAME("foo_drop.part.0")
		    GUESS("left_over") FRAME("kmem_cache_free") FRAME("foo_free") FRAME("foo_close") SYSTEM_CALL END,
	    "6.1.0", "#1");
	assert_common(&group, "null-pointer-dereference; _raw_spin_lock; foo_drop; foo_drop foo_free foo_close; 88-88");
	draft(&group);
	end(&group);
}

/* The culprit and at most four callers; from the way in on, none where there are two without. */
static void test_callers_of_one_crash(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group, PAGE_FAULT OOPS RIP("a") TRACE FRAME("b") FRAME("c") FRAME("d") FRAME("e") FRAME("f") FRAME("g") END, "",
	    "");
	assert_common(&group, "page-fault; a; a; b c d e");
	end(&group);
	add(&group, PAGE_FAULT OOPS RIP("memcpy") TRACE FRAME("a") FRAME("b") SYSTEM_CALL END, "", "");
	assert_common(&group, "page-fault; memcpy; a; a b vfs_write");
	end(&group);
	/* Recursion is said once. */
	add(&group, PAGE_FAULT OOPS RIP("a") TRACE FRAME("a") FRAME("a") FRAME("b") FRAME("b") FRAME("c") END, "", "");
	assert_common(&group, "page-fault; a; a; b c");
	draft(&group);
	end(&group);
}

static void test_what_was_interrupted(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group,
	    PAGE_FAULT OOPS RIP("my_timer") "Call Trace:\n <IRQ>\n" FRAME("call_timer_fn") FRAME("__do_softirq")
		    FRAME("asm_sysvec_apic_timer_interrupt") " </IRQ>\n <TASK>\n" FRAME("innocent") FRAME("bystander") END,
	    "", "");
	assert_common(&group, "page-fault; my_timer; my_timer; call_timer_fn");
	end(&group);
	/* A watchdog's own interrupt lies on top of what counts. */
	add(&group,
	    SOFT_LOCKUP RIP("native_queued_spin_lock_slowpath") "Call Trace:\n <IRQ>\n" FRAME("watchdog_timer_fn")
		    FRAME("asm_sysvec_apic_timer_interrupt") " </IRQ>\n <TASK>\n"
							     "RIP: 0010:native_queued_spin_lock_slowpath+0x13/0x30\n" FRAME(
								     "_raw_spin_lock") FRAME("foo_poll") FRAME("foo_work")
								     END,
	    "", "");
	assert_common(&group, "soft-lockup; ; foo_poll; foo_poll foo_work");
	draft(&group);
	end(&group);
}

static void test_several_crashes(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group,
	    NULL_POINTER("88") OOPS RIP("_raw_spin_lock") TRACE FRAME("foo_drop") FRAME("x") FRAME("foo_free") FRAME("y")
		    FRAME("foo_close") SYSTEM_CALL END,
	    "5.10.0-46-cloud-amd64", "#1 SMP Debian 5.10.262-1 (2026-07-31)");
	add(&group,
	    PAGE_FAULT OOPS RIP("_raw_spin_lock") TRACE FRAME("foo_drop") FRAME("foo_free.constprop.0") FRAME("z")
		    FRAME("foo_close") FRAME("__x64_sys_close") END,
	    "6.1.0-56-cloud-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)");
	assert_common(&group, "null-pointer-dereference,page-fault; _raw_spin_lock; foo_drop; foo_drop foo_free foo_close");
	struct text yaml = draft(&group);
	assert_holds(yaml, "\n    kind: [null-pointer-dereference, page-fault]\n    instruction_pointer: _raw_spin_lock\n"
			   "    culprit: foo_drop\n    trace: [foo_drop, foo_free, foo_close]\n");
	assert_holds(yaml, "  - name: null-pointer-dereference or page-fault in foo_drop\n");
	assert_holds(yaml, "\n#   log 0\n#   log 1\n");
	assert_holds(yaml, "\n# affected:\n#   - family: debian\n#     from: 5.10.262-1\n#     through: 6.1.192-2\n");
	end(&group);
}

/* At most six functions of what several share, and the longest sequence of what two do. */
static void test_longest_common_trace(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group,
	    PAGE_FAULT OOPS RIP("a") TRACE FRAME("p") FRAME("b") FRAME("c") FRAME("d") FRAME("e") FRAME("f") FRAME("g")
		    FRAME("h") END,
	    "", "");
	add(&group,
	    PAGE_FAULT OOPS RIP("a") TRACE FRAME("b") FRAME("q") FRAME("c") FRAME("d") FRAME("p") FRAME("e") FRAME("f")
		    FRAME("g") FRAME("h") END,
	    "", "");
	assert_common(&group, "page-fault; a; a; b c d e f g");
	end(&group);
	/* The same function at the instruction pointer is no frame of the trace. */
	add(&group, PAGE_FAULT OOPS RIP("a") TRACE FRAME("b") FRAME("c") END, "", "");
	add(&group, PAGE_FAULT OOPS RIP("b") TRACE FRAME("c") END, "", "");
	assert_common(&group, "page-fault; ; ; c");
	draft(&group);
	end(&group);
}

static void test_fault_address(void **state)
{
	struct group group = { 0 };
	static const char oops[] = OOPS RIP("a") TRACE FRAME("b") FRAME("c") END;
	static const struct {
		const char *one, *other, *expected;
	} cases[] = {
		{ "0000000000000080", "0000000000000088", "; 80-88" },
		{ "0000000000000000", "0000000000000100", "; 0-100" },
		{ "0000000000000000", "0000000000000101", "" },
		{ "000000000000ffff", "000000000000ffff", "; ffff-ffff" },
		{ "0000000000010000", "0000000000010000", "" },
		{ "ffffffffffffffff", "0000000000000000", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *addresses[] = { cases[i].one, cases[i].other };
		for (size_t j = 0; j < 2; j++) {
			struct text log = arena_print(&group.arena, "BUG: kernel NULL pointer dereference, address: %s\n%s",
						      addresses[j], oops);
			add(&group, log.data, "", "");
		}
		assert_common(&group,
			      arena_print(&group.arena, "null-pointer-dereference; a; a; b c%s", cases[i].expected).data);
		draft(&group);
		end(&group);
	}
	/* One without an address: none for all. */
	add(&group, NULL_POINTER("88") OOPS RIP("a") TRACE FRAME("b") FRAME("c") END, "", "");
	add(&group,
	    "general protection fault: 0000 [#1] SMP\nCPU: 0 PID: 1 Comm: x 6.1.0 #1\n" RIP("a") TRACE FRAME("b") FRAME("c")
		    END,
	    "", "");
	assert_common(&group, "null-pointer-dereference,general-protection-fault; a; a; b c");
	end(&group);
}

static void test_module(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group, PAGE_FAULT OOPS "RIP: 0010:a+0x1/0x2 [foo]\n" TRACE FRAME("b") FRAME("c") END, "", "");
	assert_common(&group, "page-fault; a; a; b c; foo");
	add(&group, PAGE_FAULT OOPS "RIP: 0010:a+0x1/0x2 [bar]\n" TRACE FRAME("b") FRAME("c") END, "", "");
	assert_common(&group, "page-fault; a; a; b c");
	end(&group);
	/* The fault is in one module, its culprit in another. */
	add(&group, PAGE_FAULT OOPS "RIP: 0010:memcpy+0x1/0x2 [foo]\n" TRACE " b+0x1/0x2 [bar]\n" FRAME("c") END, "", "");
	assert_common(&group, "page-fault; memcpy; b; b c");
	end(&group);
	/* The fault is in the kernel proper, its culprit in a module. */
	add(&group, PAGE_FAULT OOPS RIP("memcpy") TRACE " b+0x1/0x2 [foo]\n" FRAME("c") FRAME("d") END, "", "");
	assert_common(&group, "page-fault; memcpy; b; b c d");
	end(&group);
}

static void test_too_little(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group, PAGE_FAULT OOPS RIP("memcpy") TRACE FRAME("do_syscall_64") END, "", "");
	assert_refused(&group, "plumbing: that does not tell its bug from others");
	end(&group);
	add(&group, PAGE_FAULT OOPS "RIP: 0010:0x0\nCode: Unable to access opcode bytes at 0xffffffffffffffd6.\n" END, "",
	    "");
	assert_refused(&group, "no function of this crash is known");
	end(&group);
	add(&group, PAGE_FAULT OOPS RIP("a") TRACE FRAME("b") SYSTEM_CALL END, "", "");
	add(&group, PAGE_FAULT OOPS RIP("c") TRACE FRAME("d") SYSTEM_CALL END, "", "");
	assert_refused(&group, "no more than functions that much else passes through");
	end(&group);
	add(&group, PAGE_FAULT OOPS RIP("a") TRACE FRAME("b") END, "", "");
	add(&group, PAGE_FAULT OOPS RIP("c") TRACE FRAME("d") END, "", "");
	assert_refused(&group, "no more than a kind of crash:");
	end(&group);
	add(&group, PAGE_FAULT OOPS RIP("a") TRACE FRAME("b") END, "", "");
	add(&group, SOFT_LOCKUP RIP("c") TRACE FRAME("b") END, "", "");
	assert_refused(&group, "neither the kind nor the culprit in common");
	end(&group);
	add(&group,
	    "sysrq: Trigger a crash\nKernel panic - not syncing: sysrq triggered crash\nCPU: 0 PID: 1 Comm: x 6.1.0 "
	    "#1\n" TRACE FRAME("dump_stack_lvl") FRAME("panic") FRAME("sysrq_handle_crash") FRAME("write_sysrq_trigger") END,
	    "", "");
	assert_refused(&group, "somebody asked");
	end(&group);
}

static void test_headline(void **state)
{
	struct group group = { 0 };

	(void)state;
	add(&group, PANIC("ext4: disk 7 of 0xffff888012345678 (ffffc900deadb008) is gone! it's 100% {over}"), "", "");
	assert_common(&group,
		      "panic; ; ;; /Kernel panic - not syncing: ext4: disk \\d+ of 0x[0-9a-fA-F]+ \\([0-9a-fA-F]+\\) is "
		      "gone! it's \\d+% \\{over\\}/");
	draft(&group);
	add(&group, PANIC("ext4: disk 12 of 0xffff888087654321 (ffffc90000000000) is gone! it's 5% {over}"), "", "");
	struct text yaml = draft(&group);
	assert_holds(yaml, "is gone! it''s \\d+% \\{over\\}/'\n");
	add(&group, PANIC("the sky fell"), "", "");
	assert_refused(&group, "no more than a kind of crash:");
	end(&group);
	/* Not a reason, but the end of another crash's report. */
	add(&group, PANIC("Fatal exception in interrupt"), "", "");
	assert_refused(&group, "no function of this crash is known");
	end(&group);
	/* A function tells more. */
	add(&group, "kernel BUG at fs/foo.c:12!\n" OOPS RIP("a") TRACE FRAME("b") END, "", "");
	assert_common(&group, "kernel-bug; a; a; b");
	end(&group);
	add(&group, "kernel BUG at fs/foo.c:12!\n" OOPS TRACE FRAME("do_syscall_64") END, "", "");
	assert_common(&group, "kernel-bug; ; ;; /kernel BUG at fs\\/foo\\.c:\\d+!/");
	draft(&group);
	end(&group);
	add(&group, "kernel BUG at mm/slub.c:12!\n" OOPS RIP("kfree") TRACE FRAME("do_syscall_64") END, "", "");
	assert_refused(&group, "plumbing");
	end(&group);
}

/* A name that would be another one when the file is read cannot be asked for, nor one that no kernel has. */
static void test_names_that_are_none(void **state)
{
	struct group group = { 0 };
	char longest[600] = "";
	char log[2000];

	(void)state;
	add(&group, PAGE_FAULT OOPS RIP("a_noprof_noprof") TRACE FRAME("b") FRAME("null") FRAME(".c$") FRAME("d") END, "",
	    "");
	assert_common(&group, "page-fault; ; ; b null c$ d");
	assert_holds(draft(&group), "trace: [b, \"null\", c$, d]\n");
	end(&group);
	memset(longest, 'x', 513);
	snprintf(log, sizeof log, PAGE_FAULT OOPS RIP("%s") TRACE FRAME("b") FRAME("c") END, longest);
	add(&group, log, "", "");
	assert_common(&group, "page-fault; ; ; b c");
	end(&group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_crash),
		cmocka_unit_test(test_callers_of_one_crash),
		cmocka_unit_test(test_what_was_interrupted),
		cmocka_unit_test(test_several_crashes),
		cmocka_unit_test(test_longest_common_trace),
		cmocka_unit_test(test_fault_address),
		cmocka_unit_test(test_module),
		cmocka_unit_test(test_too_little),
		cmocka_unit_test(test_headline),
		cmocka_unit_test(test_names_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
