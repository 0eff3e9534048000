/*
 * The debuginfo of modules: files of their own, which are looked for when a place lies in the module. They are relocatable
 * (ET_REL); libdwfl lays each out at an address of its own choice, from 0x10000 up, so that no address of the dead kernel is
 * needed: a place is the function's name and the offset in it. Private to debuginfo/.
 */
#ifndef DEBUGINFO_MODULES_H
#define DEBUGINFO_MODULES_H

#include "base/arena.h"
#include "base/error.h"
#include "debuginfo/debuginfo.h"
#include "debuginfo/libdw.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct debuginfo;

/* A file that is named as a module's is. */
struct module_file {
	struct text name; /* the module's: '_' where the file has '-' */
	const char *path;
};

struct module_files {
	struct module_file *items;
	size_t count;
	size_t looked_at; /* entries of directories */
};

struct debug_module;

struct debuginfo_modules {
	struct debug_module **items; /* those that are known by name */
	size_t count;
	struct module_files named;      /* what the user named */
	struct module_files of_release; /* what lies in the directories of the release */
	struct module_files of_named;   /* what lies anywhere below the directories that the user named */
	bool listed_release, listed_named;
	Dwfl_Callbacks callbacks;
	Dwfl *dwfl;
	uint64_t bytes; /* of the files that are open */
	size_t open;
};

/* A module's name as the kernel has it, in the arena: '-' is '_'. */
struct text module_name(struct arena *arena, struct text name);

/* Takes the name of a file: NAME.ko or NAME.ko.debug, whatever directory it is in. False: it is not a module's. */
bool module_name_of_file(struct arena *arena, const char *path, struct text *name);

/*
 * Adds the modules' files that lie below a directory, that of a release or one that the user named. No link is followed, and
 * no other file system entered. Nothing happens where there is no such directory.
 */
void module_files_below(struct arena *arena, const char *directory, struct module_files *files);

/* Those of the directories where modules of the release lie, and those of whole named directories: looked for once. */
const struct module_files *module_files_of_release(struct debuginfo *debuginfo);
const struct module_files *module_files_of_named(struct debuginfo *debuginfo);

/* How it is known that a file is the module's. */
enum module_proof { MODULE_BY_BUILD_ID, MODULE_BY_RELEASE, MODULE_BY_PLACE };

struct module_checked {
	enum module_proof proof;
	bool stripped; /* it has no debuginfo: one of those that are loaded, not one of those to debug with */
	uint64_t size; /* of the file, bytes */
	char build_id[2 * 64 + 1];
};

/* Is it a whole module with debuginfo, of any kernel of this architecture? */
bool check_module_file(const struct debuginfo *debuginfo, const char *path, struct module_checked *checked,
		       struct error *error);

/* And the module of that name, of this kernel, by its build id (hex digits; empty: not known) or else by its release? */
bool check_module(const struct debuginfo *debuginfo, const char *path, struct text name, struct text build_id,
		  struct module_checked *checked, struct error *error);

/* Takes the .ko files that the user named. False: *error: one of them cannot be read, or is no module with debuginfo. */
bool modules_take_named(struct debuginfo *debuginfo, struct error *error);

/* The functions of a module, whose debuginfo is looked for the first time; NULL: there is none. */
const struct function_table *modules_functions(struct debuginfo *debuginfo, struct text name);

/* Those of the module that an address lies in, as libdwfl has laid it out; NULL: it lies in none. */
const struct function_table *modules_table_at(struct debuginfo *debuginfo, uint64_t address);

/* As debuginfo_note_unused(), of modules. */
void modules_note_unused(struct debuginfo *debuginfo);

void modules_close(struct debuginfo *debuginfo);

#endif
