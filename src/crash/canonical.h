/* One name for a function, whatever the compiler and the kernel's version made of it. */
#ifndef CRASH_CANONICAL_H
#define CRASH_CANONICAL_H

#include "base/arena.h"
#include "base/text.h"

/*
 * Without what gcc and clang append (.isra.0, .constprop.0, .part.0, .cold, .llvm.123); and every form of a system call's
 * entry (SyS_x,
 * __x64_sys_x, __se_sys_x, __do_sys_x ...) as sys_x, or compat_sys_x. Points into function where it can, else into the
 * arena; empty when out of memory.
 */
struct text crash_canonical_name(struct arena *arena, struct text function);

#endif
