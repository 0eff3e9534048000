/* The machine's errors, and that memory ran out. Order matters: the first row that fits is taken. */
#include "crash/headline.h"

/* One event is reported by several: the processor, the firmware, the drivers that decode it, and a panic. */
#define HARDWARE (CRASH_KIND_BIT(CRASH_MACHINE_CHECK) | CRASH_KIND_BIT(CRASH_HARDWARE_ERROR))
#define NMI      CRASH_KIND_BIT(CRASH_NMI_RECEIVED)
#define OOM      CRASH_KIND_BIT(CRASH_OUT_OF_MEMORY)

/* printk.h's HW_ERR; with pr_fmt of arch/x86/kernel/cpu/mce since v4.16. */
#define MARK "[Hardware Error]"
#define MACHINE_CHECK(words)                                                                                                \
	{ .kind = CRASH_MACHINE_CHECK, .begins = "mce: [Hardware Error]: " words, .part_of = HARDWARE, .word = MARK },      \
	{                                                                                                                   \
		.kind = CRASH_MACHINE_CHECK, .begins = "[Hardware Error]: " words, .part_of = HARDWARE, .word = MARK        \
	}
#define PANIC(kind_of, reason, whole)                                                                                       \
	{                                                                                                                   \
		.kind = kind_of, .begins = "Kernel panic - not syncing: " reason, .part_of = whole                          \
	}

