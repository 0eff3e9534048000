/* The kernel's own symbol table, out of its memory: names to addresses without debuginfo (kernel/kallsyms.c). */
#ifndef VMCORE_KALLSYMS_H
#define VMCORE_KALLSYMS_H

#include "vmcore/dump.h"

struct kallsyms;

/*
 * Finds the tables: by VMCOREINFO (SYMBOL(kallsyms_names) and its fellows, since 6.0), else by the shape of the token table
 * in the kernel's read-only data. NULL: *error. Uses the dump, which must outlive it.
 */
struct kallsyms *kallsyms_open(struct dump *dump, struct error *error);

/* The address of each name, 0 where it is not known; one walk over the table for all. How many were found. */
size_t kallsyms_find(struct kallsyms *kallsyms, const char *const *names, size_t count, uint64_t *addresses);
void kallsyms_close(struct kallsyms *kallsyms);

#endif
