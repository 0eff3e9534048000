/* For sighting.c and sighting_detail.c only: what they take out of a verdict's JSON, whatever that holds. */
#ifndef HISTORY_SIGHTING_PARTS_H
#define HISTORY_SIGHTING_PARTS_H

#include "history/sighting.h"

#include <jansson.h>
#include <stddef.h>

/* The pieces of the verdict that a sighting is made of; each is of the type it should be, or NULL. */
struct sighting_parts {
	const json_t *verdict, *input, *kernel;
	const json_t *crash;   /* that decided; NULL: none */
	const json_t *finding; /* its best; NULL: none */
	size_t crash_count;
};

/* A string that stands in no more than SIGHTING_TEXT_MOST bytes; empty where the value is no string. It is the value's. */
struct text sighting_cut_text(const json_t *value);

/* The frames of the crash that count: the reliable ones, or all where none is. visit may be NULL. */
size_t sighting_each_frame(const json_t *crash, void (*visit)(void *state, const json_t *frame), void *state);

/* Makes sighting->detail. False: out of memory. */
bool sighting_make_detail(struct arena *arena, const struct sighting_parts *parts, struct text *detail);

#endif
