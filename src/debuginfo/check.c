/* Looks at an ELF file before it is used as debuginfo: what vmlinux and modules have in common. */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/check.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of uname -m, what e_machine must be: include/uapi/linux/elf-em.h. */
bool elf_file_machine_fits(const char *arch, unsigned int machine)
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

Elf_Scn *elf_file_section(Elf *elf, const char *wanted, GElf_Shdr *shdr)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (libdw.elf_getshdrstrndx(elf, &names) != 0)
		return NULL;
	while ((section = libdw.elf_nextscn(elf, section)) != NULL) {
		const char *name = libdw.gelf_getshdr(section, shdr) ? libdw.elf_strptr(elf, names, shdr->sh_name) : NULL;
		if (name && strcmp(name, wanted) == 0)
			return section;
	}
	return NULL;
}

bool elf_file_has_debuginfo(Elf *elf, struct error *error)
{
	GElf_Shdr shdr;
	bool has = (elf_file_section(elf, ".debug_info", &shdr) && shdr.sh_type != SHT_NOBITS) ||
		   (elf_file_section(elf, ".zdebug_info", &shdr) && shdr.sh_type != SHT_NOBITS);

	return has || error_set(error, "it has no debuginfo (no section .debug_info)");
}

static void hex_of(const unsigned char *bytes, size_t length, char *digits)
{
	digits[0] = '\0';
	for (size_t i = 0; i < length && i < BUILD_ID_MOST; i++)
		snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
}

Elf_Data *elf_file_data(Elf *elf, const char *wanted)
{
	GElf_Shdr shdr;
	Elf_Scn *section = elf_file_section(elf, wanted, &shdr);

	return section && shdr.sh_type == SHT_PROGBITS ? libdw.elf_getdata(section, NULL) : NULL;
}

bool elf_file_build_id(Elf *elf, char digits[ELF_BUILD_ID_DIGITS])
{
	const void *bytes = NULL;
	ssize_t length = libdw.dwelf_elf_gnu_build_id(elf, &bytes);

	hex_of(bytes, length > 0 ? (size_t)length : 0, digits);
	return length > 0;
}

/* What a file is in place of an ELF one, as far as people take one for the other. */
static const char *what_it_is(int fd)
{
	static const struct {
		const char *magic;
		size_t length;
		const char *words;
	} rows[] = {
		{ "\x1f\x8b", 2, "it is compressed: unpack it first" },
		{ "\xfd"
		  "7zXZ",
		  5, "it is compressed: unpack it first" },
		{ "\x28\xb5\x2f\xfd", 4, "it is compressed: unpack it first" },
		{ "BZh", 3, "it is compressed: unpack it first" },
		{ "MZ", 2, "it is the kernel's boot image, which has no debuginfo" },
		{ "KDUMP   ", 8, "it is a dump" },
	};
	char begin[8] = { 0 };

	if (pread(fd, begin, sizeof begin, 0) <= 0)
		return "it is empty";
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (memcmp(begin, rows[i].magic, rows[i].length) == 0)
			return rows[i].words;
	return "it is none";
}

static bool is_elf(struct elf_file *file, const char *what, struct error *error)
{
	if (libdw.elf_kind(file->elf) != ELF_K_ELF || !libdw.gelf_getehdr(file->elf, &file->header))
		return error_set(error, "expected %s, an ELF file: %s", what, what_it_is(file->fd));
	return is_whole(file->elf, &file->header, file->size, error);
}

bool elf_file_open(struct elf_file *file, const char *path, const char *what, struct error *error)
{
	struct stat status;

	*file = (struct elf_file){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	*error = (struct error){ .path = path };
	if (file->fd < 0)
		return error_set(error, "%s", strerror(errno));
	bool good = fstat(file->fd, &status) == 0 && S_ISREG(status.st_mode);
	if (!good)
		error_set(error, "expected %s: no regular file", what);
	else
		file->size = (uint64_t)status.st_size;
	libdw.elf_version(EV_CURRENT);
	file->elf = good ? libdw.elf_begin(file->fd, ELF_C_READ_MMAP, NULL) : NULL;
	if (good && !file->elf)
		good = error_set(error, "expected %s, an ELF file: %s", what, libdw.elf_errmsg(-1));
	if (good && is_elf(file, what, error))
		return true;
	elf_file_close(file);
	return false;
}

void elf_file_close(struct elf_file *file)
{
	if (file->elf)
		libdw.elf_end(file->elf);
	if (file->fd >= 0)
		close(file->fd);
	*file = (struct elf_file){ .fd = -1 };
}
