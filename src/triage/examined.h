/* What the dump's stacks and debuginfo add to a verdict. For triage.c only. */
#ifndef TRIAGE_EXAMINED_H
#define TRIAGE_EXAMINED_H

#include "input/input.h"
#include "triage/triage.h"

/*
 * Has the dump examined, and the debuginfo of the log's kernel, as far as the options ask for it, into verdict->postmortem.
 * After it is known which crash decides. False: the user named debuginfo that is of no use; *error says why. The verdict is
 * good all the same.
 */
bool examined_tell(struct verdict *verdict, const struct input *input, const struct triage_options *options,
		   struct error *error);

/* Does the crash that decides say why the machine died? Where not, the stacks may: death.h, hang.h. */
bool examined_is_explained(const struct verdict *verdict);

/* Puts the source lines into the crashes: last, for they change nothing that the verdict says. */
void examined_apply_lines(struct verdict *verdict);

/* Of the CPUs, leaves those that the options ask for: more may have been looked at. After the verdict. */
void examined_keep_wanted(struct verdict *verdict, const struct triage_options *options);

#endif
