/*
 * Stacks that stand in a report beside the crash's own trace: who allocated and freed an object, the other side of a race,
 * what the other CPUs and tasks did. Each is read as a crash of its own would be, in a draft aside, so that none of it gets
 * mixed up with what the crash itself says.
 */
#include "crash/culprit.h"
#include "crash/draft.h"
#include "crash/location.h"
#include "crash/stack_rows.h"

#include <stdlib.h>

enum { STACK_BYTES_MOST = 256 * 1024 };

const char *crash_stack_role_name(enum crash_stack_role role)
{
	static const char *const names[CRASH_STACK_ROLE_COUNT] = {
		[CRASH_STACK_ALLOCATED] = "allocated",       [CRASH_STACK_FREED] = "freed",
		[CRASH_STACK_CREATED] = "created",           [CRASH_STACK_STORED] = "stored",
		[CRASH_STACK_RELATED_WORK] = "related-work", [CRASH_STACK_OTHER_ACCESS] = "other-access",
		[CRASH_STACK_DEPENDENCY] = "dependency",     [CRASH_STACK_PAGE_ALLOCATED] = "page-allocated",
		[CRASH_STACK_PAGE_FREED] = "page-freed",     [CRASH_STACK_OTHER_CPU] = "other-cpu",
		[CRASH_STACK_OTHER_TASK] = "other-task",
	};

	return names[role];
}

/* "Allocated in f+0x1/0x2 age=5 cpu=0 pid=1": up to v3.0 or so that is all there is. */
static void take_place_of_line(struct draft *aside, struct text line, size_t record)
{
	size_t in = text_find(line, " in ");
	struct text rest = text_from_offset(line, in == SIZE_MAX ? in : in + 4);
	struct crash_frame frame = { .record = record };

	if (!location_eat(&rest, &frame.location, &frame.reliable))
		return;
	location_keep(&aside->crash->arena, &frame.location);
	aside->crash->instruction_pointer = frame.location;
	aside->crash->instruction_pointer_record = record;
}

static void begin(struct draft *draft, const struct stack_row *row, struct text line, size_t record)
{
	struct stack_owner owner = stack_owner_of(line);
	struct draft *aside = calloc(1, sizeof *aside);

	if (!aside || !draft_open(aside, 0)) {
		draft->crash->arena.failed = true;
		free(aside);
		return;
	}
	draft->aside = aside;
	draft->aside_row = row;
	draft->aside_foreign = draft->stacks_asked && row->form == STACK_DUMP;
	aside->is_aside = true;
	aside->stack_record = record;
	aside->caller_kind = draft->caller_kind;
	aside->caller = draft->caller;
	aside->stack_line = draft->line;
	aside->in_trace = row->form != STACK_DUMP;
	if (owner.cpu >= 0)
		draft_set_cpu(aside, (uint64_t)owner.cpu);
	if (owner.pid >= 0)
		draft_set_task(aside, owner.comm, (uint64_t)owner.pid, record);
	if (row->form == STACK_FRAMES)
		take_place_of_line(aside, line, record);
}

/* The crash's arena has a bound: what many long stacks come to is cut. */
static bool has_room(const struct draft *draft)
{
	return draft->crash->stack_count < CRASH_STACKS_MOST && draft->crash->arena.used < STACK_BYTES_MOST;
}

static void keep_frames(struct arena *arena, struct crash_stack *stack, const struct crash *from)
{
	for (size_t i = 0; i < from->frame_count && stack->frame_count < CRASH_STACK_FRAMES_MOST; i++) {
		struct crash_frame *frame = arena_push(arena, &stack->frames, &stack->frame_count, sizeof *frame);
		if (!frame)
			return;
		*frame = from->frames[i];
		location_keep(arena, &frame->location);
	}
}

