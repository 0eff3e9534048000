/* Where each register lies in an architecture's NT_PRSTATUS. */
#include "vmcore/bytes.h"
#include "vmcore/cpu_registers.h"

/*
 * elf_gregset_t is an array of machine words, so a table is the names in order; NULL is a word that is nobody's register.
 * Names are those of the kernel's register dumps. There "FS:" and "GS:" of x86-64 are the bases: the selectors are
 * "fs_selector" and "gs_selector" here.
 */

/* arch/x86/include/asm/user_64.h */
static const char *const x86_64[] = {
	"r15",    "r14", "r13", "r12", "rbp", "rbx", "r11",      "r10",         "r9",
	"r8",     "rax", "rcx", "rdx", "rsi", "rdi", "orig_rax", "rip",         "cs",
	"eflags", "rsp", "ss",  "fs",  "gs",  "ds",  "es",       "fs_selector", "gs_selector",
};

/* arch/x86/include/asm/user_32.h */
static const char *const i386[] = {
	"ebx", "ecx", "edx",      "esi", "edi", "ebp",    "eax", "ds", "es",
	"fs",  "gs",  "orig_eax", "eip", "cs",  "eflags", "esp", "ss",
};

/* struct user_pt_regs, arch/arm64/include/uapi/asm/ptrace.h */
static const char *const aarch64[] = {
	"x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",     "x10", "x11",
	"x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21",    "x22", "x23",
	"x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp",  "pc",  "pstate",
};

/* struct pt_regs, arch/arm/include/uapi/asm/ptrace.h */
static const char *const arm[] = {
	"r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "fp", "ip", "sp", "lr", "pc", "psr", "orig_r0",
};

/* struct pt_regs, arch/powerpc/include/uapi/asm/ptrace.h; ELF_NGREG is 48, the last four are of later kernels or unused */
static const char *const ppc64[] = {
	"r0",  "r1",  "r2",  "r3",  "r4",      "r5",  "r6",   "r7",  "r8",  "r9",    "r10",  "r11", "r12",   "r13",    "r14",
	"r15", "r16", "r17", "r18", "r19",     "r20", "r21",  "r22", "r23", "r24",   "r25",  "r26", "r27",   "r28",    "r29",
	"r30", "r31", "nip", "msr", "orig_r3", "ctr", "link", "xer", "ccr", "softe", "trap", "dar", "dsisr", "result",
};

/* s390_regs, arch/s390/include/uapi/asm/ptrace.h: behind the general registers 16 access registers of 4 bytes */
static const char *const s390x[] = {
	"psw_mask", "psw_addr", "r0",  "r1",  "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10",     "r11",
	"r12",      "r13",      "r14", "r15", NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, "orig_r2",
};

/* struct user_regs_struct, arch/riscv/include/uapi/asm/ptrace.h */
static const char *const riscv64[] = {
	"epc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
	"a6",  "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

/* struct user_pt_regs, arch/loongarch/include/uapi/asm/ptrace.h: regs[32], orig_a0, csr_era, csr_badv; regs[0] is zero */
static const char *const loongarch64[] = {
	NULL, "ra", "tp", "sp", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2",      "t3",  "t4",   "t5",
	"t6", "t7", "t8", "u0", "s9", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "orig_a0", "era", "badv",
};

#define NAMES(table) table, sizeof table / sizeof *table

static const struct layout {
	enum arch arch;
	size_t pid, registers, word; /* bytes: where pr_pid (4 bytes) and pr_reg lie; of a register */
	const char *const *names;
	size_t count;
} layouts[] = {
	{ ARCH_X86_64, 32, 112, 8, NAMES(x86_64) },   { ARCH_I386, 24, 72, 4, NAMES(i386) },
	{ ARCH_AARCH64, 32, 112, 8, NAMES(aarch64) }, { ARCH_ARM, 24, 72, 4, NAMES(arm) },
	{ ARCH_PPC64, 32, 112, 8, NAMES(ppc64) },     { ARCH_S390X, 32, 112, 8, NAMES(s390x) },
	{ ARCH_RISCV64, 32, 112, 8, NAMES(riscv64) }, { ARCH_LOONGARCH64, 32, 112, 8, NAMES(loongarch64) },
};

static const struct layout *find_layout(enum arch arch)
{
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
		if (layouts[i].arch == arch)
			return &layouts[i];
	return NULL;
}

bool cpu_registers_read(enum arch arch, bool big_endian, struct text prstatus, struct dump_cpu *cpu)
{
	const struct layout *layout = find_layout(arch);

	cpu->pid = -1;
	cpu->register_count = 0;
	if (!layout || prstatus.length < layout->pid + 4)
		return false;
	cpu->pid = (int64_t)bytes_get(prstatus.data + layout->pid, 4, big_endian);
	if (prstatus.length < layout->registers + layout->count * layout->word)
		return false;
	for (size_t i = 0; i < layout->count && cpu->register_count < CPU_REGISTERS_MOST; i++) {
		const char *from = prstatus.data + layout->registers + i * layout->word;
		if (layout->names[i])
			cpu->registers[cpu->register_count++] =
				(struct cpu_register){ layout->names[i], bytes_get(from, layout->word, big_endian) };
	}
	return true;
}
