/* What the readers of dump formats share. */
#ifndef VMCORE_DUMP_PARTS_H
#define VMCORE_DUMP_PARTS_H

#include "vmcore/dump.h"

/* Notes that the file is shorter than it was: the first time, that is why the dump is incomplete. `needed`: at least. */
void dump_note_cut(struct dump *dump, uint64_t size, uint64_t needed);

/* The same for another reason: a sentence part that lasts. */
void dump_note_incomplete(struct dump *dump, const char *why);

/* Puts in front of an error that the dump is not whole, where that is known: what failed is most likely what came of it. */
void dump_explain_incomplete(const struct dump *dump, struct error *error);

/* The architecture by what VMCOREINFO, the release in it and the size of a CPU's registers say, where no header tells. */
enum arch arch_from_content(const struct dump *dump);

#endif