static void keep(struct draft *draft, struct draft *aside)
{
	struct arena *arena = &draft->crash->arena;
	struct crash *from = aside->crash;
	enum crash_stack_role role = draft->aside_row->role;

	/* By what is plumbing in it, a stack is like the report that looks at such a one. */
	from->kind = role == CRASH_STACK_OTHER_CPU    ? CRASH_SOFT_LOCKUP
		     : role == CRASH_STACK_OTHER_TASK ? CRASH_HUNG_TASK
		     : role == CRASH_STACK_DEPENDENCY ? CRASH_LOCKDEP
						      : CRASH_UNKNOWN_KIND;
	crash_name(from, NULL);
	struct crash_stack *stack = arena_push(arena, &draft->crash->stacks, &draft->crash->stack_count, sizeof *stack);

	if (!stack)
		return;
	*stack = (struct crash_stack){ .role = role,
				       .cpu = from->cpu,
				       .pid = from->pid,
				       .comm = arena_copy(arena, from->comm),
				       .culprit = arena_copy(arena, from->culprit),
				       .instruction_pointer = from->instruction_pointer,
				       .record = aside->stack_record,
				       .line = aside->stack_line };
	location_keep(arena, &stack->instruction_pointer);
	keep_frames(arena, stack, from);
	/* A place that only repeats what the frames say, or is all that is known of them. */
	if (draft->aside_row->form == STACK_FRAMES && stack->instruction_pointer.function.length) {
		struct crash_frame only = { .location = stack->instruction_pointer,
					    .reliable = true,
					    .record = stack->record };
		struct crash_frame *frame =
			stack->frame_count ? NULL : arena_push(arena, &stack->frames, &stack->frame_count, sizeof *frame);
		if (frame)
			*frame = only;
		stack->instruction_pointer = (struct crash_location){ 0 };
	}
}

void stack_close(struct draft *draft)
{
	struct draft *aside = draft->aside;

	if (!aside)
		return;
	bool anything = aside->crash->frame_count || aside->crash->instruction_pointer.function.length ||
			aside->crash->instruction_pointer.has_address;
	if (anything && !draft->aside_foreign && has_room(draft))
		keep(draft, aside);
	draft->crash->arena.failed |= aside->crash->arena.failed;
	draft_discard(aside);
	free(aside);
	draft->aside = NULL;
}

/* The crash's own trace is over with the first other stack behind it; one in front of it leaves it to come. */
static void leave_own_trace(struct draft *draft)
{
	draft->trace_done |= draft->crash->frame_count > 0;
	draft->in_trace = false;
}

/*
 * Is the backtrace of that CPU, or that task's stack, what the report is about? A watchdog that sees another CPU stall asks
 * it where it is, and the hung task's own stack is printed as any other task's.
 */
static bool is_own(const struct draft *draft, const struct stack_row *row, struct text line)
{
	const struct crash *crash = draft->crash;
	struct stack_owner owner = stack_owner_of(line);
	bool other_cpu = row->role == CRASH_STACK_OTHER_CPU;
	crash_kinds kinds = CRASH_KIND_BIT(CRASH_RCU_STALL) | CRASH_KIND_BIT(CRASH_WORKQUEUE_LOCKUP) |
			    (other_cpu ? CRASH_KIND_BIT(CRASH_HARD_LOCKUP) | CRASH_KIND_BIT(CRASH_SOFT_LOCKUP)
				       : CRASH_KIND_BIT(CRASH_HUNG_TASK));

	if (!draft->has_headline || !crash_kinds_hold(kinds, crash->kind) || crash->frame_count || draft->stacks_asked ||
	    text_find(line, "grace-period") != SIZE_MAX)
		return false;
	if (other_cpu)
		return crash->cpu < 0 || crash->cpu == owner.cpu;
	return crash->kind != CRASH_HUNG_TASK || crash->pid < 0 || owner.pid < 0 || crash->pid == owner.pid;
}

static void begin_own_side(struct draft *draft, struct text line, size_t record)
{
	struct stack_owner owner = stack_owner_of(line);

	if (owner.cpu >= 0)
		draft_set_cpu(draft, (uint64_t)owner.cpu);
	if (owner.pid >= 0)
		draft_set_task(draft, TEXT_NONE, (uint64_t)owner.pid, record);
	part_check(draft, line, record);
	draft->in_trace = true;
}

