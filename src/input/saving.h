/* Why a dump was not saved, in the words of the crash kernel that tried. */
#ifndef INPUT_SAVING_H
#define INPUT_SAVING_H

#include "base/arena.h"
#include "input/link.h"

#include <stdbool.h>

enum { SAVING_FAILURE_MOST = 300 };

/*
 * Reads the end of a crash kernel's log (kexec-dmesg.log: `dmesg -T`, then `journalctl -ab`) and gives a sentence of at most
 * SAVING_FAILURE_MOST bytes that says why saving failed and quotes the line that tells, without its time; the quoted bytes
 * are the file's, in the arena. False: it does not tell of a failure, or cannot be read. A dump that was saved in the end
 * did not fail; but of what lies in the directory the log knows nothing: ask only where the dump is missing or incomplete.
 */
bool saving_failure(const char *path, struct link_roots roots, struct arena *arena, struct text *why);

#endif
