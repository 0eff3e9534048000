/* The call trace: its beginning, its frames, and the marks of the stacks that it walks over. */
#include "crash/draft.h"

#include "crash/location.h"
#include "crash/source_place.h"

/* dumpstack_64.c and stacktrace.h name the stacks so, in all versions; <EOI> and <EOE> end an interrupt's before v4.10. */
static const struct {
	const char *mark;
	enum crash_context context;
} marks[] = {
	{ "<TASK>", CRASH_TASK },
	{ "</TASK>", CRASH_TASK },
	{ "<IRQ>", CRASH_IRQ },
	{ "</IRQ>", CRASH_TASK },
	{ "<SOFTIRQ>", CRASH_SOFTIRQ },
	{ "</SOFTIRQ>", CRASH_TASK },
	{ "<NMI>", CRASH_NMI },
	{ "</NMI>", CRASH_TASK },
	{ "<<NMI>>", CRASH_NMI },
	{ "<EOI>", CRASH_TASK },
	{ "<<EOE>>", CRASH_TASK },
	{ "<EOE>", CRASH_TASK },
	{ "<#DF>", CRASH_EXCEPTION },
	{ "</#DF>", CRASH_TASK },
	{ "<#DB>", CRASH_EXCEPTION },
	{ "</#DB>", CRASH_TASK },
	{ "<#MC>", CRASH_EXCEPTION },
	{ "</#MC>", CRASH_TASK },
	{ "<#VC>", CRASH_EXCEPTION },
	{ "</#VC>", CRASH_TASK },
	{ "<ENTRY_TRAMPOLINE>", CRASH_EXCEPTION },
	{ "</ENTRY_TRAMPOLINE>", CRASH_TASK },
	{ "<EXCEPTION>", CRASH_EXCEPTION },
	{ "</EXCEPTION>", CRASH_TASK },
	{ "<#DF2>", CRASH_EXCEPTION },
};

static bool eat_mark(struct text *t, enum crash_context *context)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (text_eat(t, marks[i].mark)) {
			*context = marks[i].context;
			text_eat_blanks(t);
			return true;
		}
	}
	return false;
}

/* "Call trace:" on arm64, and on arm since v6.1; "Backtrace:" on arm before. */
static bool eat_trace_headline(struct text *t)
{
	return text_eat(t, "Call Trace:") || text_eat(t, "Call trace:") || text_eat(t, "Backtrace:");
}

/* A second one within a trace, no other line in between: two reports are being printed at once. */
static void begin_trace(struct draft *draft)
{
	draft->crash->corrupt |= draft->in_trace && draft->behind_frame && !draft->ended && !draft->trace_done;
	/* A second trace in one report is of another task, or of the panic that followed. */
	draft->trace_done |= draft->crash->frame_count > 0;
	draft->in_trace = true;
	draft->context = CRASH_TASK;
	draft->user_registers = false;
}

static void keep_frame(struct draft *draft, const struct crash_frame *found)
{
	struct crash *crash = draft->crash;

	if (draft->trace_done || crash->frame_count >= CRASH_FRAMES_MOST)
		return;
	struct crash_frame *frame = arena_push(&crash->arena, &crash->frames, &crash->frame_count, sizeof *frame);
	if (!frame)
		return;
	*frame = *found;
	draft_saw_address(draft, found->location.address);
	frame->context = draft->context;
	location_keep(&crash->arena, &frame->location);
}

void trace_keep_interrupted(struct draft *draft, const struct crash_location *location, size_t record)
{
	if (draft->in_trace && draft->crash->frame_count && !draft->ended && location->function.length)
		keep_frame(draft, &(struct crash_frame){ .location = *location, .reliable = true, .record = record });
}

/* "[inline]", and as older tools have it "[<     inline     >]". */
static bool eat_inline_mark(struct text *t)
{
	struct text rest = *t;

	text_eat_blanks(&rest);
	if (text_eat(&rest, "[<")) {
		text_eat_blanks(&rest);
		if (!text_eat(&rest, "inline"))
			return false;
		text_eat_blanks(&rest);
		if (!text_eat(&rest, ">]"))
			return false;
	} else if (!text_eat(&rest, "[inline]")) {
		return false;
	}
	text_eat_blanks(&rest);
	*t = rest;
	return true;
}

/* "f fs/foo.c:12 [inline]", "[inline] f": the kernel does not know of these, and gives them no offset. */
static bool eat_inline_frame(struct text *t, struct crash_frame *frame)
{
	struct text rest = *t;
	bool marked = eat_inline_mark(&rest);

	frame->location = (struct crash_location){ 0 };
	frame->reliable = true;
	frame->is_inline = true;
	if (marked && location_eat(&rest, &frame->location, &frame->reliable)) {
		*t = rest;
		return true;
	}
	frame->location.function = location_eat_symbol(&rest);
	if (!frame->location.function.length)
		return false;
	source_place_eat(&rest, &frame->location.file, &frame->location.line);
	if (!eat_inline_mark(&rest) && !(marked && !text_trim(rest).length))
		return false;
	*t = rest;
	return true;
}

