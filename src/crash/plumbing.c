/*
 * The lists of plumbing. A name, or with a '*' at its end all names that begin so. Who adds one: it must be a function that
 * is called from everywhere, so that a fault in it says something of its caller only.
 */
#include "crash/plumbing.h"

/* clang-format off */
static const char *const locks[] = {
	"_raw_spin_*", "_raw_read_*", "_raw_write_*", "__raw_spin_*", "_spin_*", "spin_lock*", "spin_unlock*",
	"do_raw_*", "native_queued_spin_*", "queued_spin_*", "queued_read_*", "queued_write_*", "pv_queued_*",
	"__pv_queued_*", "virt_spin_lock", "__lock_acquire*", "lock_acquire*", "lock_release*", "lock_is_held*",
	"mutex_*", "__mutex_*", "ww_mutex_*", "__ww_mutex_*", "down", "down_*", "up", "up_read", "up_write",
	"__down*", "__up*", "rwsem_*", "rt_mutex_*", "rt_spin_*", "rtlock_*", "__rt_mutex_*", "osq_lock",
	"osq_unlock", "percpu_down_*", "percpu_up_*", "__percpu_*", "bit_spin_*", "ticket_spin_*", "__ticket_spin_*",
	"_atomic_dec_and_lock*", "atomic_dec_and_lock", "refcount_dec_and_lock*", "refcount_dec_and_mutex_lock",
	"lockref_*", "__srcu_read_*", "rcu_read_*", "rcu_lock_*", "__rcu_read_*", "_cond_resched", "__cond_resched",
	"cond_resched", "llist_*",
};

static const char *const allocators[] = {
	"kmem_cache_alloc*", "kmem_cache_free*", "__kmem_cache_*", "kmalloc*", "__kmalloc*", "kfree*", "__kfree",
	"kzalloc*", "krealloc*", "__krealloc*", "kvmalloc*", "kvfree*", "vmalloc*", "__vmalloc*", "vfree*",
	"__vfree", "vzalloc*", "slab_*", "__slab_*", "___slab_*", "get_freepointer*", "set_freepointer*",
	"freelist_*", "new_slab*", "allocate_slab", "alloc_pages*", "__alloc_pages*", "get_page_from_freelist",
	"__get_free_page*", "get_zeroed_page*", "free_pages*", "__free_pages*", "__free_page*", "free_page*",
	"deactivate_slab", "unfreeze_partials", "do_slab_free", "cache_alloc*", "cache_free*", "____cache_*",
	"___cache_*", "__cache_*", "mempool_*", "memdup_user*", "kmemdup*", "kstrdup*", "kasprintf", "kvasprintf",
	"__do_kmalloc*", "__do_cache_alloc", "put_cpu_partial", "rmqueue*", "__rmqueue*", "free_one_page",
	"free_unref_*", "free_pcppages_bulk", "devm_k*", "percpu_ref_*", "pcpu_alloc*", "free_percpu",
	"alloc_pages_mpol*", "__alloc_frozen_*",
};

static const char *const strings[] = {
	"memcpy*", "__memcpy*", "memmove*", "__memmove*", "memset*", "__memset*", "memcmp*", "__memcmp*", "memchr*",
	"strlen*", "strnlen*", "strcmp*", "strncmp*", "strcpy*", "strncpy*", "strlcpy*", "strscpy*", "strcat*",
	"strncat*", "strlcat*", "strstr*", "strchr*", "strrchr*", "strsep*", "strcasecmp*", "strncasecmp*",
	"copy_user_*", "copy_from_user*", "_copy_from_user*", "__copy_user_*", "copy_to_user*", "_copy_to_user*",
	"rep_movs*", "rep_stos*", "clear_page*", "copy_page*", "vsnprintf", "snprintf", "sprintf", "vsprintf",
	"string_nocheck", "string", "pointer", "format_decode", "number", "csum_partial*", "find_next_bit*",
	"find_first_bit*", "_find_*", "__list_add*", "__list_del*", "list_del*", "list_add*", "list_move*",
	"hlist_*", "rb_erase*", "rb_insert*", "__rb_*", "rb_next", "rb_first", "rb_prev", "radix_tree_*",
	"__radix_tree_*", "xa_*", "xas_*", "__xa_*", "idr_*", "ida_*", "refcount_*", "kref_*", "atomic_*",
	"arch_atomic*", "bitmap_*", "__bitmap_*", "__get_user_*", "__put_user_*", "get_user*", "put_user*", "sort_r",
	"sort",
};

