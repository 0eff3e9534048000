/* Crashes of a log, in its order. */
#include "crash/list.h"

#include "crash/kind.h"

#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000000)

/* How long after a crash its own panic may come. */
enum { PANIC_SECONDS = 120 };

void crash_free(struct crash *crash)
{
	arena_free(&crash->arena);
	free(crash);
}

static unsigned rank(const struct crash *crash)
{
	return crash_kind_row(crash->kind)->rank;
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

/* Two that were reported at the same time end in any order. */
static void insert(struct crash_list *list, struct crash *crash)
{
	size_t at = list->count++;

	for (; at > 0 && list->items[at - 1]->line > crash->line; at--)
		list->items[at] = list->items[at - 1];
	list->items[at] = crash;
}

static bool have_items(struct crash_list *list)
{
	if (!list->items)
		list->items = calloc(CRASH_LIST_MOST, sizeof *list->items);
	return list->items != NULL;
}

bool crash_list_append(struct crash_list *list, struct crash *crash)
{
	if (list->count == CRASH_LIST_MOST || !have_items(list)) {
		crash_free(crash);
		return false;
	}
	list->items[list->count++] = crash;
	return true;
}

void crash_list_remove(struct crash_list *list, size_t index)
{
	remove_at(list, index);
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
	if (!have_items(list)) {
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
	insert(list, crash);
	return true;
}

bool crash_within(const struct crash *crash, int64_t time_ns, int64_t seconds)
{
	return crash->time_ns == RECORD_NO_TIME || time_ns == RECORD_NO_TIME || time_ns - crash->time_ns <= seconds * SECOND;
}

struct crash *crash_list_panicked(struct crash_list *list, crash_kinds kinds, size_t boot, int64_t time_ns)
{
	for (size_t i = list->count; i-- > 0;) {
		struct crash *crash = list->items[i];
		if (crash->boot != boot) /* perhaps of another machine */
			continue;
		if (!crash_within(crash, time_ns, PANIC_SECONDS))
			return NULL;
		if (crash_kinds_hold(kinds, crash->kind) && !crash->panic.length)
			return crash;
	}
	return NULL;
}

void crash_list_free(struct crash_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		crash_free(list->items[i]);
	free(list->items);
	arena_free(&list->arena);
	*list = (struct crash_list){ .deciding = SIZE_MAX };
}
