/* A thousand dumps that the same trouble befell are told in a few lines, and do not hide the one with another trouble. */
#include "output/fleet_reasons.h"

#include <stdlib.h>

/* By reason; of one reason, by path: which of them was looked at first is chance. */
static int compare_failures(const void *left, const void *right)
{
	const struct sighting *const *const *a = left, *const *const *b = right;
	int order = text_compare((**a)->failure, (**b)->failure);

	if (!order)
		order = text_compare((**a)->path, (**b)->path);
	return order ? order : (*a > *b) - (*a < *b);
}

/* A run of failures with the same reason. */
struct run {
	const struct sighting **const *failures;
	size_t count;
};

static int compare_runs(const void *left, const void *right)
{
	const struct run *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	int order = text_compare((**a->failures)->path, (**b->failures)->path);
	return order ? order : (*a->failures > *b->failures) - (*a->failures < *b->failures);
}

static size_t run_length(const struct sighting **const *failures, size_t count)
{
	size_t length = 1;

	while (length < count && text_equal((*failures[length])->failure, (*failures[0])->failure))
		length++;
	return length;
}

static struct fleet_reason describe(struct arena *arena, const struct run *run, size_t most)
{
	struct fleet_reason reason = { .reason = (*run->failures[0])->failure, .count = run->count };

	reason.paths = arena_alloc(arena, most * sizeof *reason.paths);
	for (; reason.paths && reason.shown < most && reason.shown < run->count; reason.shown++)
		reason.paths[reason.shown] = (*run->failures[reason.shown])->path;
	return reason;
}

struct fleet_reasons fleet_reasons(struct arena *arena, const struct fleet *fleet)
{
	struct fleet_reasons reasons = { .left_out = fleet->failure_count };
	size_t count = fleet->failure_count, run_count = 0;
	const struct sighting ***sorted = arena_alloc(arena, (count + 1) * sizeof *sorted);
	struct run *runs = NULL;

	for (size_t i = 0; sorted && i < count; i++)
		sorted[i] = &fleet->failures[i];
	if (sorted && count)
		qsort(sorted, count, sizeof(*sorted), compare_failures);
	for (size_t i = 0, length; sorted && i < count; i += length) {
		struct run *run = arena_push(arena, &runs, &run_count, sizeof *run);
		length = run_length(sorted + i, count - i);
		if (run)
			*run = (struct run){ sorted + i, length };
	}
	if (run_count)
		qsort(runs, run_count, sizeof *runs, compare_runs);
	size_t shown = run_count < FLEET_FAILURES_MOST ? run_count : FLEET_FAILURES_MOST;
	reasons.items = arena_alloc(arena, (shown + 1) * sizeof *reasons.items);
	for (; reasons.items && reasons.count < shown; reasons.count++) {
		reasons.items[reasons.count] = describe(arena, &runs[reasons.count], FLEET_FAILURES_MOST / shown);
		reasons.left_out -= runs[reasons.count].count;
	}
	return reasons;
}