static const char *const report[] = {
	"dump_stack*", "__dump_stack", "show_stack*", "show_regs*", "__show_regs", "show_trace*", "print_*",
	"printk*", "_printk", "vprintk*", "__warn*", "warn_slowpath_*", "report_bug", "fixup_bug*", "handle_bug",
	"exc_invalid_op", "asm_exc_invalid_op", "do_invalid_op", "invalid_op", "do_error_trap", "do_trap*", "die",
	"__die*", "die_addr", "oops_end", "oops_enter", "no_context", "__bad_area*", "bad_area*", "do_page_fault",
	"__do_page_fault", "trace_do_page_fault", "page_fault", "page_fault_oops", "kernelmode_fixup_or_oops",
	"exc_page_fault", "asm_exc_page_fault", "do_user_addr_fault", "do_kern_addr_fault", "async_page_fault",
	"do_async_page_fault", "spurious_kernel_fault*", "do_general_protection", "general_protection",
	"exc_general_protection", "asm_exc_general_protection", "do_divide_error", "divide_error",
	"exc_divide_error", "asm_exc_divide_error", "df_debug", "exc_double_fault", "asm_exc_double_fault",
	"do_double_fault", "double_fault", "panic", "vpanic", "nmi_panic*", "crash_kexec", "__crash_kexec",
	"machine_kexec", "machine_crash_*", "sched_show_task", "dump_cpu_task", "rcu_dump_cpu_stacks*",
	"rcu_check_callbacks", "rcu_sched_clock_irq", "rcu_pending", "check_cpu_stall*", "print_cpu_stall*",
	"nmi_cpu_backtrace*", "nmi_trigger_*", "arch_trigger_*", "watchdog*", "lockup_detector_*", "kgdb_*",
	"notify_die", "notifier_call_chain", "atomic_notifier_*", "__atomic_notifier_*", "blocking_notifier_*",
	"show_workqueue_state*", "check_hung_*", "check_preemption_disabled", "___might_sleep", "__might_sleep",
	"__might_resched", "__schedule_bug", "kasan_*", "__kasan_*", "__asan_*", "check_memory_region", "end_report",
	"object_err", "slab_err", "slab_bug*", "usercopy_abort", "__check_object_size", "__check_heap_object",
	"fortify_panic", "__stack_chk_fail", "debug_*", "__debug_*", "trace_hardirqs_*", "__bug_*", "do_bug*",
	"BUG_func", "restore_args", "error_entry", "error_exit",
};

