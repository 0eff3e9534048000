/* Entries of the log as lines. Inside of kernel_log*.c only. */
#ifndef VMCORE_KERNEL_LOG_RENDER_H
#define VMCORE_KERNEL_LOG_RENDER_H

#include "vmcore/kernel_log_format.h"

/* The most that one entry becomes: each byte of its text as \xNN, and what stands before it. */
enum { RENDER_PREFIX_MOST = 80, RENDER_ENTRY_MOST = LOG_TEXT_MOST * 4 + RENDER_PREFIX_MOST };

/* Writes an entry to `to`, which has room for RENDER_ENTRY_MOST bytes; how many there are. */
size_t render_entry(const struct log_entry *entry, enum kernel_log_form form, char *to);

/* One character as vmcore-dmesg(8) writes it: as it is, or as \xNN. At most 4 bytes; how many. */
size_t render_character(unsigned char c, char *to);

#endif
