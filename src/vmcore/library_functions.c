/* Loads libkdumpfile. */
#if HAVE_LIBKDUMPFILE

#include "vmcore/library_functions.h"

#include "base/lazy_library.h"

struct library_functions libkdumpfile;

static const struct lazy_function functions[] = {
	LAZY_FUNCTION(libkdumpfile, kdump_blob_pin),     LAZY_FUNCTION(libkdumpfile, kdump_blob_size),
	LAZY_FUNCTION(libkdumpfile, kdump_blob_unpin),   LAZY_FUNCTION(libkdumpfile, kdump_bmp_find_clear),
	LAZY_FUNCTION(libkdumpfile, kdump_bmp_find_set), LAZY_FUNCTION(libkdumpfile, kdump_bmp_incref),
	LAZY_FUNCTION(libkdumpfile, kdump_get_err),      LAZY_FUNCTION(libkdumpfile, kdump_get_typed_attr),
	LAZY_FUNCTION(libkdumpfile, kdump_new),          LAZY_FUNCTION(libkdumpfile, kdump_open_fdset),
	LAZY_FUNCTION(libkdumpfile, kdump_read),         LAZY_FUNCTION(libkdumpfile, kdump_set_attr),
	LAZY_FUNCTION(libkdumpfile, kdump_strerror),     LAZY_FUNCTION(libkdumpfile, kdump_vmcoreinfo_raw),
};

bool library_functions_load(struct error *error)
{
	return lazy_library_load(LIBKDUMPFILE_SONAME, functions, sizeof functions / sizeof *functions, error);
}

#else
typedef int nothing; /* ISO C wants something here */
#endif
