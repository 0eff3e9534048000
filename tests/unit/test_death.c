/* What a CPU died of, by the functions on its stack. */
#include "postmortem/death.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES_MOST = 16 };

/* Functions from the innermost outwards; one with '!' in front saved the registers of what it interrupted. */
static void tell(const char *const *functions, struct postmortem_death *death, size_t *first)
{
	static const struct postmortem_request request = { 0 };
	struct postmortem found = { 0 };
	struct examination examination = { .request = &request, .found = &found };
	struct stack_frame frames[FRAMES_MOST] = { 0 };
	struct stack stack = { .frames = frames };

	for (; functions[stack.count]; stack.count++) {
		struct stack_frame *frame = &frames[stack.count];
		struct text name = text_from(functions[stack.count]);
		frame->entry = text_starts(name, "!");
		frame->symbol.name = text_from_offset(name, frame->entry);
		frame->reliable = true;
	}
	*death = (struct postmortem_death){ 0 };
	death_tell(&examination, &stack, death, first);
	postmortem_free(&found);
}

static void the_kind_is_that_of_what_led_there(void **state)
{
	static const struct {
		const char *functions[FRAMES_MOST];
		enum crash_kind kind;
		size_t first;
	} rows[] = {
		/* kexec takes the registers of an oops: the stack begins where it happened. What it was, the stack does not
		   say. */
		{ { "_raw_spin_lock", "d_delete", "vfs_rmdir" }, CRASH_UNKNOWN_KIND, 0 },
		{ { "delay_tsc", "panic", "oops_end", "page_fault_oops", "exc_page_fault", "!asm_exc_page_fault", "f", "g" },
		  CRASH_PAGE_FAULT,
		  6 },
		{ { "panic", "oops_end", "exc_general_protection", "!asm_exc_general_protection", "f" },
		  CRASH_GENERAL_PROTECTION_FAULT,
		  4 },
		{ { "panic", "oops_end.cold", "do_trap", "exc_invalid_op", "!asm_exc_invalid_op", "f" },
		  CRASH_KERNEL_BUG,
		  5 },
		{ { "panic", "__warn", "report_bug", "exc_invalid_op", "!asm_exc_invalid_op", "f" }, CRASH_WARNING, 5 },
		/* The watchdog interrupts what it reports. */
		{ { "panic", "watchdog_timer_fn", "__hrtimer_run_queues", "!asm_sysvec_apic_timer_interrupt", "fsnotify" },
		  CRASH_SOFT_LOCKUP,
		  1 },
		{ { "__crash_kexec", "panic", "sysrq_handle_crash", "__handle_sysrq", "write_sysrq_trigger" },
		  CRASH_SYSRQ,
		  2 },
		/* Before 5.x it wrote to address 0. */
		{ { "sysrq_handle_crash", "__handle_sysrq" }, CRASH_SYSRQ, 0 },
		{ { "panic", "mount_block_root", "prepare_namespace" }, CRASH_PANIC, 1 },
		{ { "panic", "unknown_nmi_error", "default_do_nmi", "exc_nmi", "!asm_exc_nmi", "f" },
		  CRASH_NMI_RECEIVED,
		  1 },
		/* A fault that was none of the kernel's death: it died before it came to that. */
		{ { "f", "exc_page_fault", "!asm_exc_page_fault", "copy_user", "g" }, CRASH_UNKNOWN_KIND, 0 },
		{ { "panic", "die", "el1_abort", "el1h_64_sync_handler", "!el1h_64_sync", "f" }, CRASH_UNKNOWN_KIND, 5 },
		/* A panic of its own, while a page was brought in. */
		{ { "panic", "ext4_handle_error", "filemap_fault", "exc_page_fault", "!asm_exc_page_fault", "copy_user" },
		  CRASH_PANIC,
		  1 },
		{ { "panic", "watchdog_timer_fn", "!asm_sysvec_apic_timer_interrupt", "spin", "exc_page_fault",
		    "!asm_exc_page_fault", "copy_user" },
		  CRASH_SOFT_LOCKUP,
		  1 },
		{ { "panic", "oops_end", "page_fault_oops", "exc_page_fault", "!asm_exc_page_fault", "notify",
		    "out_of_memory" },
		  CRASH_PAGE_FAULT,
		  5 },
		/* FRED has one entry for all. */
		{ { "panic", "oops_end", "page_fault_oops", "exc_page_fault", "!asm_fred_entrypoint_kernel", "f" },
		  CRASH_PAGE_FAULT,
		  5 },
		{ { "panic", "oops_end", "no_context", "do_page_fault", "!page_fault", "sysrq_handle_crash", "f" },
		  CRASH_SYSRQ,
		  5 },
		{ { "panic", "oops_end", "exc_invalid_op", "!asm_exc_invalid_op", "__list_del_entry_valid_or_report", "f" },
		  CRASH_LIST_CORRUPTION,
		  4 },
		{ { "usercopy_abort", "__check_heap_object" }, CRASH_USERCOPY, 0 },
		{ { "panic", "watchdog_hardlockup_check", "watchdog_overflow_callback", "!asm_exc_nmi", "f" },
		  CRASH_HARD_LOCKUP,
		  1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct postmortem_death death;
		size_t first;
		tell(rows[i].functions, &death, &first);
		if (!death.known || death.kind != rows[i].kind || first != rows[i].first)
			fail_msg("%s ...: %d, kind %d, first %zu", rows[i].functions[0], death.known, (int)death.kind,
				 first);
	}
}

static void a_stack_of_nothing_else_or_of_a_reporter_is_no_death(void **state)
{
	static const char *const rows[][8] = {
		{ NULL },
		{ "__crash_kexec", "panic" },
		{ "panic", "oops_end", "exc_page_fault", "!asm_exc_page_fault" },
		{ "panic", "watchdog", "kthread" },
		{ "panic", "rcu_sched_clock_irq", "!asm_sysvec_apic_timer_interrupt", "default_idle" },
		{ "panic", "watchdog_hardlockup_check", "watchdog_timer_fn", "!asm_sysvec_apic_timer_interrupt", "f" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct postmortem_death death;
		size_t first;
		tell(rows[i], &death, &first);
		if (death.known)
			fail_msg("%zu: known, kind %d", i, (int)death.kind);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kind_is_that_of_what_led_there),
		cmocka_unit_test(a_stack_of_nothing_else_or_of_a_reporter_is_no_death),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
