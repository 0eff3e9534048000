/* Looks at a file before it is used as the debuginfo of a kernel. */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/banner.h"
#include "debuginfo/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUILD_ID_MOST = 64, DIGITS_MOST = 2 * BUILD_ID_MOST + 1 };

/* Of uname -m, what e_machine must be: include/uapi/linux/elf-em.h. */
static bool machine_fits(const char *arch, unsigned int machine)
{
	static const struct {
		const char *arch;
		unsigned int machine;
	} rows[] = { { "x86_64", EM_X86_64 }, { "aarch64", EM_AARCH64 }, { "s390x", EM_S390 }, { "ppc64", EM_PPC64 },
		     { "ppc64le", EM_PPC64 }, { "riscv64", EM_RISCV },   { "arm", EM_ARM },    { "i686", EM_386 } };

	for (size_t i = 0; arch && i < sizeof rows / sizeof *rows; i++)
		if (strcmp(arch, rows[i].arch) == 0)
			return rows[i].machine == machine;
	return true;
}

static bool is_whole(Elf *elf, const GElf_Ehdr *header, uint64_t size, struct error *error)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;
	size_t count, names;

	if (header->e_shoff > size || libdw.elf_getshdrnum(elf, &count) != 0 || libdw.elf_getshdrstrndx(elf, &names) != 0)
		return error_set(error,
				 "cut short: its section headers should be at byte %" PRIu64 ", it has %" PRIu64 " bytes",
				 (uint64_t)header->e_shoff, size);
	while ((section = libdw.elf_nextscn(elf, section)) != NULL) {
		if (!libdw.gelf_getshdr(section, &shdr))
			return error_set(error, "damaged: %s", libdw.elf_errmsg(-1));
		if (shdr.sh_type != SHT_NOBITS && (shdr.sh_offset > size || shdr.sh_size > size - shdr.sh_offset))
			return error_set(error,
					 "cut short: a section should end at byte %" PRIu64 ", it has %" PRIu64 " bytes",
					 (uint64_t)(shdr.sh_offset + shdr.sh_size), size);
	}
	return true;
}

static bool has_debuginfo(Elf *elf, struct error *error)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;
	size_t names;

	if (libdw.elf_getshdrstrndx(elf, &names) != 0)
		return error_set(error, "damaged: %s", libdw.elf_errmsg(-1));
	while ((section = libdw.elf_nextscn(elf, section)) != NULL) {
		const char *name = libdw.gelf_getshdr(section, &shdr) ? libdw.elf_strptr(elf, names, shdr.sh_name) : NULL;
		if (name && shdr.sh_type != SHT_NOBITS && (!strcmp(name, ".debug_info") || !strcmp(name, ".zdebug_info")))
			return true;
	}
	return error_set(error, "it has no debuginfo (no section .debug_info)");
}

static void hex_of(const unsigned char *bytes, size_t length, char *digits)
{
	digits[0] = '\0';
	for (size_t i = 0; i < length && i < BUILD_ID_MOST; i++)
		snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
}

