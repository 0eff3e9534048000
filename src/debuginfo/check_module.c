/* Is a file the module of this kernel? */
#include "debuginfo/check.h"
#include "debuginfo/parts.h"

#include <string.h>

/*
 * What .modinfo has behind a key: "vermagic=6.1.0-18-amd64 SMP preempt mod_unload", include/linux/vermagic.h;
 * "name=overlay", since 4.9 (scripts/mod/modpost.c). Its strings end with a NUL each. Empty: it does not say.
 */
static struct text modinfo(Elf *elf, const char *key)
{
	const Elf_Data *data = elf_file_data(elf, ".modinfo");
	struct text rest = data && data->d_buf ? (struct text){ data->d_buf, data->d_size } : TEXT_NONE;

	while (rest.length) {
		size_t end = text_find_char(rest, '\0');
		struct text entry = text_first(rest, end);
		if (text_eat(&entry, key))
			return text_first(entry, text_find_char(entry, ' '));
		rest = end == SIZE_MAX ? TEXT_NONE : text_from_offset(rest, end + 1);
	}
	return TEXT_NONE;
}

/* A file may have been given another module's name. */
static bool is_this_module(Elf *elf, struct text name, struct error *error)
{
	struct text own = modinfo(elf, "name=");

	return !own.length || text_equal(own, name) ||
	       error_set(error, "it is the module %.*s, not %.*s", TEXT_ARGS(own), TEXT_ARGS(name));
}

/* Does one of the path's directories have the release for its name? */
static bool lies_under(const char *path, struct text release)
{
	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
		if (strncmp(slash + 1, release.data, release.length) == 0 && slash[1 + release.length] == '/')
			return true;
	return false;
}

static bool is_this_release(Elf *elf, const char *path, struct text release, struct module_checked *checked,
			    struct error *error)
{
	struct text magic = modinfo(elf, "vermagic=");

	if (!release.length)
		return error_set(error,
				 "neither build id of the module nor release of the kernel is known: it cannot be checked");
	checked->proof = magic.length ? MODULE_BY_RELEASE : MODULE_BY_PLACE;
	if (magic.length)
		return text_equal(magic, release) ||
		       error_set(error, "of another kernel: it is for %.*s, not %.*s", TEXT_ARGS(magic), TEXT_ARGS(release));
	return lies_under(path, release) ||
	       error_set(error,
			 "it does not say which kernel it is for (no vermagic), and does not lie in a directory called %.*s",
			 TEXT_ARGS(release));
}

static bool check_elf(const struct debuginfo *debuginfo, const struct elf_file *file, struct module_checked *checked,
		      struct error *error)
{
	unsigned int machine = debuginfo->machine;

	*checked = (struct module_checked){ .size = file->size };
	elf_file_build_id(file->elf, checked->build_id);
	if (file->header.e_type != ET_REL)
		return error_set(error, "expected a kernel module, a relocatable ELF file: it is none");
	if (!elf_file_machine_fits(debuginfo->wanted.arch, file->header.e_machine) ||
	    (machine != EM_NONE && machine != file->header.e_machine))
		return error_set(error, "of another architecture than the kernel");
	checked->stripped = !elf_file_has_debuginfo(file->elf, error);
	return !checked->stripped;
}

bool check_module_file(const struct debuginfo *debuginfo, const char *path, struct module_checked *checked,
		       struct error *error)
{
	struct elf_file file;

	*checked = (struct module_checked){ 0 };
	if (!elf_file_open(&file, path, "a kernel module", error))
		return false;
	bool good = check_elf(debuginfo, &file, checked, error);
	elf_file_close(&file);
	return good;
}

static bool is_this_build(const struct module_checked *checked, struct text build_id, struct error *error)
{
	if (!checked->build_id[0])
		return error_set(error, "it has no build id; that of the module in the dump is %.*s", TEXT_ARGS(build_id));
	return text_is(build_id, checked->build_id) ||
	       error_set(error, "of another build: its build id is %s, that of the module in the dump is %.*s",
			 checked->build_id, TEXT_ARGS(build_id));
}

bool check_module(const struct debuginfo *debuginfo, const char *path, struct text name, struct text build_id,
		  struct module_checked *checked, struct error *error)
{
	struct elf_file file;

	*checked = (struct module_checked){ 0 };
	if (!elf_file_open(&file, path, "a kernel module", error))
		return false;
	bool good = check_elf(debuginfo, &file, checked, error) && is_this_module(file.elf, name, error) &&
		    (build_id.length ? is_this_build(checked, build_id, error)
				     : is_this_release(file.elf, path, debuginfo->wanted.release, checked, error));
	elf_file_close(&file);
	return good;
}
