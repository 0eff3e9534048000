/* What a dump knows, in two lines. */
#define _POSIX_C_SOURCE 200809L
#include "output/describe.h"

#include "output/safe.h"

#include <inttypes.h>
#include <time.h>

/* Adds ", PART" to a line, or PART to an empty one. */
static void add_part(struct arena *arena, struct text *line, struct text part)
{
	if (part.length)
		*line = arena_print(arena, "%.*s%s%.*s", TEXT_ARGS(*line), line->length ? ", " : "", TEXT_ARGS(part));
}

struct text describe_moment(struct arena *arena, int64_t seconds, bool zone_said)
{
	time_t when = (time_t)seconds;
	char date[64];
	struct tm broken_down;

	if (!wall_clock_plausible(seconds) || !gmtime_r(&when, &broken_down))
		return TEXT_NONE;
	strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", &broken_down);
	return arena_print(arena, "%s%s", date, zone_said ? " UTC" : "");
}

/* "died 2026-11-24 02:33:11 UTC on CPU 1" */
static struct text death(struct arena *arena, const struct verdict_dump *dump)
{
	uint64_t crash_time = dump->facts.crash_time;
	struct text when = crash_time <= INT64_MAX ? describe_moment(arena, (int64_t)crash_time, true) : TEXT_NONE;
	const char *blank = when.length ? " " : "";

	if (dump->crashed_cpu >= 0)
		return arena_print(arena, "died%s%.*s on CPU %" PRId64, blank, TEXT_ARGS(when), dump->crashed_cpu);
	return when.length ? arena_print(arena, "died %.*s", TEXT_ARGS(when)) : TEXT_NONE;
}

static struct text machine(struct arena *arena, const struct verdict_dump *dump)
{
	const struct facts *facts = &dump->facts;
	struct text line = TEXT_NONE;

	add_part(arena, &line, safe_text(arena, facts->nodename));
	add_part(arena, &line, text_from(facts->arch));
	if (facts->online_cpus)
		add_part(arena, &line,
			 arena_print(arena, "%zu CPU%s", facts->online_cpus, facts->online_cpus == 1 ? "" : "s"));
	add_part(arena, &line, death(arena, dump));
	return line;
}

static struct text container(struct arena *arena, const struct verdict_dump *dump)
{
	const struct facts *facts = &dump->facts;
	struct text line = safe_text(arena, dump->format);

	if (dump->flattened)
		add_part(arena, &line, TEXT("flattened"));
	if (dump->files > 1)
		add_part(arena, &line, arena_print(arena, "split over %zu files", dump->files));
	if (dump->level >= 0)
		add_part(arena, &line, arena_print(arena, "dump level %d", dump->level));
	if (dump->incomplete)
		add_part(arena, &line, TEXT("incomplete"));
	if (facts->has_kaslr_offset)
		add_part(arena, &line, arena_print(arena, "KASLR offset 0x%" PRIx64, facts->kaslr_offset));
	if (facts->build_id.length) {
		struct text build_id = safe_text(arena, facts->build_id);
		add_part(arena, &line, arena_print(arena, "build ID %.*s", TEXT_ARGS(build_id)));
	}
	return line;
}

void describe_dump(struct arena *arena, const struct verdict *verdict, struct fact_list *facts)
{
	if (!verdict->dump.known)
		return;
	facts_add(facts, "machine", machine(arena, &verdict->dump));
	facts_add(facts, "dump", container(arena, &verdict->dump));
}
