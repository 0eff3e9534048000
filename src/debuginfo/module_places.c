/*
 * The directories where modules with debuginfo lie: Debian's, Ubuntu's and Fedora's below /usr/lib/debug/lib/modules,
 * SUSE's below /usr/lib/debug/usr/lib/modules, next to the vmlinux or not; those that were built here where they are loaded
 * from.
 */
#include "debuginfo/modules.h"
#include "debuginfo/parts.h"

#include <string.h>

static const char *const by_release[] = { "%s/usr/lib/debug/lib/modules/%.*s", "%s/usr/lib/debug/usr/lib/modules/%.*s",
					  "%s/lib/modules/%.*s", "%s/usr/lib/modules/%.*s" };

/* What lies in one directory by two names, /lib being a link to /usr/lib, is looked at twice: it is the same then. */
static void look_below(struct debuginfo *debuginfo, const char *root)
{
	struct text release = debuginfo->wanted.release;

	for (size_t i = 0; text_is_plain_name(release) && i < sizeof by_release / sizeof *by_release; i++) {
/* The formats are those of the table above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		struct text path = arena_print(&debuginfo->arena, by_release[i], root, TEXT_ARGS(release));
#pragma GCC diagnostic pop
		if (path.length)
			module_files_below(&debuginfo->arena, path.data, &debuginfo->modules.of_release);
	}
}

static struct text parent(struct text path)
{
	size_t end = path.length;

	while (end && path.data[end - 1] != '/')
		end--;
	return text_first(path, end ? end - 1 : 0);
}

/* Of ".../lib/modules/RELEASE/vmlinux", that directory; of ".../boot/vmlinux-RELEASE", the one beside it. */
static void look_by_vmlinux(struct debuginfo *debuginfo)
{
	struct text release = debuginfo->wanted.release, directory = parent(debuginfo->path), beside = parent(directory);
	struct text name = text_from_offset(directory, beside.length + 1), path = TEXT_NONE;

	if (!text_is_plain_name(release))
		return;
	if (text_equal(name, release))
		path = arena_copy(&debuginfo->arena, directory);
	else if (text_is(name, "boot"))
		path = arena_print(&debuginfo->arena, "%.*s/lib/modules/%.*s", TEXT_ARGS(beside), TEXT_ARGS(release));
	if (path.length)
		module_files_below(&debuginfo->arena, path.data, &debuginfo->modules.of_release);
}

const struct module_files *module_files_of_release(struct debuginfo *debuginfo)
{
	const struct debuginfo_options *options = debuginfo->options;
	struct debuginfo_modules *modules = &debuginfo->modules;

	if (modules->listed_release)
		return &modules->of_release;
	modules->listed_release = true;
	look_by_vmlinux(debuginfo);
	for (size_t i = 0; i < options->path_count; i++)
		if (path_is_directory(options->paths[i]))
			look_below(debuginfo, options->paths[i]);
	if (!options->path_count)
		look_below(debuginfo, options->root ? options->root : "");
	return &modules->of_release;
}

const struct module_files *module_files_of_named(struct debuginfo *debuginfo)
{
	const struct debuginfo_options *options = debuginfo->options;
	struct debuginfo_modules *modules = &debuginfo->modules;

	if (modules->listed_named)
		return &modules->of_named;
	modules->listed_named = true;
	for (size_t i = 0; i < options->path_count; i++)
		if (path_is_directory(options->paths[i]))
			module_files_below(&debuginfo->arena, options->paths[i], &modules->of_named);
	return &modules->of_named;
}
