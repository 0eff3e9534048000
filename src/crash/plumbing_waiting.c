/* Plumbing of those who wait: asleep, or busy until another CPU or the time has come; and of the tick that finds them so. */
#include "crash/plumbing_lists.h"

#include <stddef.h>

/* clang-format off */
/* Timers' own frames, up to the interrupt's entry; and what a loop that waits looks at. */
static const char *const tick[] = {
	"update_process_times", "tick_sched_*", "tick_nohz_*", "tick_periodic", "tick_handle_*", "tick_do_*",
	"__hrtimer_run_queues", "__run_hrtimer", "hrtimer_interrupt", "hrtimer_run_queues",
	"local_apic_timer_interrupt", "timer_interrupt", "__timer_interrupt", "arch_timer_handler_*", "twd_handler",
	"riscv_timer_interrupt", "clock_comparator_*", "constant_timer_interrupt", "handle_percpu_devid_irq",
	"handle_percpu_irq", "handle_irq_event*", "__handle_irq_event*", "handle_irq_desc", "generic_handle_*",
	"run_local_timers", "scheduler_tick", "sched_tick", "account_process_tick", "cpu_relax", "rep_nop",
	"delay_*", "__delay", "__loop_delay", "__const_udelay", "__udelay", "__ndelay", "udelay", "read_hpet",
	"read_tsc", "rdtsc*", "ktime_get*", "kvm_clock_*", "pvclock_*", "sched_clock*", "local_clock",
	"native_sched_clock", "native_read_tsc", "arch_counter_get_*", "arch_counter_read*", "native_safe_halt", "native_apic_*",
	"native_write_msr", "native_x2apic_*", "x2apic_send_*", "touch_nmi_watchdog",
	NULL
};

/* Another CPU was asked to do something, and does not answer: who asked is to be named. */
static const char *const other_cpus[] = {
	"smp_call_function*", "on_each_cpu*", "generic_exec_single", "csd_lock_wait*", "__csd_lock_wait", "csd_lock",
	"csd_lock_record", "kick_all_cpus_sync", "flush_tlb_*", "__flush_tlb_*", "native_flush_tlb_*",
	"kvm_flush_tlb_*", "hyperv_flush_tlb_*", "xen_flush_tlb_*", "arch_tlbbatch_flush", "try_to_unmap_flush*",
	"tlb_flush_mmu*", "tlb_finish_mmu", "ptep_clear_flush*", "text_poke_sync", "text_poke_bp*",
	"text_poke_finish", "smp_text_poke_*", "arch_jump_label_transform_*", "invalidate_bh_lrus", "flush_icache_*",
	"membarrier_*", "radix__flush_*", "__radix__flush_*", "ipi_flush_tlb_*", "broadcast_tlb_*",
	NULL
};

static const char *const sleeping[] = {
	"schedule", "schedule_timeout*", "schedule_hrtimeout*", "schedule_preempt_*", "schedule_user",
	"schedule_rtlock", "__schedule", "__schedule_*", "preempt_schedule*", "io_schedule*", "blk_io_schedule",
	"context_switch", "__switch_to*", "wait_on_bit*", "__wait_on_bit*", "out_of_line_wait_on_*", "bit_wait*",
	"wait_for_completion*", "__wait_for_completion*", "__wait_for_common", "wait_for_common*",
	"do_wait_for_common", "wait_woken", "do_wait_intr*", "msleep*", "usleep_*", "ssleep", "fsleep",
	"synchronize_*", "__synchronize_*", "wait_rcu_gp", "__wait_rcu_gp", "rcu_barrier*", "exp_funnel_lock",
	"folio_wait_*", "wait_on_page_*", "__lock_page*", "lock_page*", "__folio_lock*", "folio_lock*", "sleep_on_*",
	"wait_on_buffer", "__wait_on_buffer", "__lock_buffer", "filemap_fdatawait*", "__filemap_fdatawait*",
	"rq_qos_wait", "__wait_on_freeing_inode", "do_nanosleep", "hrtimer_nanosleep", "flush_work", "__flush_work",
	"flush_workqueue", "__flush_workqueue", "flush_delayed_work", "cancel_work_sync", "cancel_delayed_work_sync",
	"__cancel_work_timer", "__cancel_work_sync", "drain_workqueue", "kthread_stop", "kthread_park",
	"kthread_flush_*", "request_wait_answer", "lock_sock", "lock_sock_nested", "__lock_sock", "ldsem_down_*",
	"__ldsem_*",
	NULL
};
/* clang-format on */

const struct plumbing_list plumbing_waiting[] = {
	{ tick, PLUMBING_BUSY },
	{ other_cpus, PLUMBING_BUSY | PLUMBING_ASLEEP },
	{ sleeping,
	  PLUMBING_BUSY | PLUMBING_ASLEEP | CRASH_KIND_BIT(CRASH_STACK_CORRUPTION) }, /* schedule() looks at its end */
	{ NULL, 0 },
};
