/* A crash in words. */
#include "output/describe.h"

#include "crash/kind.h"
#include "crash/plumbing.h"
#include "output/safe.h"

#include <inttypes.h>

const struct crash *describe_deciding_crash(const struct verdict *verdict)
{
	const struct crash_list *crashes = &verdict->crashes;

	return crashes->deciding < crashes->count ? crashes->items[crashes->deciding] : NULL;
}

const struct finding *describe_deciding_finding(const struct verdict *verdict)
{
	const struct finding_list *findings = &verdict->findings;

	for (size_t i = 0; describe_deciding_crash(verdict) && i < findings->count; i++)
		if (findings->items[i].crash == verdict->crashes.deciding)
			return &findings->items[i];
	return NULL;
}

void facts_add(struct fact_list *facts, const char *label, struct text value)
{
	if (text_trim(value).length && facts->count < FACTS_MOST)
		facts->items[facts->count++] = (struct fact){ label, value };
}

struct text describe_location(struct arena *arena, const struct crash_location *location)
{
	struct text function = safe_text(arena, location->function), module = safe_text(arena, location->module), place;

	if (!function.length && !location->has_address)
		return TEXT_NONE;
	if (!function.length)
		place = arena_print(arena, "0x%016" PRIx64, location->address);
	else if (location->has_offset)
		place = arena_print(arena, "%.*s+0x%" PRIx64 "/0x%" PRIx64, TEXT_ARGS(function), location->offset,
				    location->size);
	else
		place = function;
	return module.length ? arena_print(arena, "%.*s [%.*s]", TEXT_ARGS(place), TEXT_ARGS(module)) : place;
}

/* "f+0x2c/0xb0 at fs/dcache.c:2569", where the source is known. */
static struct text describe_source(struct arena *arena, const struct crash_location *location)
{
	struct text place = describe_location(arena, location), file = safe_text(arena, location->file);

	if (!place.length || !file.length)
		return place;
	if (!location->line)
		return arena_print(arena, "%.*s at %.*s", TEXT_ARGS(place), TEXT_ARGS(file));
	return arena_print(arena, "%.*s at %.*s:%" PRIu32, TEXT_ARGS(place), TEXT_ARGS(file), location->line);
}

/* The place of the fault, and what is inlined there: "f+0x2c/0xb0 at a.c:7, inlined g at b.h:9". */
static struct text describe_place(struct arena *arena, const struct crash *crash)
{
	struct text place = describe_source(arena, &crash->instruction_pointer);

	for (size_t i = crash->inlined_count; i-- > 0;) {
		struct text inlined = describe_source(arena, &crash->inlined[i].location);
		place = arena_print(arena, "%.*s, inlined %.*s", TEXT_ARGS(place), TEXT_ARGS(inlined));
	}
	return place;
}

struct text describe_process(struct arena *arena, const struct crash *crash)
{
	struct text who = safe_text(arena, crash->comm);

	if (crash->pid >= 0 && who.length)
		who = arena_print(arena, "%.*s (pid %" PRId64 ")", TEXT_ARGS(who), crash->pid);
	else if (crash->pid >= 0)
		who = arena_print(arena, "pid %" PRId64, crash->pid);
	if (crash->cpu < 0)
		return who;
	return arena_print(arena, "%.*s%sCPU %" PRId64, TEXT_ARGS(who), who.length ? " on " : "", crash->cpu);
}

/* "6052.280624 s after boot (1 h 40 min)" */
static struct text time_since_boot(struct arena *arena, const struct crash *crash)
{
	if (crash->time_ns == RECORD_NO_TIME || crash->time_ns < 0)
		return TEXT_NONE;
	int64_t microseconds = crash->time_ns / 1000, seconds = microseconds / 1000000, minutes = seconds / 60;
	struct text exact = arena_print(arena, "%" PRId64 ".%06" PRId64 " s after boot", seconds, microseconds % 1000000);

