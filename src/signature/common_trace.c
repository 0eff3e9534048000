/* The functions that crashes have in common, in their order. */
#include "signature/common.h"

#include "crash/canonical.h"
#include "crash/culprit.h"
#include "crash/plumbing.h"

#include <string.h>

enum { NAME_MOST = 512 }; /* KSYM_NAME_LEN, include/linux/kallsyms.h since v6.1 */

struct path {
	struct text names[COMMON_PATH_MOST];
	size_t count;
};

bool common_is_usable(struct arena *arena, struct text canonical)
{
	return canonical.length && canonical.length <= NAME_MOST &&
	       text_equal(crash_canonical_name(arena, canonical), canonical);
}

static void add_name(struct path *path, struct text name)
{
	if (path->count < COMMON_PATH_MOST)
		path->names[path->count++] = name;
}

/* Behind an interrupt's entry lies what it happened to interrupt. A function that calls itself counts once. */
static void take_path(struct arena *arena, const struct crash *crash, struct path *path)
{
	struct crash_walk walk = crash_walk_start(crash);
	struct text last = TEXT_NONE;
	struct crash_step step;
	bool begun = false;

	while (crash_walk_next(&walk, &step)) {
		struct text name = step.location->canonical;
		begun = begun || text_equal(name, crash->culprit);
		if (begun && step.in_trace && is_tick_entry(name))
			return;
		if (!begun || is_plumbing(name, crash->kind) || text_equal(name, last))
			continue;
		last = name;
		if (step.in_trace && common_is_usable(arena, name))
			add_name(path, name);
	}
}

/*
 * Makes of *path the longest sequence that it has in common with *other, by the usual table: length[i][j] is that of what
 * lies behind i in one and behind j in the other.
 */
static bool keep_common(struct arena *scratch, struct path *path, const struct path *other)
{
	enum { SIDE = COMMON_PATH_MOST + 1 };
	unsigned char(*length)[SIDE] = arena_alloc(scratch, sizeof *length * SIDE);
	size_t i = 0, j = 0, kept = 0;

	if (!length)
		return false;
	for (size_t a = path->count; a-- > 0;)
		for (size_t b = other->count; b-- > 0;) {
			if (text_equal(path->names[a], other->names[b]))
				length[a][b] = (unsigned char)(length[a + 1][b + 1] + 1);
			else
				length[a][b] = length[a + 1][b] > length[a][b + 1] ? length[a + 1][b] : length[a][b + 1];
		}
	while (i < path->count && j < other->count) {
		if (text_equal(path->names[i], other->names[j])) {
			path->names[kept++] = path->names[i++];
			j++;
		} else if (length[i + 1][j] >= length[i][j + 1]) {
			i++;
		} else {
			j++;
		}
	}
	path->count = kept;
	return true;
}

/*
 * As few as tell the bug from others: callers far out differ from kernel to kernel, and are the same for very different
 * bugs. most: of callers.
 */
static void choose(const struct path *path, struct text culprit, size_t most, struct common *common)
{
	size_t callers = 0;

	for (size_t i = 0; i < path->count && common->trace_count < COMMON_TRACE_MOST; i++) {
		bool is_caller = i > 0 || !text_equal(path->names[i], culprit);
		if (is_caller && (callers == most || (callers >= COMMON_CALLERS_LEAST && is_way_in(path->names[i]))))
			return;
		common->trace[common->trace_count++] = path->names[i];
		callers += is_caller;
	}
}

bool common_find_trace(struct arena *arena, const struct crash *const *crashes, size_t count, struct common *common)
{
	struct arena scratch = { 0 };
	struct path path = { 0 }, other;

	take_path(arena, crashes[0], &path);
	for (size_t i = 1; i < count; i++) {
		other = (struct path){ 0 };
		take_path(arena, crashes[i], &other);
		if (!keep_common(&scratch, &path, &other))
			break;
	}
	choose(&path, crashes[0]->culprit, count > 1 ? COMMON_TRACE_MOST : COMMON_CALLERS_MOST, common);
	bool done = !scratch.failed && !arena->failed;
	arena_free(&scratch);
	return done;
}
