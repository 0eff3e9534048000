/* The list of a log's crashes: adding to it, within bounds, and which crash decides. */
#ifndef CRASH_LIST_H
#define CRASH_LIST_H

#include "crash/crash.h"

void crash_free(struct crash *crash);

/*
 * Adds a crash, which becomes the list's: a repeat of an earlier one is only counted; beyond CRASH_LIST_MOST, the one that
 * explains least is dropped. False: out of memory (the crash is freed).
 */
bool crash_list_add(struct crash_list *list, struct crash *crash);

/*
 * Puts a crash that is not of the log at the end. False: the list is full, or out of memory (the crash is freed). Taking one
 * out again changes the indexes of those behind it.
 */
bool crash_list_append(struct crash_list *list, struct crash *crash);
void crash_list_remove(struct crash_list *list, size_t index);

/* The latest crash of this boot, of one of these kinds, of which a panic at this time may be the end; NULL:
 * none. */
struct crash *crash_list_panicked(struct crash_list *list, crash_kinds kinds, size_t boot, int64_t time_ns);

/* Was that time at most so many seconds after the crash? Where the log has no times, order is all there is. */
bool crash_within(const struct crash *crash, int64_t time_ns, int64_t seconds);

/* Sets consequence_of of each crash, and which one decides. */
void crash_list_decide(struct crash_list *list);

#endif
