/* crash/: canonical names of functions, which of them are plumbing for which kind, and the title of each kind. */
#include "crash/canonical.h"
#include "crash/culprit.h"
#include "crash/kind.h"
#include "crash/plumbing.h"
#include "crash/plumbing_lists.h"

#include "test_crash.h"

static void test_canonical_names(void **state)
{
	static const char *const names[][2] = {
		{ "foo", "foo" }, { "", "" }, { "foo.isra.0", "foo" }, { "foo.constprop.0.isra.3", "foo" }, { "foo.part.12.cold", "foo" },
		{ "foo.cold", "foo" }, { "foo.cold.5", "foo" }, { "foo.llvm.123456789", "foo" }, { "foo.isra.0.cold.1", "foo" },
		{ "foo.isra.0.part.1", "foo" }, { "foo.cfi_jt", "foo" }, { "foo.cfi", "foo" }, { "foo.__uniq.1234", "foo" },
		{ "foo$707af9a22804d33c81801f27dcfe489b", "foo" }, { "foo$707", "foo$707" }, { "__pfx_foo", "foo" }, { "__pfx_", "__pfx_" },
		{ "__cfi_foo.llvm.12", "foo" }, { "__cfi_check_fail", "__cfi_check_fail" }, { "__cfi_check_it", "check_it" }, { "__pfx___x64_sys_write", "sys_write" }, { ".foo", "foo" }, { ".", "." },
		{ "__x64_sys_write", "sys_write" }, { "__se_sys_write", "sys_write" }, { "__do_sys_write", "sys_write" }, { "SyS_write", "sys_write" },
		{ "SYSC_write", "sys_write" }, { "sys_write", "sys_write" }, { "__ia32_sys_write", "sys_write" }, { "__arm64_sys_write", "sys_write" },
		{ "__riscv_sys_write", "sys_write" }, { "__s390x_sys_write", "sys_write" }, { "__powerpc_sys_write", "sys_write" },
		{ "__do_sys_clone.isra.0", "sys_clone" }, { "__x64_sys_write.cold", "sys_write" }, { "ksys_write", "ksys_write" },
		{ "__ia32_compat_sys_ioctl", "compat_sys_ioctl" }, { "__se_compat_sys_ioctl", "compat_sys_ioctl" },
		{ "compat_SyS_ioctl", "compat_sys_ioctl" }, { "C_SYSC_ioctl", "compat_sys_ioctl" }, { "compat_sys_ioctl", "compat_sys_ioctl" },
		{ "__sys_socket", "__sys_socket" }, { "do_sys_open", "do_sys_open" }, { "kmalloc_noprof", "kmalloc" }, { "_noprof", "_noprof" },
		{ "bpf_prog_6deef7357e7b4530_sd_fw_egress", "bpf_prog_sd_fw_egress" }, { "bpf_prog_6deef7357e7b4530", "bpf_prog" },
		{ "bpf_prog_load", "bpf_prog_load" }, { "bpf_prog_6deef7357e7b4530x", "bpf_prog_6deef7357e7b4530x" },
		/* Rust: the crate's hash and what refers back by its length are gone. */
		{ "_RNvMs_NtCs4fqI2P2rA04_11rust_binder7processNtB4_7Process3run", "rust_binder::process::Process::run" },
		{ "_RNvMs_NtCsaBc_11rust_binder7processNtBx_7Process3run", "rust_binder::process::Process::run" },
		{ "_RNvXs_NtCs1h_4core", "core" }, { "_RNvNtCs1h_6kernel5print4call.llvm.12", "kernel::print::call" },
		{ "_RINvNtCs1h_4core3ptr13drop_in_placeKj8_hE", "core::ptr::drop_in_place" }, { "_RNCNvCs1h_3foo3bar0", "foo::bar" },
		{ "_RNvCs1h_99foo", "_RNvCs1h_99foo" }, { "_RNvCs1h", "_RNvCs1h" }, { "_RNv", "_RNv" }, { "_Reg", "_Reg" }, { "_RN", "_RN" },
		{ "_RNvC18446744073709551616foo", "_RNvC18446744073709551616foo" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct text canonical = crash_canonical_name(&arena, text_from(names[i][0]));
		assert_text(canonical, names[i][1], names[i][0]);
		assert_text(crash_canonical_name(&arena, canonical), names[i][1], "the same once more");
	}
	arena_free(&arena);
}

/* A name that is not canonical is never asked for. */
static void test_plumbing_is_canonical(void **state)
{
	static const struct plumbing_list *const lists[] = { plumbing_helpers, plumbing_report, plumbing_entry, plumbing_waiting };
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const struct plumbing_list *list = lists[i]; list->names; list++)
			for (const char *const *name = list->names; *name; name++)
				assert_text(crash_canonical_name(&arena, text_first(text_from(*name), text_find_char(text_from(*name), '*'))),
				            text_ends(text_from(*name), "*") ? arena_print(&arena, "%.*s", (int)strlen(*name) - 1, *name).data : *name, *name);
	arena_free(&arena);
}

