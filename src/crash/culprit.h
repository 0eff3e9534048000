/* Gives a crash that was read to its end its canonical names, culprit, title and fingerprint. */
#ifndef CRASH_CULPRIT_H
#define CRASH_CULPRIT_H

#include "crash/crash.h"

/* title: what the title begins with, NULL: as the row of its kind says. */
void crash_name(struct crash *crash, const char *title);

/* A function on the way from the fault outwards; its canonical name is not empty. */
struct crash_step {
	const struct crash_location *location; /* of the crash */
	size_t record;
	bool in_trace; /* a frame of the trace; false: the instruction pointer, or the return address beside it */
};

/*
 * The functions of a crash that has its names, from the fault outwards: the instruction pointer's, its caller's where
 * no frame names it, then those of the reliable frames, without those that a watchdog's own interrupt put on top. Plumbing
 * is among them.
 */
struct crash_walk {
	const struct crash *crash;
	bool place_given, caller_given;
	size_t frame; /* the next one to look at */
};

struct crash_walk crash_walk_start(const struct crash *crash);
/* False: there are no more. */
bool crash_walk_next(struct crash_walk *walk, struct crash_step *step);

#endif
