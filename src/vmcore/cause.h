/* Why something failed, within the sentence on what came of it: short enough for both to fit into an error. */
#ifndef VMCORE_CAUSE_H
#define VMCORE_CAUSE_H

#include "base/error.h"

/* Bytes: of any message; of a cause that a sentence is put around; of one beside another. */
enum { CAUSE_MOST = sizeof((struct error *)0)->message - 1, CAUSE_USUAL = 240, CAUSE_SHORT = 110 };

struct cause {
	char text[CAUSE_MOST + 1];
};

/* A message, or of one that is longer than `most` bytes its first words and "...". */
struct cause cause_of_text(const char *message, size_t most);
struct cause cause(const struct error *why, size_t most); /* the same of an error's */

/* Adds "; MORE" to the error, unless the error says that already, or would come to more than `most` bytes. */
void cause_add(struct error *error, const char *more, size_t most);

#endif
