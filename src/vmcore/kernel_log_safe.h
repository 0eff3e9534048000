/* The lines of safe buffers that were never flushed, behind the log's end. Inside of kernel_log*.c only. */
#ifndef VMCORE_KERNEL_LOG_SAFE_H
#define VMCORE_KERNEL_LOG_SAFE_H

#include "vmcore/kernel_log.h"

/* All of them as lines, in memory that is the caller's to free; NULL and *length 0: there are none. */
char *safe_buffer_lines(struct dump *dump, enum kernel_log_form form, struct kernel_log_report *report, size_t *length);

#endif
