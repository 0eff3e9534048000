/*
 * Pieces of pstore that somebody put into one file (`cat /sys/fs/pstore/dmesg-* > log`), each with its header, the last of
 * the log mostly first.
 */
#ifndef INPUT_PSTORE_TEXT_H
#define INPUT_PSTORE_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "input/pstore.h"
#include "log/source.h"

#include <stdbool.h>

/* Does a file that begins so hold pieces of pstore, one behind the other? */
bool pstore_text_begins(struct text beginning);

/*
 * Reads such a file's source to its end, at most PSTORE_BYTES_MOST of it, and puts the pieces into the order in which the
 * kernel wrote: records by their numbers, and of each the parts. All of the log lies in arena. False: *error.
 */
bool pstore_text_order(struct log_source *source, struct arena *arena, struct pstore_log *log, struct error *error);

#endif