/* What a section holds; NULL: there is none of that name in the file. */
static Elf_Data *section_data(Elf *elf, const char *wanted)
{
	Elf_Scn *section = NULL;
	GElf_Shdr shdr;
	size_t names;

	if (libdw.elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((section = libdw.elf_nextscn(elf, section)) != NULL) {
		const char *name = libdw.gelf_getshdr(section, &shdr) ? libdw.elf_strptr(elf, names, shdr.sh_name) : NULL;
		if (name && strcmp(name, wanted) == 0 && shdr.sh_type == SHT_PROGBITS)
			return libdw.elf_getdata(section, NULL);
	}
	return NULL;
}

/* Where no build id is known, of logs and of dumps before 5.9, by what the kernel calls itself. */
static bool is_this_release(Elf *elf, const struct debuginfo_wanted *wanted, bool *other, struct error *error)
{
	const Elf_Data *data = wanted->release.length ? section_data(elf, ".rodata") : NULL;

	if (!wanted->release.length)
		return error_set(error, "neither build id nor release of the kernel is known: it cannot be checked");
	if (!data || !data->d_buf)
		return error_set(error,
				 "no build id of the kernel is known, and its release %.*s cannot be checked: the file "
				 "has no .rodata",
				 TEXT_ARGS(wanted->release));
	*other = !banner_fits((struct text){ data->d_buf, data->d_size }, wanted, error);
	return !*other;
}

static bool is_this_build(Elf *elf, const struct debuginfo_wanted *wanted, bool *other, struct error *error)
{
	const void *bytes = NULL;
	char digits[DIGITS_MOST];
	ssize_t length = libdw.dwelf_elf_gnu_build_id(elf, &bytes);

	if (!wanted->build_id.length)
		return is_this_release(elf, wanted, other, error);
	if (length <= 0)
		return error_set(error, "it has no build id; that of the dump is %.*s", TEXT_ARGS(wanted->build_id));
	hex_of(bytes, (size_t)length, digits);
	if (text_is(wanted->build_id, digits))
		return true;
	*other = true;
	return error_set(error, "of another kernel: its build id is %s, that of the dump is %.*s", digits,
			 TEXT_ARGS(wanted->build_id));
}

/* Where its segments lie. That of per-CPU variables counts from 0 on x86_64, and is none of these. */
static bool find_extent(Elf *elf, struct elf_checked *checked, struct error *error)
{
	size_t count;
	GElf_Phdr segment;

	*checked = (struct elf_checked){ 0 };
	if (libdw.elf_getphdrnum(elf, &count) != 0)
		return error_set(error, "damaged: %s", libdw.elf_errmsg(-1));
	for (size_t i = 0; i < count; i++) {
		if (!libdw.gelf_getphdr(elf, (int)i, &segment) || segment.p_type != PT_LOAD || !(segment.p_vaddr >> 63))
			continue;
		uint64_t align = segment.p_align ? segment.p_align : 1;
		if (!checked->end)
			checked->start = segment.p_vaddr & -align;
		if (segment.p_vaddr + segment.p_memsz > checked->end)
			checked->end = segment.p_vaddr + segment.p_memsz;
	}
	return checked->end > checked->start ||
	       error_set(error, "no vmlinux: it has no segment in the kernel's half of memory");
}

static bool check_elf(Elf *elf, const struct debuginfo_wanted *wanted, uint64_t size, struct elf_checked *checked,
		      bool *other, struct error *error)
{
	GElf_Ehdr header;

	if (libdw.elf_kind(elf) != ELF_K_ELF || !libdw.gelf_getehdr(elf, &header))
		return error_set(error, "expected a vmlinux, an ELF file: it is none");
	if (!machine_fits(wanted->arch, header.e_machine)) {
		*other = true;
		return error_set(error, "of another architecture: the dump is of %s", wanted->arch);
	}
	return is_whole(elf, &header, size, error) && is_this_build(elf, wanted, other, error) &&
	       has_debuginfo(elf, error) && find_extent(elf, checked, error);
}

bool check_vmlinux(const char *path, const struct debuginfo_wanted *wanted, struct elf_checked *checked, bool *other,
		   struct error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat status;

	*error = (struct error){ .path = path };
	*other = false;
	if (fd < 0)
		return error_set(error, "%s", strerror(errno));
	bool good = fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
	if (!good)
		error_set(error, "expected a vmlinux: no regular file");
	libdw.elf_version(EV_CURRENT);
	Elf *elf = good ? libdw.elf_begin(fd, ELF_C_READ_MMAP, NULL) : NULL;
	if (good && !elf)
		good = error_set(error, "expected a vmlinux, an ELF file: %s", libdw.elf_errmsg(-1));
	if (good)
		good = check_elf(elf, wanted, (uint64_t)status.st_size, checked, other, error);
	if (elf)
		libdw.elf_end(elf);
	close(fd);
	return good;
}
