/*
 * What the processor refuses, on each architecture, and BUG. Order matters: the first row that fits is taken.
 */
#include "crash/headline.h"

/* " [#1]": what die() puts behind headlines that are all lower case, as much other text is. */
#define DIE_COUNTER " [#"

const struct crash_headline crash_headlines_oops[] = {
	/* arch/x86/mm/fault.c, show_fault_oops(): the wording before and since v5.1. Before v4.20 sysrq-c was an oops. */
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE,
	  .begins = "BUG: kernel NULL pointer dereference",
	  .part_of = CRASH_KIND_BIT(CRASH_SYSRQ) },
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE,
	  .begins = "BUG: unable to handle kernel NULL pointer dereference",
	  .part_of = CRASH_KIND_BIT(CRASH_SYSRQ) },
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE,
	  .begins = "Unable to handle kernel NULL pointer dereference",
	  .part_of = CRASH_KIND_BIT(CRASH_SYSRQ) },
	{ .kind = CRASH_PAGE_FAULT,
	  .begins = "BUG: unable to handle page fault for address",
	  .part_of = CRASH_KIND_BIT(CRASH_SYSRQ) },
	{ .kind = CRASH_PAGE_FAULT,
	  .begins = "BUG: unable to handle kernel paging request",
	  .part_of = CRASH_KIND_BIT(CRASH_SYSRQ) },
	{ .kind = CRASH_PAGE_FAULT,
	  .begins = "Unable to handle kernel paging request",
	  .part_of = CRASH_KIND_BIT(CRASH_SYSRQ) },
	/* arch/x86/kernel/traps.c; die() itself puts "Oops: " in front since v6.9. User programs' have "traps: comm[pid]" in
	   front. */
	{ .kind = CRASH_GENERAL_PROTECTION_FAULT, .begins = "general protection fault", .word = DIE_COUNTER },
	{ .kind = CRASH_GENERAL_PROTECTION_FAULT, .begins = "Oops: general protection fault" },
	{ .kind = CRASH_GENERAL_PROTECTION_FAULT, .begins = "stack segment: ", .contains = "[#", .word = DIE_COUNTER },
	{ .kind = CRASH_GENERAL_PROTECTION_FAULT, .begins = "Oops: stack segment: " },
	{ .kind = CRASH_DIVIDE_ERROR, .begins = "divide error: ", .contains = "[#", .word = DIE_COUNTER },
	{ .kind = CRASH_DIVIDE_ERROR, .begins = "Oops: divide error: " },
	/* lib/bug.c, report_bug(): with a capital and "[verbose debug info unavailable]" where the kernel knows no source.
	 */
	{ .kind = CRASH_KERNEL_BUG, .begins = "kernel BUG at ", .part_of = CRASH_BEFORE_BUG, .word = "ernel BUG at " },
	{ .kind = CRASH_KERNEL_BUG, .begins = "Kernel BUG at ", .part_of = CRASH_BEFORE_BUG, .word = "ernel BUG at " },
	/* include/asm-generic/bug.h, where the architecture has no exception for it: a panic follows. */
	{ .kind = CRASH_KERNEL_BUG, .begins = "BUG: failure at ", .part_of = CRASH_BEFORE_BUG, .word = "BUG: " },
	{ .kind = CRASH_INVALID_OPCODE,
	  .begins = "invalid opcode: ",
	  .contains = "[#",
	  .part_of = CRASH_OF_BUG,
	  .word = DIE_COUNTER },
	{ .kind = CRASH_INVALID_OPCODE, .begins = "Oops: invalid opcode: ", .part_of = CRASH_OF_BUG },
	{ .kind = CRASH_DOUBLE_FAULT, .begins = "PANIC: double fault" },
	{ .kind = CRASH_DOUBLE_FAULT, .begins = "traps: PANIC: double fault" },
	{ .kind = CRASH_DOUBLE_FAULT,
	  .begins = "double fault: ",
	  .contains = "[#",
	  .part_of = CRASH_KIND_BIT(CRASH_DOUBLE_FAULT),
	  .word = DIE_COUNTER },
	{ .kind = CRASH_DOUBLE_FAULT, .begins = "Oops: double fault: ", .part_of = CRASH_KIND_BIT(CRASH_DOUBLE_FAULT) },
	/* arch/x86/kernel/traps.c, handle_stack_overflow(): "BUG: stack guard page", since v6.1 or so with the stack's name
	   in front. */
	{ .kind = CRASH_STACK_OVERFLOW,
	  .begins = "BUG: ",
	  .contains = "stack guard page was hit at ",
	  .word = "stack guard page was hit" },
	{ .begins = NULL },
};
