/* Finds the file, by its name and by its build id, and gives it to libdwfl. */
#define _GNU_SOURCE
#include "debuginfo/alternate.h"

#include "debuginfo/check.h"
#include "debuginfo/compressed.h"
#include "debuginfo/server.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct link {
	struct text name;     /* absolute, or relative to the file's directory */
	struct text build_id; /* hex digits */
};

/* The section's content: a name that ends with NUL, and the bytes of the build id. False: there is none. */
static bool read_link(struct arena *arena, Elf *elf, struct link *link)
{
	const Elf_Data *data = elf_file_data(elf, ".gnu_debugaltlink");
	struct text content = data && data->d_buf ? (struct text){ data->d_buf, data->d_size } : TEXT_NONE;
	size_t end = text_find_char(content, '\0');

	if (end == SIZE_MAX || !end || end >= PATH_MAX)
		return false;
	struct text bytes = text_from_offset(content, end + 1);
	link->name = arena_copy(arena, text_first(content, end));
	link->build_id = TEXT_NONE;
	for (size_t i = 0; i < bytes.length && i < BUILD_ID_MOST; i++)
		link->build_id = arena_print(arena, "%.*s%02x", TEXT_ARGS(link->build_id), (unsigned char)bytes.data[i]);
	return link->name.length > 0;
}

/* The link's name, from the directory that the path of the file lies in. */
static void add_beside(struct arena *arena, const char *path, const char *name, struct place_list *places)
{
	const char *slash = strrchr(path, '/');

	if (name[0] == '/')
		places_add(arena, places, arena_print(arena, "%s", name));
	else
		places_add(arena, places, arena_print(arena, "%.*s%s", slash ? (int)(slash + 1 - path) : 0, path, name));
}

/* Below a root: absolute names count from there, and what lies in .dwz, where distributions have these files, has moved
 * along. */
static void add_below(struct arena *arena, const char *root, const char *name, struct place_list *places)
{
	const char *dwz = strstr(name, ".dwz/"), *last = strrchr(name, '/');

	if (name[0] == '/')
		places_add(arena, places, arena_print(arena, "%s%s", root, name));
	if (dwz)
		places_add(arena, places, arena_print(arena, "%s/usr/lib/debug/%s", root, dwz));
	if (dwz)
		places_add(arena, places, arena_print(arena, "%s/%s", root, dwz));
	places_add(arena, places, arena_print(arena, "%s/%s", root, last ? last + 1 : name));
}

static void list_places(struct debuginfo *debuginfo, const char *path, const struct link *link, struct place_list *places)
{
	const struct debuginfo_options *options = debuginfo->options;
	struct arena *arena = &debuginfo->arena;
	char *real = realpath(path, NULL);

	add_beside(arena, path, link->name.data, places);
	if (real)
		add_beside(arena, real, link->name.data, places);
	free(real);
	for (size_t i = 0; i < options->path_count; i++)
		if (path_is_directory(options->paths[i]))
			add_below(arena, options->paths[i], link->name.data, places);
	add_below(arena, options->root ? options->root : "", link->name.data, places);
	places_by_build_id(debuginfo, link->build_id, places);
}

/* A file of another build that has the name is none of these: *other. */
static bool is_it(const char *path, const struct link *link, const char **other)
{
	char digits[ELF_BUILD_ID_DIGITS];
	struct elf_file file;
	struct error ignored;

	if (access(path, F_OK) != 0 || !elf_file_open(&file, path, "debuginfo", &ignored))
		return false;
	bool good = elf_file_build_id(file.elf, digits) && text_is(link->build_id, digits);
	elf_file_close(&file);
	if (!good && !*other)
		*other = path;
	return good;
}

static const char *find(struct debuginfo *debuginfo, const char *path, const struct link *link, const char **other)
{
	struct place_list places = { 0 };
	struct error ignored = { 0 };

	list_places(debuginfo, path, link, &places);
	for (size_t i = 0; i < places.count; i++)
		if (is_it(places.items[i], link, other))
			return places.items[i];
	const char *sent = debuginfo->options->server ? server_find(debuginfo, link->build_id, &ignored) : NULL;
	return sent && is_it(sent, link, other) ? sent : NULL;
}

bool alternate_prepare(struct debuginfo *debuginfo, const char *path)
{
	const char *other = NULL;
	struct elf_file file;
	struct link link;
	struct error ignored;

	debuginfo->alternate = NULL;
	if (!elf_file_open(&file, path, "debuginfo", &ignored))
		return true;
	bool has_link = read_link(&debuginfo->arena, file.elf, &link);
	/* dwz --dwarf-5 (DWARF 5, 7.3.6), which libdw does not follow. */
	bool has_supplementary = !has_link && elf_file_data(file.elf, ".debug_sup") != NULL;
	elf_file_close(&file);
	if (has_supplementary)
		debuginfo_note(debuginfo,
			       arena_print(&debuginfo->arena,
					   "%s gives no source lines: it shares debuginfo with other files in a way "
					   "that libdw cannot read (dwz --dwarf-5)",
					   path));
	if (!has_link)
		return !has_supplementary;
	debuginfo->alternate = find(debuginfo, path, &link, &other);
	if (!debuginfo->alternate)
		debuginfo_note(
			debuginfo,
			arena_print(&debuginfo->arena,
				    "%s gives no source lines: it shares debuginfo with other files (dwz), in %.*s of build "
				    "id %.*s, which is not here%s%s%s",
				    path, TEXT_ARGS(link.name), TEXT_ARGS(link.build_id), other ? "; " : "",
				    other ? other : "", other ? " is of another build" : ""));
	return debuginfo->alternate != NULL;
}

int find_alternate(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, const char *file, const char *link,
		   GElf_Word checksum, char **debug)
{
	struct debuginfo *debuginfo = *user;
	struct error ignored = { 0 };

	(void)module;
	(void)name;
	(void)base;
	(void)file;
	(void)link;
	(void)checksum;
	if (!debuginfo || !debuginfo->alternate)
		return -1;
	*debug = strdup(debuginfo->alternate);
	return *debug ? uncompressed_open(debuginfo->alternate, debuginfo->options->temporary_directory, &ignored) : -1;
}