	if (minutes < 1)
		return exact;
	if (minutes < 60)
		return arena_print(arena, "%.*s (%" PRId64 " min)", TEXT_ARGS(exact), minutes);
	if (minutes < 24 * 60)
		return arena_print(arena, "%.*s (%" PRId64 " h %" PRId64 " min)", TEXT_ARGS(exact), minutes / 60,
				   minutes % 60);
	return arena_print(arena, "%.*s (%" PRId64 " d %" PRId64 " h)", TEXT_ARGS(exact), minutes / 1440, minutes / 60 % 24);
}

static struct text times(struct arena *arena, size_t repeats)
{
	if (!repeats)
		return TEXT_NONE;
	return arena_print(arena, "%zu more time%s", repeats, repeats == 1 ? "" : "s");
}

/* Where and when, unless the lines on the dump say so. */
static void describe_machine(struct arena *arena, const struct verdict *verdict, struct fact_list *facts)
{
	const struct facts *dump = &verdict->dump.facts;

	if (!text_equal(verdict->host, dump->nodename))
		facts_add(facts, "host", safe_text(arena, verdict->host));
	if (verdict->crashed_at != RECORD_NO_TIME && (uint64_t)verdict->crashed_at != dump->crash_time)
		facts_add(facts, "crashed", describe_moment(arena, verdict->crashed_at, verdict->zone_said));
}

/* "0x0000000000000048, read", "0xffff888007a3c010, write of 8 bytes" */
static struct text fault_address(struct arena *arena, const struct crash *crash)
{
	const char *access = crash_access_name(crash->access.type);
	uint64_t size = crash->access.size;

	if (!crash->has_fault_address)
		return TEXT_NONE;
	struct text address = arena_print(arena, "0x%016" PRIx64, crash->fault_address);
	if (access)
		address = arena_print(arena, "%.*s, %s", TEXT_ARGS(address), access);
	if (access && size)
		address = arena_print(arena, "%.*s of %" PRIu64 " byte%s", TEXT_ARGS(address), size, size == 1 ? "" : "s");
	return address;
}

/* A title may be made of the panic's reason: saying it once is enough. */
static bool title_has_panic(const struct crash *crash)
{
	return crash->title.length > crash->panic.length &&
	       text_equal(text_from_offset(crash->title, crash->title.length - crash->panic.length), crash->panic);
}

void describe_crash(struct arena *arena, const struct verdict *verdict, const struct crash *crash, struct fact_list *facts)
{
	struct text release = safe_text(arena, verdict->release.text);

	facts_add(facts, "kernel", release.length ? release : TEXT("not named in the log (-r says it)"));
	describe_machine(arena, verdict, facts);
	facts_add(facts, crash->pid >= 0 || crash->comm.length ? "process" : "processor", describe_process(arena, crash));
	facts_add(facts, "time", time_since_boot(arena, crash));
	facts_add(facts, "where", describe_place(arena, crash));
	facts_add(facts, "fault address", fault_address(arena, crash));
	facts_add(facts, "touched", describe_touched(arena, &crash->touched));
	facts_add(facts, "tainted", safe_text(arena, crash->tainted));
	if (!title_has_panic(crash))
		facts_add(facts, "panic", safe_text(arena, crash->panic));
	facts_add(facts, "hardware", safe_text(arena, crash->hardware));
	describe_stacks(arena, crash, facts);
	facts_add(facts, "repeated", times(arena, crash->repeats));
	if (crash->corrupt)
		facts_add(facts, "damaged", TEXT("the log is cut or garbled here: pieces of the report may be missing"));
}

/*
 * How many of the shown frames come before what tells something: the functions that print the report or lead to it, and of a
 * watchdog's report all that the interrupt did; 0 where that is all of them.
 */
