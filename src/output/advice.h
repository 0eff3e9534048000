/* What to do about a crash that is no bug of the kernel's: hardware failed, or memory ran out. */
#ifndef OUTPUT_ADVICE_H
#define OUTPUT_ADVICE_H

#include "base/arena.h"
#include "crash/crash.h"

#include <stdbool.h>
#include <stddef.h>

struct advice {
	struct text text;    /* a sentence without its full stop; words of the log in it are not made safe */
	struct text command; /* that shows it; empty: none. Made of nothing that the log could have put there. */
};

enum { ADVICE_MOST = 12 };

/* Is it the hardware's failure, and no bug of the kernel's? */
bool is_hardware_crash(const struct crash *crash);

/* The advice for this crash, most pressing first: at most ADVICE_MOST, 0 for a crash of any other kind. */
size_t advise(struct arena *arena, const struct crash *crash, struct advice advice[ADVICE_MOST]);

/* The sentence with its full stop, the command in it. */
struct text advice_sentence(struct arena *arena, const struct advice *advice);

#endif
