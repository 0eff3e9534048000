/*
 * Patterns of signatures: PCRE2, compiled when first needed, and bounded in steps, depth and memory whatever the pattern and
 * the text are. Private to signature/.
 */
#ifndef SIGNATURE_PATTERN_H
#define SIGNATURE_PATTERN_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	PATTERN_LENGTH_MOST = 1000, /* bytes of a pattern */
	PATTERN_SUBJECT_MOST = 8192 /* bytes of a text that are looked at */
};

/* Zero-initialised but for source and ignore_case is ready for use. */
struct pattern {
	struct text source; /* without the slashes */
	bool ignore_case;
	void *code;           /* pcre2_code; NULL: not needed yet */
	struct pattern *next; /* of those that the patterns object has compiled */
};

/* The workspace of matching, and the list of what it compiled. */
struct patterns;

struct patterns *patterns_new(void);           /* NULL when out of memory */
void patterns_free(struct patterns *patterns); /* and what it compiled */

/* What is wrong with a pattern, and at which byte of it. */
struct pattern_fault {
	char message[160];
	size_t offset;
};

/* Is it a pattern at all? Compiles it and throws the result away. */
bool pattern_check(const struct pattern *pattern, struct pattern_fault *fault);

/* PATTERN_GAVE_UP: a limit was reached; who tries one pattern on many texts may want to stop. */
enum pattern_result { PATTERN_NOT_FOUND, PATTERN_FOUND, PATTERN_GAVE_UP, PATTERN_OUT_OF_MEMORY };

enum pattern_result pattern_find(struct patterns *patterns, struct pattern *pattern, struct text subject);

#endif
