/* The verdicts' names. */
#include "history/sighting.h"

#include <stddef.h>

static const char *const names[] = {
	[SIGHTING_FAILED] = "failed",   [SIGHTING_NO_CRASH] = "no-crash", [SIGHTING_UNKNOWN] = "unknown",
	[SIGHTING_SIMILAR] = "similar", [SIGHTING_KNOWN] = "known",
};

const char *sighting_verdict_name(enum sighting_verdict verdict)
{
	return names[verdict];
}

bool sighting_verdict_from_name(struct text name, enum sighting_verdict *verdict)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (text_is(name, names[i])) {
			*verdict = (enum sighting_verdict)i;
			return true;
		}
	}
	return false;
}
