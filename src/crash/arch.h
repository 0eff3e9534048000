/* The architectures whose kernels' logs are understood, and how a log tells which it is. */
#ifndef CRASH_ARCH_H
#define CRASH_ARCH_H

#include <stdbool.h>

enum crash_arch {
	ARCH_UNKNOWN,
	ARCH_X86_64,
	ARCH_I386,
	ARCH_ARM64,
	ARCH_ARM,
	ARCH_POWERPC,
	ARCH_S390,
	ARCH_RISCV,
	ARCH_LOONGARCH,
	ARCH_MIPS,
	ARCH_COUNT
};

/* What a report shows of the machine: each is set by the lines that only such a machine prints. */
struct arch_seen {
	enum crash_arch arch;
	bool wide;   /* registers of 64 bits */
	bool little; /* powerpc: little endian */
};

/* As `uname -m` names it: "x86_64", "ppc64le". NULL: not known. */
const char *crash_arch_name(const struct arch_seen *seen);

#endif
