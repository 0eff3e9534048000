/*
 * What the processor refuses, on each architecture, and BUG. Order matters: the first row that fits is taken.
 */
#include "crash/headline.h"

#define OF(kind) CRASH_KIND_BIT(CRASH_##kind)
/* Before v4.20 sysrq-c was an oops: its report is the sysrq's. */
#define AFTER_SYSRQ OF(SYSRQ)
/* What the line of die() may be the second line of: of each fault that has words of its own before it. */
#define FAULTS                                                                                                              \
	(OF(NULL_POINTER_DEREFERENCE) | OF(PAGE_FAULT) | OF(ALIGNMENT_FAULT) | OF(EXTERNAL_ABORT) |                         \
	 OF(UNEXPECTED_EXCEPTION) | OF(UNDEFINED_INSTRUCTION) | OF(STACK_OVERFLOW) | OF(STACK_CORRUPTION) |                 \
	 OF(MACHINE_CHECK) | OF(SYSRQ))

/* Words that several rows share: a log of gigabytes is searched for each word. */
#define DIE_COUNTER " [#" /* what die() puts behind lines that are all lower case, as much other text is */
#define DIE_WORD    " [#1" /* to look for it; headline.c has the other numbers */
#define DIE_JOINED  "[#1]:" /* the same on loongarch and mips */
#define UNABLE      "nable to handle kernel"
#define NULL_DEREF  "kernel NULL pointer deref"
#define INTERNAL    "Internal error: "
#define EXPLOIT     " - exploit attempt? (uid"
#define BY_USER     " (uid: "

