/* Names of the kernel's addresses: whichever source there is, with the modules' own beside it. */
#include "stacks/symbols.h"

#include "stacks/module_symbols.h"
#include "stacks/modules.h"
#include "stacks/system_map.h"
#include "vmcore/kallsyms.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_KEPT = 3 };

struct symbols {
	struct dump *dump;
	struct kallsyms *kallsyms;     /* NULL: by the map */
	struct system_map *system_map; /* NULL: by kallsyms; both where kallsyms has functions alone */
	struct debuginfo *debuginfo;   /* asked for data last; may be NULL */
	const struct module_list *modules;
	bool complete;                           /* kallsyms has all that there is, data too */
	struct kallsyms_symbol kept[NAMES_KEPT]; /* whose names were given last */
	size_t next;
};

/* The first map that agrees with the dump; what was wrong with the others is said where none does. */
static bool open_map(struct symbols *symbols, const struct facts *facts, const char *const *paths, struct error *error)
{
	struct error first = { 0 };

	for (; paths && *paths; paths++) {
		struct error why = { 0 };
		symbols->system_map = system_map_open(*paths, symbols->dump, facts, &why);
		if (symbols->system_map)
			return true;
		if (!first.path)
			first = why;
	}
	char own[sizeof error->message];
	memcpy(own, error->message, sizeof own);
	if (first.path)
		return error_set(error, "%s; %s: %s", own[0] ? own : "it cannot be found", first.path, first.message);
	return false;
}

/* Without CONFIG_KALLSYMS_ALL, as in Debian's kernels for arm64, the table has no data: every kernel has this one. */
static bool has_functions_alone(struct symbols *symbols)
{
	return !symbols_find_one(symbols, "init_task");
}

struct symbols *symbols_open(struct dump *dump, const struct facts *facts, const char *const *system_maps,
			     struct debuginfo *debuginfo, struct error *error)
{
	struct symbols *symbols = calloc(1, sizeof *symbols);

	if (!symbols) {
		error_out_of_memory(error);
		return NULL;
	}
	symbols->dump = dump;
	symbols->kallsyms = kallsyms_open(dump, error);
	if (symbols->kallsyms) {
		struct error ignored = { 0 };
		symbols->complete = !has_functions_alone(symbols);
		if (!symbols->complete)
			open_map(symbols, facts, system_maps, &ignored);
		symbols->debuginfo = debuginfo;
		return symbols;
	}
	if (open_map(symbols, facts, system_maps, error))
		return symbols;
	symbols_close(symbols);
	return NULL;
}

bool symbols_check_map(const char *path, struct dump *dump, const struct facts *facts, struct error *error)
{
	struct system_map *map = system_map_open(path, dump, facts, error);

	system_map_close(map);
	return map != NULL;
}

void symbols_close(struct symbols *symbols)
{
	if (!symbols)
		return;
	kallsyms_close(symbols->kallsyms);
	system_map_close(symbols->system_map);
	free(symbols);
}

const char *symbols_origin(const struct symbols *symbols)
{
	return symbols->kallsyms ? "kallsyms" : system_map_path(symbols->system_map);
}

void symbols_add_modules(struct symbols *symbols, const struct module_list *modules)
{
	symbols->modules = modules;
}

bool symbols_at(struct symbols *symbols, uint64_t address, struct symbol *symbol)
{
	struct kallsyms_symbol *kept = &symbols->kept[symbols->next];
	const struct kernel_module *module = symbols->modules ? module_list_at(symbols->modules, address) : NULL;
	bool found;

	*symbol = (struct symbol){ 0 };
	if (module)
		found = module_symbol_at(symbols->dump, module, address, kept);
	else if (symbols->kallsyms)
		found = kallsyms_at(symbols->kallsyms, address, kept);
	else
		found = system_map_at(symbols->system_map, address, kept);
	if (!found)
		return false;
	symbols->next = (symbols->next + 1) % NAMES_KEPT;
	symbol->name = text_from(kept->name);
	symbol->address = kept->address;
	symbol->size = kept->size;
	symbol->module = module ? module->name : TEXT_NONE;
	return true;
}

size_t symbols_find(struct symbols *symbols, const char *const *names, size_t count, uint64_t *addresses)
{
	size_t found = symbols->kallsyms ? kallsyms_find(symbols->kallsyms, names, count, addresses) : 0;

	if (symbols->system_map && found < count)
		found = system_map_find(symbols->system_map, names, count, addresses);
	if (symbols->debuginfo && found < count && !symbols->complete)
		found += debuginfo_symbols_named(symbols->debuginfo, names, count, addresses);
	return found;
}

uint64_t symbols_find_one(struct symbols *symbols, const char *name)
{
	uint64_t address = 0;

	symbols_find(symbols, &name, 1, &address);
	return address;
}
