/* The modules that were loaded, by the kernel's own list (struct module, include/linux/module.h). */
#ifndef STACKS_MODULES_H
#define STACKS_MODULES_H

#include "base/arena.h"
#include "stacks/types.h"

enum { MODULES_MOST = 4096, MODULE_RANGES_MOST = 8 };

struct module_range {
	uint64_t start, size; /* of code */
};

struct kernel_module {
	struct text name;
	uint64_t address;                               /* of its struct module */
	struct text build_id;                           /* hex digits; empty: not known */
	struct module_range ranges[MODULE_RANGES_MOST]; /* core_layout and init_layout, MOD_TEXT of mem[] since 6.4 */
	size_t range_count;
	uint64_t symbols, symbol_count, strings; /* mod_kallsyms: Elf_Sym[], how many, string table; 0: not known */
	uint64_t orc_ip, orc, orc_count;         /* mod_arch_specific: its ORC tables; 0: none */
};

struct module_list {
	struct arena arena;
	struct kernel_module *items;
	size_t count;
	struct text cut; /* a sentence part: why the list ends early; empty: it does not */
};

/* False: *error; the list is then empty. Free with module_list_free() in every case. */
bool module_list_read(struct dump *dump, struct symbols *symbols, struct types *types, struct module_list *list,
		      struct error *error);
const struct kernel_module *module_list_at(const struct module_list *list, uint64_t address); /* NULL: none */
void module_list_free(struct module_list *list);

#endif
