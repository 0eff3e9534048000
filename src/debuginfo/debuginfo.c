/* Opens the debuginfo of a kernel: looks for it, checks it, gives it to libdwfl. */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/alternate.h"
#include "debuginfo/banner.h"
#include "debuginfo/compressed.h"
#include "debuginfo/parts.h"
#include "debuginfo/server.h"
#include "debuginfo/type_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

static bool use(struct debuginfo *debuginfo, const char *path, const struct elf_checked *checked, struct error *error)
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

/* Of several places, the first with this kernel's. *error is that of the first file that was there. */
static bool try_places(struct debuginfo *debuginfo, const struct place_list *places, struct error *error)
{
	struct error why;
	struct elf_checked checked;
	bool other, met = false;

	for (size_t i = 0; i < places->count; i++) {
		if (!places->items[i] || access(places->items[i], F_OK) != 0)
			continue;
		if (check_vmlinux(places->items[i], &debuginfo->wanted, &checked, &other, &why) &&
		    use(debuginfo, places->items[i], &checked, &why))
			return true;
		if (!met)
			*error = why;
		met = true;
		debuginfo_note(debuginfo,
			       arena_print(&debuginfo->arena, "%s was passed over: %s", places->items[i], why.message));
	}
	return false;
}

bool path_is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_module(const struct debuginfo *debuginfo, const char *path)
{
	for (size_t i = 0; i < debuginfo->modules.named.count; i++)
		if (debuginfo->modules.named.items[i].path == path)
			return true;
	return false;
}

/* Is there a vmlinux, or a directory, among what the user named? */
static bool names_kernel(const struct debuginfo *debuginfo)
{
	return debuginfo->options->path_count > debuginfo->modules.named.count;
}

/* Files of another kernel that were named beside the right one are for other inputs; all else that is of no use is trouble.
 */
static void judge_named(struct debuginfo *debuginfo, const char *path, bool other, struct error *why, struct error *first)
{
	why->path = path;
	if (!first->path || !first->message[0])
		*first = *why;
	if (other)
		debuginfo_note(debuginfo, arena_print(&debuginfo->arena, "%s was passed over: %s", path, why->message));
	else if (!debuginfo->bad.path)
		debuginfo->bad = *why;
}

static bool try_file(struct debuginfo *debuginfo, const char *path, struct error *first)
{
	struct elf_checked checked;
	struct error why = { 0 };
	bool other = false;

	if (check_vmlinux(path, &debuginfo->wanted, &checked, &other, &why) &&
	    (debuginfo->kernel || use(debuginfo, path, &checked, &why)))
		return true;
	judge_named(debuginfo, path, other, &why, first);
	return false;
}

static bool try_directory(struct debuginfo *debuginfo, const char *path, struct error *first)
{
	struct place_list places = { 0 };
	struct error why = { 0 };

	places_in(&debuginfo->arena, path, &debuginfo->wanted, &places);
	if (try_places(debuginfo, &places, &why))
		return true;
	if (first->path)
		return false;
	*first = why;
	if (!why.path) {
		error_set(first, "no vmlinux of kernel %.*s in this directory, neither by release nor by build id",
			  TEXT_ARGS(debuginfo->wanted.release));
		first->path = path;
	}
	return false;
}

/* What the user named, in whichever order: the first that is this kernel's. *error is of the first that is not. */
static bool try_named(struct debuginfo *debuginfo, struct error *error)
{
	*error = (struct error){ 0 };
	for (size_t i = 0; i < debuginfo->options->path_count; i++) {
		const char *path = debuginfo->options->paths[i];
		if (is_module(debuginfo, path))
			continue;
		if (!path_is_directory(path))
			try_file(debuginfo, path, error);
		else if (!debuginfo->kernel)
			try_directory(debuginfo, path, error);
	}
	return debuginfo->kernel != NULL;
}

static bool try_usual(struct debuginfo *debuginfo, struct error *error)
{
	const char *root = debuginfo->options->root ? debuginfo->options->root : "";
	struct place_list places = { 0 };

	places_below(&debuginfo->arena, root, &debuginfo->wanted, &places);
	return try_places(debuginfo, &places, error);
}

/* Where nothing of use was found here. *error says of both what happened. */
static bool try_server(struct debuginfo *debuginfo, struct error *error)
{
	struct error why = { 0 };
	struct elf_checked checked;
	bool other;
	const char *path = server_find(debuginfo, debuginfo->wanted.build_id, &why);

	if (path && check_vmlinux(path, &debuginfo->wanted, &checked, &other, &why) && use(debuginfo, path, &checked, &why))
		return true;
	struct text here = arena_copy(&debuginfo->arena, text_from(error->message));
	if (path)
		return error_set(error, "%.*s%s%s, which a server sent, now or before, is %s", TEXT_ARGS(here),
				 here.length ? "; " : "", path, why.message);
	return error_set(error, "%.*s%s%s", TEXT_ARGS(here), here.length ? "; " : "", why.message);
}

static bool try_without_names(struct debuginfo *debuginfo, struct error *error)
{
	if (try_usual(debuginfo, error))
		return true;
	if (!error->message[0])
		error_set(error, "there is none of kernel %.*s in the usual places", TEXT_ARGS(debuginfo->wanted.release));
	return debuginfo->options->server && try_server(debuginfo, error);
}

/* A kernel that has no debuginfo may have modules that do: those that the user named. */
static bool open_files(struct debuginfo *debuginfo, struct error *error)
{
	if (!modules_take_named(debuginfo, error))
		return false;
	if (!names_kernel(debuginfo))
		return try_without_names(debuginfo, error) || debuginfo->modules.named.count;
	if (try_named(debuginfo, error))
		return true;
	/* Nothing that was named is wrong, but it is not in there: a server may have it, and modules are of use alone. */
	if (debuginfo->bad.path || debuginfo->note_count)
		return false;
	return (debuginfo->options->server && try_server(debuginfo, error)) || module_files_of_named(debuginfo)->count;
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
	if (open_files(debuginfo, error)) {
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
