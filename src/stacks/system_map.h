/* The kernel's symbols by a System.map, where the dump's own table cannot be read. Private to stacks/. */
#ifndef STACKS_SYSTEM_MAP_H
#define STACKS_SYSTEM_MAP_H

#include "base/error.h"
#include "vmcore/facts.h"
#include "vmcore/kallsyms.h"

struct system_map;

enum { SYSTEM_MAP_BYTES_MOST = 64 * 1024 * 1024, SYSTEM_MAP_SYMBOLS_MOST = 2 * 1024 * 1024 };

/*
 * Lines of "address type name", sorted by address, as nm(1) writes them. It must give each symbol that VMCOREINFO has an
 * address for that address less KERNELOFFSET. NULL: *error, with its path where there is such a file.
 */
struct system_map *system_map_open(const char *path, const struct dump *dump, const struct facts *facts,
				   struct error *error);
void system_map_close(struct system_map *map); /* NULL is allowed */
const char *system_map_path(const struct system_map *map);

/* As kallsyms_at() and kallsyms_find(), in the dump's addresses. */
bool system_map_at(const struct system_map *map, uint64_t address, struct kallsyms_symbol *symbol);
size_t system_map_find(const struct system_map *map, const char *const *names, size_t count, uint64_t *addresses);

#endif
