/* The title of a crash. */
#ifndef CRASH_TITLE_H
#define CRASH_TITLE_H

#include "crash/crash.h"

/*
 * In the form that syzbot made usual, of a crash whose culprit is known as far as it can be: "KASAN: use-after-free Read in
 * foo". begins: what it begins with; NULL: as the row of its kind says. Lives in the crash's arena.
 */
struct text crash_title(struct crash *crash, const char *begins);

#endif