static const char *const entry[] = {
	"do_syscall_64", "do_syscall_x64", "entry_SYSCALL_*", "x64_sys_call", "system_call*", "syscall_*",
	"sysenter_*", "ia32_sys*", "do_int80_*", "do_fast_syscall_32", "__do_fast_syscall_32", "entry_SYSENTER_*",
	"entry_INT80_*", "int_ret_from_sys_call", "ret_from_fork*", "ret_from_intr", "ret_from_kernel_thread",
	"ret_to_user", "kernel_thread_helper", "child_rip", "kernel_thread_starter", "cpu_startup_entry",
	"start_secondary*", "secondary_startup_*", "start_kernel", "x86_64_start_*", "rest_init",
	"common_interrupt*", "asm_common_interrupt", "do_IRQ", "__irqentry_text_*", "irq_exit*", "__irq_exit*",
	"irq_enter*", "asm_sysvec_*", "sysvec_*", "__sysvec_*", "apic_timer_interrupt", "smp_apic_timer_interrupt",
	"reschedule_interrupt", "call_function_*", "smp_call_function_single_interrupt", "do_softirq*",
	"__do_softirq", "call_softirq", "handle_softirqs", "run_ksoftirqd", "smpboot_thread_fn", "kthread",
	"process_one_work", "worker_thread", "rescuer_thread", "process_scheduled_works", "kthread_worker_fn",
	"kprobe_*", "opt_pre_handler", "aggr_pre_handler", "optimized_callback", "do_int3", "int3", "exc_int3",
	"asm_exc_int3", "ftrace_*", "__fentry__", "asm_exc_nmi", "exc_nmi", "end_repeat_nmi", "first_nmi", "nmi",
	"do_nmi", "default_do_nmi", "nmi_handle*", "perf_event_nmi_handler", "perf_event_overflow*",
	"__perf_event_overflow", "handle_pmi_common", "intel_pmu_handle_irq", "x86_pmu_handle_irq",
	"amd_pmu_handle_irq", "do_exit", "kernel_init", "kernel_init_freeable", "do_one_initcall", "do_initcalls",
	"__x86_indirect_thunk*", "__x86_return_thunk", "srso_*", "retpoline_*", "native_iret", "irq_return",
};

/* Timers' own frames, up to the interrupt's entry; and what a loop that waits looks at. */
static const char *const tick[] = {
	"update_process_times", "tick_sched_*", "tick_nohz_*", "tick_periodic", "tick_handle_*",
	"__hrtimer_run_queues", "hrtimer_interrupt", "__run_hrtimer", "local_apic_timer_interrupt",
	"__sysvec_apic_timer_interrupt", "timer_interrupt", "handle_irq_event*", "run_local_timers",
	"scheduler_tick", "sched_tick", "hrtimer_run_queues", "cpu_relax", "rep_nop", "delay_*", "__delay",
	"__const_udelay", "__udelay", "read_hpet", "read_tsc", "rdtsc*", "ktime_get*", "kvm_clock_*", "pvclock_*",
	"sched_clock*", "local_clock", "native_sched_clock", "native_safe_halt", "smp_call_function*",
	"on_each_cpu*", "generic_exec_single", "csd_lock_wait*",
};

static const char *const waiting[] = {
	"schedule*", "__schedule*", "preempt_schedule*", "io_schedule*", "wait_on_bit*", "__wait_on_bit*",
	"out_of_line_wait_on_*", "bit_wait*", "wait_for_completion*", "__wait_for_common", "wait_for_common*",
	"do_wait_for_common", "__wait_for_completion*", "__switch_to*", "context_switch", "wait_woken", "msleep*",
	"usleep_*", "synchronize_*", "__synchronize_*", "wait_rcu_gp", "__wait_rcu_gp", "prepare_to_wait*",
	"finish_wait", "add_wait_queue*", "folio_wait_*", "wait_on_page_*", "__lock_page*", "lock_page*",
	"__folio_lock*", "folio_lock*", "sleep_on_*", "rq_qos_wait", "__wait_on_freeing_inode", "do_nanosleep",
	"hrtimer_nanosleep", "flush_work", "__flush_work", "flush_workqueue", "__flush_workqueue", "kthread_stop",
	"kthread_flush_*", "request_wait_answer",
};

/* clang-format on */

struct list {
	const char *const *names;
	size_t count;
	unsigned reporters; /* 1U << reporter: for whom these are plumbing */
};

#define LIST(names, reporters)                                                                                              \
	{                                                                                                                   \
		names, sizeof names / sizeof *names, reporters                                                              \
	}
#define EVERY (~0U)

