/*
 * Two reports that are printed at the same time, in a log that does not tell who wrote what. What cannot be told apart is
 * attributed to neither: the crash is marked as corrupt, and says less rather than something wrong.
 */
#include "crash/draft.h"
#include "crash/headline.h"
#include "crash/kind.h"
#include "crash/location.h"

#define SECOND INT64_C(1000000000)

/* "---[ end trace": oops_end() and __warn() print it. */
static bool ends_with_mark(enum crash_kind kind)
{
	return (crash_kind_row(kind)->flags & CRASH_IS_OOPS) || kind == CRASH_WARNING;
}

/* Reports that always have the line "CPU: 0 PID: 1", of the CPU and task that they are about, and a trace behind it. */
static bool has_usual_form(const struct draft *draft)
{
	enum crash_kind kind = draft->crash->kind;

	return draft->has_headline && !draft->is_aside &&
	       (ends_with_mark(kind) || kind == CRASH_SOFT_LOCKUP || kind == CRASH_KASAN);
}

bool draft_is_cut_by(struct draft *draft, const struct record *record)
{
	struct crash *crash = draft->crash;
	bool soon = record->time_ns == RECORD_NO_TIME || draft->part_time_ns == RECORD_NO_TIME ||
		    record->time_ns - draft->part_time_ns < SECOND;

	if (!crash || !has_usual_form(draft) || draft->ended || draft->mixed || crash->panic.length || !soon)
		return false;
	/* With the last frame, others' reports end. */
	if (crash->frame_count && (!draft->at_frame || !ends_with_mark(crash->kind)))
		return false;
	crash->corrupt = true;
	return true;
}

/* Is it a line that names CPU and task, and others than the crash's? */
static bool names_another(const struct draft *draft, struct text text)
{
	struct text line = text_trim_start(text);
	struct crash named = { .cpu = -1, .pid = -1 };
	struct draft scratch = { .crash = &named };

	if (!text_starts(line, "CPU: ") && !text_starts(line, "Pid: "))
		return false;
	part_identity(&scratch, line, CRASH_NO_RECORD);
	arena_free(&named.arena);
	if (named.cpu >= 0 && draft->crash->cpu >= 0)
		return named.cpu != draft->crash->cpu;
	return named.pid >= 0 && draft->crash->pid >= 0 && named.pid != draft->crash->pid;
}

/* What a report says once, up to its end mark. */
static const char *const once[] = { "Call Trace:", "Call trace:", "</TASK>", "Modules linked in:" };

enum { SAID_PLACE = 1 << (sizeof once / sizeof *once) };

/* The bit of what this line says, of those things; 0: none. */
static unsigned says(struct text text)
{
	struct text line = text_trim_start(text);
	struct crash_place place;

	for (size_t i = 0; i < sizeof once / sizeof *once; i++)
		if (text_starts(line, once[i]))
			return 1U << i;
	/* Other architectures say the place twice, its name and its address. */
	return place_of_line(text, &place) && !place.user && !place.summary &&
			       (place.arch == CRASH_ARCH_X86_64 || place.arch == CRASH_ARCH_I386)
		       ? SAID_PLACE
		       : 0;
}

static bool says_twice(struct draft *draft, struct text text)
{
	unsigned said = draft->ended ? 0 : says(text);

	/* Behind the trace's beginning, a place is of what an interrupt interrupted. */
	if (said == SAID_PLACE && draft->said & 3)
		return false;
	bool twice = (draft->said & said) != 0;
	draft->said |= said;
	return twice;
}

/* Leaves of a crash what its headline says. */
static void forget(struct draft *draft)
{
	struct crash *crash = draft->crash;

	crash->cpu = -1;
	crash->pid = -1;
	crash->comm = TEXT_NONE;
	crash->comm_record = CRASH_NO_RECORD;
	crash->instruction_pointer = (struct crash_location){ 0 };
	crash->instruction_pointer_record = CRASH_NO_RECORD;
	crash->has_fault_address = false;
	crash->fault_address_record = CRASH_NO_RECORD;
	crash->has_error_code = false;
	crash->code = TEXT_NONE;
	crash->dies = 0;
	crash->register_count = 0;
	crash->registers = NULL;
	crash->frame_count = 0;
	crash->frames = NULL;
	crash->stack_count = 0;
	crash->stacks = NULL;
	draft->lone_cr2 = false;
	draft->trace_done = true;
	if (crash->kind_record != CRASH_NO_RECORD)
		headline_details(draft, crash->kind, crash->headline, crash->kind_record);
}

bool draft_is_mixed(struct draft *draft, struct text text)
{
	if (draft->mixed)
		return true;
	if (!has_usual_form(draft) || draft->aside || draft->stacks_asked || draft->crash->panic.length)
		return false;
	bool in_progress = !draft->ended && (!draft->crash->frame_count || draft->at_frame);
	draft->mixed =
		(draft->beside && says_twice(draft, text)) || ((draft->beside || in_progress) && names_another(draft, text));
	if (!draft->mixed)
		return false;
	draft->crash->corrupt = true;
	if (draft->beside)
		forget(draft);
	return true;
}
