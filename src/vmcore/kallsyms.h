/* The kernel's own symbol table, out of its memory: names to addresses without debuginfo (kernel/kallsyms.c). */
#ifndef VMCORE_KALLSYMS_H
#define VMCORE_KALLSYMS_H

#include "vmcore/dump.h"

#include <stdbool.h>

struct kallsyms;

/*
 * Finds the tables: by VMCOREINFO (SYMBOL(kallsyms_names) and its fellows, since 6.0), else by the shape of the token table
 * in the kernel's read-only data. NULL: *error. Uses the dump, which must outlive it.
 */
struct kallsyms *kallsyms_open(struct dump *dump, struct error *error);

/* The address of each name, 0 where it is not known; one walk over the table for all. How many were found. */
size_t kallsyms_find(struct kallsyms *kallsyms, const char *const *names, size_t count, uint64_t *addresses);
/* A function, by the table. */
struct kallsyms_symbol {
	uint64_t address;
	uint64_t size;   /* bytes: up to the next symbol at another address, as kallsyms_lookup_size_offset() counts it */
	char name[1024]; /* with a NUL; cut where it is longer, which no kernel's is */
};

/*
 * The function that the address lies in; of several names at one address the first in the table, as the kernel's own traces
 * have it. False: the address is not in the kernel's text, or the table cannot be read there.
 */
bool kallsyms_at(struct kallsyms *kallsyms, uint64_t address, struct kallsyms_symbol *symbol);
void kallsyms_close(struct kallsyms *kallsyms);

#endif
