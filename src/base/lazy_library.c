/* dlopen() and a table. */
#include "base/lazy_library.h"

#include <dlfcn.h>
#include <string.h>

bool lazy_library_load(const char *soname, const struct lazy_function *functions, size_t count, struct error *error)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return error_set(error, "a library is missing: %s", dlerror());
	for (size_t i = 0; i < count; i++) {
		void *function = dlsym(library, functions[i].name);
		if (!function)
			return error_set(error, "%s lacks the function %s", soname, functions[i].name);
		/* POSIX has it that a function's address fits a void *, C has no word for it. */
		memcpy(functions[i].place, &function, sizeof function);
	}
	return true;
}
