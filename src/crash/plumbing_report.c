/* Plumbing that finds trouble and prints it. */
#include "crash/plumbing_lists.h"

#include <stddef.h>

/* clang-format off */
static const char *const printing[] = {
	"dump_stack*", "__dump_stack", "show_stack*", "show_regs*", "__show_regs", "show_trace*", "show_backtrace*",
	"dump_backtrace*", "walk_stackframe", "unwind_backtrace*", "dump_trace", "print_trace_address", "print_context_stack*",
	"printk*", "_printk*", "vprintk*", "__warn", "__warn_printk", "warn_slowpath_*", "report_bug",
	"__report_bug", "fixup_bug*", "handle_bug", "panic", "vpanic", "nmi_panic*", "crash_kexec", "__crash_kexec",
	"machine_kexec", "machine_crash_*", "sched_show_task", "dump_cpu_task", "kgdb_*", "notify_die",
	"notifier_call_chain", "atomic_notifier_*", "__atomic_notifier_*", "blocking_notifier_*",
	"__blocking_notifier_*", "raw_notifier_*", "__raw_notifier_*", "srcu_notifier_*", "oops_end", "oops_enter",
	"oops_exit", "BUG_func", "__bug_*", "do_bug*",
	NULL
};

/* From the processor's exception to die(): x86. */
static const char *const exceptions_x86[] = {
	"exc_invalid_op", "asm_exc_invalid_op", "do_invalid_op", "invalid_op", "do_error_trap", "do_trap*", "die",
	"__die*", "die_addr", "no_context", "__bad_area*", "bad_area", "bad_area_*", "do_page_fault",
	"__do_page_fault", "___do_page_fault", "trace_do_page_fault", "trace_page_fault", "page_fault",
	"page_fault_oops", "kernelmode_fixup_or_oops", "exc_page_fault", "asm_exc_page_fault", "do_user_addr_fault",
	"do_kern_addr_fault", "async_page_fault", "do_async_page_fault", "spurious_kernel_fault*",
	"do_general_protection", "general_protection", "exc_general_protection", "asm_exc_general_protection",
	"do_divide_error", "divide_error", "exc_divide_error", "asm_exc_divide_error", "df_debug",
	"exc_double_fault", "asm_exc_double_fault", "do_double_fault", "double_fault", "doublefault_*",
	"handle_stack_overflow", "exc_stack_segment", "asm_exc_stack_segment", "do_stack_segment", "stack_segment",
	"exc_alignment_check", "asm_exc_alignment_check", "exc_control_protection", "asm_exc_control_protection",
	"exc_bounds", "asm_exc_bounds", "do_bounds", "bounds", "exc_coproc_segment_overrun",
	"exc_simd_coprocessor_error", "exc_coprocessor_error", "exc_debug", "asm_exc_debug", "exc_debug_kernel",
	"do_debug", "debug", "exc_machine_check", "asm_exc_machine_check", "machine_check", "do_machine_check",
	"mce_panic", "exc_vmm_communication", "asm_exc_vmm_communication", "fixup_exception", "restore_args",
	"error_entry", "error_exit", "error_code", "common_exception", "handle_exception", "early_idt_handler_*",
	"early_fixup_exception",
	NULL
};

