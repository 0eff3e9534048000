/* Sightings in, crashes out: copies of one crash are brought together by its identity. */
#include "fleet/fleet.h"

#include "fleet/making.h"

#include <stdlib.h>

/* A text of which there are as many as sightings; where it is the front of another that was copied, a view of that. */
static struct text copy_front(struct arena *arena, struct text whole, struct text t)
{
	return text_equal(text_first(whole, t.length), t) ? text_first(whole, t.length) : arena_copy(arena, t);
}

static const struct sighting *copy_sighting(struct fleet *fleet, const struct sighting *from, bool with_detail)
{
	struct intern *intern = &fleet->making->intern;
	struct arena *arena = &fleet->arena;
	struct sighting *to = arena_alloc(arena, sizeof *to);

	if (!to)
		return NULL;
	*to = *from;
	to->path = arena_copy(arena, from->path);
	to->source.file = copy_front(arena, to->path, from->source.file);
	to->identity = arena_copy(arena, from->identity);
	to->failure = intern_text(intern, arena, from->failure);
	to->kind = intern_text(intern, arena, from->kind);
	to->headline = intern_text(intern, arena, from->headline);
	to->title = intern_text(intern, arena, from->title);
	to->culprit = intern_text(intern, arena, from->culprit);
	to->fingerprint = intern_text(intern, arena, from->fingerprint);
	to->signature = intern_text(intern, arena, from->signature);
	to->signature_title = intern_text(intern, arena, from->signature_title);
	to->affected = intern_text(intern, arena, from->affected);
	to->fix = intern_text(intern, arena, from->fix);
	to->release = intern_text(intern, arena, from->release);
	to->host = intern_text(intern, arena, from->host);
	to->detail = with_detail ? arena_copy(arena, from->detail) : TEXT_NONE;
	return to;
}

static bool begin(struct fleet *fleet)
{
	if (!fleet->making)
		fleet->making = calloc(1, sizeof *fleet->making);
	return fleet->making;
}

bool fleet_add(struct fleet *fleet, const struct sighting *sighting, bool with_detail, struct error *error)
{
	if (sighting->verdict == SIGHTING_NO_CRASH) {
		fleet->no_crash_count++;
		fleet->verdict_counts[SIGHTING_NO_CRASH]++;
		return true;
	}
	if (!begin(fleet))
		return error_out_of_memory(error);
	const struct sighting *copy = copy_sighting(fleet, sighting, with_detail);
	const struct sighting **place =
		sighting->verdict == SIGHTING_FAILED
			? arena_push(&fleet->arena, &fleet->failures, &fleet->failure_count, sizeof(copy))
			: arena_push(&fleet->making->arena, &fleet->making->seen, &fleet->making->seen_count, sizeof(copy));
	if (place)
		*place = copy;
	if (fleet->arena.failed || !place)
		return error_out_of_memory(error);
	if (sighting->verdict == SIGHTING_FAILED)
		fleet->verdict_counts[SIGHTING_FAILED]++;
	return true;
}

/* The crash that a run of sightings of one identity is. */
static void fill_crash(struct fleet *fleet, struct fleet_crash *crash, const struct keyed *run, size_t length)
{
	const struct sighting **seen = fleet->making->seen;

	crash->sighting = seen[run->index];
	crash->copies = length > 1 ? arena_alloc(&fleet->arena, (length - 1) * sizeof *crash->copies) : NULL;
	for (size_t i = 1; crash->copies && i < length; i++)
		crash->copies[crash->copy_count++] = seen[run[i].index]->path;
	fleet->copy_count += crash->copy_count;
	fleet->verdict_counts[crash->sighting->verdict]++;
}

/* How many of the sightings at the front are of the same crash: one, where nothing tells whether there are more. */
static size_t copies_length(const struct keyed *items, size_t count)
{
	return items->key.length ? run_length(items, count) : 1;
}

/* In the order of adding, which is the order that they lie in memory. */
static struct fleet_crash *make_crashes(struct fleet *fleet)
{
	struct fleet_making *making = fleet->making;
	struct keyed *keyed = making->keyed;
	size_t count = making->seen_count, crash_count = 0;
	size_t *lengths = arena_alloc(&making->arena, count * sizeof *lengths); /* of a run, by the index of its first */
	size_t *starts = arena_alloc(&making->arena, count * sizeof *starts);   /* and where it begins */

	if (!lengths || !starts)
		return NULL;
	for (size_t i = 0; i < count; i++)
		keyed[i] = keyed_by(making->seen[i]->identity, i);
	bring_together(keyed, count);
	for (size_t i = 0, length; i < count; i += length, crash_count++) {
		length = copies_length(keyed + i, count - i);
		lengths[keyed[i].index] = length;
		starts[keyed[i].index] = i;
	}
	struct fleet_crash *crashes = arena_alloc(&fleet->arena, crash_count * sizeof *crashes);
	for (size_t i = 0; crashes && i < count; i++)
		if (lengths[i])
			fill_crash(fleet, &crashes[fleet->crash_count++], keyed + starts[i], lengths[i]);
	return crashes;
}

/* Hosts and releases of all crashes. */
static void count_all(struct fleet *fleet, const struct fleet_crash *crashes)
{
	struct keyed *keyed = fleet->making->keyed;

	for (size_t i = 0; i < fleet->crash_count; i++)
		keyed[i] = keyed_by(crashes[i].sighting->host, i);
	fleet->hosts = count_keys(&fleet->arena, keyed, fleet->crash_count, &fleet->host_count);
	for (size_t i = 0; i < fleet->crash_count; i++)
		keyed[i] = keyed_by(crashes[i].sighting->release, i);
	fleet->releases = count_keys(&fleet->arena, keyed, fleet->crash_count, &fleet->release_count);
}

static void make(struct fleet *fleet)
{
	struct fleet_making *making = fleet->making;

	making->keyed = arena_alloc(&making->arena, making->seen_count * sizeof *making->keyed);
	struct fleet_crash *crashes = making->keyed ? make_crashes(fleet) : NULL;
	if (!crashes)
		return;
	count_all(fleet, crashes);
	make_groups(fleet, crashes, fleet->crash_count);
	if (!fleet->arena.failed)
		relate_groups(fleet);
}

static void end(struct fleet *fleet)
{
	if (!fleet->making)
		return;
	intern_free(&fleet->making->intern);
	arena_free(&fleet->making->arena);
	free(fleet->making);
	fleet->making = NULL;
}

bool fleet_finish(struct fleet *fleet, struct error *error)
{
	bool failed = false;

	if (fleet->making && fleet->making->seen_count) {
		make(fleet);
		failed = fleet->arena.failed || fleet->making->arena.failed;
	}
	end(fleet);
	return failed ? error_out_of_memory(error) : true;
}

void fleet_free(struct fleet *fleet)
{
	end(fleet);
	arena_free(&fleet->arena);
	*fleet = (struct fleet){ 0 };
}
