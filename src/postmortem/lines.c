/* Source lines of the crashes that the log tells of. */
#include "crash/plumbing.h"
#include "postmortem/examine.h"
#include "touched/touched.h"

enum { CRASHES_MOST = 16, PLACES_MOST = 10 };

static bool is_told(const struct crash *crash)
{
	for (size_t i = 0; i < crash->frame_count; i++)
		if (crash->frames[i].is_inline || crash->frames[i].location.file.length)
			return true;
	return crash->instruction_pointer.file.length > 0;
}

/* The registers of the frame were saved by an exception's or an interrupt's entry: its address is no return address. */
static bool was_interrupted(const struct crash *crash, size_t frame)
{
	return frame && (is_tick_entry(crash->frames[frame - 1].location.canonical) ||
			 crash->frames[frame - 1].context != crash->frames[frame].context);
}

static void tell_place(struct examination *examination, const struct crash *crash, struct postmortem_lines *lines)
{
	struct crash_frame place = {
		.location = crash->instruction_pointer,
		.reliable = true,
		.record = crash->instruction_pointer_record,
	};
	uint64_t address;
	bool known = examine_find_address(examination, &place.location, &address);

	examine_add_frames(examination, &place, known ? &address : NULL, &lines->at, &lines->at_count);
}

/*
 * The functions on the way to the fault. What an interrupt or an exception found at work called nothing, and what cannot be
 * placed is where it ends.
 */
static size_t find_places(struct examination *examination, const struct crash *crash, uint64_t *places, size_t most)
{
	size_t count = 0;

	if (!examine_find_address(examination, &crash->instruction_pointer, &places[count++]))
		return 0;
	for (size_t i = 0; i < crash->frame_count && count < most; i++) {
		const struct crash_frame *frame = &crash->frames[i];
		if (!frame->reliable || frame->is_inline)
			continue;
		if (was_interrupted(crash, i) || !examine_find_address(examination, &frame->location, &places[count]))
			break;
		count++;
	}
	return count;
}

void examine_touched(struct examination *examination, const struct touched_request *request, struct crash_touched *told)
{
	struct arena *arena = &examination->found->arena;
	struct crash_touched touched = { 0 };

	if (!touched_find(request, arena, &touched))
		return;
	*told = touched;
	told->structure = arena_copy(arena, touched.structure);
	told->member = arena_copy(arena, touched.member);
	told->pointer = arena_copy(arena, touched.pointer);
	told->function = arena_copy(arena, touched.function);
	told->file = arena_copy(arena, touched.file);
}

static void tell_touched(struct examination *examination, const struct crash *crash, struct crash_touched *told)
{
	uint64_t places[PLACES_MOST];
	const struct postmortem_request *request = examination->request;
	struct touched_request wanted = {
		.debuginfo = examination->debuginfo,
		.dump = request->dump,
		.arch = examine_arch(examination) ? examine_arch(examination) : crash->arch,
		.crash = crash,
		.places = places,
		.place_count = find_places(examination, crash, places, PLACES_MOST),
	};

	examine_touched(examination, &wanted, told);
}

static void tell_crash(struct examination *examination, size_t index)
{
	const struct crash *crash = examination->request->crashes->items[index];
	struct postmortem *found = examination->found;
	struct postmortem_lines *lines = arena_push(&found->arena, &found->lines, &found->line_count, sizeof *lines);

	if (!lines)
		return;
	lines->crash = index;
	tell_place(examination, crash, lines);
	tell_touched(examination, crash, &lines->touched);
	for (size_t i = 0; i < crash->frame_count; i++) {
		const struct crash_frame *frame = &crash->frames[i];
		uint64_t address = 0;
		bool known = examine_find_address(examination, &frame->location, &address);
		address -= known && !was_interrupted(crash, i);
		examine_add_frames(examination, frame, known ? &address : NULL, &lines->frames, &lines->frame_count);
	}
}

void examine_lines(struct examination *examination)
{
	const struct crash_list *crashes = examination->request->crashes;
	size_t done = 0;

	if (!crashes || crashes->deciding >= crashes->count)
		return;
	for (size_t i = 0; i < crashes->count && done < CRASHES_MOST; i++) {
		const struct crash *crash = crashes->items[i];
		bool other = crash->release.length && !text_equal(crash->release, examination->request->release);
		if (other || is_told(crash))
			continue;
		tell_crash(examination, i);
		done++;
	}
}
