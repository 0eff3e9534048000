/* The detail of a sighting (history/sighting.h), read. */
#ifndef OUTPUT_FLEET_DETAIL_H
#define OUTPUT_FLEET_DETAIL_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct detail_evidence {
	struct text clause;
	int64_t line; /* -1: not known */
	struct text text;
};

struct detail_remedy {
	struct text text, command, condition;
};

struct detail_list {
	struct text *items;
	size_t count;
};

/* What is not known is empty, or -1. */
struct fleet_detail {
	int64_t line, cpu, pid;
	struct text instruction_pointer, comm, panic, input, symptom;
	struct detail_list trace;
	int64_t more_frames;
	struct detail_evidence *evidence;
	size_t evidence_count;
	struct detail_remedy *remedies;
	size_t remedy_count;
	struct detail_list fixed, references, notes;
	int64_t other_crashes;
};

/*
 * Reads the JSON; texts are copied to the arena, as they are: not made safe. What is missing or of another type is left out.
 * False: it is no JSON object, or out of memory (arena->failed).
 */
bool fleet_detail_read(struct arena *arena, struct text json, struct fleet_detail *detail);

#endif
