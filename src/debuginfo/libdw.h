/*
 * The functions of elfutils' libdw, which is loaded when the first debuginfo is opened. A function that is called is a row of
 * the table: libdw.c goes by it too.
 */
#ifndef DEBUGINFO_LIBDW_H
#define DEBUGINFO_LIBDW_H

#include "base/error.h"

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <stdbool.h>

/* In alphabetical order. */
#define LIBDW_FUNCTIONS(row)                                                                                                \
	row(dwarf_cfi_addrframe)                                                                                            \
	row(dwarf_frame_cfa)                                                                                                \
	row(dwarf_frame_info)                                                                                               \
	row(dwarf_frame_register)                                                                                           \
	row(dwfl_addrmodule)                                                                                                \
	row(dwfl_begin)                                                                                                     \
	row(dwfl_end)                                                                                                       \
	row(dwfl_errmsg)                                                                                                    \
	row(dwfl_errno)                                                                                                     \
	row(dwfl_module_dwarf_cfi)                                                                                          \
	row(dwfl_module_eh_cfi)                                                                                             \
	row(dwfl_report_begin)                                                                                              \
	row(dwfl_report_end)                                                                                                \
	row(dwfl_report_module)                                                                                             \
	row(dwfl_version)

#define LIBDW_MEMBER(name) __typeof__(&name) name;
extern struct libdw_functions {
	LIBDW_FUNCTIONS(LIBDW_MEMBER)
} libdw;
#undef LIBDW_MEMBER

/* Fills it. False: *error says what is missing. */
bool libdw_load(struct error *error);

#endif
