/* Culprit and fingerprint of a finished crash. */
#include "crash/culprit.h"

#include "crash/canonical.h"
#include "crash/kind.h"
#include "crash/plumbing.h"
#include "crash/title.h"

/* How many functions from the culprit outwards go into a fingerprint: enough to tell paths apart, few enough to survive
 * inlining. */
enum { FINGERPRINT_FUNCTIONS = 5 };

static bool has_place(const struct crash *crash)
{
	return crash->instruction_pointer.function.length > 0;
}

/*
 * The frame behind the first interrupt's entry, which may be of several functions; 0 where there is none. Further out may be
 * another: of the interrupt whose work the watchdog found.
 */
static size_t behind_tick_entry(const struct crash *crash)
{
	size_t first = 0;

	for (size_t i = 0; i < crash->frame_count; i++) {
		if (is_tick_entry(crash->frames[i].location.canonical))
			first = i + 1;
		else if (first && crash->frames[i].reliable)
			break;
	}
	return first == crash->frame_count ? 0 : first;
}

static size_t behind_place(const struct crash *crash)
{
	size_t first = 0;

	while (first < crash->frame_count && crash->frames[first].record < crash->instruction_pointer_record)
		first++;
	return first == crash->frame_count ? 0 : first;
}

/*
 * Where the trace of the fault begins. An instruction pointer that stands within the trace is what an interrupt interrupted;
 * where a watchdog gives none, its own frames lie on top, down to the interrupt by which it came.
 */
static size_t first_frame(const struct crash *crash)
{
	if (crash_kind_row(crash->kind)->reporter != CRASH_FROM_TICK)
		return 0;
	return has_place(crash) ? behind_place(crash) : behind_tick_entry(crash);
}

static const struct crash_frame *first_reliable(const struct crash *crash)
{
	for (size_t i = 0; i < crash->frame_count; i++)
		if (crash->frames[i].reliable && crash->frames[i].location.canonical.length &&
		    !text_equal(crash->frames[i].location.canonical, crash->instruction_pointer.canonical))
			return &crash->frames[i];
	return NULL;
}

/*
 * Where a function has called nothing yet, its caller is in the register with the return address alone: it has no frame of
 * its own, and traces leave that caller out (arm64, powerpc). Afterwards the register points into the function itself. It
 * matters where that function is none to name: plumbing, or what a bad pointer jumped to.
 */
static bool has_caller(const struct crash *crash)
{
	const struct crash_location *place = &crash->instruction_pointer;
	bool nowhere = !place->function.length && place->has_address;

	if (!crash->caller.canonical.length ||
	    (!nowhere && !(has_place(crash) && is_plumbing(place->canonical, crash->kind))))
		return false;
	const struct crash_frame *first = first_reliable(crash);
	return !text_equal(crash->caller.canonical, place->canonical) &&
	       !(first && text_equal(crash->caller.canonical, first->location.canonical));
}

struct crash_walk crash_walk_start(const struct crash *crash)
{
	return (struct crash_walk){ crash, false, !has_caller(crash), first_frame(crash) };
}

bool crash_walk_next(struct crash_walk *walk, struct crash_step *step)
{
	const struct crash *crash = walk->crash;

	if (!walk->place_given) {
		walk->place_given = true;
		if (has_place(crash)) {
			*step = (struct crash_step){ &crash->instruction_pointer, crash->instruction_pointer_record, false };
			return true;
		}
	}
	if (!walk->caller_given) {
		walk->caller_given = true;
		*step = (struct crash_step){ &crash->caller, crash->caller_record, false };
		return true;
	}
	while (walk->frame < crash->frame_count) {
		const struct crash_frame *frame = &crash->frames[walk->frame++];
		/* Only a tool knows of what was inlined: a crash is called the same with it and without. */
		if (!frame->reliable || frame->is_inline || !frame->location.canonical.length)
			continue;
		*step = (struct crash_step){ &frame->location, frame->record, true };
		return true;
	}
	return false;
}

static void find_culprit(struct crash *crash)
{
	struct crash_walk walk = crash_walk_start(crash);
	struct crash_step step;

	if (crash_kind_row(crash->kind)->reporter == CRASH_NO_CULPRIT)
		return;
	while (crash_walk_next(&walk, &step)) {
		if (is_plumbing(step.location->canonical, crash->kind))
			continue;
		crash->culprit = step.location->canonical;
		crash->culprit_record = step.record;
		return;
	}
	/* All plumbing: then the fault's own place is the best that can be named. */
	if (has_place(crash)) {
		crash->culprit = crash->instruction_pointer.canonical;
		crash->culprit_record = crash->instruction_pointer_record;
	}
}

/*
 * Version 2 (CRASH_FINGERPRINT_VERSION): FNV-1a, 64 bits, over the kind's name and the canonical names of the culprit and up
 * to four functions outwards from it that are neither plumbing nor ways in, each with a line feed behind it; a function that
 * follows itself counts once, and what an interrupt interrupted does not count. A kind that has no culprit by nature is its
 * own fingerprint, with what failed of the hardware, or who was killed as memory ran out, where the log says it; where no
 * function is known there is none. In version 1 fewer functions were plumbing, ways in counted, and so did what was
 * interrupted.
 */
static void make_fingerprint(struct crash *crash)
{
	const struct crash_kind_row *row = crash_kind_row(crash->kind);
	uint64_t hash = text_hash(text_hash(TEXT_HASH_START, text_from(row->name)), TEXT("\n"));
	struct crash_walk walk = crash_walk_start(crash);
	struct text last = TEXT_NONE;
	struct crash_step step;
	int functions = 0;

	if (row->flags & CRASH_IS_HARDWARE && crash->subkind.length)
		hash = text_hash(text_hash(hash, crash->subkind), TEXT("\n"));
	if (crash->out_of_memory.killed_comm.length)
		hash = text_hash(text_hash(hash, crash->out_of_memory.killed_comm), TEXT("\n"));
	while (row->reporter != CRASH_NO_CULPRIT && functions < FINGERPRINT_FUNCTIONS && crash_walk_next(&walk, &step)) {
		struct text name = step.location->canonical;
		if (functions && step.in_trace && is_tick_entry(name))
			break;
		bool counts =
			functions ? !is_plumbing(name, crash->kind) && !is_way_in(name) : text_equal(name, crash->culprit);
		if (!counts || text_equal(name, last))
			continue;
		hash = text_hash(text_hash(hash, name), TEXT("\n"));
		last = name;
		functions++;
	}
	crash->fingerprint = hash;
	crash->has_fingerprint = functions > 0 || row->reporter == CRASH_NO_CULPRIT;
}

void crash_name(struct crash *crash, const char *title)
{
	crash->instruction_pointer.canonical = crash_canonical_name(&crash->arena, crash->instruction_pointer.function);
	crash->caller.canonical = crash_canonical_name(&crash->arena, crash->caller.function);
	for (size_t i = 0; i < crash->frame_count; i++) {
		struct crash_location *location = &crash->frames[i].location;
		location->canonical = crash_canonical_name(&crash->arena, location->function);
	}
	find_culprit(crash);
	crash->title = crash_title(crash, title);
	make_fingerprint(crash);
}
