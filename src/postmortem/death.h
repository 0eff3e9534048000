/* How the CPU died that the kernel itself says panicked: by its stack alone. Private to postmortem/. */
#ifndef POSTMORTEM_DEATH_H
#define POSTMORTEM_DEATH_H

#include "postmortem/examine.h"

/*
 * Tells what kind of end it was, and which of the stack's frames (an index) is the first of the crash's own: what lies
 * before it only dealt with the crash. death->known is false where there is none, or
 * where what died is another CPU's matter.
 */
void death_tell(struct examination *examination, const struct stack *stack, struct postmortem_death *death, size_t *first);

/*
 * The part of it that needs the functions' names alone; CRASH_UNKNOWN_KIND: the names do not say what it was. False: the
 * stack is not of what died.
 */
bool death_read_stack(struct arena *arena, const struct stack *stack, enum crash_kind *kind, size_t *first);

#endif
