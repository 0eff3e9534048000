/* A fleet in words. */
#define _POSIX_C_SOURCE 200809L /* gmtime_r */
#include "output/fleet_words.h"

#include "output/safe.h"

static const int64_t last_second = INT64_C(253402300799); /* of the year 9999 */

bool fleet_calendar(int64_t seconds, struct tm *broken_down)
{
	time_t when = (time_t)seconds;

	return seconds >= 0 && seconds <= last_second && gmtime_r(&when, broken_down);
}

struct text fleet_time(struct arena *arena, int64_t seconds)
{
	char bytes[32];
	struct tm broken_down;

	if (!fleet_calendar(seconds, &broken_down))
		return TEXT("-");
	size_t length = strftime(bytes, sizeof bytes, "%Y-%m-%d %H:%M:%S", &broken_down);
	return arena_copy(arena, (struct text){ bytes, length });
}

struct text fleet_date(struct arena *arena, int64_t seconds)
{
	return text_first(fleet_time(arena, seconds), sizeof "2026-11-24" - 1);
}

/* An end of a period: at midnight, the day says it. */
static struct text period_end(struct arena *arena, const char *word, int64_t seconds)
{
	enum { DAY = 24 * 60 * 60 };

	if (seconds == SIGHTING_NO_TIME)
		return TEXT_NONE;
	struct text when = seconds % DAY ? fleet_time(arena, seconds) : fleet_date(arena, seconds);
	return arena_print(arena, "%s %.*s", word, TEXT_ARGS(when));
}

struct text fleet_period(struct arena *arena, const struct fleet_heading *heading)
{
	struct text since = period_end(arena, "since", heading->since), until = period_end(arena, "until", heading->until);

	return arena_print(arena, "%.*s%s%.*s", TEXT_ARGS(since), since.length && until.length ? ", " : "",
			   TEXT_ARGS(until));
}

struct text fleet_plural(struct arena *arena, size_t count, const char *one, const char *many)
{
	return arena_print(arena, "%zu %s", count, count == 1 ? one : many);
}

/* Adds a piece to a list, unless there is nothing of it. */
static void add_piece(struct arena *arena, struct text *line, const char *separator, struct text piece)
{
	*line = arena_print(arena, "%.*s%s%.*s", TEXT_ARGS(*line), line->length ? separator : "", TEXT_ARGS(piece));
}

static struct text verdicts(struct arena *arena, const struct fleet *fleet)
{
	struct text line = TEXT_NONE;

	for (size_t i = SIGHTING_KNOWN; i >= SIGHTING_UNKNOWN; i--)
		if (fleet->verdict_counts[i])
			add_piece(arena, &line, ", ",
				  arena_print(arena, "%zu %s", fleet->verdict_counts[i],
					      sighting_verdict_name((enum sighting_verdict)i)));
	return line;
}

struct text fleet_totals(struct arena *arena, const struct fleet *fleet)
{
	struct text line = TEXT("no crash"), by_verdict = verdicts(arena, fleet);

	if (fleet->crash_count) {
		struct text crashes = fleet_plural(arena, fleet->crash_count, "crash", "crashes");
		struct text groups = fleet_plural(arena, fleet->group_count, "group", "groups");
		line = arena_print(arena, "%.*s in %.*s (%.*s)", TEXT_ARGS(crashes), TEXT_ARGS(groups),
				   TEXT_ARGS(by_verdict));
	}
	if (fleet->copy_count)
		add_piece(arena, &line, ", ", fleet_plural(arena, fleet->copy_count, "more copy", "more copies"));
	if (fleet->no_crash_count && !fleet->crash_count)
		add_piece(arena, &line, " in ", fleet_plural(arena, fleet->no_crash_count, "input", "inputs"));
	else if (fleet->no_crash_count)
		add_piece(arena, &line, ", ",
			  fleet_plural(arena, fleet->no_crash_count, "input without a crash", "inputs without a crash"));
	if (fleet->failure_count)
		add_piece(arena, &line, ", ", arena_print(arena, "%zu could not be read", fleet->failure_count));
	return line;
}

struct text fleet_values(struct arena *arena, const struct fleet_count *counts, size_t count, size_t most)
{
	struct text line = TEXT_NONE;

	for (size_t i = 0; i < count && i < most; i++) {
		struct text value = safe_text(arena, counts[i].value);
		if (count > 1)
			value = arena_print(arena, "%.*s (%zu)", TEXT_ARGS(value), counts[i].count);
		add_piece(arena, &line, ", ", value);
	}
	if (count > most)
		add_piece(arena, &line, " ", arena_print(arena, "and %zu more", count - most));
	return line;
}

size_t fleet_valueless(const struct fleet_count *counts, size_t count, size_t crashes)
{
	for (size_t i = 0; i < count; i++)
		crashes -= counts[i].count;
	return crashes;
}

struct text fleet_group_name(struct arena *arena, const struct fleet_group *group)
{
	struct text title = text_trim(safe_lines(arena, group->title)), key = safe_text(arena, group->key);

	if (!title.length)
		title = group->key.length ? key : TEXT("a crash of a kind that the log does not tell");
	if (group->verdict == SIGHTING_UNKNOWN || text_equal(key, title))
		return title;
	return arena_print(arena, "%.*s: %.*s", TEXT_ARGS(key), TEXT_ARGS(title));
}

struct text fleet_related(struct arena *arena, const struct fleet_group *group, size_t most)
{
	struct text line = TEXT_NONE;

	for (size_t i = 0; i < group->related_count && i < most; i++)
		add_piece(arena, &line, ", ", arena_print(arena, "%zu", group->related[i] + 1));
	if (group->related_count > most || group->related_count == FLEET_RELATED_MOST) /* these may not be all */
		add_piece(arena, &line, " ", TEXT("and others"));
	return line;
}

const char *fleet_fix_word(const struct fleet_group *group)
{
	if (!group->fix.length)
		return "no";
	return group->verdict == SIGHTING_KNOWN ? "yes" : "maybe";
}

enum page_color fleet_color(enum sighting_verdict verdict)
{
	return verdict == SIGHTING_KNOWN ? COLOR_GREEN : verdict == SIGHTING_SIMILAR ? COLOR_YELLOW : COLOR_RED;
}
