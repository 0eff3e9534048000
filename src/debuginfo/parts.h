/* What the files of debuginfo/ share. */
#ifndef DEBUGINFO_PARTS_H
#define DEBUGINFO_PARTS_H

#include "debuginfo/debuginfo.h"
#include "debuginfo/libdw.h"
#include "debuginfo/modules.h"

/* Functions of a symbol table, by address. */
struct known_function {
	struct debuginfo_function function;
	unsigned int section; /* st_shndx */
};

struct function_table {
	struct known_function *items;
	size_t count;
	bool collected; /* somebody has asked */
};

struct type_table;

/* The kernel's table of static keys, as the file has it. */
struct jump_table {
	bool looked_for;
	const unsigned char *bytes; /* NULL: there is none */
	uint64_t begin;             /* its address */
	size_t length;
};

struct debuginfo {
	struct arena arena;
	const struct debuginfo_options *options;
	struct debuginfo_wanted wanted;
	Dwfl *dwfl;           /* NULL: there is no debuginfo but of modules */
	Dwfl_Module *kernel;  /* of it */
	unsigned int machine; /* e_machine of vmlinux; EM_NONE: not known */
	struct text path;
	int fd;                /* of vmlinux, until libdwfl has it; -1: none */
	bool incomplete;       /* what vmlinux shares with other files is not here: there are no lines */
	const char *alternate; /* what the file that is being opened shares with others; NULL: nothing */
	struct text *notes;
	size_t note_count;
	struct function_table functions;
	size_t asked, known; /* places in vmlinux whose lines were asked for, and those that had some */
	struct jump_table jump_table;
	struct type_table *types; /* NULL until somebody asks: type_table.h */
	struct debuginfo_modules modules;
	int64_t server_deadline; /* of monotonic_ms(); 0: none was asked yet */
	struct error bad;        /* see debuginfo_trouble(); its path is in the arena */
};

/* A sentence without the full stop, in the arena. */
void debuginfo_note(struct debuginfo *debuginfo, struct text text);

/* Fills the table with the functions of a module of libdwfl's, if it has not been: functions.c. */
void functions_collect(struct function_table *table, Dwfl_Module *module);

/* The module of libdwfl's, vmlinux or a module of the kernel's, that an address lies in; NULL: it has no debuginfo. */
Dwfl_Module *module_at(struct debuginfo *debuginfo, uint64_t address);

/* The entries around an address, innermost first: blocks, inlined functions, the function that is there. */
struct scopes {
	Dwarf_Die unit;
	Dwarf_Die *items; /* to be freed with free() */
	int count;
	Dwarf_Addr bias; /* what is added to the file's addresses */
	bool is_outside; /* of all functions of the unit: it is assembly; only the unit is set then */
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

/* A list of places in code that grows up to a limit. */
struct code_places {
	uint64_t begin, end; /* of the code that is asked about */
	uint64_t *items;
	size_t most, count;
};

/* Adds a place, if the code that leads there is what is asked about. False: they are too many. */
bool code_places_add(struct code_places *places, uint64_t code, uint64_t place);

/* Of a module's file. */
struct module_relocation {
	uint64_t offset; /* in the section that it is for */
	uint64_t value;  /* symbol and addend (S + A) */
	bool defined;    /* the symbol, in this module */
};

/* False: go no further. */
typedef bool relocation_visitor(void *state, const struct module_relocation *relocation);

/* Visits those of a section of type SHT_RELA that libdwfl has not applied. False: they cannot be read, or the visitor's. */
bool module_relocations(Dwfl_Module *module, Elf_Scn *section, relocation_visitor *visit, void *state);

/* What is looked at of an ELF file before it is used. */
struct elf_checked {
	uint64_t start, end; /* that its first segment of code begins at, and that its last of the kernel's half ends at */
	unsigned int machine;
};

/*
 * Is the file a whole ELF of this kernel, with debuginfo? False: *error says what it is instead; the path is set. *other: it
 * is well made, but of another build.
 */
bool check_vmlinux(const char *path, const struct debuginfo_wanted *wanted, struct elf_checked *checked, bool *other,
		   struct error *error);

/* For libdwfl's find_elf, which closes both. NULL: libdwfl sees for itself. */
Elf *map_elf(int fd);

/* Gives a vmlinux that was checked to libdwfl. False: *error. */
bool debuginfo_use(struct debuginfo *debuginfo, const char *path, const struct elf_checked *checked, struct error *error);

/* Finds one, and uses it; or knows of modules alone. False: *error is of the first that was of no use: choose.c. */
bool debuginfo_choose(struct debuginfo *debuginfo, struct error *error);

/* The places where a file may be, in order: those of a directory (a root, "" for the machine's own). */
struct place_list {
	const char **items; /* in the arena */
	size_t count;
};
void places_below(struct arena *arena, const char *root, const struct debuginfo_wanted *wanted, struct place_list *places);

/* Those of a directory that the user named: it may be such a root, or have the files themselves. */
void places_in(struct arena *arena, const char *directory, const struct debuginfo_wanted *wanted, struct place_list *places);

/* Where a file of this build id may be: below the named directories, then in the usual places. */
void places_by_build_id(struct debuginfo *debuginfo, struct text build_id, struct place_list *places);

void places_add(struct arena *arena, struct place_list *places, struct text path);

bool path_is_directory(const char *path);

#endif
