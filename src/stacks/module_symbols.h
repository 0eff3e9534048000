/* The functions of a module, by the symbol table that it keeps in memory (struct mod_kallsyms). Private to stacks/. */
#ifndef STACKS_MODULE_SYMBOLS_H
#define STACKS_MODULE_SYMBOLS_H

#include "stacks/modules.h"
#include "vmcore/kallsyms.h"

enum { MODULE_SYMBOLS_MOST = 200000 };

/* As kallsyms_at(). The size is up to the next symbol of the module's or the end of its code, as the kernel counts it. */
bool module_symbol_at(struct dump *dump, const struct kernel_module *module, uint64_t address,
		      struct kallsyms_symbol *symbol);

#endif