/* Does a line that begins a stack only go on with the one that is being read? "Task dump for CPU 1:", then "task:...". */
static bool goes_on(const struct draft *draft, const struct stack_row *row)
{
	const struct draft *aside = draft->aside;

	return aside && draft->aside_row->form == STACK_DUMP && row->form == STACK_DUMP &&
	       row->role == CRASH_STACK_OTHER_TASK && aside->crash->pid < 0 && !aside->crash->frame_count &&
	       !text_starts(text_from(row->begins), "rcu: ");
}

static enum stack_line begins_with(struct draft *draft, const struct stack_row *row, struct text line, size_t record)
{
	if (goes_on(draft, row)) {
		struct stack_owner owner = stack_owner_of(line);
		if (owner.pid >= 0)
			draft_set_task(draft->aside, owner.comm, (uint64_t)owner.pid, record);
		return draft->aside_foreign ? STACK_FOREIGN : STACK_LINE;
	}
	stack_close(draft);
	if (row->form == STACK_ASKED) {
		draft->stacks_asked = true;
		leave_own_trace(draft);
		return STACK_FOREIGN;
	}
	draft->asked_cpus |= text_starts(line, "Sending NMI ") || text_starts(line, "sending NMI ");
	draft->stacks_asked &= row->form != STACK_END;
	if (row->form == STACK_END || (row->form == STACK_DUMP && is_own(draft, row, line)))
		return STACK_NONE;
	leave_own_trace(draft);
	if (row->form == STACK_SIDE && !draft->crash->frame_count) {
		begin_own_side(draft, line, record);
		return STACK_LINE;
	}
	begin(draft, row, line, record);
	return draft->aside_foreign ? STACK_FOREIGN : STACK_LINE;
}

/* "PID = 123" behind "Allocated:", mm/kasan/report.c of v4.9 to v4.11. */
static bool take_pid_line(struct draft *aside, struct text line, size_t record)
{
	struct stack_owner owner = stack_owner_of(line);

	if (!text_starts(line, "PID = ") || aside->crash->frame_count || owner.pid < 0)
		return false;
	draft_set_task(aside, TEXT_NONE, (uint64_t)owner.pid, record);
	return true;
}

/* A line within the stack that is being read. */
static enum stack_line goes_on_with(struct draft *draft, struct text text, struct text line, size_t record)
{
	struct draft *aside = draft->aside;
	bool frames_only = draft->aside_row->form != STACK_DUMP;
	bool taken = frames_only ? part_trace(aside, text, record) || take_pid_line(aside, line, record)
				 : part_of_crash(aside, text, record);
	bool foreign = draft->aside_foreign;

	aside->idle = 0;
	/* Other tasks' messages may lie between the lines of a dump, but behind its frames it is over. */
	if (!taken && (frames_only || aside->crash->frame_count))
		stack_close(draft);
	return !taken ? STACK_NONE : foreign ? STACK_FOREIGN : STACK_LINE;
}

/* Records of the crash's own caller and of the CPU that it asked come in between each other. */
static bool is_of_caller(const struct draft *draft)
{
	return draft->aside->caller_kind == draft->caller_kind && draft->aside->caller == draft->caller;
}

enum stack_line part_stack(struct draft *draft, struct text text, size_t record)
{
	struct text line = text_trim(text);
	const struct stack_row *row = draft->is_aside ? NULL : stack_row_of(line, draft->crash->kind);

	if (row)
		return begins_with(draft, row, line, record);
	if (draft->stacks_asked && !draft->aside)
		return STACK_FOREIGN;
	return draft->aside && is_of_caller(draft) ? goes_on_with(draft, text, line, record) : STACK_NONE;
}

bool stack_is_dump(struct text text)
{
	const struct stack_row *row = stack_row_of(text_trim(text), CRASH_UNKNOWN_KIND);

	return row && row->form == STACK_DUMP;
}
