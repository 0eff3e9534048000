/* What the files of debuginfo/ share. */
#ifndef DEBUGINFO_PARTS_H
#define DEBUGINFO_PARTS_H

#include "debuginfo/debuginfo.h"
#include "debuginfo/libdw.h"

/* Functions of the kernel's symbol table, by address. */
struct function_table {
	struct debuginfo_function *items;
	size_t count;
};

struct type_table;

struct debuginfo {
	struct arena arena;
	const struct debuginfo_options *options;
	struct debuginfo_wanted wanted;
	Dwfl *dwfl;
	Dwfl_Module *kernel;
	struct text path;
	struct text *notes;
	size_t note_count;
	struct function_table functions; /* empty until somebody asks */
	struct type_table *types;        /* NULL until somebody asks: type_table.h */
};

/* What is looked at of an ELF file before it is used. */
struct elf_checked {
	uint64_t start, end; /* that its first segment of code begins at, and that its last of the kernel's half ends at */
};

/*
 * Is the file a whole ELF of this kernel, with debuginfo? False: *error says what it is instead; the path is set. *other: it
 * is well made, but of another build.
 */
bool check_vmlinux(const char *path, const struct debuginfo_wanted *wanted, struct elf_checked *checked, bool *other,
		   struct error *error);

/* For libdwfl's find_elf, which closes both. -1: it cannot be opened; *elf may be NULL, then libdwfl sees for itself. */
int open_mapped_elf(const char *path, Elf **elf);

/* The places where a vmlinux may be, in order: those of a directory (a root, "" for the machine's own). */
struct place_list {
	const char **items; /* in the arena */
	size_t count;
};
void places_below(struct arena *arena, const char *root, const struct debuginfo_wanted *wanted, struct place_list *places);

/* Those of a directory that the user named: it may be such a root, or have the files themselves. */
void places_in(struct arena *arena, const char *directory, const struct debuginfo_wanted *wanted, struct place_list *places);

#endif
