/* For the tests of log/: a source whose window moves in steps, and chance that is the same each time. */
#ifndef TEST_LOG_H
#define TEST_LOG_H

#include "log/source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t seed = 1;

static inline uint32_t random_below(uint32_t limit)
{
	seed = seed * 1664525 + 1013904223;
	return (uint32_t)((uint64_t)(seed >> 4) * limit >> 28);
}

/* Gives its bytes in steps, each time in a new buffer that has exactly their size: who holds on to an old one is found out. */
struct stepping {
	struct log_source source; /* first */
	struct text all;
	size_t reached;  /* how many of all were given */
	size_t step;     /* that many at once; 0: at random */
	size_t fail_at;  /* reading fails there; SIZE_MAX: never */
};

static inline bool step_on(struct log_source *source, uint64_t keep, struct error *error)
{
	struct stepping *stepping = (struct stepping *)source;
	size_t step = stepping->step ? stepping->step : 1 + random_below(random_below(8) ? 300 : 9000);
	size_t end = stepping->fail_at < stepping->all.length ? stepping->fail_at : stepping->all.length;

	assert_true(keep >= source->offset && keep <= source->offset + source->length);
	size_t kept = (size_t)(source->offset + source->length - keep);
	assert_true(kept <= LOG_SOURCE_KEEP_MOST);
	assert_false(source->ended);
	if (stepping->reached == end) {
		source->ended = true;
		return end == stepping->all.length || error_set(error, "no more than %zu bytes", end);
	}
	step = step < end - stepping->reached ? step : end - stepping->reached;
	char *window = malloc(kept + step);
	assert_non_null(window);
	if (kept)
		memcpy(window, source->data + source->length - kept, kept);
	memcpy(window + kept, stepping->all.data + stepping->reached, step);
	free((char *)(uintptr_t)source->data);
	source->data = window;
	source->length = kept + step;
	source->offset = keep;
	stepping->reached += step;
	return true;
}

static inline struct stepping stepping_over(struct text all, size_t step)
{
	return (struct stepping){ .source = { .more = step_on }, .all = all, .step = step, .fail_at = SIZE_MAX };
}

static inline void stepping_end(struct stepping *stepping)
{
	free((char *)(uintptr_t)stepping->source.data);
}

#endif
