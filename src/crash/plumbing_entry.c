/* Plumbing by which the kernel is entered, and the loops that call all else. */
#include "crash/plumbing_lists.h"

#include <stddef.h>

/* clang-format off */
/* arch/x86/entry, arch/x86/kernel/entry_*.S before v4.2 */
static const char *const x86[] = {
	"do_syscall_64", "do_syscall_x64", "entry_SYSCALL_*", "x64_sys_call", "ia32_sys_call", "system_call*",
	"sysenter_past_esp", "sysenter_do_call", "sysenter_dispatch", "sysenter_entry", "ia32_sysenter_*",
	"ia32_syscall*", "ia32_do_call", "ia32_cstar_*", "syscall_call", "syscall_trace_enter*",
	"syscall_trace_leave", "syscall_exit_*", "syscall_enter_*", "syscall_return_slowpath", "do_int80_*",
	"do_fast_syscall_32", "__do_fast_syscall_32", "do_SYSENTER_32", "entry_SYSENTER_*", "entry_INT80_*",
	"int_ret_from_sys_call", "tracesys*", "stub_clone", "stub_execve", "stub_fork", "stub_vfork",
	"stub_rt_sigreturn", "retint_*", "ret_from_intr", "child_rip", "kernel_thread_helper", "x86_64_start_*",
	"i386_start_kernel", "common_interrupt*", "asm_common_interrupt", "__common_interrupt", "do_IRQ",
	"__irqentry_text_*", "irqentry_*", "asm_sysvec_*", "sysvec_*", "__sysvec_*", "apic_timer_interrupt",
	"smp_apic_timer_interrupt", "reschedule_interrupt", "smp_reschedule_interrupt", "scheduler_ipi",
	"irq_work_interrupt", "smp_irq_work_interrupt", "call_function_interrupt", "call_function_single_interrupt",
	"smp_call_function_interrupt", "smp_call_function_single_interrupt", "xen_hvm_callback_vector",
	"xen_evtchn_do_upcall", "xen_do_hypervisor_callback", "hyperv_stimer0_callback_vector",
	"hyperv_callback_vector", "kvm_async_pf_task_wait*", "do_int3", "int3", "exc_int3", "asm_exc_int3",
	"asm_exc_nmi", "exc_nmi", "end_repeat_nmi", "first_nmi", "nmi", "do_nmi", "default_do_nmi", "nmi_handle*",
	"nmi_stack_correct", "repeat_nmi", "paranoid_exit", "native_iret", "irq_return", "native_irq_return_iret",
	"restore_regs_*", "swapgs_restore_regs_*", "__x86_indirect_thunk*", "__x86_return_thunk",
	"__x86_indirect_call_*", "srso_*", "retbleed_*", "retpoline_*", "opt_pre_handler", "aggr_pre_handler",
	"optimized_callback",
	NULL
};

static const char *const arm[] = {
	/*
	 * arm64: arch/arm64/kernel/entry.S, entry-common.c, syscall.c. A CPU that is dumped from outside may stand in the
	 * vectors themselves: those of the kernel, of its trampoline (v4.15), and against Spectre-BHB (v5.17).
	 */
	"vectors", "tramp_vectors", "tramp_exit*", "__bp_harden_el1_vectors", "el0_*", "el1_*", "__el0_*", "__el1_irq",
	"__el1_pnmi", "el1h_64_*", "el1t_64_*", "el0t_64_*", "el0t_32_*", "enter_from_kernel_mode",
	"__enter_from_kernel_mode", "exit_to_kernel_mode", "__exit_to_kernel_mode", "enter_from_user_mode",
	"__enter_from_user_mode", "enter_el1_irq_or_nmi", "exit_el1_irq_or_nmi", "arm64_enter_*", "arm64_exit_*",
	"arm64_preempt_schedule_irq", "__sdei_asm_*", "__sdei_handler", "finish_ret_to_user", "invoke_syscall*", "__invoke_syscall", "do_el0_svc*", "do_el0_irq_*",
	"call_on_irq_stack", "do_interrupt_handler", "gic_handle_irq", "__gic_handle_*", "ret_to_user*",
	"ret_to_kernel", "ret_fast_syscall*", "ret_slow_syscall", "__primary_switched", "__secondary_switched",
	"secondary_start_kernel*", "secondary_startup*", "work_pending", "do_notify_resume",
	/* arm: arch/arm/kernel/entry-common.S, entry-armv.S */
	"vector_swi", "local_restart", "__irq_svc", "__irq_usr", "handle_IRQ", "handle_domain_irq",
	"__handle_domain_irq", "asm_do_IRQ", "generic_handle_arch_irq", "call_with_stack", "handle_fiq_as_nmi",
	"slow_work_pending",
	NULL
};