/* The bugs themselves: none of these may ever be passed over. */
static void test_never_plumbing(void **state)
{
	static const char *const never[] = {
		"d_delete", "fsnotify", "upload_firmware", "downgrade_it", "string_get_size", "numbers", "sorted", "vfs_write", "ext4_mutex", "", "u",
		"panic_timeout_store", "schedulers", "diesel", "__update_load_avg_se", "__upload", "__downgrade", "get_user_pages", "__get_user_pages",
		"put_user_page", "copy_page_range", "clear_page_dirty_for_io", "atomic_open", "bitmap_ip_add", "bitmap_port_test", "debugfs_create_file",
		"print_foo", "watchdog_ioctl", "watchdog_ping", "syscall_regfunc", "ftrace_bug", "kprobe_register", "rb_insert_pages", "rb_allocate_cpu_buffer",
		"sysenter_foo", "el1000", "nmi_uaccess_okay", "do_badblocks", "die_hard", "debug_foo", "handle_overflowing", "check_stack_usage", "vfree2",
		"vectors_init", "el2_irq", "arm64_entry", "tramp_foo",
	};

	(void)state;
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		for (int kind = 0; kind < CRASH_KIND_COUNT; kind++)
			if (is_plumbing(text_from(never[i]), (enum crash_kind)kind))
				fail_msg("%s is no plumbing of %s", never[i], crash_kind_name((enum crash_kind)kind));
}

static void test_always_plumbing(void **state)
{
	static const char *const always[] = {
		"_raw_spin_lock", "_raw_spin_lock_irqsave", "kmem_cache_alloc", "kfree", "memcpy", "memcpy_erms", "mutex_lock", "down_write", "up",
		"refcount_warn_saturate", "kref_put", "__list_del_entry_valid", "__list_add_valid_or_report", "do_syscall_64", "asm_exc_page_fault",
		"dump_stack_lvl", "panic", "native_queued_spin_lock_slowpath", "kthread", "ret_from_fork", "ret_from_fork_asm",
		"entry_SYSCALL_64_after_hwframe", "system_call_fastpath", "kasan_report", "kasan_check_range", "__asan_load8", "__ubsan_handle_shift_out_of_bounds",
		"usercopy_abort", "__check_object_size", "_copy_from_user", "fortify_panic", "__fortify_report", "__stack_chk_fail", "warn_slowpath_fmt",
		"___might_sleep", "__might_resched", "__schedule_bug", "kmsan_report", "__msan_warning", "kcsan_report_known_origin", "__tsan_read8",
		/* arm64 */
		"el1_sync", "el1h_64_sync_handler", "el0t_64_sync", "el0_svc", "el0_svc_common", "invoke_syscall", "do_el0_svc", "do_mem_abort",
		"vectors", "tramp_vectors", "__bp_harden_el1_vectors", "el1_irq", "el1h_64_irq", "el1h_64_fiq_handler", "el0_undef", "el1_dbg",
		"el1_sp_pc", "el0t_32_irq", "tramp_exit_native", "enter_from_kernel_mode", "arm64_exit_nmi", "finish_ret_to_user",
		"do_translation_fault", "die_kernel_fault", "__do_kernel_fault", "bug_handler", "brk_handler", "do_debug_exception", "dump_backtrace",
		/* arm */
		"__dabt_svc", "do_DataAbort", "__und_svc", "ret_fast_syscall", "die", "vector_swi", "unwind_backtrace",
		/* powerpc */
		"system_call_exception", "system_call_common", "system_call_vectored_common", "data_access_common_virt", "interrupt_return_srr_user",
		"ret_from_kernel_thread", "program_check_common_virt", "bad_page_fault",
		/* s390 */
		"__do_syscall", "system_call", "pgm_check_handler", "__do_pgm_check", "do_dat_exception", "kernel_thread_starter", "io_int_handler",
		"ext_int_handler",
		/* riscv */
		"ret_from_exception", "do_trap_ecall_u", "handle_exception", "do_page_fault", "do_trap_error",
		/* loongarch */
		"do_syscall", "handle_syscall", "do_ale", "do_ade",
	};

	(void)state;
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		for (int kind = 0; kind < CRASH_KIND_COUNT; kind++)
			if (!is_plumbing(text_from(always[i]), (enum crash_kind)kind))
				fail_msg("%s is plumbing of %s", always[i], crash_kind_name((enum crash_kind)kind));
}

