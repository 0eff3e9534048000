/* Functions of ELF symbol tables. Private to debuginfo/. */
#ifndef DEBUGINFO_FUNCTION_SYMBOL_H
#define DEBUGINFO_FUNCTION_SYMBOL_H

#include "debuginfo/parts.h"

/*
 * A mark in a function's size: the symbol table does not tell it. It reaches up to the next symbol; until function_close()
 * has looked for that, the other bits say how far its section's end is.
 */
#define FUNCTION_OPEN (UINT64_C(1) << 63)

/* A symbol of the module, 1 ... dwfl_module_getsymtab() - 1. False: it is no function. */
bool function_symbol(Dwfl_Module *module, int index, struct known_function *known);

/* Of functions sorted by address: bytes up to the next one that lies elsewhere, UINT64_MAX: there is none, or it is behind
 * hundreds at the same address. */
uint64_t function_room(const struct known_function *functions, size_t count, size_t i);

/* Gives those that are marked their size. They must be sorted by address. */
void function_close(struct known_function *functions, size_t count);

#endif