/* The same on the other architectures. */
static const char *const exceptions_others[] = {
	/* arm64: arch/arm64/mm/fault.c, kernel/traps.c, kernel/debug-monitors.c */
	"do_mem_abort", "do_translation_fault", "do_sp_pc_abort", "do_alignment_fault", "do_tag_check_fault",
	"do_bad", "die_kernel_fault", "__do_kernel_fault", "do_bad_area", "do_undefinstr", "do_el1_undef",
	"do_el0_undef", "do_el1_fpac", "do_el1_gcs", "do_el1_bti", "do_el1_mops", "bug_handler", "bug_brk_handler",
	"call_break_hook", "brk_handler", "do_el1_brk64", "do_debug_exception", "reserved_fault_handler",
	"kasan_handler", "cfi_handler", "cfi_brk_handler", "ubsan_handler", "ubsan_brk_handler", "early_brk64",
	"bad_mode", "bad_el0_sync", "panic_bad_stack", "handle_bad_stack", "__bad_stack", "arm64_notify_die",
	"arm64_serror_panic", "do_serror", "arm64_notify_segfault", "__panic_unhandled", "fixup_exception_bpf",
	/* arm: arch/arm/mm/fault.c, kernel/traps.c */
	"do_DataAbort", "do_PrefetchAbort", "do_sect_fault", "arm_notify_die", "__dabt_svc", "__pabt_svc",
	"__und_svc", "__dabt_usr", "__pabt_usr", "__und_usr", "__und_svc_finish", "__und_fault", "die_kernel_mode",
	/* powerpc: arch/powerpc/kernel/exceptions-64s.S, traps.c, mm/fault.c */
	"data_access_common*", "data_access_slb_common*", "instruction_access_common*",
	"instruction_access_slb_common*", "alignment_common*", "program_check_common*", "program_check_exception",
	"do_program_check", "h_data_storage_common*", "handle_page_fault", "hash__do_page_fault", "do_hash_fault",
	"do_bad_page_fault_segv", "do_break", "bad_page_fault", "__bad_page_fault", "_exception", "_exception_pkey",
	"alignment_exception", "do_bad_slb_fault", "do_slb_fault", "machine_check_common*",
	"machine_check_exception*", "unrecoverable_exception", "kernel_bad_stack", "emulation_assist_common*",
	"emulation_assist_interrupt", "unknown_exception", "program_check_64*",
	/* s390: arch/s390/kernel/entry.S, traps.c, mm/fault.c */
	"pgm_check_handler", "__do_pgm_check", "do_dat_exception", "do_protection_exception", "do_asce_exception",
	"monitor_event_exception", "illegal_op", "data_exception", "addressing_exception", "specification_exception",
	"operand_exception", "translation_specification_exception", "default_trap_handler", "do_fault_error",
	"do_no_context", "handle_fault_error*", "kernel_stack_overflow", "do_report_trap", "do_per_trap",
	"do_exception",
	/* riscv: arch/riscv/kernel/traps.c, mm/fault.c */
	"handle_kernel_stack_overflow", "handle_break", "fault_in_kernel_space", "ret_from_exception",
	/* loongarch, mips: arch/.../kernel/traps.c */
	"do_ale", "do_ade", "do_bp", "do_ri", "do_tr", "do_bce", "do_reserved", "do_be", "do_ftlb", "do_watch",
	"handle_ade", "handle_ale", "handle_bp", "handle_ri", "handle_tlb_*", "tlb_do_page_fault_*",
	NULL
};

/* A check that runs everywhere found that somebody broke its rules. */
static const char *const checks[] = {
	"check_preemption_disabled", "debug_smp_processor_id", "__this_cpu_preempt_check", "___might_sleep",
	"__might_sleep", "__might_resched", "__might_fault", "might_fault", "might_alloc", "__cant_sleep",
	"__cant_migrate", "__schedule_bug", "schedule_debug", "debug_object_*", "__debug_object_*",
	"debug_print_object", "debug_check_no_obj_freed", "__debug_check_no_obj_freed", "debug_check_no_locks_*",
	"debug_timer_*", "debug_hrtimer_*", "debug_work_*", "debug_rcu_head_*", "debug_mutex_*", "debug_rt_mutex_*",
	"debug_spin_*", "debug_write_lock_*", "debug_lockdep_*", "debug_locks_off*", "debug_dma_*", "check_unmap",
	"check_sync", "trace_hardirqs_*", "fs_reclaim_acquire", "fs_reclaim_release", "__fs_reclaim_acquire",
	"__check_object_size", "__check_heap_object", "check_heap_object", "check_stack_object", "usercopy_abort",
	"usercopy_warn", "report_usercopy", "fortify_panic", "__fortify_panic", "__fortify_report",
	"__stack_chk_fail", "__stack_chk_fail_local", "copy_overflow", "__copy_overflow", "report_cfi_failure",
	"handle_cfi_failure", "__cfi_slowpath",
	"__cfi_slowpath_diag", "__cfi_check", "__cfi_check_fail", "__ubsan_handle_*", "__ubsan_*",
	NULL
};

/* KASAN, KFENCE, KMSAN, KCSAN: what compilers call before an access, and what those call. */
static const char *const sanitizers[] = {
	"kasan_*", "__kasan_*", "__asan_*", "__hwasan_*", "check_memory_region*", "memory_is_poisoned*",
	"check_region_inline", "kfence_*", "__kfence_*", "kmsan_*", "__kmsan_*", "__msan_*", "kcsan_*", "__kcsan_*",
	"__tsan_*", "kcov_*", "__sanitizer_cov_*", "stack_depot_*", "__stack_depot_*",
	NULL
};

