/* How the stacks begin that stand in a report beside the crash's own trace. */
#ifndef CRASH_STACK_ROWS_H
#define CRASH_STACK_ROWS_H

#include "crash/crash.h"

enum stack_form {
	STACK_FRAMES, /* nothing but frames follow, up to the first line that is none */
	STACK_DUMP,   /* of a CPU or a task: who it is, registers, "Call Trace:" */
	STACK_SIDE,   /* as STACK_FRAMES, and the first is the crash's own */
	STACK_END,    /* ends the one before, and begins none */
	STACK_ASKED,  /* somebody asks for stacks: what follows is none of the crash's */
};

struct stack_row {
	const char *begins;   /* the line begins with this */
	const char *contains; /* and holds this behind it; NULL: nothing more is asked for */
	const char *ends;     /* and ends with this; NULL: as it likes */
	crash_kinds kinds;    /* in reports of these kinds; 0: of all */
	enum stack_form form;
	enum crash_stack_role role;
};

/* The row that fits a line, its blanks in front taken off, in a report of that kind; NULL: there is none. */
const struct stack_row *stack_row_of(struct text line, enum crash_kind kind);

/* What such a line says of the stack: -1 where it does not say it. */
struct stack_owner {
	int64_t cpu, pid;
	struct text comm;
};
struct stack_owner stack_owner_of(struct text line);

#endif