static size_t plumbing_in_front(const struct crash *crash, bool reliable)
{
	bool from_tick = crash_kind_row(crash->kind)->reporter == CRASH_FROM_TICK, leading = true, tick = false;
	size_t front = 0, shown = 0;

	for (size_t i = 0; i < crash->frame_count; i++) {
		struct text name = crash->frames[i].location.canonical;
		if (reliable && !crash->frames[i].reliable)
			continue;
		if (tick && !is_tick_entry(name))
			return shown;
		tick = from_tick && is_tick_entry(name);
		leading = leading && is_plumbing(name, crash->kind);
		if (!leading && !from_tick)
			return front;
		shown++;
		if (leading)
			front = shown;
	}
	return front < shown ? front : 0;
}

/* How many frames are left out in front: never the last before what tells something, nor more than it takes to show the
 * rest. */
static size_t left_out_in_front(const struct crash *crash, bool reliable, size_t total, size_t most)
{
	size_t front = total > most ? plumbing_in_front(crash, reliable) : 0;

	if (front < 3)
		return 0;
	return front - 1 < total + 1 - most ? front - 1 : total + 1 - most;
}

struct text describe_frame(struct arena *arena, const struct crash_frame *frame, bool reliable)
{
	struct text place = describe_source(arena, &frame->location);
	struct text line =
		arena_print(arena, "%s%.*s%s", reliable ? "" : "? ", TEXT_ARGS(place), frame->is_inline ? " (inlined)" : "");

	if (frame->context == CRASH_TASK)
		return line;
	return arena_print(arena, "%.*s (%s)", TEXT_ARGS(line), crash_context_name(frame->context));
}

size_t describe_trace(struct arena *arena, const struct crash *crash, struct text *lines, size_t most, size_t *left_out)
{
	size_t reliable = 0, count = 0, seen = 0;

	for (size_t i = 0; i < crash->frame_count; i++)
		reliable += crash->frames[i].reliable;
	size_t total = reliable ? reliable : crash->frame_count;
	size_t skipped = left_out_in_front(crash, reliable, total, most);
	if (skipped)
		lines[count++] = arena_print(arena, "(%zu before these)", skipped);
	for (size_t i = 0; i < crash->frame_count && count < most; i++) {
		const struct crash_frame *frame = &crash->frames[i];
		if ((reliable && !frame->reliable) || seen++ < skipped)
			continue;
		lines[count++] = describe_frame(arena, frame, reliable);
	}
	*left_out = total - seen;
	return count;
}

struct text describe_origin(struct arena *arena, const struct crash *crash)
{
	return crash->line ? arena_print(arena, "line %zu", crash->line) : TEXT("by its stack");
}

struct text describe_title(struct arena *arena, const struct crash *crash)
{
	struct text title = text_trim(crash->title), headline = text_trim(crash->headline);

	if (title.length)
		return safe_text(arena, title);
	if (headline.length)
		return safe_text(arena, headline);
	return text_from(crash->kind == CRASH_UNKNOWN_KIND ? "a crash of a kind that the log does not tell"
							   : crash_kind_name(crash->kind));
}

struct text describe_remark(struct arena *arena, const struct verdict *verdict, const struct crash *crash)
{
	struct text repeats = times(arena, crash->repeats);

	if (crash->consequence_of >= verdict->crashes.count)
		return repeats;
	const struct crash *cause = verdict->crashes.items[crash->consequence_of];
	const char *between = repeats.length ? "; " : "";
	if (cause->from_stacks)
		return arena_print(arena, "%.*s%sa consequence of the hang of CPU %" PRId64, TEXT_ARGS(repeats), between,
				   cause->cpu);
	return arena_print(arena, "%.*s%sa consequence of the crash at line %zu", TEXT_ARGS(repeats), between, cause->line);
}

struct text describe_fingerprint(struct arena *arena, const struct crash *crash)
{
	return crash->has_fingerprint ? arena_print(arena, "%016" PRIx64, crash->fingerprint) : TEXT_NONE;
}
