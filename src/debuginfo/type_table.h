/*
 * Finds types by name in the DWARF of the kernel proper: of a vmlinux some 3000 compilation units, of which each repeats the
 * types of the headers that it includes. They are walked in order, only as far as a question needs, and what was met on the
 * way is remembered: all questions together cost one walk at most. What is defined within a function is not met. Private to
 * debuginfo/.
 */
#ifndef DEBUGINFO_TYPE_TABLE_H
#define DEBUGINFO_TYPE_TABLE_H

#include "debuginfo/parts.h"

struct type_table;

/*
 * The first structure or union of that name that is defined, not only declared. C allows another of the same name in another
 * file: BTF, too, has the first of them first. False: there is none.
 */
bool type_table_structure(struct debuginfo *debuginfo, const char *name, Dwarf_Die *structure);

/* The value of the first enumerator of that name: as many bytes of it as its enumeration has. */
bool type_table_enumerator(struct debuginfo *debuginfo, const char *name, uint64_t *value);

void type_table_free(struct type_table *table); /* NULL is allowed */

/*
 * The next DIE on the same level. False: there is none, or it does not lie behind this one: DW_AT_sibling is a number of the
 * file, and may lead back.
 */
bool type_sibling(Dwarf_Die *die);

#endif
