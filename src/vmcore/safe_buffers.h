/*
 * The per-CPU safe buffers of 4.8 to 5.14: what was printed in NMI context, or within printk itself, and not yet flushed to
 * the log when the machine died (kernel/printk/printk_safe.c, nmi.c before 4.11).
 */
#ifndef VMCORE_SAFE_BUFFERS_H
#define VMCORE_SAFE_BUFFERS_H

#include "vmcore/dump.h"

/*
 * Gives each CPU's unflushed text to `visit`, CPU by CPU: the NMI buffer, then the safe buffer; bytes as the kernel stored
 * them, with its level marks (SOH and a digit). At most SAFE_BUFFER_BYTES_MOST a buffer. Kernels outside 4.8 to 5.14 have
 * none: nothing is read of memory for them. False: *error says why they could not be looked at.
 */
enum { SAFE_BUFFER_BYTES_MOST = 1024 * 1024 };
bool safe_buffers_visit(struct dump *dump,
			void (*visit)(void *state, unsigned int cpu, const char *buffer_name, struct text bytes),
			void *state, struct error *error);

#endif
