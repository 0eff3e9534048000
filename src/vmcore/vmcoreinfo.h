/*
 * VMCOREINFO: what a kernel tells of itself for those who read its dumps, as lines KEY=VALUE (kernel/crash_core.c,
 * kernel/vmcore_info.c since 6.9; Documentation/admin-guide/kdump/vmcoreinfo.rst).
 */
#ifndef VMCORE_VMCOREINFO_H
#define VMCORE_VMCOREINFO_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* The value of a line, without blanks at its end; false: there is no such line. info need not end with a newline. */
bool vmcoreinfo_find(struct text info, const char *key, struct text *value);

/* SYMBOL(name)=hex, OFFSET(name)=decimal, SIZE(name)=decimal, LENGTH(name)=decimal, NUMBER(name)=decimal, signed or 0xhex.
 */
bool vmcoreinfo_symbol(struct text info, const char *name, uint64_t *address);
bool vmcoreinfo_offset(struct text info, const char *name, uint64_t *offset);
bool vmcoreinfo_size(struct text info, const char *name, uint64_t *size);
bool vmcoreinfo_length(struct text info, const char *name, uint64_t *length);
bool vmcoreinfo_number(struct text info, const char *name, int64_t *number);

/* KEY=hex, with or without 0x: KERNELOFFSET, and the like. */
bool vmcoreinfo_hex(struct text info, const char *key, uint64_t *number);

/* Whether a text looks like VMCOREINFO at all: begins with a line OSRELEASE= and holds text only. */
bool vmcoreinfo_plausible(struct text info);

#endif