static const char *const sanitizer_reports[] = {
	"print_report", "print_address_description*", "print_error_description", "describe_address*",
	"describe_object*", "start_report", "end_report", "report_suppressed", "report_access",
	"report_invalid_free", "object_err", "check_access", "addr_has_metadata", "complete_report_info",
	"check_slab_allocation", "poison_slab_object", "check_canary*", "set_other_info_task", "prepare_report",
	"find_watchpoint", "insert_watchpoint", "delay_access", "metadata_update_state", "should_report",
	"print_memory_metadata", "print_track", "print_stack_frame", "print_diff_stack", "print_address_stack_frame",
	"dump_page",
	NULL
};

static const char *const ubsan[] = {
	"ubsan_*", "handle_overflow", "handle_object_size_mismatch", "handle_misaligned_access",
	"handle_null_ptr_deref", "val_to_string", "report_ubsan_failure", "get_signed_val", "get_unsigned_val",
	NULL
};

/* kernel/locking/lockdep.c */
static const char *const lockdep[] = {
	"print_circular_bug*", "print_circular_lock_*", "print_deadlock_bug", "print_usage_bug*",
	"print_irq_inversion_bug", "print_bad_irq_dependency", "print_lock_invalid_wait_context",
	"print_freed_lock_bug", "print_held_locks_bug", "print_unlock_imbalance_bug",
	"print_lock_nested_lock_not_held", "print_lock_contention_bug", "print_collision", "print_kernel_ident",
	"check_noncircular", "check_path", "check_prev_add*", "check_prevs_add", "check_deadlock", "check_irq_usage",
	"check_usage*", "check_wait_context", "check_chain_key", "validate_chain*", "mark_lock*", "mark_usage",
	"mark_held_locks", "mark_irqflags", "valid_state", "lookup_chain_cache*", "add_chain_cache",
	"register_lock_class", "look_up_lock_class", "assign_lock_key", "lockdep_*", "__lockdep_*",
	"reacquire_held_locks", "__lock_release", "__lock_set_class", "__lock_downgrade", "__lock_contended",
	"lock_contended", "lock_acquired", "lock_set_class", "lock_downgrade", "lock_sync", "lock_map_acquire*",
	"rcu_dynticks_*", "rcu_note_context_switch", "__trace_hardirqs_*", "start_flush_work",
	"touch_wq_lockdep_map", "touch_work_lockdep_map", "lock_sock_nested", "lock_sock", "lock_sock_fast",
	"fs_reclaim_*",
	NULL
};

/* mm/slub.c, mm/slab.c */
static const char *const slab[] = {
	"object_err", "slab_err", "slab_fix", "slab_bug*", "slab_out_of_memory", "slab_pad_check", "check_object",
	"check_slab", "check_bytes_and_report", "check_pad_bytes", "check_valid_pointer", "on_freelist",
	"print_trailer", "print_section", "print_page_info", "print_slab_info", "print_tracking", "restore_bytes",
	"free_consistency_checks", "alloc_consistency_checks", "alloc_debug_processing", "free_debug_processing",
	"validate_slab*", "slab_error", "__slab_error", "__slab_err", "cache_free_debugcheck*",
	"cache_alloc_debugcheck*", "verify_redzone_free", "check_poison_obj", "dump_line", "print_objinfo",
	"list_slab_objects", "free_partial", "__ksize", "ksize", "warn_free_bad_obj", "free_large_kmalloc",
	"object_is_on_stack", "init_object", "setup_object*",
	NULL
};

/* mm/page_alloc.c, mm/memory.c, mm/rmap.c, mm/debug.c */
static const char *const pages[] = {
	"bad_page", "free_page_is_bad*", "free_page_bad_reason", "check_free_page*", "check_new_page*",
	"check_new_pages", "check_pcp_refill", "check_pcp_free", "page_bad_reason", "free_pages_check*",
	"free_pages_prepare*", "free_pcp_prepare", "__free_pages_ok*", "free_tail_page_prepare", "print_bad_pte",
	"print_bad_page_map", "dump_page", "__dump_page", "release_pages", "__put_page", "put_page", "__folio_put*",
	"folio_put", "folios_put*", "free_swap_cache", "__pagevec_release", "lru_add_drain*", "vm_normal_page",
	NULL
};

/* kernel/locking/spinlock_debug.c */
static const char *const spinlock[] = {
	"spin_dump", "spin_bug", "rwlock_bug", "debug_spin_*", "__spin_lock_debug", "spin_lockup_suspected",
	"__spin_lock_*", "__rwlock_*",
	NULL
};

