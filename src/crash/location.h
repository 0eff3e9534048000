/* Places in the kernel's text, as logs write them. */
#ifndef CRASH_LOCATION_H
#define CRASH_LOCATION_H

#include "base/text.h"
#include "crash/arch.h"
#include "crash/crash.h"

/*
 * Takes a place off the front of t: "f+0x1/0x2", "f+0x1/0x2 [module]", "[<addr>] f+0x1/0x2", "[<addr>] :module:f+0x1/0x2"
 * (2.6.18), a bare "0xaddr", or what tools make of these (source_place.h); *reliable is false where the kernel put a '?'
 * before the name. Texts point into t; canonical is left empty. False: there is none, and t is as it was.
 */
bool location_eat(struct text *t, struct crash_location *location, bool *reliable);

/* "[<ffffffff9c3f7254>]", "[<          (null)>]", with the blanks behind. False: there is none, and t is as it was. */
bool location_eat_address(struct text *t, struct crash_location *location);

/* A function's name alone: "f", "f [m]". */
bool location_eat_name(struct text *t, struct crash_location *location);

/* As location_eat(), of a line in a call trace: with what architectures put around a place. */
bool frame_eat(struct text *t, struct crash_location *location, bool *reliable);

/* Takes what a symbol may be made of off the front of t; the empty text where there is nothing of it. */
struct text location_eat_symbol(struct text *t);

/*
 * A line of arm's trace, which names two: "[<c0101234>] (f+0x0/0x20) from [<c0105678>] (g+0x14/0x30)", "f from g+0x14/0x30"
 * since v5.18. False: it is none.
 */
bool frame_eat_from(struct text line, struct crash_location *callee, struct crash_location *caller);

/* powerpc's "--- interrupt: 300 at f+0x14/0x90 [m]", "--- Exception: 301 at .f+0x14/0x90": where the exception was. */
bool frame_eat_exception(struct text line, struct crash_location *location);

/* What a line says that tells where the CPU was. */
struct crash_place {
	struct crash_location location; /* texts point into the line; nothing known where the line only belongs beside it */
	struct crash_location caller;   /* what the return address beside it says: "lr : f+0x1/0x2" */
	enum crash_arch arch;
	bool user;      /* x86: it was in user space (by the privilege level in the code selector's two low bits) */
	bool summary;   /* one of the short forms that only repeat ("IP: ", "RIP  [<...>]") */
	bool registers; /* registers stand on the same line */
};

/* RIP, EIP, pc, NIP, PSW, epc, era and so on, in all their forms, and the return address beside them. False: no such line.
 */
bool place_of_line(struct text line, struct crash_place *place);

/* Copies the texts of a place, so that it outlives the line. */
void location_keep(struct arena *arena, struct crash_location *location);

#endif
