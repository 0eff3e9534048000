/* Names and ELF numbers of architectures. */
#include "vmcore/dump.h"

/* As uname -m prints them. ARM's has the version and byte order behind it ("armv7l"), which a dump does not say. */
static const struct {
	enum arch arch;
	const char *little, *big;
} names[] = {
	{ ARCH_X86_64, "x86_64", "x86_64" },
	{ ARCH_I386, "i686", "i686" },
	{ ARCH_AARCH64, "aarch64", "aarch64_be" },
	{ ARCH_ARM, "arm", "armeb" },
	{ ARCH_PPC64, "ppc64le", "ppc64" },
	{ ARCH_PPC, "ppcle", "ppc" },
	{ ARCH_S390X, "s390x", "s390x" },
	{ ARCH_RISCV64, "riscv64", "riscv64" },
	{ ARCH_LOONGARCH64, "loongarch64", "loongarch64" },
	{ ARCH_MIPS64, "mips64", "mips64" },
};

/* Other names in use: distributions', the kernel source's, libkdumpfile's. */
static const struct {
	const char *name;
	enum arch arch;
} other_names[] = {
	{ "amd64", ARCH_X86_64 },
	{ "i386", ARCH_I386 },
	{ "i486", ARCH_I386 },
	{ "i586", ARCH_I386 },
	{ "ia32", ARCH_I386 },
	{ "x86", ARCH_I386 },
	{ "arm64", ARCH_AARCH64 },
	{ "armv4l", ARCH_ARM },
	{ "armv5tel", ARCH_ARM },
	{ "armv5tejl", ARCH_ARM },
	{ "armv6l", ARCH_ARM },
	{ "armv7l", ARCH_ARM },
	{ "armv7b", ARCH_ARM },
	{ "armv8l", ARCH_ARM },
	{ "powerpc64", ARCH_PPC64 },
	{ "ppc64el", ARCH_PPC64 },
	{ "powerpc", ARCH_PPC },
	{ "riscv", ARCH_RISCV64 },
	{ "loongarch", ARCH_LOONGARCH64 },
};

/* e_machine of <elf.h>. Numbers that 32-bit and 64-bit machines share are in both columns. */
static const struct {
	unsigned int machine;
	enum arch elf32, elf64;
} elf_machines[] = {
	{ 3, ARCH_I386, ARCH_I386 },             /* EM_386; ELF64 where more than 4 GiB are to be said */
	{ 8, ARCH_UNKNOWN, ARCH_MIPS64 },        /* EM_MIPS */
	{ 20, ARCH_PPC, ARCH_UNKNOWN },          /* EM_PPC */
	{ 21, ARCH_UNKNOWN, ARCH_PPC64 },        /* EM_PPC64 */
	{ 22, ARCH_UNKNOWN, ARCH_S390X },        /* EM_S390 */
	{ 40, ARCH_ARM, ARCH_ARM },              /* EM_ARM, likewise */
	{ 62, ARCH_X86_64, ARCH_X86_64 },        /* EM_X86_64: ELF32 where QEMU or kexec --elf32-core-headers wrote it */
	{ 183, ARCH_UNKNOWN, ARCH_AARCH64 },     /* EM_AARCH64 */
	{ 243, ARCH_UNKNOWN, ARCH_RISCV64 },     /* EM_RISCV */
	{ 258, ARCH_UNKNOWN, ARCH_LOONGARCH64 }, /* EM_LOONGARCH */
};

const char *arch_name(enum arch arch, bool big_endian)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].arch == arch)
			return big_endian ? names[i].big : names[i].little;
	return NULL;
}

size_t arch_word(enum arch arch)
{
	if (arch == ARCH_UNKNOWN)
		return 0;
	return arch == ARCH_I386 || arch == ARCH_ARM || arch == ARCH_PPC ? 4 : 8;
}

enum arch arch_from_name(struct text name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is(name, names[i].little) || text_is(name, names[i].big))
			return names[i].arch;
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (text_is(name, other_names[i].name))
			return other_names[i].arch;
	return ARCH_UNKNOWN;
}

enum arch arch_from_elf(unsigned int machine, bool elf64)
{
	for (size_t i = 0; i < sizeof elf_machines / sizeof *elf_machines; i++)
		if (elf_machines[i].machine == machine)
			return elf64 ? elf_machines[i].elf64 : elf_machines[i].elf32;
	return ARCH_UNKNOWN;
}
