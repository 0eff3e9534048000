/* The architectures whose kernels' logs are understood, and how a log tells which it is. */
#ifndef CRASH_ARCH_H
#define CRASH_ARCH_H

#include <stdbool.h>

enum crash_arch {
	CRASH_ARCH_UNKNOWN,
	CRASH_ARCH_X86_64,
	CRASH_ARCH_I386,
	CRASH_ARCH_ARM64,
	CRASH_ARCH_ARM,
	CRASH_ARCH_POWERPC,
	CRASH_ARCH_S390,
	CRASH_ARCH_RISCV,
	CRASH_ARCH_LOONGARCH,
	CRASH_ARCH_MIPS,
	CRASH_ARCH_COUNT
};

/* What a report shows of the machine: each is set by the lines that only such a machine prints. */
struct arch_seen {
	enum crash_arch arch;
	bool wide, narrow; /* registers of 64 bits, of 32; neither: not seen */
	bool little;       /* powerpc: little endian */
};

/* As `uname -m` names it: "x86_64", "ppc64le". NULL: not known. */
const char *crash_arch_name(const struct arch_seen *seen);

#endif
