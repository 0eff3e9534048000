/* The architectures' names. */
#include "crash/arch.h"

#include <stddef.h>

/* As UTS_MACHINE of arch/ARCH/Makefile makes them. Which arm it is (armv7l) no oops says. */
static const struct {
	const char *narrow, *wide, *little;
} names[CRASH_ARCH_COUNT] = {
	[CRASH_ARCH_X86_64] = { "x86_64", "x86_64", NULL },
	[CRASH_ARCH_I386] = { "i686", "i686", NULL },
	[CRASH_ARCH_ARM64] = { "aarch64", "aarch64", NULL },
	[CRASH_ARCH_ARM] = { "arm", "arm", NULL },
	[CRASH_ARCH_POWERPC] = { "ppc", "ppc64", "ppc64le" },
	[CRASH_ARCH_S390] = { "s390", "s390x", NULL },
	[CRASH_ARCH_RISCV] = { "riscv32", "riscv64", NULL },
	[CRASH_ARCH_LOONGARCH] = { "loongarch32", "loongarch64", NULL },
	[CRASH_ARCH_MIPS] = { "mips", "mips64", NULL },
};

const char *crash_arch_name(const struct arch_seen *seen)
{
	const char *narrow = names[seen->arch].narrow, *wide = names[seen->arch].wide;

	if (seen->wide && seen->little && names[seen->arch].little)
		return names[seen->arch].little;
	if (seen->wide || seen->arch == CRASH_ARCH_X86_64 || seen->arch == CRASH_ARCH_ARM64)
		return wide;
	return seen->narrow || seen->arch == CRASH_ARCH_I386 || seen->arch == CRASH_ARCH_ARM ? narrow : NULL;
}
