/* Unwinding by the call frame information of debuginfo (DWARF 5, 6.4; .debug_frame and .eh_frame), through libdw. */
#ifndef STACKS_UNWIND_CFI_H
#define STACKS_UNWIND_CFI_H

#include "debuginfo/debuginfo.h"

#include <stdint.h>

struct walk;
struct cfi;

/* NULL: debuginfo is NULL, or memory ran out. */
struct cfi *cfi_open(struct debuginfo *debuginfo);
void cfi_close(struct cfi *cfi); /* NULL is allowed */

#endif
