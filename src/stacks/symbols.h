/*
 * The names of the kernel's addresses, without debuginfo: from the symbol table that the kernel carries in its own memory
 * (kallsyms), else from a System.map; of modules from the table that each keeps (struct module, kallsyms).
 */
#ifndef STACKS_SYMBOLS_H
#define STACKS_SYMBOLS_H

#include "base/arena.h"
#include "debuginfo/debuginfo.h"
#include "vmcore/dump.h"
#include "vmcore/facts.h"

struct symbols;
struct module_list;

struct symbol {
	struct text name;   /* good until the third next call of symbols_at(): copy it */
	struct text module; /* empty: the kernel proper */
	uint64_t address;
	uint64_t size; /* bytes: up to the next symbol at another address, as the kernel's own traces count it */
};

/*
 * From the dump; where it has no table that can be read, from one of the System.map files (names with the release in them,
 * NULL at the end) whose addresses agree with the dump's. Such a file is also asked for data where the dump's table has
 * functions alone, and the debuginfo, which may be NULL. NULL: *error says why there are no names. Dump and debuginfo must
 * outlive it.
 */
struct symbols *symbols_open(struct dump *dump, const struct facts *facts, const char *const *system_maps,
			     struct debuginfo *debuginfo, struct error *error);
/* Is the file a System.map of the dump's kernel? False: *error, with its path. */
bool symbols_check_map(const char *path, struct dump *dump, const struct facts *facts, struct error *error);

void symbols_close(struct symbols *symbols); /* NULL is allowed */

/* "kallsyms", or the path of the System.map. */
const char *symbols_origin(const struct symbols *symbols);

/* The modules' own symbols are known from now on; the list must outlive symbols. */
void symbols_add_modules(struct symbols *symbols, const struct module_list *modules);

/* The function that this address lies in: symbols of text only. False: it is in none. */
bool symbols_at(struct symbols *symbols, uint64_t address, struct symbol *symbol);

/* The address of a symbol of the kernel proper, 0: not known. Several at once cost one walk. */
size_t symbols_find(struct symbols *symbols, const char *const *names, size_t count, uint64_t *addresses);
uint64_t symbols_find_one(struct symbols *symbols, const char *name);

#endif
