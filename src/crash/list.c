/* Crashes of a log, in its order. */
#include "crash/list.h"

#include "crash/kind.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

/* How long after an oops its own panic, or an oops that it caused, may come. */
enum { PANIC_SECONDS = 120, CHAIN_SECONDS = 60 };

static void crash_free(struct crash *crash)
{
	arena_free(&crash->arena);
	free(crash);
}

static unsigned rank(const struct crash *crash)
{
	return crash_kind_row(crash->kind)->rank;
}

static bool is_oops(const struct crash *crash)
{
	return crash->dies || crash_kind_row(crash->kind)->flags & CRASH_IS_OOPS;
}

/* Of crashes of one kind: does the same happen to the same? Who ran when memory ran out, or hardware failed, is chance. */
static bool same_victim(const struct crash *a, const struct crash *b)
{
	if (a->hardware_error.told && b->hardware_error.told)
		return hardware_same(&a->hardware_error, &b->hardware_error);
	return a->kind == CRASH_OUT_OF_MEMORY || (a->cpu == b->cpu && a->pid == b->pid);
}

static bool same_crash(const struct crash *a, const struct crash *b)
{
	return a->kind == b->kind && a->boot == b->boot && same_victim(a, b) && !a->panic.length && !b->panic.length &&
	       a->has_fingerprint && b->has_fingerprint && a->fingerprint == b->fingerprint;
}

static void remove_at(struct crash_list *list, size_t index)
{
	crash_free(list->items[index]);
	memmove(list->items + index, list->items + index + 1, (list->count - index - 1) * sizeof *list->items);
	list->count--;
}

/* The latest of those that explain least, but never one that the kernel panicked of. */
static size_t least(const struct crash_list *list)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < list->count; i++) {
		const struct crash *crash = list->items[i];
		if (!crash->panic.length && (found == SIZE_MAX || rank(crash) <= rank(list->items[found])))
			found = i;
	}
	return found;
}

bool crash_list_add(struct crash_list *list, struct crash *crash)
{
	for (size_t i = list->count; i-- > 0;) {
		if (same_crash(list->items[i], crash)) {
			list->items[i]->repeats++;
			list->items[i]->end_line = crash->end_line;
			crash_free(crash);
			return true;
		}
	}
	if (!list->items)
		list->items = calloc(CRASH_LIST_MOST, sizeof *list->items);
	if (!list->items) {
		crash_free(crash);
		return false;
	}
	if (list->count == CRASH_LIST_MOST) {
		size_t weakest = least(list);
		list->dropped++;
		/* The newest stays: it may be what brought the machine down. */
		if (weakest != SIZE_MAX && rank(crash) < rank(list->items[weakest]) && !crash->panic.length) {
			crash_free(crash);
			return true;
		}
		remove_at(list, weakest == SIZE_MAX ? list->count - 1 : weakest);
	}
	list->items[list->count++] = crash;
	return true;
}

/* Were they within so many seconds? Where the log has no times, order is all there is. */
static bool within(const struct crash *crash, int64_t time_ns, int64_t seconds)
{
	return crash->time_ns == RECORD_NO_TIME || time_ns == RECORD_NO_TIME || time_ns - crash->time_ns <= seconds * SECOND;
}

struct crash *crash_list_panicked(struct crash_list *list, crash_kinds kinds, size_t boot, int64_t time_ns)
{
	for (size_t i = list->count; i-- > 0;) {
		struct crash *crash = list->items[i];
		if (crash->boot != boot || !within(crash, time_ns, PANIC_SECONDS))
			return NULL;
		if (crash_kinds_hold(kinds, crash->kind) && !crash->panic.length)
			return crash;
	}
	return NULL;
}

/*
 * A kernel that has oopsed says so in every later report: taint D (TAINT_DIE), and [#2]. What the dead task held stays
 * held, so lockups, stalls and hung tasks follow from it at any time; a second oops, when it comes soon or in the same task.
 */
static bool follows(const struct crash *cause, const struct crash *crash)
{
	bool died = crash->dies > 1 || text_find_char(crash->tainted, 'D') != SIZE_MAX;

	if (!is_oops(cause) || cause->boot != crash->boot || !died)
		return false;
	if (!is_oops(crash))
		return crash->kind != CRASH_SYSRQ && crash->kind != CRASH_PANIC;
	return within(cause, crash->time_ns, CHAIN_SECONDS) || (cause->pid >= 0 && cause->pid == crash->pid);
}

static void find_causes(struct crash_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		for (size_t j = 0; j < i && list->items[i]->consequence_of == SIZE_MAX; j++)
			if (list->items[j]->consequence_of == SIZE_MAX && follows(list->items[j], list->items[i]))
				list->items[i]->consequence_of = j;
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

void crash_list_free(struct crash_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		crash_free(list->items[i]);
	free(list->items);
	arena_free(&list->arena);
	*list = (struct crash_list){ .deciding = SIZE_MAX };
}
