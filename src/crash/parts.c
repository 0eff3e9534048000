/* The lines of a crash's report: who takes which. */
#include "crash/draft.h"

#include "crash/location.h"

/*
 * These reports print no registers of their own: a place among them is of what an interrupt interrupted, or of another CPU
 * that was asked for its backtrace (kernel/hung_task.c, trigger_all_cpu_backtrace()).
 */
static bool has_no_place(const struct draft *draft)
{
	const crash_kinds kinds = CRASH_KIND_BIT(CRASH_HUNG_TASK) | CRASH_KIND_BIT(CRASH_SLEEPING_IN_ATOMIC) |
				  CRASH_KIND_BIT(CRASH_PANIC) | CRASH_KIND_BIT(CRASH_KASAN) | CRASH_KIND_BIT(CRASH_KFENCE) |
				  CRASH_KIND_BIT(CRASH_KMSAN) | CRASH_KIND_BIT(CRASH_KCSAN) | CRASH_KIND_BIT(CRASH_UBSAN) |
				  CRASH_KIND_BIT(CRASH_LOCKDEP) | CRASH_KIND_BIT(CRASH_BAD_PAGE) |
				  CRASH_KIND_BIT(CRASH_SLAB_CORRUPTION) | CRASH_KIND_BIT(CRASH_SPINLOCK) |
				  CRASH_KIND_BIT(CRASH_STACK_CORRUPTION) | CRASH_KIND_BIT(CRASH_OUT_OF_MEMORY);

	/* Unless the kernel died of it: then the exception's registers are the crash's. */
	return draft->has_headline && !draft->crash->dies && crash_kinds_hold(kinds, draft->crash->kind);
}

bool part_place(struct draft *draft, struct text text, size_t record)
{
	struct crash *crash = draft->crash;
	struct crash_location location;
	bool user, summary;
	bool known = crash->instruction_pointer.function.length || crash->instruction_pointer.has_address;

	if (!location_of_instruction(text, &location, &user, &summary))
		return false;
	user |= has_no_place(draft);
	draft->user_registers = user;
	/* An address alone says less than a name, whichever line it stands on: 32-bit kernels before v4.15 have three such
	 * lines. */
	bool named = crash->instruction_pointer.function.length > 0;
	bool better = !known || (location.function.length && (!named || (draft->summary_place && !summary)));
	if (user || !better)
		return true;
	location_keep(&crash->arena, &location);
	crash->instruction_pointer = location;
	crash->instruction_pointer_record = record;
	draft->summary_place = summary;
	return true;
}

static bool part_code(struct draft *draft, struct text text, size_t record)
{
	struct crash *crash = draft->crash;
	struct text rest = text_trim(text);

	(void)record;
	if (!text_eat(&rest, "Code: "))
		return false;
	if (!crash->code.length && !draft->user_registers)
		crash->code = arena_copy(&crash->arena, rest);
	return true;
}

static bool part_end(struct draft *draft, struct text text, size_t record)
{
	(void)record;
	if (text_find(text_first(text, 16), "---[ end ") == SIZE_MAX)
		return false;
	draft->ended = true;
	draft->user_registers = false;
	draft->proven = true;
	draft->trace_done = true;
	draft->in_trace = false;
	return true;
}

/* Lines that belong to a report and say nothing that is asked for. */
static const char *const other_lines[] = {
	"------------[ cut here ]",
	"stack guard page: ",
	"PGD ",
	"#PF: ",
	"*pde",
	"*pdpt",
	"task: ",
	"task:",
	"Stack:",
	"Workqueue: ",
	"Kernel Offset:",
	"Dumping ftrace",
	"Process ",
	"Rebooting in",
	"kdump: ",
	"Sending NMI",
	"NMI backtrace",
	"Kernel panic - not syncing: ",
	"Shutting down cpus",
	"\"echo 0 > /proc/sys/kernel/hung_task",
	"Future hung task reports",
	"Last Breaking",
	"Unloaded tainted modules",
	"note: ",
	"Fixing recursive fault",
	"irq event stamp",
	"hardirqs last",
	"softirqs last",
	"Bad RIP value",
	"last sysfs file",
};

static bool part_other(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim_start(text);

	(void)draft;
	(void)record;
	for (size_t i = 0; i < sizeof other_lines / sizeof *other_lines; i++)
		if (text_starts(rest, other_lines[i]))
			return true;
	return false;
}

static bool part_of_rcu_stall(struct draft *draft, struct text text, size_t record)
{
	return draft->crash->kind == CRASH_RCU_STALL && !draft->in_trace && part_rcu(draft, text, record);
}

static bool (*const parts[])(struct draft *draft, struct text text, size_t record) = {
	part_hardware, part_out_of_memory, part_modules, part_place,        part_registers, part_trace, part_identity,
	part_code,     part_oops,          part_end,     part_of_rcu_stall, part_check,     part_other,
};

bool part_of_crash(struct draft *draft, struct text text, size_t record)
{
	enum stack_line line = part_stack(draft, text, record);

	draft->behind_frame = draft->at_frame;
	draft->at_frame = false;
	if (line != STACK_NONE)
		return line == STACK_LINE;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i](draft, text, record))
			return true;
	return false;
}

bool part_is_telling(struct text text)
{
	/* A draft of nothing, to be asked about one line. */
	struct crash crash = { .cpu = -1, .pid = -1 };
	struct draft draft = { .crash = &crash };
	struct text rest = text_trim_start(text);
	struct crash_location location;
	bool user, summary;
	bool telling = stack_is_dump(text) || text_starts(rest, "Call Trace:") || text_starts(rest, "---[ end trace ") ||
		       part_oops(&draft, text, 0) || location_of_instruction(text, &location, &user, &summary) ||
		       part_registers(&draft, text, 0);

	arena_free(&crash.arena);
	return telling;
}
