/*
 * How what was found goes from the process that found it to the one that asked: one description of the fields serves both
 * directions. The reader trusts nothing: a message that is cut, or counts more than it holds, is no message.
 */
#ifndef POSTMORTEM_WIRE_H
#define POSTMORTEM_WIRE_H

#include "postmortem/postmortem.h"

#include <stdbool.h>
#include <stddef.h>

/* What of error goes with it. */
struct wire_outcome {
	bool good; /* postmortem_examine() is to return true */
	struct error error;
};

/* The message, malloc()ed; NULL: out of memory. */
char *wire_write(struct postmortem *postmortem, struct wire_outcome *outcome, size_t *length);

/* Everything is copied into postmortem->arena. False: it is no message. */
bool wire_read(struct text message, struct postmortem *postmortem, struct wire_outcome *outcome);

#endif
