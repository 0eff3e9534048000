/*
 * A kernel that has panicked goes on to talk: it warns that other CPUs do not answer, that it waits too long. That is no
 * crash of its own.
 */
#ifndef CRASH_PANICKING_H
#define CRASH_PANICKING_H

#include "crash/crash.h"

/* When a boot's kernel panicked; zero-initialised: it did not. */
struct panicking {
	bool begun;
	size_t line;
	int64_t time_ns; /* RECORD_NO_TIME where the log has no times */
	size_t boot;
};

/* Notes a record that says "Kernel panic". */
void panicking_begin(struct panicking *panicking, const struct record *record, size_t boot);

/* Is that crash nothing but what a panicking kernel says? */
bool panicking_says(const struct panicking *panicking, const struct crash *crash);

#endif