/* What finds the CPU busy: kernel/watchdog.c, watchdog_hld.c, kernel/rcu/tree_stall.h, lib/nmi_backtrace.c */
static const char *const watchdogs[] = {
	"rcu_dump_cpu_stacks*", "rcu_check_callbacks", "rcu_sched_clock_irq", "rcu_check_gp_kthread_*",
	"rcu_pending", "__rcu_pending", "rcu_check_sched", "check_cpu_stall*", "print_cpu_stall*",
	"print_other_cpu_stall*", "rcu_print_detail_task_stall*", "synchronize_rcu_expedited_wait*",
	"synchronize_sched_expedited_wait*", "nmi_cpu_backtrace*", "nmi_trigger_*", "arch_trigger_*",
	"trigger_single_cpu_backtrace", "trigger_all_cpu_backtrace", "watchdog_timer_fn",
	"watchdog_overflow_callback", "watchdog_hardlockup_*", "watchdog_check_*", "watchdog_nmi_*",
	"watchdog_buddy_*", "watchdog", "watchdog_fn", "watchdog_smp_panic", "soft_nmi_interrupt", "soft_nmi_common",
	"wd_smp_*", "lockup_detector_*", "softlockup_fn", "touch_softlockup_watchdog*", "wq_watchdog_*",
	"show_workqueue_state*", "show_all_workqueues", "show_cpu_pool*", "show_one_workqueue", "check_hung_*",
	"is_hardlockup", "ipi_cpu_backtrace", "ipi_cpu_crash_stop", "armv8pmu_handle_irq", "armpmu_dispatch_irq",
	NULL
};

/* Frames on the way to a panic that has no other crash: init/do_mounts.c and the end of init. */
static const char *const panics[] = {
	"mount_block_root", "pretimeout_panic", "watchdog_notify_pretimeout", "mount_root*", "mount_nodev_root", "mount_root_generic", "prepare_namespace",
	"do_mount_root", "do_group_exit", "forget_original_parent", "find_child_reaper", "exit_notify",
	"get_signal*", "do_signal", "arch_do_signal*", "exit_to_user*", "irqentry_exit_to_user*", "check_panic_on_warn", "out_of_memory", "oom_kill_process", "check_panic_on_oom",
	NULL
};
/* clang-format on */

/* clang-format off */
/* A file system found that its own data is wrong. */
static const char *const file_systems[] = {
	/* fs/ext4/super.c */
	"__ext4_error*", "__ext4_std_error", "__ext4_grp_locked_error", "__ext4_abort", "ext4_handle_error",
	/* fs/btrfs/messages.c (super.c up to v6.1); the warning is of the caller since v4.4 or so */
	"__btrfs_abort_transaction", "__btrfs_handle_fs_error", "btrfs_handle_fs_error", "__btrfs_std_error", "__btrfs_panic",
	/* fs/xfs/xfs_error.c, xfs_message.c, xfs_fsops.c */
	"xfs_error_report", "xfs_corruption_error", "assfail", "asswarn", "xfs_force_shutdown", "xfs_do_force_shutdown",
	/* fs/fat/misc.c, fs/ocfs2/super.c */
	"__fat_fs_error", "__ocfs2_error", "ocfs2_handle_error",
	NULL
};

/* What Rust's panic!() passes, up to BUG(): rust/helpers/bug.c, rust/kernel/lib.rs; canonical names are paths. */
static const char *const rust[] = {
	"rust_helper_BUG", "rust_begin_unwind", "__rustc::rust_begin_unwind", "core::panicking::*", "core::option::unwrap_failed",
	"core::option::expect_failed", "core::result::unwrap_failed", "core::slice::index::*", "core::cell::panic_already_*",
	NULL
};
/* clang-format on */

#define OF(kind) CRASH_KIND_BIT(CRASH_##kind)

const struct plumbing_list plumbing_report[] = {
	{ printing, PLUMBING_EVERY_KIND },
	{ exceptions_x86, PLUMBING_EVERY_KIND },
	{ exceptions_others, PLUMBING_EVERY_KIND },
	{ checks, PLUMBING_EVERY_KIND },
	{ sanitizers, PLUMBING_EVERY_KIND },
	{ sanitizer_reports, PLUMBING_MEMORY },
	{ ubsan, OF(UBSAN) },
	{ lockdep, OF(LOCKDEP) },
	{ slab, OF(SLAB_CORRUPTION) | OF(KASAN) | OF(KFENCE) },
	{ pages, OF(BAD_PAGE) },
	{ spinlock, OF(SPINLOCK) },
	{ watchdogs, PLUMBING_EVERY_KIND },
	{ panics, OF(PANIC) },
	{ file_systems, PLUMBING_EVERY_KIND },
	{ rust, PLUMBING_EVERY_KIND },
	{ NULL, 0 },
};