/* "PANIC: early exception 0x0e IP 10:...", "PANIC: early exception 0e rip 10:..." */
#define EARLY(number, of)                                                                                                   \
	{ .kind = CRASH_##of, .begins = "PANIC: early exception 0x" number " ", .subkind = "early", .word = EARLY_WORD },   \
	{                                                                                                                   \
		.kind = CRASH_##of, .begins = "PANIC: early exception " number " ", .subkind = "early", .word = EARLY_WORD  \
	}
#define EARLY_WORD "PANIC: early exception "

const struct crash_headline crash_headlines_oops[] = {
	/* clang-format off */
	/* arch/x86/mm/fault.c, show_fault_oops(): the wording before and since v5.1. */
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE, .begins = "BUG: kernel NULL pointer dereference", .part_of = AFTER_SYSRQ, .word = NULL_DEREF },
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE, .begins = "BUG: unable to handle kernel NULL pointer dereference", .part_of = AFTER_SYSRQ, .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "BUG: unable to handle page fault for address", .part_of = AFTER_SYSRQ },
	{ .kind = CRASH_PAGE_FAULT, .begins = "BUG: unable to handle kernel ", .part_of = AFTER_SYSRQ, .word = UNABLE },
	/* The same function, before that line: what the access was. */
	{ .kind = CRASH_UNKNOWN_KIND, .begins = "kernel tried to execute NX-protected page", .subkind = "nx-protected-page", .refines = FAULTS, .waits = true, .word = BY_USER },
	{ .kind = CRASH_UNKNOWN_KIND, .begins = "unable to execute userspace code (SMEP?)", .subkind = "smep", .refines = FAULTS, .waits = true, .word = BY_USER },
	/* fault.c up to v6.x, behind it: the end of the stack was overwritten. */
	{ .kind = CRASH_UNKNOWN_KIND, .begins = "Thread overran stack, or stack corrupted", .subkind = "stack-overrun", .refines = FAULTS, .waits = true },
	/* pgtable_bad(): the task's name stands in front. */
	{ .kind = CRASH_PAGE_FAULT, .begins = "", .contains = ": Corrupted page table at address ", .subkind = "corrupted-page-table", .word = "Corrupted page table at address" },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Bad pagetable: ", .die = true, .subkind = "corrupted-page-table", .part_of = FAULTS, .word = DIE_WORD },

	/* arch/powerpc/mm/fault.c, bad_kernel_fault() and bad_page_fault(): before v5.1 "Unable to handle kernel paging request for data". */
	{ .kind = CRASH_UNKNOWN_KIND, .begins = "Kernel attempted to ", .contains = EXPLOIT, .subkind = "user-page", .refines = FAULTS, .waits = true, .word = BY_USER },
	{ .kind = CRASH_UNKNOWN_KIND, .begins = "kernel tried to execute exec-protected page", .subkind = "exec-protected-page", .refines = FAULTS, .waits = true, .word = BY_USER },
	{ .kind = CRASH_UNKNOWN_KIND, .begins = "kernel tried to execute user page", .subkind = "user-page", .refines = FAULTS, .waits = true, .word = BY_USER },
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE, .begins = "BUG: Kernel NULL pointer dereference", .part_of = AFTER_SYSRQ, .word = "BUG: Kernel NULL pointer" },
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE, .begins = "BUG: Unable to handle kernel instruction fetch (NULL pointer?)", .part_of = AFTER_SYSRQ, .word = UNABLE },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "BUG: Unable to handle kernel unaligned access", .part_of = AFTER_SYSRQ, .word = UNABLE },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Unable to handle kernel paging request for unaligned access", .part_of = AFTER_SYSRQ, .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "BUG: Unable to handle kernel ", .part_of = AFTER_SYSRQ, .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "BUG: Unable to handle unknown paging fault at", .part_of = AFTER_SYSRQ },
	/* arch/powerpc/kernel/traps.c, __die() */
	{ .kind = CRASH_KERNEL_BUG, .begins = "Oops: Exception in kernel mode, sig: 5", .part_of = CRASH_OF_BUG | OF(SYSRQ) },
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .begins = "Oops: Exception in kernel mode, sig: 4" },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Oops: Kernel access of bad area, sig: ", .part_of = FAULTS },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Oops: Weird page fault, sig: ", .part_of = FAULTS },
	{ .kind = CRASH_MACHINE_CHECK, .begins = "Oops: Machine check, sig: ", .part_of = OF(MACHINE_CHECK) },
	{ .kind = CRASH_NMI_RECEIVED, .begins = "Oops: System Reset, sig: ", .part_of = OF(SYSRQ) | OF(NMI_RECEIVED) },
	{ .kind = CRASH_STACK_CORRUPTION, .begins = "Bad kernel stack pointer ", .word = "ad kernel stack pointer" },
	{ .kind = CRASH_STACK_CORRUPTION, .begins = "Oops: Bad kernel stack pointer, sig: ", .part_of = OF(STACK_CORRUPTION) },
	{ .kind = CRASH_STACK_OVERFLOW, .begins = "Oops: Kernel stack overflow, sig: ", .part_of = OF(STACK_OVERFLOW) },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Unrecoverable ", .contains = " Exception ", .word = "Unrecoverable " },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Unrecoverable exception ", .word = "Unrecoverable " },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Oops: ", .contains = ", sig: ", .part_of = FAULTS | CRASH_OF_BUG },

	/* arch/s390/mm/fault.c, report_user_fault() and dump_fault_info(): the address stands on the next line. */
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unable to handle kernel pointer dereference", .part_of = AFTER_SYSRQ, .word = UNABLE },
	/* die_kernel_fault() of arm, arm64 and riscv; x86-64 up to v2.6.26; each kind of access has its words since v4.16. */
	{ .kind = CRASH_NULL_POINTER_DEREFERENCE, .begins = "Unable to handle kernel NULL pointer dereference", .part_of = AFTER_SYSRQ, .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unable to handle kernel read from unreadable memory", .subkind = "unreadable-memory", .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unable to handle kernel write to read-only memory", .subkind = "read-only-memory", .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unable to handle kernel execute from non-executable memory", .subkind = "non-executable-memory", .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unable to handle kernel execution of user memory", .subkind = "user-memory", .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unable to handle kernel access to user memory", .subkind = "user-memory", .word = UNABLE },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Unable to handle kernel alignment fault", .word = UNABLE },
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Unable to handle kernel synchronous external abort", .word = UNABLE },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unable to handle kernel ", .part_of = AFTER_SYSRQ, .word = UNABLE },
	/* do_page_fault() of loongarch and mips */
	{ .kind = CRASH_PAGE_FAULT, .begins = "CPU ", .contains = " Unable to handle kernel paging request at virtual address ", .part_of = AFTER_SYSRQ, .word = UNABLE },

	/* arch/arm64/kernel/traps.c, arch/arm64/mm/fault.c */
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "SError Interrupt on CPU", .subkind = "serror", .title = "SError interrupt" },
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Bad mode in Error handler detected", .subkind = "serror", .title = "SError interrupt" },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Bad mode in ", .contains = " handler detected" },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Unhandled ", .contains = " exception on CPU", .word = " exception on CPU" },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Unexpected kernel ", .contains = " exception at EL1", .word = " exception at EL1" },
	{ .kind = CRASH_STACK_OVERFLOW, .begins = "Insufficient stack space to handle exception!" },
	/* arch/arm/mm/fault.c, do_DataAbort() and do_PrefetchAbort(), and arm64 up to v5.x; then "Internal error: : 1406 [#1]". A
	   program's fault has the same first lines, and a signal instead of the rest. */
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Unhandled fault: ", .contains = "external abort", .of_programs = true, .word = "Unhandled fault: " },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Unhandled fault: ", .contains = "alignment", .of_programs = true, .word = "Unhandled fault: " },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unhandled fault: ", .contains = " at 0x", .of_programs = true, .word = "Unhandled fault: " },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Unhandled prefetch abort: ", .of_programs = true, .subkind = "prefetch-abort" },
	/* die() of arm and arm64 */
	{ .kind = CRASH_PAGE_FAULT, .begins = "Internal error: Oops: ", .part_of = FAULTS, .word = INTERNAL },
	{ .kind = CRASH_KERNEL_BUG, .begins = "Internal error: Oops - BUG", .part_of = CRASH_OF_BUG | OF(SYSRQ), .word = INTERNAL },
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .begins = "Internal error: Oops - undefined instruction", .part_of = FAULTS | CRASH_OF_BUG, .word = INTERNAL },
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .begins = "Internal error: Oops - Undefined instruction", .part_of = FAULTS | CRASH_OF_BUG, .word = INTERNAL },
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "Internal error: Oops - BTI", .subkind = "bti", .word = INTERNAL },
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "Internal error: Oops - FPAC", .subkind = "fpac", .word = INTERNAL },
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "Internal error: Oops - GCS", .subkind = "gcs", .word = INTERNAL },
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "Internal error: Oops - CFI", .subkind = "cfi", .title = "CFI failure", .part_of = OF(CONTROL_PROTECTION), .word = INTERNAL },
	/* do_page_fault() of arm64 from v4.6 to v4.17, without a line of its own that names the address */
	{ .kind = CRASH_PAGE_FAULT, .begins = "Internal error: Accessing user space memory ", .subkind = "user-memory", .part_of = FAULTS, .word = INTERNAL },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Internal error: Attempting to execute userspace memory", .subkind = "user-memory", .part_of = FAULTS, .word = INTERNAL },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Internal error: SP/PC alignment", .part_of = FAULTS, .word = INTERNAL },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Internal error: Oops - SP/PC alignment", .part_of = FAULTS, .word = INTERNAL },
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Internal error: synchronous external abort", .part_of = FAULTS, .word = INTERNAL },
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Internal error: synchronous parity", .subkind = "ecc", .part_of = FAULTS, .word = INTERNAL },
	{ .kind = CRASH_STACK_OVERFLOW, .begins = "Internal error: kernel stack overflow: ", .part_of = FAULTS, .word = INTERNAL }, /* arm */
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Internal error: ", .contains = DIE_COUNTER, .part_of = FAULTS | CRASH_OF_BUG, .word = INTERNAL },

	/* arch/s390/kernel/traps.c, DO_ERROR_INFO: "addressing exception: 0005 ilc:3 [#1] SMP"; "[1]" up to v2.6.26. */
	{ .kind = CRASH_PAGE_FAULT, .begins = "addressing exception: ", .contains = "[#", .subkind = "addressing", .part_of = FAULTS, .word = DIE_WORD },
	{ .kind = CRASH_PAGE_FAULT, .begins = "protection exception: ", .contains = "[#", .subkind = "protection", .part_of = FAULTS, .word = DIE_WORD },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Low-address protection: ", .contains = "[#", .subkind = "low-address-protection", .part_of = FAULTS, .word = DIE_WORD },
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .begins = "illegal operation: ", .contains = "[#", .part_of = FAULTS | CRASH_OF_BUG, .word = DIE_WORD },
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .begins = "privileged operation: ", .contains = "[#", .word = DIE_WORD },
	{ .kind = CRASH_DIVIDE_ERROR, .begins = "fixpoint divide exception: ", .contains = "[#", .word = DIE_WORD },
	{ .kind = CRASH_KERNEL_BUG, .begins = "monitor event: ", .contains = "[#", .part_of = CRASH_OF_BUG | OF(SYSRQ), .word = DIE_WORD },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Oops: ", .contains = " ilc:", .part_of = FAULTS, .word = "Oops: " },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "", .contains = " ilc:", .die = true, .part_of = FAULTS | CRASH_OF_BUG, .word = DIE_WORD },
	{ .kind = CRASH_STACK_OVERFLOW, .begins = "Kernel stack overflow." },

	/* arch/riscv/kernel/traps.c, DO_ERROR_INFO; arch/riscv/mm/fault.c dies with "Oops" alone. */
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .begins = "Oops - illegal instruction [#", .word = DIE_WORD },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Oops - ", .contains = "address misaligned [#", .word = DIE_WORD },
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Oops - ", .contains = "access fault [#", .subkind = "access-fault", .word = DIE_WORD },
	{ .kind = CRASH_KERNEL_BUG, .begins = "Oops - BUG[#", .part_of = CRASH_OF_BUG | OF(SYSRQ), .word = DIE_JOINED }, /* loongarch */
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Oops - ", .contains = "[#", .part_of = FAULTS | CRASH_OF_BUG, .word = DIE_WORD },
	{ .kind = CRASH_KERNEL_BUG, .begins = "Kernel BUG [#", .part_of = CRASH_OF_BUG | OF(SYSRQ), .word = DIE_WORD },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Oops [#", .part_of = FAULTS, .word = DIE_WORD },

	/* die() of loongarch and mips: arch/ARCH/kernel/traps.c and unaligned.c. Mips dies with "Oops" of bus errors too (do_be()):
	   the line before says which, else the register of the cause (exceptions.c). */
	{ .kind = CRASH_UNKNOWN_KIND, .begins = "Oops[#", .part_of = FAULTS, .word = DIE_JOINED },
	{ .kind = CRASH_PAGE_FAULT, .begins = "Kernel ade access[#", .subkind = "address-error", .part_of = FAULTS, .word = DIE_JOINED },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Kernel ale access[#", .part_of = FAULTS, .word = DIE_JOINED },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Kernel unaligned ", .contains = "access[#", .part_of = FAULTS, .word = DIE_JOINED },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "Unhandled kernel unaligned access", .contains = "[#", .part_of = FAULTS, .word = DIE_JOINED },
	{ .kind = CRASH_UNDEFINED_INSTRUCTION, .begins = "Reserved instruction in kernel code[#", .part_of = FAULTS, .word = DIE_JOINED },
	{ .kind = CRASH_KERNEL_BUG, .begins = "Kernel bug detected[#", .part_of = CRASH_OF_BUG | OF(SYSRQ), .word = DIE_JOINED },
	{ .kind = CRASH_DIVIDE_ERROR, .begins = "Kernel division by zero[#", .word = DIE_JOINED },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Break instruction in kernel code[#", .part_of = FAULTS | CRASH_OF_BUG, .word = DIE_JOINED },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "Trap instruction in kernel code[#", .part_of = FAULTS | CRASH_OF_BUG, .word = DIE_JOINED },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "do_cpu invoked from kernel context![#", .part_of = FAULTS, .word = DIE_JOINED },
	/* do_be() of mips; of programs too, as on arm */
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Data bus error, epc == ", .of_programs = true, .word = "bus error, epc == " },
	{ .kind = CRASH_EXTERNAL_ABORT, .begins = "Instruction bus error, epc == ", .of_programs = true, .word = "bus error, epc == " },

	/* kernel/cfi.c, report_cfi_failure(), since v6.1: the exception for BUG follows, or arm64's "Oops - CFI". Before that a
	   panic, or a warning. */
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "CFI failure at ", .subkind = "cfi", .title = "CFI failure" },
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "Kernel panic - not syncing: CFI failure (", .subkind = "cfi", .title = "CFI failure" },
	/* arch/x86/kernel/cet.c (traps.c before v6.6): the function that is jumped to; a BUG() follows. */
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "traps: Missing ENDBR: ", .subkind = "missing-endbr", .word = "Missing ENDBR: " },
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "Missing ENDBR: ", .subkind = "missing-endbr", .word = "Missing ENDBR: " },
	/* kernel/cfi.c up to v6.0, where CONFIG_CFI_PERMISSIVE is set: the text of a warning */
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "CFI failure (target: ", .subkind = "cfi", .title = "CFI failure", .refines = OF(WARNING), .waits = true },
	/* lib/bug.c, report_bug(): with a capital and "[verbose debug info unavailable]" where the kernel knows no source. */
	{ .kind = CRASH_KERNEL_BUG, .begins = "kernel BUG at ", .part_of = CRASH_BEFORE_BUG, .word = "ernel BUG at " },
	{ .kind = CRASH_KERNEL_BUG, .begins = "Kernel BUG at ", .part_of = CRASH_BEFORE_BUG, .word = "ernel BUG at " },
	/* include/asm-generic/bug.h, where the architecture has no exception for it: a panic follows. */
	{ .kind = CRASH_KERNEL_BUG, .begins = "BUG: failure at ", .part_of = CRASH_BEFORE_BUG, .word = "BUG: " },

	/* arch/x86/mm/extable.c, early_fixup_exception(); head_64.S before v4.6: before the kernel has its handlers. */
	EARLY("00", DIVIDE_ERROR),
	EARLY("06", INVALID_OPCODE),
	EARLY("0d", GENERAL_PROTECTION_FAULT),
	EARLY("0e", PAGE_FAULT),
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "PANIC: early exception ", .subkind = "early" },

	/* arch/x86/kernel/traps.c. User programs' have "traps: comm[pid]" in front. */
	{ .kind = CRASH_GENERAL_PROTECTION_FAULT, .begins = "general protection fault", .die = true, .word = DIE_WORD },
	{ .kind = CRASH_STACK_SEGMENT, .begins = "stack segment: ", .die = true, .word = DIE_WORD },
	{ .kind = CRASH_DIVIDE_ERROR, .begins = "divide error: ", .die = true, .word = DIE_WORD },
	{ .kind = CRASH_BOUNDS, .begins = "bounds: ", .die = true, .word = DIE_WORD },
	{ .kind = CRASH_ALIGNMENT_FAULT, .begins = "alignment check: ", .die = true, .title = "alignment check", .word = DIE_WORD },
	{ .kind = CRASH_INVALID_OPCODE, .begins = "invalid opcode: ", .die = true, .part_of = CRASH_OF_BUG | OF(CONTROL_PROTECTION), .word = DIE_WORD },
	{ .kind = CRASH_CONTROL_PROTECTION, .begins = "control protection", .die = true, .part_of = OF(CONTROL_PROTECTION), .word = DIE_WORD },
	{ .kind = CRASH_DOUBLE_FAULT, .begins = "PANIC: double fault" },
	{ .kind = CRASH_DOUBLE_FAULT, .begins = "traps: PANIC: double fault" },
	{ .kind = CRASH_DOUBLE_FAULT, .begins = "double fault: ", .die = true, .part_of = OF(DOUBLE_FAULT) | OF(STACK_OVERFLOW), .word = DIE_WORD },
	/* handle_stack_overflow(): "BUG: stack guard page", since v6.1 or so with the stack's name in front; then the line of die(),
	   "kernel stack overflow (page fault)" up to v5.15. */
	{ .kind = CRASH_STACK_OVERFLOW, .begins = "BUG: ", .contains = "stack guard page was hit at ", .word = "stack guard page was hit" },
	{ .kind = CRASH_STACK_OVERFLOW, .begins = "stack guard page: ", .die = true, .part_of = OF(STACK_OVERFLOW), .word = DIE_WORD },
	{ .kind = CRASH_STACK_OVERFLOW, .begins = "kernel stack overflow (", .die = true, .part_of = OF(STACK_OVERFLOW), .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "invalid TSS: ", .die = true, .subkind = "invalid-tss", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "segment not present: ", .die = true, .subkind = "segment-not-present", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "coprocessor ", .die = true, .subkind = "coprocessor", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "fpu exception: ", .die = true, .subkind = "fpu-exception", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "simd exception: ", .die = true, .subkind = "simd-exception", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "unexpected #NM exception: ", .die = true, .subkind = "device-not-available", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "overflow: ", .die = true, .subkind = "overflow", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "int3: ", .die = true, .subkind = "int3", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "debug: ", .die = true, .subkind = "debug", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "iret exception: ", .die = true, .subkind = "iret", .word = DIE_WORD },
	{ .kind = CRASH_UNEXPECTED_EXCEPTION, .begins = "VE fault", .die = true, .subkind = "ve-fault", .word = DIE_WORD },
	/* clang-format on */
	{ .begins = NULL },
};
