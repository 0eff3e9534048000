/* Built without libdw: no debuginfo is ever found, and a named one cannot be read. */
#include "debuginfo/debuginfo.h"

enum debuginfo_status debuginfo_open(const struct debuginfo_options *options, const struct debuginfo_wanted *wanted,
				     struct debuginfo **debuginfo, struct error *error)
{
	(void)wanted;
	*debuginfo = NULL;
	error->path = options->path_count ? options->paths[0] : NULL;
	error_set(error, "built without libdw: debuginfo cannot be read");
	return options->path_count ? DEBUGINFO_WRONG : DEBUGINFO_NONE;
}

void debuginfo_close(struct debuginfo *debuginfo)
{
	(void)debuginfo;
}

const char *debuginfo_path(const struct debuginfo *debuginfo)
{
	(void)debuginfo;
	return "";
}

const struct text *debuginfo_notes(const struct debuginfo *debuginfo, size_t *count)
{
	(void)debuginfo;
	*count = 0;
	return NULL;
}

void debuginfo_tell_module(struct debuginfo *debuginfo, struct text name, struct text build_id)
{
	(void)debuginfo;
	(void)name;
	(void)build_id;
}

bool debuginfo_trouble(const struct debuginfo *debuginfo, struct error *error)
{
	(void)debuginfo;
	(void)error;
	return false;
}

bool debuginfo_function_at(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_function *function)
{
	(void)debuginfo;
	(void)address;
	(void)function;
	return false;
}

size_t debuginfo_functions_named(struct debuginfo *debuginfo, struct text name, struct text module, uint64_t size,
				 struct debuginfo_function *functions, size_t most)
{
	(void)debuginfo;
	(void)name;
	(void)module;
	(void)size;
	(void)functions;
	(void)most;
	return 0;
}

size_t debuginfo_lines(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_line *lines, size_t most)
{
	(void)debuginfo;
	(void)address;
	(void)lines;
	(void)most;
	return 0;
}

bool debuginfo_member(struct debuginfo *debuginfo, const char *structure, const char *path, struct debuginfo_member *member)
{
	(void)debuginfo;
	(void)structure;
	(void)path;
	(void)member;
	return false;
}

bool debuginfo_element(struct debuginfo *debuginfo, const char *structure, const char *path,
		       struct debuginfo_member *element, uint64_t *count)
{
	(void)debuginfo;
	(void)structure;
	(void)path;
	(void)element;
	(void)count;
	return false;
}

bool debuginfo_enumerator(struct debuginfo *debuginfo, const char *name, uint64_t *value)
{
	(void)debuginfo;
	(void)name;
	(void)value;
	return false;
}

uint64_t debuginfo_structure_size(struct debuginfo *debuginfo, const char *structure)
{
	(void)debuginfo;
	(void)structure;
	return 0;
}

struct Dwfl *debuginfo_dwfl(struct debuginfo *debuginfo)
{
	(void)debuginfo;
	return NULL;
}

bool debuginfo_at_hand(const struct debuginfo_options *options, const struct debuginfo_wanted *wanted)
{
	(void)options;
	(void)wanted;
	return false;
}

size_t debuginfo_symbols_named(struct debuginfo *debuginfo, const char *const *names, size_t count, uint64_t *addresses)
{
	(void)debuginfo;
	(void)names;
	(void)count;
	(void)addresses;
	return 0;
}

void debuginfo_note_unused(struct debuginfo *debuginfo)
{
	(void)debuginfo;
}
