/*
 * sysrq, and the panics that are crashes of their own. Order matters: the first row that fits is taken. A reason's title
 * leaves out what differs from one machine to another: devices, exit codes, addresses.
 */
#include "crash/headline.h"

#define WORD "Kernel panic - not syncing: "

#define PANIC(reason, which)                                                                                                \
	{                                                                                                                   \
		.kind = CRASH_PANIC, .begins = WORD reason, .word = WORD, .subkind = which,                                 \
		.title = "kernel panic: " reason                                                                            \
	}
/* A panic by which it is known what came before it, though the log has lost that. */
#define PANIC_OF(of, reason)                                                                                                \
	{                                                                                                                   \
		.kind = of, .begins = WORD reason, .word = WORD                                                             \
	}

const struct crash_headline crash_headlines_panic[] = {
	/* drivers/tty/sysrq.c: three wordings of the same. */
	{ .kind = CRASH_SYSRQ, .begins = "sysrq: Trigger a crash" },
	{ .kind = CRASH_SYSRQ, .begins = "sysrq: SysRq : Trigger a crash" },
	{ .kind = CRASH_SYSRQ, .begins = "SysRq : Trigger a crash" },
	PANIC_OF(CRASH_SYSRQ, "sysrq triggered crash"),

	/* kernel/panic.c, __stack_chk_fail(); kernel/sched/core.c, schedule_debug() */
	{ .kind = CRASH_STACK_CORRUPTION,
	  .begins = WORD "stack-protector: Kernel stack is corrupted in: ",
	  .word = WORD,
	  .subkind = "stack-protector" },
	{ .kind = CRASH_STACK_CORRUPTION,
	  .begins = WORD "corrupted stack end detected inside scheduler",
	  .word = WORD,
	  .subkind = "stack-end",
	  .title = "kernel panic: corrupted stack end detected inside scheduler" },

	/* mm/oom_kill.c: check_panic_on_oom(), out_of_memory() */
	{ .kind = CRASH_OUT_OF_MEMORY,
	  .begins = WORD "System is deadlocked on memory",
	  .word = WORD,
	  .subkind = "deadlocked",
	  .title = "kernel panic: System is deadlocked on memory" },
	{ .kind = CRASH_OUT_OF_MEMORY,
	  .begins = WORD "Out of memory and no killable processes",
	  .word = WORD,
	  .subkind = "deadlocked",
	  .title = "kernel panic: Out of memory and no killable processes" },
	{ .kind = CRASH_OUT_OF_MEMORY,
	  .begins = WORD "Out of memory: ",
	  .word = WORD,
	  .subkind = "panic-on-oom",
	  .title = "kernel panic: Out of memory: panic_on_oom is enabled" },
	{ .kind = CRASH_OUT_OF_MEMORY,
	  .begins = WORD "out of memory. panic_on_oom is selected", /* up to v2.6.38 or so */
	  .word = WORD,
	  .subkind = "panic-on-oom",
	  .title = "kernel panic: Out of memory: panic_on_oom is enabled" },

	/* init/do_mounts.c, init/main.c */
	PANIC("VFS: Unable to mount root fs", "no-root"),
	PANIC("No working init found", "no-init"),
	PANIC("No init found", "no-init"),
	{ .kind = CRASH_PANIC,
	  .begins = WORD "Requested init ",
	  .word = WORD,
	  .subkind = "no-init",
	  .title = "kernel panic: Requested init failed" },
	/* kernel/exit.c */
	PANIC("Attempted to kill init!", "init-died"),
	PANIC("Attempted to kill the idle task!", "idle-task-died"),
	PANIC("Aiee, killing interrupt handler!", "died-in-interrupt"),
	/* die() of the architectures, whose report is lost */
	PANIC("Fatal exception in interrupt", "died-in-interrupt"),
	PANIC("Fatal exception", "died"),
	/* kernel/watchdog.c, watchdog_hld.c, rcu/tree_stall.h, hung_task.c */
	PANIC_OF(CRASH_SOFT_LOCKUP, "softlockup: hung tasks"),
	PANIC_OF(CRASH_HARD_LOCKUP, "Hard LOCKUP"),
	PANIC_OF(CRASH_RCU_STALL, "RCU Stall"),
	PANIC("hung_task: blocked tasks", "blocked-tasks"),
	/* A panic_on_warn whose warning is lost; who warned stands in front since v6.2. */
	PANIC("panic_on_warn set", "panic-on-warn"),
	PANIC("kernel: panic_on_warn set", "panic-on-warn"),
	/* drivers/watchdog/watchdog_pretimeout.c, arch/x86/kernel/apic/io_apic.c, drivers/iommu */
	PANIC("watchdog pretimeout event", "watchdog-pretimeout"),
	PANIC("IO-APIC + timer doesn't work!", "timer"),
	PANIC("DMAR hardware is malfunctioning", "iommu"),
	{ .kind = CRASH_PANIC, .begins = WORD "AMD-Vi: ", .word = WORD, .subkind = "iommu" },

	{ .kind = CRASH_PANIC, .begins = WORD },
	{ .begins = NULL },
};
