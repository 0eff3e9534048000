/* Patterns: the one file that knows PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "signature/pattern.h"

#include <pcre2.h>

#include <stdint.h>
#include <stdlib.h>

enum {
	STEPS_MOST = 50000, /* a sane pattern on a line of a log takes a few hundred */
	DEPTH_MOST = 1000,
	HEAP_MOST_KIB = 256
};

struct patterns {
	pcre2_match_context *limits;
	pcre2_match_data *match; /* for one pair of offsets: where it matched is not asked */
	struct pattern *compiled;
};

struct patterns *patterns_new(void)
{
	struct patterns *patterns = calloc(1, sizeof *patterns);

	if (!patterns)
		return NULL;
	patterns->limits = pcre2_match_context_create(NULL);
	patterns->match = pcre2_match_data_create(1, NULL);
	if (!patterns->limits || !patterns->match) {
		patterns_free(patterns);
		return NULL;
	}
	pcre2_set_match_limit(patterns->limits, STEPS_MOST);
	pcre2_set_depth_limit(patterns->limits, DEPTH_MOST);
	pcre2_set_heap_limit(patterns->limits, HEAP_MOST_KIB);
	return patterns;
}

void patterns_free(struct patterns *patterns)
{
	if (!patterns)
		return;
	for (struct pattern *pattern = patterns->compiled; pattern; pattern = pattern->next) {
		pcre2_code_free(pattern->code);
		pattern->code = NULL;
	}
	pcre2_match_context_free(patterns->limits);
	pcre2_match_data_free(patterns->match);
	free(patterns);
}

/*
 * A log may hold any bytes, so no pattern may ask for UTF-8 (which a text that is not would fail). \C and callouts have no
 * use here.
 */
static pcre2_code *compile(const struct pattern *pattern, int *error, size_t *offset)
{
	uint32_t options = PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY;

	if (pattern->ignore_case)
		options |= PCRE2_CASELESS;
	return pcre2_compile((PCRE2_SPTR)pattern->source.data, pattern->source.length, options, error, offset, NULL);
}

static bool fault_set(struct pattern_fault *fault, int error, size_t offset)
{
	fault->offset = offset;
	if (pcre2_get_error_message(error, (PCRE2_UCHAR *)fault->message, sizeof fault->message) < 0)
		fault->message[0] = '\0';
	return false;
}

bool pattern_check(const struct pattern *pattern, struct pattern_fault *fault)
{
	int error;
	size_t offset;

	if (pattern->source.length > PATTERN_LENGTH_MOST)
		return fault_set(fault, PCRE2_ERROR_PATTERN_STRING_TOO_LONG, PATTERN_LENGTH_MOST);
	pcre2_code *code = compile(pattern, &error, &offset);
	if (!code)
		return fault_set(fault, error, offset);
	pcre2_code_free(code);
	return true;
}

static bool prepare(struct patterns *patterns, struct pattern *pattern)
{
	int error;
	size_t offset;

	if (pattern->code)
		return true;
	pattern->code = compile(pattern, &error, &offset);
	if (!pattern->code)
		return false; /* pattern_check() passed it: only memory can be lacking */
	pattern->next = patterns->compiled;
	patterns->compiled = pattern;
	pcre2_jit_compile(pattern->code, PCRE2_JIT_COMPLETE); /* where it is not to be had, pcre2_match() interprets */
	return true;
}

enum pattern_result pattern_find(struct patterns *patterns, struct pattern *pattern, struct text subject)
{
	struct text looked_at = text_first(subject, PATTERN_SUBJECT_MOST);
	PCRE2_SPTR bytes = (PCRE2_SPTR)(looked_at.data ? looked_at.data : "");

	if (!prepare(patterns, pattern))
		return PATTERN_OUT_OF_MEMORY;
	int result = pcre2_match(pattern->code, bytes, looked_at.length, 0, 0, patterns->match, patterns->limits);
	if (result == PCRE2_ERROR_JIT_STACKLIMIT) /* JIT's stack is the machine's, 32 KiB; the interpreter has more */
		result = pcre2_match(pattern->code, bytes, looked_at.length, 0, PCRE2_NO_JIT, patterns->match,
				     patterns->limits);
	if (result >= 0)
		return PATTERN_FOUND;
	if (result == PCRE2_ERROR_NOMEMORY)
		return PATTERN_OUT_OF_MEMORY;
	return result == PCRE2_ERROR_NOMATCH ? PATTERN_NOT_FOUND : PATTERN_GAVE_UP;
}
