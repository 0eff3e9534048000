/* What the readers of dump formats share. */
#ifndef VMCORE_DUMP_PARTS_H
#define VMCORE_DUMP_PARTS_H

#include "vmcore/dump.h"

/*
 * Notes that a file is shorter than it was: the first time, that is why the dump is incomplete. `name`: of a file of
 * several, else empty. `needed`: at least.
 */
void dump_note_cut(struct dump *dump, const char *name, uint64_t size, uint64_t needed);

/* The same for another reason, a sentence part. */
void dump_note_incomplete(struct dump *dump, const char *name, const char *why);

/* The same of a flattened file that has gaps: see flattened.h. `gap`: the first of `count`. */
struct flattened_gap;
void dump_note_gaps(struct dump *dump, const struct flattened_gap *gap, size_t count);

/* Notes are missing, some or all, VMCOREINFO perhaps among them: the first time, why, a sentence part. */
void dump_note_lost_notes(struct dump *dump, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Why a dump is incomplete that makedumpfile marked so. */
#define DUMP_MARKED_INCOMPLETE "its header says that not all pages could be written"

enum { DUMP_FILE_NAME_MOST = 80 };

/* What a file of several is called in errors and remarks; empty: there is only one. */
void dump_file_name(const struct dump_file *files, size_t count, size_t i, char *name, size_t size);

/* Sets *error to why file `i` cannot be opened; it is named, unless it is the last. Returns false. */
bool dump_refuse_file(const struct dump_file *files, size_t count, size_t i, const struct error *why, struct error *error);

enum { DUMP_INCOMPLETE_TOLD_MOST = 160 };

/* Puts in front of an error that the dump is not whole, where that is known: what failed is most likely what came of it. */
void dump_explain(struct text incomplete, struct error *error);
void dump_explain_incomplete(const struct dump *dump, struct error *error);

/* The architecture by what VMCOREINFO, the release in it and the size of a CPU's registers say, where no header tells. */
enum arch arch_from_content(const struct dump *dump);

#endif
