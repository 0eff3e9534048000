/* Places in the kernel's text, as logs write them. */
#ifndef CRASH_LOCATION_H
#define CRASH_LOCATION_H

#include "base/text.h"
#include "crash/crash.h"

/*
 * Takes a place off the front of t: "f+0x1/0x2", "f+0x1/0x2 [module]", "[<addr>] f+0x1/0x2", "[<addr>] :module:f+0x1/0x2"
 * (2.6.18), a bare "0xaddr", or what tools make of these (source_place.h); *reliable is false where the kernel put a '?'
 * before the name. Texts point into t; canonical is left empty. False: there is none, and t is as it was.
 */
bool location_eat(struct text *t, struct crash_location *location, bool *reliable);

/* Takes what a symbol may be made of off the front of t; the empty text where there is nothing of it. */
struct text location_eat_symbol(struct text *t);

/*
 * A line that says where the CPU was: RIP, IP, EIP in all their forms. *user: it was in user space (by the privilege level
 * in the code selector's two low bits), so it is not where the kernel was. *summary: one of the short forms that only repeat
 * ("IP: ", "RIP  [<...>]"). False: not such a line.
 */
bool location_of_instruction(struct text line, struct crash_location *location, bool *user, bool *summary);

/* Copies the texts of a place, so that it outlives the line. */
void location_keep(struct arena *arena, struct crash_location *location);

#endif
