/* What is known of each kind of crash, as a table. */
#ifndef CRASH_KIND_H
#define CRASH_KIND_H

#include "crash/crash.h"

/* Who reports it, and so where in the trace the culprit is looked for. */
enum crash_reporter {
	CRASH_NO_TICK,    /* the fault itself: instruction pointer, then the trace */
	CRASH_FROM_TICK,  /* a timer or an NMI that found the CPU busy: what it interrupted counts, not its own frames */
	CRASH_WAITING,    /* a task that sleeps: how it came to sleep (schedule, mutex_lock) is plumbing */
	CRASH_NO_CULPRIT, /* somebody asked for it: no function is to blame */
};

/* What follows from being of a kind. */
enum crash_kind_flag {
	CRASH_IS_OOPS = 1,           /* die(): the task that ran is dead, and what it held stays held */
	CRASH_IS_HARDWARE = 2,       /* the machine's fault: never matched to a bug of the kernel's */
	CRASH_TITLE_HAS_ACCESS = 4,  /* "KASAN: use-after-free Read in foo" */
	CRASH_TITLE_HAS_SUBKIND = 8, /* "KASAN: use-after-free in foo"; where the headline has no title of its own */
};

struct crash_kind_row {
	const char *name;
	const char *title;
	unsigned rank;
	enum crash_reporter reporter;
	unsigned flags;
};

const struct crash_kind_row *crash_kind_row(enum crash_kind kind);

/* Did the processor refuse an access to memory, at an address? */
bool crash_kind_is_memory_fault(enum crash_kind kind);

#endif
