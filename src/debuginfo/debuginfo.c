/* Opens the debuginfo of a kernel, and gives it to libdwfl. */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/alternate.h"
#include "debuginfo/banner.h"
#include "debuginfo/compressed.h"
#include "debuginfo/parts.h"
#include "debuginfo/type_table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int find_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, char **file, Elf **elf)
{
	struct debuginfo *debuginfo = *user;
	int fd = debuginfo->fd;

	(void)module;
	(void)name;
	(void)base;
	debuginfo->fd = -1;
	*file = strdup(debuginfo->path.data);
	*elf = map_elf(fd);
	return fd;
}

void debuginfo_note(struct debuginfo *debuginfo, struct text text)
{
	struct text *item = arena_push(&debuginfo->arena, &debuginfo->notes, &debuginfo->note_count, sizeof *item);

	if (item)
		*item = text;
}

/*
 * A vmlinux is linked for one address, but libdwfl treats it as movable when its module is said to lie elsewhere: KASLR
 * needs no more.
 */
static bool report(struct debuginfo *debuginfo, const struct elf_checked *checked, struct error *error)
{
	static const Dwfl_Callbacks callbacks = { .find_elf = find_elf, .find_debuginfo = find_alternate };
	uint64_t moved = debuginfo->wanted.has_kaslr_offset ? debuginfo->wanted.kaslr_offset : 0;
	Dwarf_Addr bias;
	void **user = NULL;

	debuginfo->dwfl = libdw.dwfl_begin(&callbacks);
	if (!debuginfo->dwfl)
		return error_set(error, "%s", libdw.dwfl_errmsg(-1));
	libdw.dwfl_report_begin(debuginfo->dwfl);
	debuginfo->kernel =
		libdw.dwfl_report_module(debuginfo->dwfl, "kernel", checked->start + moved, checked->end + moved);
	libdw.dwfl_report_end(debuginfo->dwfl, NULL, NULL);
	if (!debuginfo->kernel)
		return error_set(error, "%s", libdw.dwfl_errmsg(-1));
	libdw.dwfl_module_info(debuginfo->kernel, &user, NULL, NULL, NULL, NULL, NULL, NULL);
	*user = debuginfo;
	return (libdw.dwfl_module_getelf(debuginfo->kernel, &bias) &&
		libdw.dwfl_module_getdwarf(debuginfo->kernel, &bias)) ||
	       error_set(error, "its debuginfo cannot be read: %s", libdw.dwfl_errmsg(-1));
}

static void drop(struct debuginfo *debuginfo)
{
	if (debuginfo->dwfl)
		libdw.dwfl_end(debuginfo->dwfl);
	if (debuginfo->fd >= 0)
		close(debuginfo->fd);
	debuginfo->dwfl = NULL;
	debuginfo->kernel = NULL;
	debuginfo->fd = -1;
	debuginfo->path = TEXT_NONE;
}

bool debuginfo_use(struct debuginfo *debuginfo, const char *path, const struct elf_checked *checked, struct error *error)
{
	debuginfo->path = arena_copy(&debuginfo->arena, text_from(path));
	debuginfo->fd = uncompressed_open(path, debuginfo->options->temporary_directory, error);
	bool good = debuginfo->fd >= 0;
	if (good)
		debuginfo->incomplete = !alternate_prepare(debuginfo, path);
	if (!good || !report(debuginfo, checked, error)) {
		drop(debuginfo);
		return false;
	}
	debuginfo->machine = checked->machine;
	if (!debuginfo->wanted.build_id.length)
		debuginfo_note(debuginfo,
			       arena_print(&debuginfo->arena, "%s was checked by its release%s alone: no build id is known",
					   path, banner_is_whole(debuginfo->wanted.version) ? " and version" : ""));
	return true;
}

enum debuginfo_status debuginfo_open(const struct debuginfo_options *options, const struct debuginfo_wanted *wanted,
				     struct debuginfo **result, struct error *error)
{
	struct debuginfo *debuginfo = calloc(1, sizeof *debuginfo);
	bool named = options->path_count > 0;

	*result = NULL;
	if (!debuginfo) {
		error_out_of_memory(error);
		return DEBUGINFO_NONE;
	}
	debuginfo->options = options;
	debuginfo->fd = -1;
	debuginfo->wanted = *wanted;
	if (!libdw_load(error)) {
		debuginfo_close(debuginfo);
		return named ? DEBUGINFO_WRONG : DEBUGINFO_NONE;
	}
	if (debuginfo_choose(debuginfo, error)) {
		*result = debuginfo;
		return DEBUGINFO_FOUND;
	}
	error->path = named ? error->path : NULL; /* those of other places go with the arena */
	if (error->path)
		error->path = strdup(error->path); /* the process ends soon */
	debuginfo_close(debuginfo);
	return named ? DEBUGINFO_WRONG : DEBUGINFO_NONE;
}

void debuginfo_close(struct debuginfo *debuginfo)
{
	if (!debuginfo)
		return;
	modules_close(debuginfo);
	drop(debuginfo);
	free(debuginfo->functions.items);
	type_table_free(debuginfo->types);
	arena_free(&debuginfo->arena);
	free(debuginfo);
}

const char *debuginfo_path(const struct debuginfo *debuginfo)
{
	return debuginfo->path.data ? debuginfo->path.data : "";
}

const struct text *debuginfo_notes(const struct debuginfo *debuginfo, size_t *count)
{
	*count = debuginfo->note_count;
	return debuginfo->notes;
}

bool debuginfo_trouble(const struct debuginfo *debuginfo, struct error *error)
{
	if (debuginfo->bad.path)
		*error = debuginfo->bad;
	return debuginfo->bad.path != NULL;
}

struct Dwfl *debuginfo_dwfl(struct debuginfo *debuginfo)
{
	return debuginfo->dwfl;
}
