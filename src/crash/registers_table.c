/*
 * The registers' labels, by architecture. Where two architectures share a label, its name is the same for both and the row
 * tells no architecture; upper and lower case differ.
 */
#include "crash/registers_table.h"

#include <stddef.h>

static const struct register_row rows[] = {
	/* clang-format off */
	/* __show_regs() of arch/x86/kernel/process_64.c */
	{ .label = "RAX", .name = "rax", .arch = CRASH_ARCH_X86_64 }, { .label = "RBX", .name = "rbx", .arch = CRASH_ARCH_X86_64 },
	{ .label = "RCX", .name = "rcx", .arch = CRASH_ARCH_X86_64 }, { .label = "RDX", .name = "rdx", .arch = CRASH_ARCH_X86_64 },
	{ .label = "RSI", .name = "rsi", .arch = CRASH_ARCH_X86_64 }, { .label = "RDI", .name = "rdi", .arch = CRASH_ARCH_X86_64 },
	{ .label = "RBP", .name = "rbp", .arch = CRASH_ARCH_X86_64 }, { .label = "RSP", .name = "rsp", .arch = CRASH_ARCH_X86_64 },
	{ .label = "R08", .name = "r8", .arch = CRASH_ARCH_X86_64 }, { .label = "R09", .name = "r9", .arch = CRASH_ARCH_X86_64 },
	{ .label = "R10", .name = "r10", .arch = CRASH_ARCH_X86_64 }, { .label = "R11", .name = "r11", .arch = CRASH_ARCH_X86_64 },
	{ .label = "R12", .name = "r12", .arch = CRASH_ARCH_X86_64 }, { .label = "R13", .name = "r13", .arch = CRASH_ARCH_X86_64 },
	{ .label = "R14", .name = "r14", .arch = CRASH_ARCH_X86_64 }, { .label = "R15", .name = "r15", .arch = CRASH_ARCH_X86_64 },
	{ .label = "ORIG_RAX", .name = "orig_rax", .arch = CRASH_ARCH_X86_64 }, { .label = "knlGS", .name = "knlgs", .arch = CRASH_ARCH_X86_64 },
	/* both kinds of x86 */
	{ .label = "EFLAGS", .name = "eflags" }, { .label = "FS", .name = "fs" }, { .label = "GS", .name = "gs" },
	{ .label = "CS", .name = "cs" }, { .label = "DS", .name = "ds" }, { .label = "ES", .name = "es" }, { .label = "SS", .name = "ss" },
	{ .label = "CR0", .name = "cr0" }, { .label = "CR2", .name = "cr2" }, { .label = "CR3", .name = "cr3" }, { .label = "CR4", .name = "cr4" },
	{ .label = "DR0", .name = "dr0" }, { .label = "DR1", .name = "dr1" }, { .label = "DR2", .name = "dr2" }, { .label = "DR3", .name = "dr3" },
	{ .label = "DR6", .name = "dr6" }, { .label = "DR7", .name = "dr7" }, { .label = "PKRU", .name = "pkru" },
	/* process_32.c; in lower case up to v2.6.24 */
	{ .label = "EAX", .name = "eax", .arch = CRASH_ARCH_I386 }, { .label = "EBX", .name = "ebx", .arch = CRASH_ARCH_I386 },
	{ .label = "ECX", .name = "ecx", .arch = CRASH_ARCH_I386 }, { .label = "EDX", .name = "edx", .arch = CRASH_ARCH_I386 },
	{ .label = "ESI", .name = "esi", .arch = CRASH_ARCH_I386 }, { .label = "EDI", .name = "edi", .arch = CRASH_ARCH_I386 },
	{ .label = "EBP", .name = "ebp", .arch = CRASH_ARCH_I386 }, { .label = "ESP", .name = "esp", .arch = CRASH_ARCH_I386 },
	{ .label = "eax", .name = "eax", .arch = CRASH_ARCH_I386 }, { .label = "ebx", .name = "ebx", .arch = CRASH_ARCH_I386 },
	{ .label = "ecx", .name = "ecx", .arch = CRASH_ARCH_I386 }, { .label = "edx", .name = "edx", .arch = CRASH_ARCH_I386 },
	{ .label = "esi", .name = "esi", .arch = CRASH_ARCH_I386 }, { .label = "edi", .name = "edi", .arch = CRASH_ARCH_I386 },
	{ .label = "ebp", .name = "ebp", .arch = CRASH_ARCH_I386 }, { .label = "esp", .name = "esp", .arch = CRASH_ARCH_I386 },
	{ .label = "ds", .name = "ds", .arch = CRASH_ARCH_I386 }, { .label = "es", .name = "es", .arch = CRASH_ARCH_I386 },
	{ .label = "ss", .name = "ss", .arch = CRASH_ARCH_I386 },
	/* __show_regs() of arch/arm64/kernel/process.c. PSTATE.M: EL0t is 0, and 0x10 where the program is a 32-bit one. */
	{ .label = "pstate", .name = "pstate", .arch = CRASH_ARCH_ARM64, .begins = true, .mask = 0xf, .user = 0 },
	{ .label = "pmr_save", .name = "pmr_save", .arch = CRASH_ARCH_ARM64 }, { .label = "pmr", .name = "pmr_save", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x0", .name = "x0", .arch = CRASH_ARCH_ARM64 }, { .label = "x1", .name = "x1", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x2", .name = "x2", .arch = CRASH_ARCH_ARM64 }, { .label = "x3", .name = "x3", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x4", .name = "x4", .arch = CRASH_ARCH_ARM64 }, { .label = "x5", .name = "x5", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x6", .name = "x6", .arch = CRASH_ARCH_ARM64 }, { .label = "x7", .name = "x7", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x8", .name = "x8", .arch = CRASH_ARCH_ARM64 }, { .label = "x9", .name = "x9", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x10", .name = "x10", .arch = CRASH_ARCH_ARM64 }, { .label = "x11", .name = "x11", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x12", .name = "x12", .arch = CRASH_ARCH_ARM64 }, { .label = "x13", .name = "x13", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x14", .name = "x14", .arch = CRASH_ARCH_ARM64 }, { .label = "x15", .name = "x15", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x16", .name = "x16", .arch = CRASH_ARCH_ARM64 }, { .label = "x17", .name = "x17", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x18", .name = "x18", .arch = CRASH_ARCH_ARM64 }, { .label = "x19", .name = "x19", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x20", .name = "x20", .arch = CRASH_ARCH_ARM64 }, { .label = "x21", .name = "x21", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x22", .name = "x22", .arch = CRASH_ARCH_ARM64 }, { .label = "x23", .name = "x23", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x24", .name = "x24", .arch = CRASH_ARCH_ARM64 }, { .label = "x25", .name = "x25", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x26", .name = "x26", .arch = CRASH_ARCH_ARM64 }, { .label = "x27", .name = "x27", .arch = CRASH_ARCH_ARM64 },
	{ .label = "x28", .name = "x28", .arch = CRASH_ARCH_ARM64 }, { .label = "x29", .name = "x29", .arch = CRASH_ARCH_ARM64 },
	/* __show_regs() of arch/arm/kernel/process.c. The mode of user programs is 0x10. */
	{ .label = "psr", .name = "cpsr", .arch = CRASH_ARCH_ARM, .begins = true, .mask = 0x1f, .user = 0x10 },
	{ .label = "ip", .name = "r12", .arch = CRASH_ARCH_ARM }, { .label = "fp", .name = "r11", .arch = CRASH_ARCH_ARM },
	{ .label = "r0", .name = "r0", .arch = CRASH_ARCH_ARM }, { .label = "r1", .name = "r1", .arch = CRASH_ARCH_ARM },
	{ .label = "r2", .name = "r2", .arch = CRASH_ARCH_ARM }, { .label = "r3", .name = "r3", .arch = CRASH_ARCH_ARM },
	{ .label = "r4", .name = "r4", .arch = CRASH_ARCH_ARM }, { .label = "r5", .name = "r5", .arch = CRASH_ARCH_ARM },
	{ .label = "r6", .name = "r6", .arch = CRASH_ARCH_ARM }, { .label = "r7", .name = "r7", .arch = CRASH_ARCH_ARM },
	{ .label = "r8", .name = "r8", .arch = CRASH_ARCH_ARM }, { .label = "r9", .name = "r9", .arch = CRASH_ARCH_ARM },
	{ .label = "r10", .name = "r10", .arch = CRASH_ARCH_ARM },
	/* arm, arm64, loongarch, riscv */
	{ .label = "pc", .name = "pc", .begins = true }, { .label = "lr", .name = "lr" }, { .label = "sp", .name = "sp" },
	/* __show_regs() of arch/powerpc/kernel/process.c; MSR_PR is bit 14. GPR00 and on are a list: registers.c. */
	{ .label = "NIP", .name = "nip", .arch = CRASH_ARCH_POWERPC, .begins = true }, { .label = "LR", .name = "lr" }, { .label = "CTR", .name = "ctr" },
	{ .label = "MSR", .name = "msr", .arch = CRASH_ARCH_POWERPC, .mask = 0x4000, .user = 0x4000 },
	{ .label = "CR", .name = "cr" }, { .label = "XER", .name = "xer", .arch = CRASH_ARCH_POWERPC }, { .label = "CFAR", .name = "cfar", .arch = CRASH_ARCH_POWERPC },
	{ .label = "DAR", .name = "dar", .arch = CRASH_ARCH_POWERPC }, { .label = "DSISR", .name = "dsisr", .arch = CRASH_ARCH_POWERPC },
	{ .label = "DEAR", .name = "dear", .arch = CRASH_ARCH_POWERPC }, { .label = "ESR", .name = "esr" },
	{ .label = "TRAP", .name = "trap", .arch = CRASH_ARCH_POWERPC }, { .label = "IRQMASK", .name = "irqmask", .arch = CRASH_ARCH_POWERPC },
	{ .label = "SOFTE", .name = "softe", .arch = CRASH_ARCH_POWERPC },
	/* __show_regs() of arch/riscv/kernel/process.c, "sepc" up to v5.6. SR_SPP is bit 8, and SR_MPP (kernels without MMU)
	   bits 11 and 12: clear where a program ran. */
	{ .label = "epc", .name = "epc", .begins = true }, { .label = "sepc", .name = "epc", .arch = CRASH_ARCH_RISCV, .begins = true },
	{ .label = "ra", .name = "ra" }, { .label = "gp", .name = "gp", .arch = CRASH_ARCH_RISCV }, { .label = "tp", .name = "tp" },
	{ .label = "t0", .name = "t0" }, { .label = "t1", .name = "t1" }, { .label = "t2", .name = "t2" }, { .label = "t3", .name = "t3" },
	{ .label = "t4", .name = "t4" }, { .label = "t5", .name = "t5" }, { .label = "t6", .name = "t6" },
	{ .label = "s0", .name = "s0" }, { .label = "s1", .name = "s1" }, { .label = "s2", .name = "s2" }, { .label = "s3", .name = "s3" },
	{ .label = "s4", .name = "s4" }, { .label = "s5", .name = "s5" }, { .label = "s6", .name = "s6" }, { .label = "s7", .name = "s7" },
	{ .label = "s8", .name = "s8" }, { .label = "s9", .name = "s9" }, { .label = "s10", .name = "s10" }, { .label = "s11", .name = "s11" },
	{ .label = "a0", .name = "a0" }, { .label = "a1", .name = "a1" }, { .label = "a2", .name = "a2" }, { .label = "a3", .name = "a3" },
	{ .label = "a4", .name = "a4" }, { .label = "a5", .name = "a5" }, { .label = "a6", .name = "a6" }, { .label = "a7", .name = "a7" },
	{ .label = "ssp", .name = "ssp", .arch = CRASH_ARCH_RISCV },
	{ .label = "status", .name = "status", .arch = CRASH_ARCH_RISCV, .mask = 0x1900, .user = 0 },
	{ .label = "badaddr", .name = "badaddr", .arch = CRASH_ARCH_RISCV }, { .label = "cause", .name = "cause", .arch = CRASH_ARCH_RISCV },
	/* __show_regs() of arch/loongarch/kernel/traps.c; v5.19 had other labels. PRMD's low bits are the level before: 3, a program. */
	{ .label = "t7", .name = "t7", .arch = CRASH_ARCH_LOONGARCH }, { .label = "t8", .name = "t8", .arch = CRASH_ARCH_LOONGARCH },
	{ .label = "u0", .name = "u0", .arch = CRASH_ARCH_LOONGARCH },
	{ .label = "ERA", .name = "era", .arch = CRASH_ARCH_LOONGARCH }, { .label = "era", .name = "era", .arch = CRASH_ARCH_LOONGARCH },
	{ .label = "CRMD", .name = "crmd", .arch = CRASH_ARCH_LOONGARCH },
	{ .label = "PRMD", .name = "prmd", .arch = CRASH_ARCH_LOONGARCH, .mask = 3, .user = 3 },
	{ .label = "EUEN", .name = "euen", .arch = CRASH_ARCH_LOONGARCH }, { .label = "ECFG", .name = "ecfg", .arch = CRASH_ARCH_LOONGARCH },
	{ .label = "ESTAT", .name = "estat", .arch = CRASH_ARCH_LOONGARCH }, { .label = "BADV", .name = "badv", .arch = CRASH_ARCH_LOONGARCH },
	{ .label = "PRID", .name = "prid", .arch = CRASH_ARCH_LOONGARCH },
	/* __show_regs() of arch/mips/kernel/traps.c; "$ 0" and on are a list: registers.c. KSU is bits 3 and 4: 2, a program. */
	{ .label = "Hi", .name = "hi", .arch = CRASH_ARCH_MIPS }, { .label = "Lo", .name = "lo", .arch = CRASH_ARCH_MIPS },
	{ .label = "Status", .name = "status", .arch = CRASH_ARCH_MIPS, .mask = 0x18, .user = 0x10 },
	{ .label = "Cause", .name = "cause", .arch = CRASH_ARCH_MIPS }, { .label = "BadVA", .name = "badva" }, { .label = "PrId", .name = "prid" },
	/* show_registers() of arch/s390/kernel/dumpstack.c: lists, see registers.c. */
	/* clang-format on */
};

const struct register_row *register_row(struct text label)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_starts(label, rows[i].label) && text_is(label, rows[i].label))
			return &rows[i];
	return NULL;
}

const char *register_numbered(uint64_t number)
{
	static const char *const names[] = {
		"r0",  "r1",  "r2",  "r3",  "r4",  "r5",  "r6",  "r7",  "r8",  "r9",  "r10",
		"r11", "r12", "r13", "r14", "r15", "r16", "r17", "r18", "r19", "r20", "r21",
		"r22", "r23", "r24", "r25", "r26", "r27", "r28", "r29", "r30", "r31",
	};

	return number < sizeof names / sizeof *names ? names[number] : NULL;
}

const char *const x86_64_registers[X86_64_REGISTERS] = { "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8",
							 "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "rip" };