static const struct list lists[] = {
	LIST(locks, EVERY),
	LIST(allocators, EVERY),
	LIST(strings, EVERY),
	LIST(report, EVERY),
	LIST(entry, EVERY),
	LIST(tick, 1U << CRASH_FROM_TICK),
	LIST(waiting, 1U << CRASH_WAITING | 1U << CRASH_FROM_TICK),
};

static bool names_it(const char *name, struct text function)
{
	size_t length = text_from(name).length;

	if (name[length - 1] != '*')
		return text_is(function, name);
	return function.length >= length - 1 &&
	       text_equal(text_first(function, length - 1), (struct text){ name, length - 1 });
}

bool is_plumbing(struct text canonical, enum crash_reporter reporter)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		if (!(lists[i].reporters >> reporter & 1))
			continue;
		for (size_t j = 0; j < lists[i].count; j++)
			if (names_it(lists[i].names[j], canonical))
				return true;
	}
	return false;
}

bool is_way_in(struct text canonical)
{
	/* clang-format off */
	static const char *const ways_in[] = {
		/* system calls, and what every read, write, open or ioctl passes */
		"sys_*", "__sys_*", "___sys_*", "____sys_*", "compat_sys_*", "ksys_*", "do_sys_*", "vfs_read*", "vfs_write*",
		"vfs_iter_*", "__vfs_*", "new_sync_*", "do_sync_*", "do_iter_*", "call_read_iter", "call_write_iter",
		"do_filp_open", "path_openat", "do_last", "vfs_open", "do_dentry_open", "vfs_ioctl", "do_vfs_ioctl",
		"proc_reg_*", "seq_read*", "kernfs_fop_*", "sysfs_kf_*", "sock_sendmsg*", "__sock_sendmsg*", "sock_recvmsg*",
		"sock_read_iter", "sock_write_iter", "handle_mm_fault", "__handle_mm_fault", "__do_fault", "do_fault",
		"kernel_clone", "_do_fork", "do_fork", "task_work_run", "exit_to_user_mode_*", "exit_to_usermode_*",
		"do_group_exit", "do_init_module", "load_module",
		/* timers, soft and hard interrupts, idling */
		"call_timer_fn", "expire_timers", "__run_timers", "__run_timer_base", "run_timer_base", "run_timer_softirq",
		"tasklet_action*", "net_rx_action", "__napi_poll", "napi_poll", "process_backlog", "netif_receive_skb*",
		"__netif_receive_skb*", "rcu_core*", "rcu_do_batch", "rcu_process_callbacks", "__rcu_process_callbacks",
		"handle_irq_event*", "__handle_irq_event*", "handle_edge_irq", "handle_fasteoi_irq", "generic_handle_*",
		"handle_irq", "do_idle", "cpu_idle", "cpu_idle_loop", "cpuidle_*", "call_cpuidle", "default_idle*",
		"arch_cpu_idle", "mwait_idle*", "acpi_idle_*", "intel_idle*", "amd_e400_idle",
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof ways_in / sizeof *ways_in; i++)
		if (names_it(ways_in[i], canonical))
			return true;
	return false;
}

bool is_tick_entry(struct text canonical)
{
	static const char *const entries[] = {
		"apic_timer_interrupt",
		"asm_sysvec_apic_timer_interrupt",
		"asm_sysvec_hyperv_stimer0",
		"asm_exc_nmi",
		"end_repeat_nmi",
		"xen_hvm_callback_vector",
		"asm_sysvec_xen_hvm_callback",
		"hyperv_stimer0_callback_vector",
		"retint_kernel",
		"call_function_single_interrupt",
		"asm_sysvec_call_function_single",
		"reschedule_interrupt",
		"asm_sysvec_reschedule_ipi",
		"nmi",
		"common_interrupt",
		"asm_common_interrupt",
		"ret_from_intr",
	};

	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
		if (text_is(canonical, entries[i]))
			return true;
	return false;
}