/* Some tools leave nothing but the name. One that has names without offsets has no others. */
static bool eat_bare_name(const struct draft *draft, struct text *t, struct crash_frame *frame)
{
	const struct crash *crash = draft->crash;
	const struct crash_frame *last = crash->frame_count ? &crash->frames[crash->frame_count - 1] : NULL;
	struct text rest = text_trim(*t);

	if (draft->idle || (last && (last->location.has_offset || last->location.file.length || last->is_inline)))
		return false;
	*frame = (struct crash_frame){ .reliable = !text_eat(&rest, "? ") };
	frame->location.function = location_eat_symbol(&rest);
	struct text name = frame->location.function;
	bool usual = name.length > 1 && ((name.data[0] >= 'a' && name.data[0] <= 'z') || name.data[0] == '_');
	if (!usual || rest.length || name.data[name.length - 1] == '.')
		return false;
	*t = TEXT_NONE;
	return true;
}

static bool eat_frame(const struct draft *draft, struct text *t, struct crash_frame *frame)
{
	struct text rest = *t;

	*frame = (struct crash_frame){ 0 };
	if (eat_inline_frame(t, frame))
		return true;
	*frame = (struct crash_frame){ 0 };
	if (frame_eat(t, &frame->location, &frame->reliable)) {
		frame->is_inline = eat_inline_mark(t);
		return true;
	}
	*t = rest;
	return eat_bare_name(draft, t, frame);
}

/* Does it begin as a frame does, and break off, or go on with something else's text? */
static bool is_broken_frame(struct text t)
{
	text_eat(&t, "? ");
	struct text name = location_eat_symbol(&t);

	return name.length > 0 && text_starts(t, "+0x");
}

/* Frames, and marks between them: old traces have "<IRQ>  [<addr>] f+0x1/0x2" on one line. True: there was a frame. */
static bool take_frames(struct draft *draft, struct text rest, size_t record)
{
	struct crash_frame frame;
	bool any = false;

	while (rest.length && eat_frame(draft, &rest, &frame)) {
		frame.record = record;
		keep_frame(draft, &frame);
		any = true;
		text_eat_blanks(&rest);
		eat_mark(&rest, &draft->context);
	}
	draft->crash->corrupt |= is_broken_frame(rest) && !draft->trace_done;
	draft->at_frame = any;
	return any;
}

/* arm: a line names a function and its caller, and the next line that caller again. The header may be missing. */
static bool take_from(struct draft *draft, struct text rest, size_t record)
{
	struct crash_location callee, caller;
	const struct crash *crash = draft->crash;

	if (!frame_eat_from(rest, &callee, &caller))
		return false;
	if (!draft->in_trace)
		begin_trace(draft);
	draft_saw_arch(draft, CRASH_ARCH_ARM, 0);
	if (!crash->frame_count || !text_equal(crash->frames[crash->frame_count - 1].location.function, callee.function))
		keep_frame(draft, &(struct crash_frame){ .location = callee, .reliable = true, .record = record });
	keep_frame(draft, &(struct crash_frame){ .location = caller, .reliable = true, .record = record });
	draft->at_frame = true;
	return true;
}

/* powerpc: what an exception interrupted; its link register may still hold a caller or not, and says nothing. */
static bool take_exception(struct draft *draft, struct text rest, size_t record)
{
	struct crash_location location;

	if (text_starts(rest, "LR = "))
		return true;
	if (!frame_eat_exception(rest, &location))
		return false;
	if (location.function.length)
		keep_frame(draft, &(struct crash_frame){ .location = location, .reliable = true, .record = record });
	return true;
}

bool part_trace(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim_start(text);
	bool marked = false;

	/* s390: the last jump, which is no caller. */
	if (text_starts(rest, "Last Breaking-Event-Address:")) {
		draft->in_trace = false;
		return true;
	}
	if (take_from(draft, rest, record) || (draft->in_trace && take_exception(draft, rest, record)))
		return true;
	/* riscv's die() prints the frames without it. */
	if (draft->seen.arch == CRASH_ARCH_RISCV && !draft->in_trace && !draft->crash->frame_count &&
	    text_starts(rest, "[<"))
		begin_trace(draft);
	if (eat_trace_headline(&rest)) {
		begin_trace(draft);
		text_eat_blanks(&rest);
		if (!rest.length)
			return true;
	}
	while (eat_mark(&rest, &draft->context))
		marked = true;
	draft->in_trace |= marked;
	/* Outside a trace, a place at the beginning of a line is something else. */
	return draft->in_trace ? take_frames(draft, rest, record) || marked : false;
}