#define OF(kind) CRASH_KIND_BIT(CRASH_##kind)
#define BUSY (OF(SOFT_LOCKUP) | OF(HARD_LOCKUP) | OF(RCU_STALL) | OF(HANG))
#define ASLEEP (OF(HUNG_TASK) | OF(SLEEPING_IN_ATOMIC) | OF(WORKQUEUE_LOCKUP))
#define MEMORY (OF(KASAN) | OF(KFENCE) | OF(KMSAN) | OF(KCSAN))

/* Where it is plumbing, and that it is none elsewhere: of these a page fault is the bug's own. */
static void test_plumbing_of_some_kinds(void **state)
{
	static const struct {
		const char *function;
		crash_kinds kinds;
	} rows[] = {
		{ "smp_call_function_many_cond", BUSY | ASLEEP },
		{ "csd_lock_wait", BUSY | ASLEEP },
		{ "on_each_cpu_cond_mask", BUSY | ASLEEP },
		{ "flush_tlb_mm_range", BUSY | ASLEEP },
		{ "schedule", BUSY | ASLEEP | OF(STACK_CORRUPTION) },
		{ "io_schedule", BUSY | ASLEEP | OF(STACK_CORRUPTION) },
		{ "folio_wait_bit_common", BUSY | ASLEEP | OF(STACK_CORRUPTION) },
		{ "bit_wait_io", BUSY | ASLEEP | OF(STACK_CORRUPTION) },
		{ "jbd2_log_wait_commit", 0 },
		{ "wait_current_trans", 0 },
		{ "tick_sched_timer", BUSY },
		{ "__delay", BUSY },
		{ "print_report", MEMORY },
		{ "check_access", MEMORY },
		{ "handle_overflow", OF(UBSAN) },
		{ "ubsan_epilogue", OF(UBSAN) },
		{ "print_circular_bug", OF(LOCKDEP) },
		{ "check_noncircular", OF(LOCKDEP) },
		{ "lockdep_rcu_suspicious", OF(LOCKDEP) },
		{ "add_wait_queue", BUSY | ASLEEP | MEMORY | OF(LIST_CORRUPTION) | OF(SPINLOCK) },
		{ "check_object", OF(SLAB_CORRUPTION) | OF(KASAN) | OF(KFENCE) },
		{ "print_trailer", OF(SLAB_CORRUPTION) | OF(KASAN) | OF(KFENCE) },
		{ "bad_page", OF(BAD_PAGE) },
		{ "check_new_page", OF(BAD_PAGE) },
		{ "spin_dump", OF(SPINLOCK) },
		{ "mount_block_root", OF(PANIC) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int kind = 0; kind < CRASH_KIND_COUNT; kind++)
			if (is_plumbing(text_from(rows[i].function), (enum crash_kind)kind) != crash_kinds_hold(rows[i].kinds, (enum crash_kind)kind))
				fail_msg("%s and %s", rows[i].function, crash_kind_name((enum crash_kind)kind));
}

static void test_ways_in(void **state)
{
	(void)state;
	assert_true(is_way_in(TEXT("vfs_write")) && is_way_in(TEXT("sys_write")) && is_way_in(TEXT("net_rx_action")));
	assert_false(is_way_in(TEXT("ext4_write")) || is_way_in(TEXT("")) || is_way_in(TEXT("vfs_w")));
	assert_true(is_tick_entry(TEXT("asm_sysvec_apic_timer_interrupt")) && is_tick_entry(TEXT("el1_irq")) && is_tick_entry(TEXT("gic_handle_irq")));
	assert_false(is_tick_entry(TEXT("el1_irqs")) || is_tick_entry(TEXT("")));
}

/* One row a kind, and more where the subkind, the access or the panic's reason are in the title. Its function is foo_write. */
static const struct title_row {
	enum crash_kind kind;
	const char *title;
	const char *subkind, *panic, *headline;
	enum crash_access_type access;
} titles[] = {
	{ .kind = CRASH_UNKNOWN_KIND, .title = "crash in foo_write" },
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE, .title = "BUG: unable to handle kernel NULL pointer dereference in foo_write" },
	{ .kind = CRASH_PAGE_FAULT, .title = "BUG: unable to handle kernel paging request in foo_write", .access = CRASH_WRITE },
	{ .kind = CRASH_GENERAL_PROTECTION_FAULT, .title = "general protection fault in foo_write" },
	{ .kind = CRASH_STACK_SEGMENT, .title = "stack segment in foo_write" },
	{ .kind = CRASH_DIVIDE_ERROR, .title = "divide error in foo_write" },
	{ .kind = CRASH_BOUNDS, .title = "bounds in foo_write" },
	{ .kind = CRASH_INVALID_OPCODE, .title = "invalid opcode in foo_write" },
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .title = "undefined instruction in foo_write" },
	{ .kind = CRASH_ALIGNMENT_FAULT, .title = "alignment fault in foo_write" },
	{ .kind = CRASH_EXTERNAL_ABORT, .title = "external abort in foo_write" },
	{ .kind = CRASH_CONTROL_PROTECTION, .title = "control protection in foo_write" },
	{ .kind = CRASH_DOUBLE_FAULT, .title = "PANIC: double fault in foo_write" },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .title = "unexpected exception in foo_write" },
	{ .kind = CRASH_STACK_OVERFLOW, .title = "kernel stack overflow in foo_write" },
	{ .kind = CRASH_STACK_CORRUPTION, .title = "kernel stack corruption in foo_write" },
	{ .kind = CRASH_KERNEL_BUG, .title = "kernel BUG in foo_write" },
	{ .kind = CRASH_LIST_CORRUPTION, .title = "BUG: corrupted list in foo_write" },
	{ .kind = CRASH_USERCOPY, .title = "BUG: bad usercopy in foo_write" },
	{ .kind = CRASH_FORTIFY, .title = "detected buffer overflow in foo_write" },
	{ .kind = CRASH_REFCOUNT, .title = "WARNING: refcount bug in foo_write" },
	{ .kind = CRASH_BAD_PAGE, .title = "BUG: Bad page state in foo_write" },
	{ .kind = CRASH_SLAB_CORRUPTION, .title = "BUG: slab corruption in foo_write" },
	{ .kind = CRASH_SPINLOCK, .title = "BUG: spinlock bug in foo_write" },
	{ .kind = CRASH_SLEEPING_IN_ATOMIC, .title = "BUG: scheduling while atomic in foo_write" },
	{ .kind = CRASH_REFERENCE_LEAK, .title = "INFO: leaked reference" },
	{ .kind = CRASH_WARNING, .title = "WARNING in foo_write" },
	{ .kind = CRASH_KASAN, .title = "KASAN: slab-use-after-free Read in foo_write", .subkind = "slab-use-after-free", .access = CRASH_READ },
	{ .kind = CRASH_KASAN, .title = "KASAN: stack-out-of-bounds Write in foo_write", .subkind = "stack-out-of-bounds", .access = CRASH_WRITE },
	{ .kind = CRASH_KASAN, .title = "KASAN: double-free in foo_write", .subkind = "double-free", .access = CRASH_FREE },
	{ .kind = CRASH_KASAN, .title = "KASAN in foo_write" },
	{ .kind = CRASH_KFENCE, .title = "KFENCE: use-after-free in foo_write", .subkind = "use-after-free", .access = CRASH_READ },
	{ .kind = CRASH_KMSAN, .title = "KMSAN: uninit-value in foo_write", .subkind = "uninit-value" },
	{ .kind = CRASH_KCSAN, .title = "KCSAN: data-race in foo_write", .subkind = "data-race" },
	{ .kind = CRASH_KCSAN, .title = "KCSAN: data-race in bar_read / foo_write", .subkind = "data-race",
	  .headline = "BUG: KCSAN: data-race in bar_read+0x1/0x2 / foo_write.isra.0+0x1/0x2" },
	{ .kind = CRASH_UBSAN, .title = "UBSAN: shift-out-of-bounds in foo_write", .subkind = "shift-out-of-bounds" },
	{ .kind = CRASH_LOCKDEP, .title = "possible deadlock in foo_write" },
	{ .kind = CRASH_SOFT_LOCKUP, .title = "BUG: soft lockup in foo_write" },
	{ .kind = CRASH_HARD_LOCKUP, .title = "BUG: hard lockup in foo_write" },
	{ .kind = CRASH_RCU_STALL, .title = "INFO: rcu detected stall in foo_write" },
	{ .kind = CRASH_HUNG_TASK, .title = "INFO: task hung in foo_write" },
	{ .kind = CRASH_WORKQUEUE_LOCKUP, .title = "BUG: workqueue lockup in foo_write" },
	{ .kind = CRASH_HANG, .title = "hang in foo_write" },
	{ .kind = CRASH_MACHINE_CHECK, .title = "machine check" },
	{ .kind = CRASH_HARDWARE_ERROR, .title = "hardware error" },
	{ .kind = CRASH_NMI_RECEIVED, .title = "NMI" },
	{ .kind = CRASH_OUT_OF_MEMORY, .title = "out of memory" },
	{ .kind = CRASH_SYSRQ, .title = "sysrq: triggered crash" },
	{ .kind = CRASH_PANIC, .title = "kernel panic in foo_write" },
	{ .kind = CRASH_PANIC, .title = "kernel panic: Attempted to kill init!", .panic = "Attempted to kill init! exitcode=0x0000000b" },
	{ .kind = CRASH_PANIC, .title = "kernel panic: VFS: Unable to mount root fs on unknown-block(NUM,NUM)",
	  .panic = "VFS: Unable to mount root fs on unknown-block(0,0)" },
	{ .kind = CRASH_PANIC, .title = "kernel panic: mlx5_core: NUM of NUM, e1000 0x 4kb", .panic = "mlx5_core: 12 of 0xffff8880deadbeef, e1000 0x 4kb" },
	/* Of any other kind the panic is what the crash ended in. */
	{ .kind = CRASH_KERNEL_BUG, .title = "kernel BUG in foo_write", .panic = "Fatal exception" },
};

