/* The parts of looking for the tables of kallsyms. */
#ifndef VMCORE_KALLSYMS_SCAN_H
#define VMCORE_KALLSYMS_SCAN_H

#include "vmcore/kallsyms_tables.h"

/*
 * From the token table back to markers, names and their count: knows tables->token_table; sets names, count and markers and
 * gives each pair that fits to `use`, with the address of num_syms. True when that was true once.
 */
bool kallsyms_find_names(struct dump *dump, struct kallsyms_tables *tables, struct kallsyms_walk *walk,
			 bool (*use)(void *state, struct kallsyms_tables *tables, uint64_t count_at), void *state);

/*
 * Looks from *high down to low for a page of names: *last is the last such page of what it found; *high is where to go on if
 * it was nothing. False: there is none.
 */
bool kallsyms_sample(struct dump *dump, uint64_t low, uint64_t *high, uint64_t *last);

#endif
