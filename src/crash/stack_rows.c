/* The lines that stacks begin with which stand beside the crash's own trace: a table. */
#include "crash/stack_rows.h"

#define LOCKDEP CRASH_KIND_BIT(CRASH_LOCKDEP)
#define KCSAN   CRASH_KIND_BIT(CRASH_KCSAN)
#define KASAN   CRASH_KIND_BIT(CRASH_KASAN)

static const struct stack_row rows[] = {
	/* mm/kasan/report.c, print_track(), since v4.12; "Allocated:" and "PID = 1" from v4.9. */
	{ .begins = "Allocated by task ", .form = STACK_FRAMES, .role = CRASH_STACK_ALLOCATED },
	{ .begins = "Freed by task ", .form = STACK_FRAMES, .role = CRASH_STACK_FREED },
	{ .begins = "Allocated:",
	  .ends = "Allocated:",
	  .kinds = KASAN,
	  .form = STACK_FRAMES,
	  .role = CRASH_STACK_ALLOCATED },
	{ .begins = "Freed:", .ends = "Freed:", .kinds = KASAN, .form = STACK_FRAMES, .role = CRASH_STACK_FREED },
	/* mm/kasan/report_generic.c: the name changed in v5.11, the feature is of v5.8. */
	{ .begins = "Last potentially related work creation:", .form = STACK_FRAMES, .role = CRASH_STACK_RELATED_WORK },
	{ .begins = "Second to last potentially related work creation:",
	  .form = STACK_FRAMES,
	  .role = CRASH_STACK_RELATED_WORK },
	{ .begins = "Last call_rcu():", .form = STACK_FRAMES, .role = CRASH_STACK_RELATED_WORK },
	{ .begins = "Second to last call_rcu():", .form = STACK_FRAMES, .role = CRASH_STACK_RELATED_WORK },
	/* mm/kfence/report.c, kfence_print_stack(); on the object's own line up to v5.14. */
	{ .begins = "allocated by task ", .form = STACK_FRAMES, .role = CRASH_STACK_ALLOCATED },
	{ .begins = "freed by task ", .form = STACK_FRAMES, .role = CRASH_STACK_FREED },
	{ .begins = "rcu_freeing by task ", .form = STACK_FRAMES, .role = CRASH_STACK_FREED },
	{ .begins = "kfence-#", .contains = " allocated by task ", .form = STACK_FRAMES, .role = CRASH_STACK_ALLOCATED },
	/* mm/kmsan/report.c, kmsan_print_origin() */
	{ .begins = "Uninit was created at:", .form = STACK_FRAMES, .role = CRASH_STACK_CREATED },
	{ .begins = "Uninit was stored to memory at:", .form = STACK_FRAMES, .role = CRASH_STACK_STORED },
	{ .begins = "Local variable ", .ends = " created at:", .form = STACK_FRAMES, .role = CRASH_STACK_CREATED },
	/* kernel/kcsan/report.c, print_report() */
	{ .begins = "read", .contains = " bytes by ", .kinds = KCSAN, .form = STACK_SIDE, .role = CRASH_STACK_OTHER_ACCESS },
	{ .begins = "write",
	  .contains = " bytes by ",
	  .kinds = KCSAN,
	  .form = STACK_SIDE,
	  .role = CRASH_STACK_OTHER_ACCESS },
	{ .begins = "assert no ",
	  .contains = " bytes by ",
	  .kinds = KCSAN,
	  .form = STACK_SIDE,
	  .role = CRASH_STACK_OTHER_ACCESS },
	{ .begins = "race at unknown origin, with ",
	  .contains = " bytes by ",
	  .kinds = KCSAN,
	  .form = STACK_SIDE,
	  .role = CRASH_STACK_OTHER_ACCESS },
	/* mm/slub.c, print_track(): "INFO: " in front up to v5.13. */
	{ .begins = "INFO: Allocated in ", .contains = " age=", .form = STACK_FRAMES, .role = CRASH_STACK_ALLOCATED },
	{ .begins = "INFO: Freed in ", .contains = " age=", .form = STACK_FRAMES, .role = CRASH_STACK_FREED },
	{ .begins = "Allocated in ", .contains = " age=", .form = STACK_FRAMES, .role = CRASH_STACK_ALLOCATED },
	{ .begins = "Freed in ", .contains = " age=", .form = STACK_FRAMES, .role = CRASH_STACK_FREED },
	/* mm/page_owner.c, __dump_page_owner(): "page last allocated" since v5.4. */
	{ .begins = "page last allocated via order ", .form = STACK_FRAMES, .role = CRASH_STACK_PAGE_ALLOCATED },
	{ .begins = "page allocated via order ", .form = STACK_FRAMES, .role = CRASH_STACK_PAGE_ALLOCATED },
	{ .begins = "page last free stack trace:", .form = STACK_FRAMES, .role = CRASH_STACK_PAGE_FREED },
	{ .begins = "page last free pid ",
	  .contains = " stack trace:",
	  .form = STACK_FRAMES,
	  .role = CRASH_STACK_PAGE_FREED },
	/* kernel/locking/lockdep.c: the chain's locks, and the usages that do not go together. */
	{ .begins = "-> #", .kinds = LOCKDEP, .form = STACK_FRAMES, .role = CRASH_STACK_DEPENDENCY },
	{ .begins = "stack backtrace:", .form = STACK_END },
	{ .begins = "", .ends = " at:", .kinds = LOCKDEP, .form = STACK_FRAMES, .role = CRASH_STACK_DEPENDENCY },
	{ .begins = "... acquired at: ", .kinds = LOCKDEP, .form = STACK_END },
	/* drivers/tty/sysrq.c: 'l', 't', 'w'; "SysRq : " up to v4.20, and both for a while. */
	{ .begins = "sysrq: Show ", .form = STACK_ASKED },
	{ .begins = "SysRq : Show ", .form = STACK_ASKED },
	{ .begins = "sysrq: SysRq : Show ", .form = STACK_ASKED },
	/* lib/nmi_backtrace.c */
	{ .begins = "Sending NMI from CPU ", .form = STACK_END },
	{ .begins = "sending NMI to all CPUs:", .form = STACK_END },
	{ .begins = "Sending NMI to ", .form = STACK_END },
	{ .begins = "NMI backtrace for cpu ", .contains = " skipped", .form = STACK_END },
	{ .begins = "NMI backtrace for cpu ", .form = STACK_DUMP, .role = CRASH_STACK_OTHER_CPU },
	/* arch/powerpc/kernel/stacktrace.c, raise_backtrace_ipi() */
	{ .begins = "CPU ",
	  .contains = " didn't respond to backtrace IPI",
	  .form = STACK_DUMP,
	  .role = CRASH_STACK_OTHER_CPU },
	/* kernel/rcu/tree_stall.h: whose stack it is says the line behind. */
	{ .begins = "rcu: RCU grace-period kthread stack dump:", .form = STACK_DUMP, .role = CRASH_STACK_OTHER_TASK },
	{ .begins = "RCU grace-period kthread stack dump:", .form = STACK_DUMP, .role = CRASH_STACK_OTHER_TASK },
	{ .begins = "rcu: Stack dump where RCU GP kthread last ran:", .form = STACK_END },
	{ .begins = "Task dump for CPU ", .form = STACK_DUMP, .role = CRASH_STACK_OTHER_CPU },
	/* kernel/sched/core.c, sched_show_task() */
	{ .begins = "task:", .contains = " state:", .form = STACK_DUMP, .role = CRASH_STACK_OTHER_TASK },
	/* What only a crash's own report prints. */
	{ .begins = "Kernel panic - not syncing: ", .form = STACK_END },
	{ .begins = "---[ end ", .form = STACK_END },
	{ .begins = "Oops: ", .form = STACK_END },
	{ .begins = "Showing all locks held in the system:", .form = STACK_END },
};

