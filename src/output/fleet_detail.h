/* The detail of a crash, read back from its JSON (history/sighting.h). */
#ifndef OUTPUT_FLEET_DETAIL_H
#define OUTPUT_FLEET_DETAIL_H

#include "base/arena.h"
#include "base/text.h"
#include "crash/crash.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLEET_DETAIL_ITEMS_MOST = 256 }; /* of each list: what is beyond is not read */

struct fleet_texts {
	struct text *items;
	size_t count;
};

/* What is not there, or is not what it should be, is empty, 0, or -1. Texts are safe; a remedy's may hold line feeds. */
struct fleet_detail {
	size_t line;
	int64_t cpu, pid;
	struct text instruction_pointer, comm, panic, input, symptom;
	struct fleet_texts trace, fixed, references, notes;
	size_t more_frames, other_crashes;
	struct evidence *evidence;
	size_t evidence_count;
	struct remedy *remedies;
	size_t remedy_count;
};

/* False: it is no JSON object; or out of memory, and then the arena is marked. All lives in the arena. */
bool fleet_detail_read(struct arena *arena, struct text json, struct fleet_detail *detail);

#endif
