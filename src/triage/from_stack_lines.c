/* A crash's trace and a CPU's stack: are they the same, and then what debuginfo knows of the stack is the trace's too. */
#include "triage/from_stack.h"

size_t from_stack_reliable(const struct crash *crash)
{
	size_t count = 0;

	for (size_t i = 0; i < crash->frame_count; i++)
		count += crash->frames[i].reliable && !crash->frames[i].is_inline;
	return count;
}

static bool is_same_place(const struct crash_location *a, const struct crash_location *b)
{
	return a->has_offset && b->has_offset && a->offset == b->offset && text_equal(a->function, b->function);
}

size_t from_stack_next(const struct crash_frame *frames, size_t count, size_t from)
{
	while (from < count && (frames[from].is_inline || !frames[from].reliable))
		from++;
	return from < count ? from : SIZE_MAX;
}

bool from_stack_stands(const struct crash *crash, const struct postmortem_cpu *cpu, size_t at, size_t *end)
{
	const struct crash_location *place = &crash->instruction_pointer;

	if (place->has_offset) {
		if (!is_same_place(&cpu->frames[at].location, place))
			return false;
		at = from_stack_next(cpu->frames, cpu->frame_count, at + 1);
	}
	for (size_t i = from_stack_next(crash->frames, crash->frame_count, 0); i != SIZE_MAX;
	     i = from_stack_next(crash->frames, crash->frame_count, i + 1)) {
		if (at == SIZE_MAX || !is_same_place(&cpu->frames[at].location, &crash->frames[i].location))
			return false;
		at = from_stack_next(cpu->frames, cpu->frame_count, at + 1);
	}
	*end = at;
	return true;
}

/* Functions that are inlined into the frame behind them, as of the crash's frame. */
static void add_inlined(struct crash *crash, const struct postmortem_cpu *cpu, size_t from, size_t to, size_t record,
			struct crash_frame **frames, size_t *count)
{
	for (size_t i = from; i < to; i++) {
		struct crash_frame *added =
			cpu->frames[i].is_inline ? arena_push(&crash->arena, frames, count, sizeof *added) : NULL;
		if (!added)
			continue;
		*added = cpu->frames[i];
		added->record = record;
	}
}

/* Inlined functions stand in front of the frame that has them: behind the last true one before it. */
static size_t inlined_from(const struct postmortem_cpu *cpu, size_t at)
{
	while (at > 0 && cpu->frames[at - 1].is_inline)
		at--;
	return at;
}

static void take_line(struct crash_location *location, const struct crash_location *told)
{
	location->file = told->file;
	location->line = told->line;
}

static void apply_at(struct crash *crash, const struct postmortem_cpu *cpu, size_t at)
{
	struct crash_frame *frames = NULL;
	size_t count = 0;

	if (crash->instruction_pointer.has_offset) {
		take_line(&crash->instruction_pointer, &cpu->frames[at].location);
		add_inlined(crash, cpu, inlined_from(cpu, at), at, crash->instruction_pointer_record, &crash->inlined,
			    &crash->inlined_count);
		at = from_stack_next(cpu->frames, cpu->frame_count, at + 1);
	}
	for (size_t i = 0; i < crash->frame_count; i++) {
		struct crash_frame frame = crash->frames[i];
		if (frame.reliable && at != SIZE_MAX) {
			add_inlined(crash, cpu, inlined_from(cpu, at), at, frame.record, &frames, &count);
			take_line(&frame.location, &cpu->frames[at].location);
			at = from_stack_next(cpu->frames, cpu->frame_count, at + 1);
		}
		struct crash_frame *added = arena_push(&crash->arena, &frames, &count, sizeof *added);
		if (!added)
			return;
		*added = frame;
	}
	crash->frames = frames;
	crash->frame_count = count;
}

/* A place that the log names, and whose line is known, had its lines from there. */
static bool has_lines(const struct crash *crash)
{
	size_t record = crash->instruction_pointer_record;
	bool of_log = record < crash->record_count && crash->records[record].line;

	for (size_t i = 0; i < crash->frame_count; i++)
		if (crash->frames[i].is_inline)
			return true;
	return crash->inlined_count > 0 || (of_log && crash->instruction_pointer.file.length);
}

void from_stack_apply_lines(struct crash *crash, const struct postmortem_cpu *cpu)
{
	size_t end;

	if (has_lines(crash) || (!crash->instruction_pointer.has_offset && !from_stack_reliable(crash)))
		return;
	for (size_t at = from_stack_next(cpu->frames, cpu->frame_count, 0); at != SIZE_MAX;
	     at = from_stack_next(cpu->frames, cpu->frame_count, at + 1)) {
		if (!from_stack_stands(crash, cpu, at, &end))
			continue;
		apply_at(crash, cpu, at);
		return;
	}
}
