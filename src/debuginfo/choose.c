/* Looks for the debuginfo of a kernel: among what the user named, in the usual places, on servers. */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/parts.h"
#include "debuginfo/server.h"

#include <sys/stat.h>
#include <unistd.h>

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
		    debuginfo_use(debuginfo, places->items[i], &checked, &why))
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
	    (debuginfo->kernel || debuginfo_use(debuginfo, path, &checked, &why)))
		return true;
	judge_named(debuginfo, path, other, &why, first);
	return false;
}

/* False: there is a vmlinux, but of no use. Where there is none at all, *first says so. */
static bool try_directory(struct debuginfo *debuginfo, const char *path, struct error *first)
{
	struct place_list places = { 0 };
	struct error why = { 0 };

	places_in(&debuginfo->arena, path, &debuginfo->wanted, &places);
	if (try_places(debuginfo, &places, &why))
		return true;
	bool none = !why.path;
	if (first->path)
		return none;
	*first = why;
	if (none) {
		error_set(first, "no vmlinux of kernel %.*s in this directory, neither by release nor by build id",
			  TEXT_ARGS(debuginfo->wanted.release));
		first->path = path;
	}
	return none;
}

/*
 * What the user named, in whichever order: the first that is this kernel's. *error is of the first that is not. *wrong:
 * there are files, but they are of no use.
 */
static bool try_named(struct debuginfo *debuginfo, bool *wrong, struct error *error)
{
	*wrong = false;
	*error = (struct error){ 0 };
	for (size_t i = 0; i < debuginfo->options->path_count; i++) {
		const char *path = debuginfo->options->paths[i];
		if (is_module(debuginfo, path))
			continue;
		if (!path_is_directory(path))
			*wrong |= !try_file(debuginfo, path, error);
		else if (!debuginfo->kernel)
			*wrong |= !try_directory(debuginfo, path, error);
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

	if (path && check_vmlinux(path, &debuginfo->wanted, &checked, &other, &why) &&
	    debuginfo_use(debuginfo, path, &checked, &why))
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
bool debuginfo_choose(struct debuginfo *debuginfo, struct error *error)
{
	bool wrong;

	if (!modules_take_named(debuginfo, error))
		return false;
	if (!names_kernel(debuginfo))
		return try_without_names(debuginfo, error) || debuginfo->modules.named.count;
	if (try_named(debuginfo, &wrong, error))
		return true;
	/* Nothing that was named is wrong, but it is not in there: a server may have it, and modules are of use alone. */
	if (wrong)
		return false;
	return (debuginfo->options->server && try_server(debuginfo, error)) || module_files_of_named(debuginfo)->count;
}
