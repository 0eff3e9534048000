/* From an address to the source: the functions that are inlined there, files and lines. */
#include "debuginfo/parts.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

/* "./include/x.h" and "fs/../mm/x.c" as a person would write them. Works in place. */
static char *tidy(char *path)
{
	for (char *at; (at = strstr(path, "/./")) != NULL;)
		memmove(at, at + 2, strlen(at + 2) + 1);
	for (char *at; (at = strstr(path, "/../")) != NULL;) {
		char *before = at;
		while (before > path && before[-1] != '/')
			before--;
		memmove(before, at + 4, strlen(at + 4) + 1);
	}
	return strncmp(path, "./", 2) == 0 ? path + 2 : path;
}

/* How much of a path, in whole directories, is that of the directory too. */
static size_t common_directories(const char *path, const char *directory)
{
	size_t common = 0;

	for (size_t i = 0; path[i]; i++) {
		bool ends = directory[i] == '\0' || directory[i] == '/';
		if (path[i] == '/' && ends)
			common = i + 1;
		if (path[i] != directory[i])
			break;
	}
	return common;
}

/*
 * Without the directory that the kernel was built from: what the path has in common with where the compiler ran, which is
 * that directory or one below it. A module of somebody else's has only "/" in common, and keeps its path.
 */
static struct text shorten(struct debuginfo *debuginfo, const char *path, const char *directory)
{
	struct text copy = arena_copy(&debuginfo->arena, text_from(path));

	if (!copy.length)
		return TEXT_NONE;
	char *tidied = tidy((char *)copy.data);
	size_t common = directory ? common_directories(tidied, directory) : 0;
	return text_from(tidied + (common > 1 ? common : 0));
}

struct unit {
	Dwarf_Die die;
	const char *directory; /* where the compiler ran */
	Dwarf_Files *files;
};

static void know_unit(struct unit *unit)
{
	Dwarf_Attribute attribute;
	size_t count;

	unit->directory = libdw.dwarf_formstring(libdw.dwarf_attr(&unit->die, DW_AT_comp_dir, &attribute));
	if (libdw.dwarf_getsrcfiles(&unit->die, &unit->files, &count) != 0)
		unit->files = NULL;
}

/* Where an inlined function is called from. */
static void take_call(struct debuginfo *debuginfo, const struct unit *unit, Dwarf_Die *inlined, struct debuginfo_line *line)
{
	Dwarf_Attribute attribute;
	Dwarf_Word number;

	if (libdw.dwarf_formudata(libdw.dwarf_attr(inlined, DW_AT_call_line, &attribute), &number) == 0 &&
	    number <= UINT32_MAX)
		line->line = (uint32_t)number;
	if (unit->files && libdw.dwarf_formudata(libdw.dwarf_attr(inlined, DW_AT_call_file, &attribute), &number) == 0) {
		const char *file = libdw.dwarf_filesrc(unit->files, number, NULL, NULL);
		line->file = file ? shorten(debuginfo, file, unit->directory) : TEXT_NONE;
	}
}

static void take_own(struct debuginfo *debuginfo, const struct unit *unit, Dwfl_Module *module, uint64_t address,
		     struct debuginfo_line *line)
{
	Dwfl_Line *row = libdw.dwfl_module_getsrc(module, address);
	int number = 0;
	const char *file = row ? libdw.dwfl_lineinfo(row, NULL, &number, NULL, NULL, NULL) : NULL;

	if (file) {
		line->file = shorten(debuginfo, file, unit->directory);
		line->line = number > 0 ? (uint32_t)number : 0;
	}
}

/* Assembly has lines, but no functions. */
static size_t take_assembly(struct debuginfo *debuginfo, const struct unit *unit, Dwfl_Module *module, uint64_t address,
			    struct debuginfo_line *line)
{
	*line = (struct debuginfo_line){ 0 };
	take_own(debuginfo, unit, module, address, line);
	return line->file.length > 0;
}

static size_t take_scopes(struct debuginfo *debuginfo, const struct unit *unit, Dwfl_Module *module, uint64_t address,
			  Dwarf_Die *scopes, int count, struct debuginfo_line *lines, size_t most)
{
	Dwarf_Die *inlined = NULL; /* the level before, whose call is this one's place */
	size_t levels = 0;

	for (int i = 0; i < count && levels < most; i++) {
		int tag = libdw.dwarf_tag(&scopes[i]);
		if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_subprogram)
			continue;
		struct debuginfo_line *line = &lines[levels++];
		*line = (struct debuginfo_line){
			.function = text_from(libdw.dwarf_diename(&scopes[i])),
			.is_inline = tag == DW_TAG_inlined_subroutine,
		};
		if (inlined)
			take_call(debuginfo, unit, inlined, line);
		else
			take_own(debuginfo, unit, module, address, line);
		if (!line->is_inline)
			break;
		inlined = &scopes[i];
	}
	/* Of a chain that is cut, the last may be no function that is there. */
	return levels && !lines[levels - 1].is_inline ? levels : 0;
}

Dwfl_Module *module_at(struct debuginfo *debuginfo, uint64_t address)
{
	/* Modules are laid out below the kernel's half of memory. */
	Dwfl *kernel = debuginfo->incomplete ? NULL : debuginfo->dwfl;
	Dwfl *dwfl = address >> 63 ? kernel : debuginfo->modules.dwfl;

	return dwfl ? libdw.dwfl_addrmodule(dwfl, address) : NULL;
}

bool scopes_at(struct debuginfo *debuginfo, uint64_t address, struct scopes *scopes)
{
	Dwfl_Module *module = module_at(debuginfo, address);
	Dwarf_Die *around = NULL;

	*scopes = (struct scopes){ 0 };
	Dwarf_Die *die = module ? libdw.dwfl_module_addrdie(module, address, &scopes->bias) : NULL;
	if (!die)
		return false;
	scopes->unit = *die;
	/* The first tells the innermost, but goes on where that was written; the second, where it was inlined. */
	int levels = libdw.dwarf_getscopes(die, address - scopes->bias, &around);
	scopes->is_outside = levels == 0;
	if (levels > 0)
		scopes->count = libdw.dwarf_getscopes_die(&around[0], &scopes->items);
	free(around);
	if (scopes->count > 0)
		return true;
	free(scopes->items);
	return false;
}

static size_t find_lines(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_line *lines, size_t most)
{
	struct scopes scopes;
	bool known = most && scopes_at(debuginfo, address, &scopes);

	if (!known && (!most || !scopes.is_outside))
		return 0;
	struct unit unit = { .die = scopes.unit };
	know_unit(&unit);
	Dwfl_Module *module = module_at(debuginfo, address);
	if (!known)
		return take_assembly(debuginfo, &unit, module, address, &lines[0]);
	size_t levels = take_scopes(debuginfo, &unit, module, address, scopes.items, scopes.count, lines, most);
	free(scopes.items);
	return levels;
}

size_t debuginfo_lines(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_line *lines, size_t most)
{
	size_t levels = find_lines(debuginfo, address, lines, most);

	debuginfo->asked += address >> 63 && most;
	debuginfo->known += address >> 63 && levels;
	return levels;
}

void debuginfo_note_unused(struct debuginfo *debuginfo)
{
	if (debuginfo->asked && !debuginfo->known && !debuginfo->incomplete)
		debuginfo_note(debuginfo,
			       arena_print(&debuginfo->arena,
					   "%.*s has no source line of any place that was looked up: its debuginfo may "
					   "be damaged",
					   TEXT_ARGS(debuginfo->path)));
	modules_note_unused(debuginfo);
}
