/* What to do about a bug, for the very release. Private to signature/. */
#ifndef SIGNATURE_REMEDY_H
#define SIGNATURE_REMEDY_H

#include "signature/catalogue.h"

/* Adds the remedies that hold for the release to the finding. Texts live in the arena or the catalogue. */
void remedy_add_all(struct arena *arena, const struct signature *signature, const struct release *release,
		    struct finding *finding);

/*
 * What is wrong with a command's placeholders: where it begins, and the piece; false when nothing is. A brace that is meant
 * as one is doubled.
 */
struct remedy_fault {
	size_t offset;
	struct text piece;
};

bool remedy_command_fault(struct text command, struct remedy_fault *fault);

/* The names of the placeholders, one by one; NULL behind the last. */
const char *remedy_placeholder(size_t index);

#endif
