/* Hangs that no watchdog reported: CPUs of a dump whose stacks show that they do not come out of the kernel. For triage/
 * only. */
#ifndef TRIAGE_HANG_H
#define TRIAGE_HANG_H

#include "triage/triage.h"

/*
 * Makes a crash of each CPU that was at work in the kernel, at the end of verdict->crashes. Gives how many; none of them
 * decides yet. Whether such a CPU hangs is not said by that: see hang_decide().
 */
size_t hang_find(struct verdict *verdict);

/*
 * Of the last `count` crashes, takes those out that are no hang: neither had the CPU done nothing else for so long that a
 * watchdog would have spoken, nor does a signature know the place as one where CPUs hang. Of those that stay, the one that
 * is explained decides, else the one that ran longest. False: none stays.
 */
bool hang_decide(struct verdict *verdict, size_t count);

#endif
