/* How the CPU died that the kernel itself says panicked: by its stack alone. Private to postmortem/. */
#ifndef POSTMORTEM_DEATH_H
#define POSTMORTEM_DEATH_H

#include "postmortem/examine.h"

/*
 * Tells what kind of end it was, and which of the stack's frames (an index) is the first of the crash's own: what lies
 * before it only dealt with the crash. *first is the stack's count where there is none.
 */
void death_tell(struct examination *examination, const struct stack *stack, struct postmortem_death *death, size_t *first);

#endif
