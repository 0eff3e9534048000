/* Names and ELF numbers of architectures. */
#define _DEFAULT_SOURCE /* strncasecmp() */
#include "vmcore/dump_parts.h"
#include "vmcore/vmcoreinfo.h"

#include <string.h>
#include <strings.h>

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
	{ "amd64", ARCH_X86_64 },        { "i386", ARCH_I386 },
	{ "i486", ARCH_I386 },           { "i586", ARCH_I386 },
	{ "ia32", ARCH_I386 },           { "x86", ARCH_I386 },
	{ "arm64", ARCH_AARCH64 },       { "armv4l", ARCH_ARM },
	{ "armv5tel", ARCH_ARM },        { "armv5tejl", ARCH_ARM },
	{ "armv6l", ARCH_ARM },          { "armv7l", ARCH_ARM },
	{ "armv7b", ARCH_ARM },          { "armv8l", ARCH_ARM },
	{ "powerpc64", ARCH_PPC64 },     { "powerpc64le", ARCH_PPC64 },
	{ "ppc64el", ARCH_PPC64 },       { "powerpc", ARCH_PPC },
	{ "riscv", ARCH_RISCV64 },       { "loongarch", ARCH_LOONGARCH64 },
	{ "loong64", ARCH_LOONGARCH64 },
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

/*
 * What arch_crash_save_vmcoreinfo() of one architecture alone writes (arch/, files machine_kexec*.c, vmcore_info.c,
 * crash_core.c, setup.c), since the 4.x kernels or before.
 */
static const struct {
	const char *key;
	enum arch arch;
} told_by[] = {
	{ "NUMBER(va_kernel_pa_offset)", ARCH_RISCV64 },
	{ "NUMBER(phys_ram_base)", ARCH_RISCV64 },
	{ "NUMBER(kimage_voffset)", ARCH_AARCH64 },
	{ "NUMBER(PHYS_OFFSET)", ARCH_AARCH64 },
	{ "NUMBER(phys_base)", ARCH_X86_64 },
	{ "SYMBOL(phys_base)", ARCH_X86_64 },
	{ "SYMBOL(init_top_pgt)", ARCH_X86_64 },
	{ "SYMBOL(init_level4_pgt)", ARCH_X86_64 },
	{ "CONFIG_X86_PAE", ARCH_I386 },
	{ "KERNELOFFPHYS", ARCH_S390X },
	{ "SAMODE31", ARCH_S390X },
	{ "SYMBOL(lowcore_ptr)", ARCH_S390X },
	{ "SYMBOL(mmu_vmemmap_psize)", ARCH_PPC64 },
	{ "SYMBOL(vmemmap_list)", ARCH_PPC64 },
	{ "NUMBER(RADIX_MMU)", ARCH_PPC64 },
};

/* Bytes of struct elf_prstatus, which differ by the number of registers (see cpu_registers.c). */
static const struct {
	size_t size;
	bool little, big; /* the byte orders that there are */
	enum arch arch;
} register_notes[] = {
	{ 336, true, false, ARCH_X86_64 }, { 336, false, true, ARCH_S390X },   { 392, true, true, ARCH_AARCH64 },
	{ 504, true, true, ARCH_PPC64 },   { 376, true, false, ARCH_RISCV64 }, { 480, true, false, ARCH_LOONGARCH64 },
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

/* Without regard to case: QEMU writes "S390X" (dump/dump.c). */
static bool is_name(struct text t, const char *name)
{
	return t.length == strlen(name) && strncasecmp(t.data, name, t.length) == 0;
}

enum arch arch_from_name(struct text name)
{
	if (!name.length)
		return ARCH_UNKNOWN;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (is_name(name, names[i].little) || is_name(name, names[i].big))
			return names[i].arch;
	for (size_t i = 0; i < sizeof other_names / sizeof *other_names; i++)
		if (is_name(name, other_names[i].name))
			return other_names[i].arch;
	return ARCH_UNKNOWN;
}

/* By the end that distributions give it: "6.12.0-55.el10.s390x", "6.1.0-13-arm64", "5.14.0-427.el9.aarch64+64k". */
static enum arch arch_from_release(struct text release)
{
	release = text_first(release, text_find_char(release, '+'));
	size_t begin = release.length;
	while (begin && release.data[begin - 1] != '.' && release.data[begin - 1] != '-')
		begin--;
	return arch_from_name(text_from_offset(release, begin));
}

static enum arch arch_from_registers(const struct dump *dump)
{
	for (size_t i = 0; i < dump->note_count; i++) {
		const struct dump_note *note = &dump->notes[i];
		if (note->type != 1 || !text_is(note->name, "CORE"))
			continue;
		for (size_t j = 0; j < sizeof register_notes / sizeof *register_notes; j++)
			if (note->data.length == register_notes[j].size &&
			    (dump->big_endian ? register_notes[j].big : register_notes[j].little))
				return register_notes[j].arch;
		break;
	}
	return ARCH_UNKNOWN;
}

enum arch arch_from_content(const struct dump *dump)
{
	struct text value;
	enum arch arch = ARCH_UNKNOWN;

	for (size_t i = 0; i < sizeof told_by / sizeof *told_by; i++)
		if (vmcoreinfo_find(dump->vmcoreinfo, told_by[i].key, &value))
			return told_by[i].arch;
	if (vmcoreinfo_find(dump->vmcoreinfo, "OSRELEASE", &value))
		arch = arch_from_release(value);
	return arch != ARCH_UNKNOWN ? arch : arch_from_registers(dump);
}

enum arch arch_from_elf(unsigned int machine, bool elf64)
{
	for (size_t i = 0; i < sizeof elf_machines / sizeof *elf_machines; i++)
		if (elf_machines[i].machine == machine)
			return elf64 ? elf_machines[i].elf64 : elf_machines[i].elf32;
	return ARCH_UNKNOWN;
}