static void assert_title(const struct title_row *row)
{
	struct crash_frame frame = { .location = { .function = TEXT("foo_write.constprop.0") }, .reliable = true };
	struct crash crash = { .kind = row->kind, .frames = &frame, .frame_count = 1, .access = { .type = row->access } };

	crash.subkind = text_from(row->subkind);
	crash.panic = text_from(row->panic);
	crash.headline = text_from(row->headline);
	crash_name(&crash, NULL);
	assert_text(crash.title, row->title, crash_kind_name(row->kind));
	arena_free(&crash.arena);
}

static void test_title_of_each_kind(void **state)
{
	crash_kinds tried = 0;

	(void)state;
	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
		assert_title(&titles[i]);
		tried |= CRASH_KIND_BIT(titles[i].kind);
	}
	for (int kind = 0; kind < CRASH_KIND_COUNT; kind++)
		if (!crash_kinds_hold(tried, (enum crash_kind)kind))
			fail_msg("no title is tried of %s", crash_kind_name((enum crash_kind)kind));
}

/* What a headline's row says goes before the kind's own title, subkind or not; who did what is still said. */
static void test_title_of_a_headline(void **state)
{
	struct crash_frame frame = { .location = { .function = TEXT("foo_write") }, .reliable = true };
	struct crash crash = { .kind = CRASH_LOCKDEP, .frames = &frame, .frame_count = 1, .subkind = TEXT("suspicious-rcu-usage") };

	(void)state;
	crash_name(&crash, "WARNING: suspicious RCU usage");
	assert_text(crash.title, "WARNING: suspicious RCU usage in foo_write", "lockdep");
	arena_free(&crash.arena);
}

