/* What the readers of dump formats share. */
#ifndef VMCORE_DUMP_PARTS_H
#define VMCORE_DUMP_PARTS_H

#include "vmcore/dump.h"

/* Notes that the file is shorter than it was: the first time, that is why the dump is incomplete. `needed`: at least. */
void dump_note_cut(struct dump *dump, uint64_t size, uint64_t needed);

#endif
