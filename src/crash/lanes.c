/* Which report a record belongs to, by who wrote it. */
#include "crash/lanes.h"

static struct caller caller_of(const struct record *record)
{
	return (struct caller){ record->caller_kind, record->caller };
}

static bool same_caller(struct caller a, struct caller b)
{
	return a.kind == b.kind && a.id == b.id;
}

static bool is_busy(const struct lane *lane)
{
	return lane->draft.crash || lane->other.crash;
}

bool lanes_busy(const struct lanes *lanes)
{
	for (size_t i = 0; i < LANES_MOST; i++)
		if (is_busy(&lanes->items[i]))
			return true;
	return false;
}

static struct lane *use(struct lanes *lanes, size_t index)
{
	struct lane *lane = &lanes->items[index];

	lanes->last = index;
	lane->last_use = ++lanes->uses;
	lane->strangers = 0;
	return lane;
}

static bool is_helper(const struct lane *lane, struct caller caller)
{
	for (size_t i = 0; i < lane->helper_count; i++)
		if (same_caller(lane->helpers[i], caller))
			return true;
	return false;
}

/* "NMI backtrace for cpu 3" is printed by that CPU itself, for the report that asked for it. */
static bool becomes_helper(struct lane *lane, const struct record *record)
{
	if (!lane->draft.crash || !lane->draft.asked_cpus || lane->helper_count == LANE_HELPERS_MOST ||
	    !text_starts(text_trim_start(record->text), "NMI backtrace for cpu "))
		return false;
	lane->helpers[lane->helper_count++] = caller_of(record);
	return true;
}

struct lane *lanes_of(struct lanes *lanes, const struct record *record, bool begins)
{
	struct caller caller = caller_of(record);

	if (!caller.kind)
		return use(lanes, lanes->last);
	for (size_t i = 0; i < LANES_MOST; i++) {
		struct lane *lane = &lanes->items[i];
		if (!is_busy(lane))
			continue;
		if (!lane->caller.kind)
			lane->caller = caller;
		if (same_caller(lane->caller, caller))
			return use(lanes, i);
	}
	for (size_t i = 0; i < LANES_MOST && !begins; i++)
		if (is_busy(&lanes->items[i]) && is_helper(&lanes->items[i], caller))
			return use(lanes, i);
	for (size_t i = 0; i < LANES_MOST; i++)
		if (becomes_helper(&lanes->items[i], record))
			return use(lanes, i);
	return lanes_busy(lanes) ? NULL : lanes_new(lanes, record);
}

struct lane *lanes_new(struct lanes *lanes, const struct record *record)
{
	size_t found = 0;

	for (size_t i = 1; i < LANES_MOST; i++) {
		const struct lane *lane = &lanes->items[i], *best = &lanes->items[found];
		if (is_busy(best) && (!is_busy(lane) || lane->last_use < best->last_use))
			found = i;
	}
	struct lane *lane = use(lanes, found);
	lane->caller = caller_of(record);
	lane->helper_count = 0;
	return lane;
}
