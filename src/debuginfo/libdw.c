/* Loads libdw. */
#include "debuginfo/libdw.h"

#include "base/lazy_library.h"

struct libdw_functions libdw;

#define LIBDW_ROW(name) LAZY_FUNCTION(libdw, name),

static const struct lazy_function functions[] = { LIBDW_FUNCTIONS(LIBDW_ROW) };

bool libdw_load(struct error *error)
{
	return lazy_library_load(DEBUGINFO_SONAME, functions, sizeof functions / sizeof *functions, error);
}
