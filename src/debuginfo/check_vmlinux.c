/* Is a file the vmlinux of this kernel? */
#include "debuginfo/banner.h"
#include "debuginfo/check.h"
#include "debuginfo/parts.h"

/* Where no build id is known, of logs and of dumps before 5.9, by what the kernel calls itself. */
static bool is_this_release(Elf *elf, const struct debuginfo_wanted *wanted, bool *other, struct error *error)
{
	const Elf_Data *data = wanted->release.length ? elf_file_data(elf, ".rodata") : NULL;

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
	char digits[ELF_BUILD_ID_DIGITS];

	if (!wanted->build_id.length)
		return is_this_release(elf, wanted, other, error);
	if (!elf_file_build_id(elf, digits))
		return error_set(error, "it has no build id; that of the dump is %.*s", TEXT_ARGS(wanted->build_id));
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

bool check_vmlinux(const char *path, const struct debuginfo_wanted *wanted, struct elf_checked *checked, bool *other,
		   struct error *error)
{
	struct elf_file file;

	*other = false;
	if (!elf_file_open(&file, path, "a vmlinux", error))
		return false;
	bool good = elf_file_machine_fits(wanted->arch, file.header.e_machine);
	if (!good) {
		*other = true;
		error_set(error, "of another architecture: the dump is of %s", wanted->arch);
	}
	good = good && is_this_build(file.elf, wanted, other, error) && elf_file_has_debuginfo(file.elf, error) &&
	       find_extent(file.elf, checked, error);
	checked->machine = file.header.e_machine;
	elf_file_close(&file);
	return good;
}