static bool fits(const struct stack_row *row, struct text line, enum crash_kind kind)
{
	if (row->kinds && !crash_kinds_hold(row->kinds, kind))
		return false;
	return text_starts(line, row->begins) && (!row->ends || text_ends(line, row->ends)) &&
	       (!row->contains || text_find(line, row->contains) != SIZE_MAX);
}

const struct stack_row *stack_row_of(struct text line, enum crash_kind kind)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (fits(&rows[i], line, kind))
			return &rows[i];
	return NULL;
}

/* The number behind the first of these marks that has one. */
static int64_t number_behind(struct text line, const char *const *marks)
{
	for (; *marks; marks++) {
		size_t at = text_find(line, *marks);
		struct text number = text_from_offset(line, at == SIZE_MAX ? at : at + text_from(*marks).length);
		uint64_t value;
		text_eat_blanks(&number);
		if (text_eat_decimal(&number, &value) && value <= INT32_MAX)
			return (int64_t)value;
	}
	return -1;
}

/* "task:nginx           state:D", and page_owner's "pid 1, tgid 1 (swapper/0)". */
static struct text comm_of(struct text line)
{
	size_t state = text_find(line, " state:"), tgid = text_find(line, " tgid ");

	if (text_starts(line, "task:") && state != SIZE_MAX)
		return text_trim(text_from_offset(text_first(line, state), sizeof "task:" - 1));
	struct text comm = text_from_offset(line, tgid);
	size_t open = text_find_char(comm, '('), close = text_find_char(comm, ')');
	if (tgid == SIZE_MAX || open == SIZE_MAX || close == SIZE_MAX || close < open)
		return TEXT_NONE;
	return text_from_offset(text_first(comm, close), open + 1);
}

struct stack_owner stack_owner_of(struct text line)
{
	static const char *const pids[] = { "by task ", " pid=", " pid:", " pid ", "PID = ", NULL };
	static const char *const cpus[] = { "on cpu ", " cpu=", "for cpu ", "for CPU ", "CPU ", NULL };

	return (struct stack_owner){ number_behind(line, cpus), number_behind(line, pids), comm_of(line) };
}
