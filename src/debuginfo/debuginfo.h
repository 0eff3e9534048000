/*
 * debuginfo/: takes a kernel's release and build id, those of its modules, and the places where its debuginfo may be, gives
 * the debuginfo, checked to be this kernel's: functions, source lines with inlined functions, unwind tables, types. Through
 * elfutils libdw, which is loaded when first needed.
 *
 * Everything here is meant to run in the process of postmortem/, whose memory and time are bounded from without: libdw reads
 * files that somebody else made.
 */
#ifndef DEBUGINFO_DEBUGINFO_H
#define DEBUGINFO_DEBUGINFO_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct debuginfo;

enum {
	DEBUGINFO_SERVER_SECONDS_MOST = 600, /* for all that servers are asked for together */
};

/* Where to look, and what for. Texts and arrays must last as long as the debuginfo. */
struct debuginfo_options {
	const char *const *paths;        /* --debuginfo, in order: a vmlinux; a directory that has one below it, where
						   distributions put it or by itself; a module's file (NAME.ko, NAME.ko.debug) */
	size_t path_count;               /* 0: look in the usual places */
	bool server;                     /* what is not found, ask debuginfod's servers for, by build id */
	const char *temporary_directory; /* for copies without compression; NULL: /var/tmp */
	const char *root;                /* what /usr/lib/debug, /lib/modules ... lie below; "" as a rule, else for tests */
};

struct debuginfo_wanted {
	struct text release;  /* uname -r; may be empty */
	struct text version;  /* uname -v, or a piece of it, as crashes have it; may be empty */
	struct text build_id; /* of vmlinux, hex digits; empty: not known, and then only release and version can be
				 checked */
	const char *arch;     /* uname -m; NULL: not known */
	bool has_kaslr_offset;
	uint64_t kaslr_offset; /* what is added to vmlinux's addresses, bytes */
};

/* Why there is none. */
enum debuginfo_status {
	DEBUGINFO_FOUND,
	DEBUGINFO_NONE,  /* nothing of this kernel was found in the usual places; *error says where was looked */
	DEBUGINFO_WRONG, /* what the user named is of another kernel, damaged, or no debuginfo: *error has its path */
};

/*
 * Finds and opens the kernel's debuginfo. A file of another build id is passed over where it was come upon, and is
 * DEBUGINFO_WRONG where it was named. *debuginfo is NULL unless DEBUGINFO_FOUND; debuginfo_close() frees it.
 */
enum debuginfo_status debuginfo_open(const struct debuginfo_options *options, const struct debuginfo_wanted *wanted,
				     struct debuginfo **debuginfo, struct error *error);

/* Whether debuginfo_open() would find a file in the usual places; it is not looked into. */
bool debuginfo_at_hand(const struct debuginfo_options *options, const struct debuginfo_wanted *wanted);
void debuginfo_close(struct debuginfo *debuginfo); /* NULL is allowed */

/* Of the debuginfo, for people: the path of vmlinux (of a server: of the cached file); empty: there is only that of modules.
 */
const char *debuginfo_path(const struct debuginfo *debuginfo);

/*
 * What was found besides: files of another build that lay in the way, sections that could not be read. Sentences without
 * the full stop; good until debuginfo_close(). Modules are looked for when they are asked for: there may be more then.
 */
const struct text *debuginfo_notes(const struct debuginfo *debuginfo, size_t *count);

/* The build id of a module that was loaded, hex digits: a file of it must have the same. To be told before it is asked for.
 */
void debuginfo_tell_module(struct debuginfo *debuginfo, struct text name, struct text build_id);

/* Whether a module's file that the user named turned out to be of no use, when it was asked for: *error has its path. */
bool debuginfo_trouble(const struct debuginfo *debuginfo, struct error *error);

/*
 * When all has been asked: notes of what was of no use: a module's file that was named, and that nothing was asked of; a
 * vmlinux in which no place had a line.
 */
void debuginfo_note_unused(struct debuginfo *debuginfo);

/* A function, by the symbol table. */
struct debuginfo_function {
	struct text name;   /* as in the table: "foo.isra.0"; good until debuginfo_close() */
	struct text module; /* empty: the kernel proper */
	uint64_t address;   /* where it lies in memory: KASLR counted in. Of a module, where its debuginfo has it: good for
				    debuginfo_lines() alone */
	uint64_t size;      /* bytes */
};

/* The function that this address lies in. */
bool debuginfo_function_at(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_function *function);

/*
 * The functions of this name, of this size unless that is 0, in the module (empty: in the kernel proper). At most `most` are
 * written; gives how many there are.
 */
size_t debuginfo_functions_named(struct debuginfo *debuginfo, struct text name, struct text module, uint64_t size,
				 struct debuginfo_function *functions, size_t most);

/*
 * Where symbols of the kernel proper lie in memory, data too; per-CPU ones as the kernel's own table has them. Fills those
 * that are 0, and leaves what it does not know; of several of one name the first counts. Gives how many it has filled.
 */
size_t debuginfo_symbols_named(struct debuginfo *debuginfo, const char *const *names, size_t count, uint64_t *addresses);

/* One level of what an address is in the source. */
struct debuginfo_line {
	struct text function; /* as in the source; empty: in assembly; good until debuginfo_close() */
	struct text file;     /* relative to the kernel's source: "fs/dcache.c"; empty: not known */
	uint32_t line;        /* from 1; 0: not known */
	bool is_inline;       /* inlined into the level behind it */
};

/*
 * What the instruction at the address of a function above is in the source: the innermost inlined function first, the
 * function that is there in truth last. Of the levels but the first, `line` is where the one before is called. For a return
 * address ask with one less: the call is what counts. Gives how many levels there are, at most `most`; 0: not known.
 */
size_t debuginfo_lines(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_line *lines, size_t most);

/* Where a structure has a member. */
struct debuginfo_member {
	uint64_t offset; /* bytes from the structure's beginning */
	uint64_t size;   /* bytes of the member; 0: not known, or it is a bit-field */
};

/*
 * Types of the kernel proper, by DWARF. A member by its path: "sched_info.last_arrival"; members of anonymous structures and
 * unions count as their parent's; of structures of one name, the first that the file defines counts. The first question
 * about a structure or an enumerator that the kernel has not walks over all of .debug_info: of a distribution's kernel in
 * less than a second. False, and 0: there is no such thing.
 */
bool debuginfo_member(struct debuginfo *debuginfo, const char *structure, const char *path, struct debuginfo_member *member);
/* Of a member that is an array: where its first element lies, bytes of one; and how many there are, in all
 * dimensions. */
bool debuginfo_element(struct debuginfo *debuginfo, const char *structure, const char *path,
		       struct debuginfo_member *element, uint64_t *count);
/* The value of an enumerator, of whichever enumeration: "MOD_TEXT". */
bool debuginfo_enumerator(struct debuginfo *debuginfo, const char *name, uint64_t *value);
/* Bytes. */
uint64_t debuginfo_structure_size(struct debuginfo *debuginfo, const char *structure);

/* For those who know libdwfl: the kernel is its module "kernel", and it has no other; NULL: there is none. (struct Dwfl) */
struct Dwfl;
struct Dwfl *debuginfo_dwfl(struct debuginfo *debuginfo);

#endif
