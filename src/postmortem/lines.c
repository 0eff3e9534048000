/* Source lines of the crashes that the log tells of. */
#include "crash/plumbing.h"
#include "postmortem/examine.h"

enum { CRASHES_MOST = 16 };

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

static void tell_crash(struct examination *examination, size_t index)
{
	const struct crash *crash = examination->request->crashes->items[index];
	struct postmortem *found = examination->found;
	struct postmortem_lines *lines = arena_push(&found->arena, &found->lines, &found->line_count, sizeof *lines);

	if (!lines)
		return;
	lines->crash = index;
	tell_place(examination, crash, lines);
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
