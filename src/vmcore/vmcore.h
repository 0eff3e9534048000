/*
 * vmcore/: takes a dump, gives its kernel log as a source of bytes and what else the dump knows. The step's own header; what
 * lies behind it: image.h (bytes of the file), dump.h (physical memory), address.h (virtual memory), kernel_log.h, facts.h.
 */
#ifndef VMCORE_VMCORE_H
#define VMCORE_VMCORE_H

#include "log/source.h"
#include "vmcore/facts.h"
#include "vmcore/kernel_log.h"

struct vmcore;

/*
 * Opens a dump; its log is looked for when it is first asked for, in this form. NULL: *error says what is wrong and what was
 * expected (dump_open_files() of dump.h: of which file). The descriptors stay the caller's, the names need not last.
 *
 * That a dump has no log is no error here: what else it knows can be had all the same. Ask vmcore_source() first: where that
 * gives NULL, vmcore_log_error() says why, and vmcore_facts() and vmcore_dump() are as good as they would be with a log: in
 * looking for it, VMCOREINFO may have been found in memory, and then the facts are read anew.
 */
struct vmcore *vmcore_open_files(const struct dump_file *files, size_t count, enum kernel_log_form form,
				 struct error *error);
struct vmcore *vmcore_open(const int *fds, size_t count, enum kernel_log_form form, struct error *error); /* without names */
void vmcore_close(struct vmcore *vmcore); /* NULL is allowed */

/* Why the dump is incomplete, from somebody who knows more of its files than can be seen in them: a sentence part. */
void vmcore_tell_incomplete(struct vmcore *vmcore, struct text why);

struct log_source *vmcore_source(struct vmcore *vmcore);       /* the kernel log; NULL: vmcore_log_error() says why */
const struct facts *vmcore_facts(const struct vmcore *vmcore); /* vmcore_source() may change them, the first time */
const struct dump *vmcore_dump(const struct vmcore *vmcore);   /* format, dump level, incomplete */
struct dump *vmcore_memory(struct vmcore *vmcore);             /* the same, to read its memory */
const struct kernel_log_report *vmcore_report(
	const struct vmcore *vmcore);                      /* whole when the source has ended; NULL with no log */
const char *vmcore_log_error(const struct vmcore *vmcore); /* why there is no log; empty where there is one */

#endif
