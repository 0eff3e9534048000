/* The architectures' names. */
#include "crash/arch.h"

#include <stddef.h>

/* As UTS_MACHINE of arch/ARCH/Makefile makes them. Which arm it is (armv7l) no oops says. */
static const struct {
	const char *narrow, *wide, *little;
} names[ARCH_COUNT] = {
	[ARCH_X86_64] = { "x86_64", "x86_64", NULL },
	[ARCH_I386] = { "i686", "i686", NULL },
	[ARCH_ARM64] = { "aarch64", "aarch64", NULL },
	[ARCH_ARM] = { "arm", "arm", NULL },
	[ARCH_POWERPC] = { "ppc", "ppc64", "ppc64le" },
	[ARCH_S390] = { "s390", "s390x", NULL },
	[ARCH_RISCV] = { "riscv32", "riscv64", NULL },
	[ARCH_LOONGARCH] = { "loongarch32", "loongarch64", NULL },
	[ARCH_MIPS] = { "mips", "mips64", NULL },
};

const char *crash_arch_name(const struct arch_seen *seen)
{
	if (seen->wide && seen->little && names[seen->arch].little)
		return names[seen->arch].little;
	return seen->wide ? names[seen->arch].wide : names[seen->arch].narrow;
}
