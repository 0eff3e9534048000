/*
 * The functions of elfutils' libdw, and of the libelf that it brings, which is loaded when the first debuginfo is opened. A
 * function that is called is a row of the table: libdw.c goes by it too.
 */
#ifndef DEBUGINFO_LIBDW_H
#define DEBUGINFO_LIBDW_H

#include "base/error.h"

#include <elfutils/libdw.h>
#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <stdbool.h>

/* In alphabetical order, a row a line. */
/* clang-format off */
#define LIBDW_FUNCTIONS(row) \
	row(dwarf_aggregate_size) \
	row(dwarf_attr) \
	row(dwarf_attr_integrate) \
	row(dwarf_cfi_addrframe) \
	row(dwarf_child) \
	row(dwarf_diecu) \
	row(dwarf_diename) \
	row(dwarf_dieoffset) \
	row(dwarf_filesrc) \
	row(dwarf_formaddr) \
	row(dwarf_formflag) \
	row(dwarf_formref_die) \
	row(dwarf_formstring) \
	row(dwarf_formudata) \
	row(dwarf_frame_cfa) \
	row(dwarf_frame_info) \
	row(dwarf_frame_register) \
	row(dwarf_getlocation) \
	row(dwarf_getlocation_addr) \
	row(dwarf_getlocation_attr) \
	row(dwarf_getscopes) \
	row(dwarf_getscopes_die) \
	row(dwarf_getsrcfiles) \
	row(dwarf_nextcu) \
	row(dwarf_offdie) \
	row(dwarf_peel_type) \
	row(dwarf_siblingof) \
	row(dwarf_tag) \
	row(dwelf_elf_gnu_build_id) \
	row(dwfl_addrmodule) \
	row(dwfl_begin) \
	row(dwfl_end) \
	row(dwfl_errmsg) \
	row(dwfl_errno) \
	row(dwfl_lineinfo) \
	row(dwfl_module_addrdie) \
	row(dwfl_module_dwarf_cfi) \
	row(dwfl_module_eh_cfi) \
	row(dwfl_module_getdwarf) \
	row(dwfl_module_getelf) \
	row(dwfl_module_getsrc) \
	row(dwfl_module_getsym_info) \
	row(dwfl_module_getsymtab) \
	row(dwfl_module_info) \
	row(dwfl_offline_section_address) \
	row(dwfl_report_begin) \
	row(dwfl_report_begin_add) \
	row(dwfl_report_end) \
	row(dwfl_report_module) \
	row(dwfl_report_offline) \
	row(dwfl_version) \
	row(elf_begin) \
	row(elf_end) \
	row(elf_errmsg) \
	row(elf_errno) \
	row(elf_getdata) \
	row(elf_getphdrnum) \
	row(elf_getscn) \
	row(elf_getshdrnum) \
	row(elf_getshdrstrndx) \
	row(elf_kind) \
	row(elf_ndxscn) \
	row(elf_nextscn) \
	row(elf_strptr) \
	row(elf_version) \
	row(gelf_getehdr) \
	row(gelf_getphdr) \
	row(gelf_getshdr)
/* clang-format on */

#define LIBDW_MEMBER(name) __typeof__(&name) name;
extern struct libdw_functions {
	LIBDW_FUNCTIONS(LIBDW_MEMBER)
} libdw;
#undef LIBDW_MEMBER

/* Fills it. False: *error says what is missing. */
bool libdw_load(struct error *error);

#endif
