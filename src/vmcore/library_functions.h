/* The functions of libkdumpfile, which is loaded when the first dump needs it. */
#ifndef VMCORE_LIBRARY_FUNCTIONS_H
#define VMCORE_LIBRARY_FUNCTIONS_H

#include "base/error.h"

#include <libkdumpfile/kdumpfile.h>
#include <stdbool.h>

extern struct library_functions {
	__typeof__(&kdump_blob_pin) kdump_blob_pin;
	__typeof__(&kdump_blob_size) kdump_blob_size;
	__typeof__(&kdump_blob_unpin) kdump_blob_unpin;
	__typeof__(&kdump_bmp_find_clear) kdump_bmp_find_clear;
	__typeof__(&kdump_bmp_find_set) kdump_bmp_find_set;
	__typeof__(&kdump_bmp_incref) kdump_bmp_incref;
	__typeof__(&kdump_get_err) kdump_get_err;
	__typeof__(&kdump_get_typed_attr) kdump_get_typed_attr;
	__typeof__(&kdump_new) kdump_new;
	__typeof__(&kdump_open_fdset) kdump_open_fdset;
	__typeof__(&kdump_read) kdump_read;
	__typeof__(&kdump_set_attr) kdump_set_attr;
	__typeof__(&kdump_strerror) kdump_strerror;
	__typeof__(&kdump_vmcoreinfo_raw) kdump_vmcoreinfo_raw;
} libkdumpfile;

/* Fills it. False: *error says what is missing. */
bool library_functions_load(struct error *error);

#endif
