/* The call trace: its beginning, its frames, and the marks of the stacks that it walks over. */
#include "crash/draft.h"

#include "crash/location.h"

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

static void begin_trace(struct draft *draft)
{
	/* A second trace in one report is of another task, or of the panic that followed. */
	draft->trace_done |= draft->crash->frame_count > 0;
	draft->in_trace = true;
	draft->context = CRASH_TASK;
	draft->user_registers = false;
}

static void keep_frame(struct draft *draft, const struct crash_location *location, bool reliable, size_t record)
{
	struct crash *crash = draft->crash;

	if (draft->trace_done || crash->frame_count >= CRASH_FRAMES_MOST)
		return;
	struct crash_frame *frame = arena_push(&crash->arena, &crash->frames, &crash->frame_count, sizeof *frame);
	if (!frame)
		return;
	*frame = (struct crash_frame){ *location, draft->context, reliable, record };
	frame->location.function = arena_copy(&crash->arena, location->function);
	frame->location.module = arena_copy(&crash->arena, location->module);
}

/* Frames, and marks between them: old traces have "<IRQ>  [<addr>] f+0x1/0x2" on one line. True: there was a frame. */
static bool take_frames(struct draft *draft, struct text rest, size_t record)
{
	struct crash_location location;
	bool reliable, any = false;

	while (frame_eat(&rest, &location, &reliable)) {
		keep_frame(draft, &location, reliable, record);
		any = true;
		text_eat_blanks(&rest);
		eat_mark(&rest, &draft->context);
	}
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
	draft_saw_arch(draft, ARCH_ARM, 0);
	if (!crash->frame_count || !text_equal(crash->frames[crash->frame_count - 1].location.function, callee.function))
		keep_frame(draft, &callee, true, record);
	keep_frame(draft, &caller, true, record);
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
		keep_frame(draft, &location, true, record);
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
