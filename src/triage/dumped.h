/* What the dump adds to a verdict: facts of the machine, notes on damage. For triage.c only. */
#ifndef TRIAGE_DUMPED_H
#define TRIAGE_DUMPED_H

#include "input/input.h"
#include "triage/triage.h"

/* Adds a note; it must live in the verdict's arena. */
void verdict_note(struct verdict *verdict, struct text note);

/*
 * Copies what the dump knows into the verdict, with the input's notes and the reader's remarks; says where the log was read
 * from. After the log was read to its end.
 */
void dumped_tell(struct verdict *verdict, const struct input *input);

/* The CPU of the crash that decided, if nothing in the dump speaks against it. */
void dumped_find_crashed_cpu(struct verdict *verdict);

/*
 * Notes what was lost of a dump's log. False: something was lost, and no crash was found in the rest, so that "no crash"
 * cannot be said; *error says what.
 */
bool dumped_check_log(struct verdict *verdict, const struct input *input, struct error *error);

/* Is nothing known to be lost of the log, the dump's own or the one beside it? */
bool dumped_has_whole_log(const struct input *input);

#endif