/* A reason that never ends is cut; numbers at its ends and in a row are found. */
static void test_long_reason(void **state)
{
	char reason[4096];
	struct crash crash = { .kind = CRASH_PANIC };

	(void)state;
	memset(reason, '7', sizeof reason);
	for (size_t i = 1; i < sizeof reason; i += 2)
		reason[i] = ' ';
	crash.panic = (struct text){ reason, sizeof reason };
	crash_name(&crash, NULL);
	assert_true(text_starts(crash.title, "kernel panic: NUM NUM NUM ") && crash.title.length < 300);
	arena_free(&crash.arena);
}

/* Of a watchdog's trace that has no place, what lies behind the first interrupt's entry counts, on any architecture. */
static void test_behind_the_tick(void **state)
{
	static const struct {
		const char *functions[8];
		const char *culprit;
	} rows[] = {
		{ { "dump_backtrace", "watchdog_timer_fn", "__hrtimer_run_queues", "gic_handle_irq", "call_on_irq_stack", "el1h_64_irq", "foo_read", "bar" },
		  "foo_read" },
		{ { "watchdog_timer_fn", "asm_sysvec_apic_timer_interrupt", "_raw_spin_lock", "net_foo", "handle_softirqs", "asm_common_interrupt",
		    "default_idle" },
		  "net_foo" },
		{ { "show_regs", "soft_nmi_interrupt", "decrementer_common", "smp_call_function_many_cond", "flush_tlb_mm_range", "foo_unmap" }, "foo_unmap" },
		{ { "do_ext_irq", "ext_int_handler", "foo" }, "foo" },
		{ { "riscv_timer_interrupt", "do_irq", "ret_from_exception", "foo" }, "foo" },
		{ { "watchdog_timer_fn", "el1h_64_fiq", "foo" }, "foo" },
		{ { "foo", "bar" }, "foo" },
		{ { "foo", "el1_irq" }, "foo" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct crash_frame frames[8] = { 0 };
		struct crash crash = { .kind = CRASH_SOFT_LOCKUP, .frames = frames };
		for (size_t j = 0; j < 8 && rows[i].functions[j]; j++) {
			frames[j].location.function = text_from(rows[i].functions[j]);
			frames[j].reliable = true;
			crash.frame_count++;
		}
		crash_name(&crash, NULL);
		assert_text(crash.culprit, rows[i].culprit, rows[i].functions[0]);
		arena_free(&crash.arena);
	}
}

/* A CPU of arm64 that was dumped at the moment of an interrupt: it hangs where it was before. */
static void test_hang_in_a_vector(void **state)
{
	static const char *const rows[][4] = {
		{ "vectors", "foo_spin", "foo_write" },
		{ "__bp_harden_el1_vectors", "foo_spin", "foo_write" },
		{ "el1h_64_irq", "foo_spin", "foo_write" },
		{ "el1_irq", "foo_spin", "foo_write" },
		{ "vectors", "el1_irq", "_raw_spin_lock", "foo_spin" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct crash_frame frames[4] = { 0 };
		struct crash crash = { .kind = CRASH_HANG, .frames = frames };
		for (size_t j = 0; j < 4 && rows[i][j]; j++) {
			frames[j].location.function = text_from(rows[i][j]);
			frames[j].reliable = true;
			crash.frame_count++;
		}
		crash.instruction_pointer = frames[0].location;
		crash_name(&crash, NULL);
		assert_text(crash.culprit, "foo_spin", rows[i][0]);
		arena_free(&crash.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical_names),
		cmocka_unit_test(test_plumbing_is_canonical),
		cmocka_unit_test(test_never_plumbing),
		cmocka_unit_test(test_always_plumbing),
		cmocka_unit_test(test_plumbing_of_some_kinds),
		cmocka_unit_test(test_ways_in),
		cmocka_unit_test(test_title_of_each_kind),
		cmocka_unit_test(test_title_of_a_headline),
		cmocka_unit_test(test_long_reason),
		cmocka_unit_test(test_behind_the_tick),
		cmocka_unit_test(test_hang_in_a_vector),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