static const char *const others[] = {
	/* powerpc: arch/powerpc/kernel/interrupt*.S, exceptions-64*.S */
	"system_call_exception", "syscall_exit_prepare*", "interrupt_return*", "interrupt_exit_*",
	"fast_interrupt_*", "fast_exc_return_irq", "fast_exception_return", "ret_from_except*", "ret_from_syscall",
	"ret_from_kernel_user_thread", "start_kernel_thread", "hardware_interrupt_common*",
	"hardware_interrupt_virt*", "decrementer_common*", "decrementer_virt*", "doorbell_super_common*",
	"performance_monitor_common*", "performance_monitor_exception", "system_reset_common*",
	"system_reset_exception", "h_doorbell_*", "h_virt_irq_common*", "replay_soft_interrupts*",
	"__replay_soft_interrupts", "arch_local_irq_restore", "__check_irq_replay", "restore_check_irq_replay",
	"start_secondary_prolog", "start_here_common", "start_here_multiplatform", "transfer_to_syscall",
	"call_do_irq", "call_do_softirq", "__do_irq", "__do_IRQ", "do_hard_irq",
	/* s390: arch/s390/kernel/entry.S, irq.c, syscall.c */
	"__do_syscall", "sysc_*", "io_int_handler", "ext_int_handler", "mcck_int_handler", "restart_int_handler",
	"do_io_irq", "do_ext_irq", "do_irq_async", "do_cio_interrupt", "do_ext_interrupt", "do_extint", "io_return",
	"psw_idle*", "__ret_from_fork",
	/* riscv: arch/riscv/kernel/entry.S, traps.c */
	"handle_syscall", "ret_from_syscall_rejected", "handle_arch_irq", "handle_riscv_irq", "riscv_intc_irq",
	"check_syscall_nr", "do_irq",
	/* loongarch, mips: arch/.../kernel */
	"do_syscall", "handle_loongarch_irq", "handle_vint", "do_vint", "rollback_handle_vint", "handle_sys*",
	"handle_int", "ret_from_user_thread", "ret_from_kernel_thread_asm", "smp_bootstrap",
	NULL
};

static const char *const loops[] = {
	"ret_from_fork*", "ret_from_kernel_thread", "kernel_thread_starter", "cpu_startup_entry", "start_secondary*",
	"secondary_startup_*", "start_kernel", "rest_init", "kernel_init", "kernel_init_freeable", "do_one_initcall",
	"do_initcalls", "do_initcall_level", "do_basic_setup", "arch_call_rest_init", "irq_exit*", "__irq_exit*",
	"irq_enter*", "do_softirq*", "__do_softirq", "invoke_softirq", "call_softirq", "__local_bh_enable_ip",
	"local_bh_enable", "local_bh_enable_ip", "_local_bh_enable_ip", "handle_softirqs*", "run_ksoftirqd",
	"smpboot_thread_fn", "kthread", "process_one_work", "worker_thread", "rescuer_thread",
	"process_scheduled_works", "kthread_worker_fn", "do_exit", "make_task_dead", "rewind_stack_*",
	"__unwind_start",
	NULL
};

/* What tracing and the performance counters put between a function and its caller. */
static const char *const tracing[] = {
	"kprobe_ftrace_handler", "kprobe_int3_handler", "kprobe_handler", "kprobe_fault_handler",
	"kprobe_exceptions_notify", "kprobe_breakpoint_handler", "kprobe_dispatcher", "kprobe_trace_func",
	"kprobe_perf_func", "kretprobe_trampoline*", "arch_rethook_trampoline*", "__kretprobe_trampoline*",
	"kretprobe_dispatcher", "kprobe_emulate_*", "ftrace_caller*", "ftrace_regs_caller*", "ftrace_call",
	"ftrace_regs_call", "ftrace_graph_caller", "ftrace_graph_call", "ftrace_stub*", "ftrace_ops_list_func",
	"ftrace_ops_assist_func", "arch_ftrace_ops_list_func", "ftrace_trampoline*", "ftrace_epilogue",
	"ftrace_common*", "ftrace_return_to_handler", "ftrace_kprobe_*", "return_to_handler",
	"prepare_ftrace_return", "function_graph_enter*", "mcount*", "_mcount*", "__fentry__",
	"perf_event_nmi_handler", "perf_event_overflow*", "__perf_event_overflow", "handle_pmi_common",
	"intel_pmu_handle_irq*", "x86_pmu_handle_irq", "amd_pmu_handle_irq", "perf_ibs_handle_irq",
	"perf_ibs_nmi_handler", "bpf_dispatcher_*", "__bpf_prog_enter*", "__bpf_prog_exit*", "bpf_trampoline_*",
	"klp_ftrace_handler",
	NULL
};

