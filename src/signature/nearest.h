/* What somebody probably meant: the name nearest to a misspelled one. Private to signature/. */
#ifndef SIGNATURE_NEAREST_H
#define SIGNATURE_NEAREST_H

#include "base/text.h"

/* Zero-initialised but for wanted; then nearest_offer() each name that there is. */
struct nearest {
	struct text wanted;
	const char *name; /* the best so far; NULL when none is near */
	size_t distance;
};

void nearest_offer(struct nearest *nearest, const char *name);

#endif
