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

/* The entries around an address, innermost first: blocks, inlined functions, the function that is there. */
struct scopes {
	Dwarf_Die unit;
	Dwarf_Die *items; /* to be freed with free() */
	int count;
	Dwarf_Addr bias; /* what is added to the file's addresses */
};

/* False: nothing is known of it, and there is nothing to be freed. */
bool scopes_at(struct debuginfo *debuginfo, uint64_t address, struct scopes *scopes);

/* A structure or union behind typedefs and qualifiers, as debuginfo/variables.h hands it out; NULL: it is none. */
struct debuginfo_type;
const struct debuginfo_type *structure_of(struct debuginfo *debuginfo, Dwarf_Die *die);
/* The structure that a variable or member points to; NULL: it is no such pointer, or the structure is only declared. */
const struct debuginfo_type *pointed_to(struct debuginfo *debuginfo, Dwarf_Die *die);

/* The file's bytes of what is loaded at an address: text, data; NULL: they are not all in one section of the file. */
const unsigned char *file_bytes(struct debuginfo *debuginfo, uint64_t address, size_t length);

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