const char *const plumbing_ways_in[] = {
	/* system calls, and what every read, write, open or ioctl passes */
	"sys_*", "__sys_*", "___sys_*", "____sys_*", "compat_sys_*", "ksys_*", "do_sys_*", "vfs_read*", "vfs_write*",
	"vfs_iter_*", "__vfs_*", "new_sync_*", "do_sync_*", "do_iter_*", "call_read_iter", "call_write_iter",
	"do_filp_open", "path_openat", "do_last", "vfs_open", "do_dentry_open", "do_open", "vfs_ioctl",
	"do_vfs_ioctl", "proc_reg_*", "seq_read*", "kernfs_fop_*", "sysfs_kf_*", "sock_sendmsg*", "__sock_sendmsg*",
	"sock_recvmsg*", "sock_read_iter", "sock_write_iter", "handle_mm_fault", "__handle_mm_fault", "__do_fault",
	"do_fault", "kernel_clone", "_do_fork", "do_fork", "task_work_run", "exit_to_user_mode_*",
	"exit_to_usermode_*", "do_group_exit", "do_init_module", "load_module",
	/* timers, soft and hard interrupts, idling */
	"call_timer_fn", "expire_timers", "__run_timers", "__run_timer_base", "run_timer_base", "run_timer_softirq",
	"tasklet_action*", "net_rx_action", "__napi_poll", "napi_poll", "process_backlog", "netif_receive_skb*",
	"__netif_receive_skb*", "rcu_core*", "rcu_do_batch", "rcu_process_callbacks", "__rcu_process_callbacks",
	"handle_irq_event*", "__handle_irq_event*", "handle_edge_irq", "handle_fasteoi_irq", "generic_handle_*",
	"handle_irq", "do_idle", "cpu_idle", "cpu_idle_loop", "cpuidle_*", "call_cpuidle", "default_idle*",
	"arch_cpu_idle", "mwait_idle*", "acpi_idle_*", "intel_idle*", "amd_e400_idle",
	NULL
};

/* In the traces of one interrupt several of them follow each other, without other functions between. */
const char *const plumbing_tick_entries[] = {
	/* x86 */
	"apic_timer_interrupt", "asm_sysvec_apic_timer_interrupt", "asm_sysvec_hyperv_stimer0", "asm_exc_nmi",
	"end_repeat_nmi", "xen_hvm_callback_vector", "asm_sysvec_xen_hvm_callback", "hyperv_stimer0_callback_vector",
	"retint_kernel", "call_function_single_interrupt", "asm_sysvec_call_function_single", "reschedule_interrupt",
	"asm_sysvec_reschedule_ipi", "nmi", "nmi_stack_correct", "common_interrupt", "asm_common_interrupt",
	"ret_from_intr",
	/* arm64: the way from gic_handle_irq() outwards; el1_irq alone before v5.12 */
	"gic_handle_irq", "call_on_irq_stack", "do_interrupt_handler", "el1_interrupt", "__el1_irq", "__el1_pnmi",
	"el1h_64_irq_handler", "el1h_64_irq", "el1_irq", "el1_irq_handler", "el0t_64_irq",
	/* machines of Apple interrupt by FIQ: since v5.13 */
	"el1h_64_fiq_handler", "el1h_64_fiq", "el1_fiq", "el1_fiq_handler", "el0t_64_fiq",
	/* arm */
	"__irq_svc", "__irq_usr",
	/* powerpc: the masked interrupt is replayed when interrupts are enabled */
	"timer_interrupt", "decrementer_common", "decrementer_common_virt", "soft_nmi_common", "system_reset_common",
	"performance_monitor_common", "hardware_interrupt_common",
	/* s390 */
	"do_ext_irq", "ext_int_handler", "do_io_irq", "io_int_handler",
	/* riscv; "do_irq" since v6.4 */
	"handle_arch_irq", "handle_riscv_irq", "do_irq", "ret_from_exception", "handle_exception",
	/* loongarch */
	"handle_loongarch_irq", "do_vint", "handle_vint",
	NULL
};
/* clang-format on */

const struct plumbing_list plumbing_entry[] = {
	{ x86, PLUMBING_EVERY_KIND },   { arm, PLUMBING_EVERY_KIND },     { others, PLUMBING_EVERY_KIND },
	{ loops, PLUMBING_EVERY_KIND }, { tracing, PLUMBING_EVERY_KIND }, { NULL, 0 },
};
