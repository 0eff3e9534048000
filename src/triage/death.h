/* What the stack of the CPU that died adds to the log, or says in its place. For triage/ only. */
#ifndef TRIAGE_DEATH_H
#define TRIAGE_DEATH_H

#include "triage/triage.h"

/*
 * May the log have lost a part of the trace of the crash that decides? Then its CPU's stack is worth a look: see
 * death_complete(). log_is_whole: nothing is known to be lost of it.
 */
bool death_is_cut(const struct verdict *verdict, bool log_is_whole);

/*
 * Completes the trace of the crash that decides, where the log's ends early: by the stack of the CPU that died, if all that
 * the log has of the trace is the stack's too. True: it has more now, and another name perhaps.
 */
bool death_complete(struct verdict *verdict);

/*
 * Is the crash that decides one that the machine survived: an oops whose task ran on no CPU when the dump was taken? Then
 * another may have been the end, which the log does not tell of.
 */
bool death_is_elsewhere(const struct verdict *verdict);

/*
 * Where the log does not tell of the death at all: makes a crash of the stack of the CPU that died, at the end of
 * verdict->crashes, and has it decide. False: there is no such CPU, or it died because somebody asked for it.
 */
bool death_find(struct verdict *verdict);

#endif
