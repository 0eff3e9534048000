/*
 * Shared libraries that are loaded when they are first needed. Most runs need none of libarchive, libkdumpfile and snappy,
 * and loading these with all that they need takes longer than reading a dump and triaging it.
 */
#ifndef BASE_LAZY_LIBRARY_H
#define BASE_LAZY_LIBRARY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct lazy_function {
	const char *name;
	void *place; /* the address of a pointer to such a function */
};

/* A row of the table: the pointer is called like the function. */
#define LAZY_FUNCTION(pointers, name)                                                                                       \
	{                                                                                                                   \
#name, &(pointers).name                                                                                     \
	}

/*
 * Loads the library of that name ("libarchive.so.13", as the dynamic linker finds it) and fills the places. It stays loaded;
 * a further call costs next to nothing. False: *error says what is missing.
 */
bool lazy_library_load(const char *soname, const struct lazy_function *functions, size_t count, struct error *error);

#endif
