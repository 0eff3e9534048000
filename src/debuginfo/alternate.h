/*
 * What a file shares with others: dwz(1) moves it to a file of its own, and leaves the name and the build id of that in a
 * section .gnu_debugaltlink. Without it names and types are missing that the rest refers to. Private to debuginfo/.
 */
#ifndef DEBUGINFO_ALTERNATE_H
#define DEBUGINFO_ALTERNATE_H

#include "debuginfo/parts.h"

/* Is all of the file's debuginfo there? False: a note says what is missing. Else find_alternate() is ready for this file. */
bool alternate_prepare(struct debuginfo *debuginfo, const char *path);

/* A callback of libdwfl's, which asks for nothing else; the module's user data is the debuginfo. */
int find_alternate(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, const char *file, const char *link,
		   GElf_Word checksum, char **debug);

#endif
