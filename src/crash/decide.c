/*
 * Which crash of a log decides. What brought the machine down does, or what brought that about; where the machine lived on,
 * what explains most of its trouble.
 */
#include "crash/kind.h"
#include "crash/list.h"

/* How long after a crash one that it brought about may come. */
enum { CHAIN_SECONDS = 60 };

/* Reports that memory is not what it should be: an oops soon after stumbles over that. */
#define CORRUPTIONS                                                                                                         \
	(CRASH_KIND_BIT(CRASH_KASAN) | CRASH_KIND_BIT(CRASH_KFENCE) | CRASH_KIND_BIT(CRASH_UBSAN) |                         \
	 CRASH_KIND_BIT(CRASH_REFCOUNT) | CRASH_KIND_BIT(CRASH_LIST_CORRUPTION) | CRASH_KIND_BIT(CRASH_SLAB_CORRUPTION) |   \
	 CRASH_KIND_BIT(CRASH_BAD_PAGE))

/* Reports that nothing goes on: what a dead task held stays held. */
#define WATCHDOGS                                                                                                           \
	(CRASH_KIND_BIT(CRASH_SOFT_LOCKUP) | CRASH_KIND_BIT(CRASH_HARD_LOCKUP) | CRASH_KIND_BIT(CRASH_RCU_STALL) |          \
	 CRASH_KIND_BIT(CRASH_HUNG_TASK) | CRASH_KIND_BIT(CRASH_WORKQUEUE_LOCKUP))

/* Somebody asked for it, or something outside the kernel did: no crash before it is the reason. */
#define NEVER_A_CONSEQUENCE                                                                                                 \
	(CRASH_KIND_BIT(CRASH_SYSRQ) | CRASH_KIND_BIT(CRASH_PANIC) | CRASH_KIND_BIT(CRASH_OUT_OF_MEMORY) |                  \
	 CRASH_KIND_BIT(CRASH_MACHINE_CHECK) | CRASH_KIND_BIT(CRASH_HARDWARE_ERROR) | CRASH_KIND_BIT(CRASH_NMI_RECEIVED))

static unsigned rank(const struct crash *crash)
{
	return crash_kind_row(crash->kind)->rank;
}

/* Some kinds are only at times an oops: list corruption is a warning, or a BUG, as the kernel is configured. */
static bool is_oops(const struct crash *crash)
{
	return crash->dies > 0 || (crash_kind_row(crash->kind)->flags & CRASH_IS_OOPS);
}

static bool is_hardware(const struct crash *crash)
{
	return crash_kind_row(crash->kind)->flags & CRASH_IS_HARDWARE;
}

static bool has_taint(const struct crash *crash, char flag)
{
	return text_find_char(crash->tainted, flag) != SIZE_MAX;
}

static bool near(const struct crash *cause, const struct crash *crash)
{
	return crash_within(cause, crash->time_ns, CHAIN_SECONDS);
}

static bool same_task(const struct crash *a, const struct crash *b)
{
	return a->pid > 0 && a->pid == b->pid;
}

/*
 * A kernel that has oopsed says so in every later report: taint D (TAINT_DIE), and [#2]. What the dead task held stays
 * held, so lockups, stalls and hung tasks follow from it at any time, and soon after it where they do not say how the kernel
 * is tainted; other reports, when they come soon or in the same task.
 */
static bool follows_oops(const struct crash *cause, const struct crash *crash)
{
	bool watchdog = crash_kinds_hold(WATCHDOGS, crash->kind);
	bool died = crash->dies > 1 || has_taint(crash, 'D');

	if (!is_oops(cause))
		return false;
	if (!died)
		return watchdog && !crash->taint_known && near(cause, crash) && cause->time_ns != RECORD_NO_TIME &&
		       crash->time_ns != RECORD_NO_TIME;
	return watchdog || near(cause, crash) || same_task(cause, crash);
}

/* Of what UBSAN finds, a shift too far or a sum too large harms nobody's memory. */
static bool is_corruption(const struct crash *crash)
{
	if (crash->kind != CRASH_UBSAN)
		return crash_kinds_hold(CORRUPTIONS, crash->kind);
	return text_starts(crash->subkind, "array-index") || text_starts(crash->subkind, "object-size");
}

/*
 * Memory was found corrupt, and the kernel stumbles over it. Such a report sets taint B (TAINT_BAD_PAGE) or, where it is a
 * warning, W: without them the oops is of a time before.
 */
static bool follows_corruption(const struct crash *cause, const struct crash *crash)
{
	bool marked = !crash->taint_known || has_taint(crash, 'B') || has_taint(crash, 'W') || cause->kind == CRASH_UBSAN;

	return is_corruption(cause) && !is_oops(cause) && is_oops(crash) && marked &&
	       (near(cause, crash) || same_task(cause, crash));
}

/* What a kernel still says when it has panicked comes of the panic; of a machine that failed, of that. */
static bool follows_panic(const struct crash *cause, const struct crash *crash)
{
	if (!cause->panic.length || cause->panic_record >= cause->record_count ||
	    crash->line < cause->records[cause->panic_record].line)
		return false;
	return is_hardware(cause) || (near(cause, crash) && cause->time_ns != RECORD_NO_TIME);
}

static bool follows(const struct crash *cause, const struct crash *crash)
{
	if (cause->boot != crash->boot || crash_kinds_hold(NEVER_A_CONSEQUENCE, crash->kind))
		return false;
	return follows_oops(cause, crash) || follows_corruption(cause, crash) || follows_panic(cause, crash);
}

/* The first that brought it about, or what brought that about. */
static void find_causes(struct crash_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct crash *crash = list->items[i];
		for (size_t j = 0; j < i && crash->consequence_of == SIZE_MAX; j++)
			if (follows(list->items[j], crash))
				crash->consequence_of =
					list->items[j]->consequence_of == SIZE_MAX ? j : list->items[j]->consequence_of;
	}
}

/* With kdump an oops is often the last thing in a log: the crash kernel starts before "Kernel panic" is printed. */
static bool ends_log(const struct crash_list *list, const struct crash *crash)
{
	enum { LINES_BEHIND = 16 };

	return is_oops(crash) && crash->end_line + LINES_BEHIND >= list->lines;
}

static bool brought_down(const struct crash_list *list, const struct crash *crash)
{
	return crash->panic.length || crash->kind == CRASH_PANIC || crash->kind == CRASH_SYSRQ || ends_log(list, crash);
}

void crash_list_decide(struct crash_list *list)
{
	list->deciding = SIZE_MAX;
	find_causes(list);
	for (size_t i = 0; i < list->count; i++)
		if (brought_down(list, list->items[i]))
			list->deciding = i;
	if (list->deciding != SIZE_MAX && list->items[list->deciding]->consequence_of != SIZE_MAX)
		list->deciding = list->items[list->deciding]->consequence_of;
	if (list->deciding != SIZE_MAX)
		return;
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i]->consequence_of == SIZE_MAX &&
		    (list->deciding == SIZE_MAX || rank(list->items[i]) > rank(list->items[list->deciding])))
			list->deciding = i;
}