const struct crash_headline crash_headlines_hardware[] = {
	/*
	 * arch/x86/kernel/cpu/mce/core.c, __print_mce(). Corrected errors are reported in the same words: hardware_close()
	 * tells them by their status. "Machine check events logged" says nothing.
	 */
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "mce: [Hardware Error]: CPU ",
	  .contains = ": Machine Check",
	  .part_of = HARDWARE,
	  .word = MARK },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "[Hardware Error]: CPU ",
	  .contains = ": Machine Check",
	  .part_of = HARDWARE,
	  .word = MARK },
	/* The same before HW_ERR (v2.6.35), and of EDAC's drivers. */
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "CPU ",
	  .contains = ": Machine Check Exception:",
	  .part_of = HARDWARE,
	  .word = ": Machine Check" },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "EDAC ",
	  .contains = ": Machine Check",
	  .part_of = HARDWARE,
	  .word = ": Machine Check" },
	MACHINE_CHECK("Machine check: "),
	/* drivers/edac/mce_amd.c: since v4.1 or so the severity comes first, before that the unit. */
	MACHINE_CHECK("System Fatal error."),
	MACHINE_CHECK("Uncorrected, software "),
	MACHINE_CHECK("Error Status: "),
	MACHINE_CHECK("Northbridge Error "),
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "[Hardware Error]: MC",
	  .contains = " Error",
	  .part_of = HARDWARE,
	  .word = MARK },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "[Hardware Error]: CPU:",
	  .contains = "_STATUS[",
	  .part_of = HARDWARE,
	  .word = MARK },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "mce: Uncorrected hardware memory error in user-access at ",
	  .part_of = HARDWARE,
	  .word = "Uncorrected hardware memory error" },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "Uncorrected hardware memory error in user-access at ",
	  .part_of = HARDWARE,
	  .word = "Uncorrected hardware memory error" },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "mce: CPUs not responding to MCE broadcast",
	  .part_of = HARDWARE,
	  .word = "not responding to MCE" },
	PANIC(CRASH_MACHINE_CHECK, "Fatal machine check", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Fatal Machine check", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Fatal local machine check", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Machine check", HARDWARE), /* from unknown source; s390's, v2.6's */
	PANIC(CRASH_MACHINE_CHECK, "CPU context corrupt", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Timeout: Not all CPUs entered broadcast exception handler", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Timeout: Monarch CPU unable to finish machine check", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Timeout: Subject CPUs unable to finish machine check", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Timeout: MCE synchronization", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Timeout synchronizing machine check over CPUs", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Failed kernel mode recovery", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Too many consecutive machine checks", HARDWARE), /* since v5.16, queue_task_work() */
	PANIC(CRASH_MACHINE_CHECK, "Consecutive machine checks to different user pages", HARDWARE),
	PANIC(CRASH_MACHINE_CHECK, "Unrecoverable Machine check", HARDWARE),
	/* arch/powerpc/kernel/mce.c: up to v5.0, since. What was recovered is no crash. */
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "Severe Machine check interrupt [Not recovered",
	  .part_of = HARDWARE,
	  .word = "[Not recovered" },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "Fatal Machine check interrupt [Not recovered",
	  .part_of = HARDWARE,
	  .word = "[Not recovered" },
	{ .kind = CRASH_MACHINE_CHECK,
	  .begins = "MCE: CPU",
	  .contains = "[Not recovered]",
	  .part_of = HARDWARE,
	  .word = "[Not recovered" },
	/* drivers/acpi/apei/ghes.c; each report is an event of its own. */
	{ .kind = CRASH_HARDWARE_ERROR,
	  .begins = "{",
	  .contains = "}[Hardware Error]: Hardware error from APEI",
	  .word = MARK },
	{ .kind = CRASH_HARDWARE_ERROR, .begins = "[Hardware Error]: Hardware error from APEI", .word = MARK },
	PANIC(CRASH_HARDWARE_ERROR, "Fatal hardware error", HARDWARE),
	/* drivers/acpi/apei/bert.c: the records follow, of an error that ended the boot before. */
	{ .kind = CRASH_HARDWARE_ERROR, .begins = "BERT: Error records from previous boot" },
	/* drivers/pci/pcie/aer.c; the wording since v6.10 last. */
	{ .kind = CRASH_HARDWARE_ERROR,
	  .begins = "pcieport ",
	  .contains = "Uncorrected (Fatal) error",
	  .part_of = HARDWARE,
	  .word = "Uncorrect" },
	{ .kind = CRASH_HARDWARE_ERROR,
	  .begins = "",
	  .contains = ": PCIe Bus Error: severity=Uncorrected (Fatal)",
	  .part_of = HARDWARE,
	  .word = "Uncorrect" },
	{ .kind = CRASH_HARDWARE_ERROR,
	  .begins = "pcieport ",
	  .contains = "Uncorrectable (Fatal) error",
	  .part_of = HARDWARE,
	  .word = "Uncorrect" },
	{ .kind = CRASH_HARDWARE_ERROR,
	  .begins = "",
	  .contains = ": PCIe Bus Error: severity=Uncorrectable (Fatal)",
	  .part_of = HARDWARE,
	  .word = "Uncorrect" },
	/* drivers/edac/edac_mc.c: UE is uncorrected; with edac_mc_panic_on_ue the panic has its words. */
	{ .kind = CRASH_HARDWARE_ERROR, .begins = "EDAC MC", .contains = " UE ", .part_of = HARDWARE, .word = "EDAC MC" },
	PANIC(CRASH_HARDWARE_ERROR, "EDAC MC", HARDWARE),
	PANIC(CRASH_HARDWARE_ERROR, "UE ", HARDWARE),
	/* mm/memory-failure.c: a page is given up, and who has it is killed; by itself, where the log begins behind the
	   error. */
	{ .kind = CRASH_HARDWARE_ERROR, .begins = "Memory failure: 0x", .part_of = HARDWARE },
	/* arch/x86/kernel/nmi.c */
	{ .kind = CRASH_NMI_RECEIVED, .begins = "Uhhuh. NMI received for unknown reason", .part_of = NMI },
	{ .kind = CRASH_NMI_RECEIVED, .begins = "NMI: PCI system error (SERR)", .part_of = NMI, .word = "NMI: " },
	{ .kind = CRASH_NMI_RECEIVED, .begins = "NMI: IOCK error", .part_of = NMI, .word = "NMI: " },
	{ .kind = CRASH_NMI_RECEIVED, .begins = "NMI: memory parity error", .part_of = NMI, .word = "NMI: " },
	{ .kind = CRASH_NMI_RECEIVED, .begins = "NMI: Memory parity error", .part_of = NMI, .word = "NMI: " },
	PANIC(CRASH_NMI_RECEIVED, "NMI: Not continuing", NMI),
	PANIC(CRASH_NMI_RECEIVED, "NMI IOCK error", NMI),
	PANIC(CRASH_NMI_RECEIVED, "NMI: ", NMI),
	/* drivers/watchdog/hpwdt.c, since v4.16 with a number in front. */
	{ .kind = CRASH_NMI_RECEIVED,
	  .begins = "Kernel panic - not syncing: ",
	  .contains = "An NMI occurred",
	  .part_of = NMI },
	/* mm/oom_kill.c: who asked for memory, then who was killed for it. */
	{ .kind = CRASH_OUT_OF_MEMORY, .begins = "", .contains = " invoked oom-killer: ", .word = " invoked oom-killer: " },
	{ .kind = CRASH_OUT_OF_MEMORY,
	  .begins = "Out of memory: Kill",
	  .contains = "process ",
	  .part_of = OOM,
	  .word = "ut of memory: " },
	{ .kind = CRASH_OUT_OF_MEMORY,
	  .begins = "Out of memory: kill",
	  .contains = "process ",
	  .part_of = OOM,
	  .word = "ut of memory: " },
	{ .kind = CRASH_OUT_OF_MEMORY,
	  .begins = "Memory cgroup out of memory: Kill",
	  .part_of = OOM,
	  .word = "ut of memory: " },
	{ .kind = CRASH_OUT_OF_MEMORY, .begins = "oom-kill:constraint=", .part_of = OOM },
	{ .begins = NULL },
};
