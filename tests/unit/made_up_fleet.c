/* Fleets that never were: empty ones, a few machines, ten thousand crashes, and one whose every text is an attack. */
#include "made_up_fleet.h"

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { DAYS = 24 * 3600 };

struct text made_up_json(struct arena *arena, json_t *value)
{
	char *bytes = json_dumps(value, JSON_COMPACT);
	struct text text = arena_copy(arena, text_from(bytes));

	free(bytes);
	json_decref(value);
	return text;
}

/* ---- building ---- */

struct fleet_group *made_up_add_group(struct made_up *made, enum sighting_verdict verdict, struct text key,
				      struct text title)
{
	struct fleet *fleet = &made->fleet;
	struct fleet_group *group = arena_push(&fleet->arena, &fleet->groups, &fleet->group_count, sizeof *group);

	*group = (struct fleet_group){
		.verdict = verdict, .key = key, .title = title, .first = SIGHTING_NO_TIME, .last = SIGHTING_NO_TIME
	};
	return group;
}

struct fleet_crash *made_up_add_crash(struct made_up *made, struct fleet_group *group, const struct sighting *sighting)
{
	struct arena *arena = &made->fleet.arena;
	struct sighting *kept = arena_alloc(arena, sizeof *kept);
	struct fleet_crash *crash = arena_alloc(arena, sizeof *crash);
	struct fleet_crash **place = arena_push(arena, &group->crashes, &group->count, sizeof *place);

	*kept = *sighting;
	*crash = (struct fleet_crash){ .sighting = kept };
	*place = crash;
	made->fleet.crash_count++;
	made->fleet.verdict_counts[group->verdict]++;
	if (!group->fix.length)
		group->fix = sighting->fix;
	return crash;
}

void made_up_add_copy(struct made_up *made, struct fleet_crash *crash, struct text path)
{
	struct text *copy = arena_push(&made->fleet.arena, &crash->copies, &crash->copy_count, sizeof *copy);

	*copy = path;
	made->fleet.copy_count++;
}

void made_up_add_failure(struct made_up *made, struct text file, struct text why)
{
	struct fleet *fleet = &made->fleet;
	struct sighting *failure = arena_alloc(&fleet->arena, sizeof *failure);
	const struct sighting **place = arena_push(&fleet->arena, &fleet->failures, &fleet->failure_count, sizeof *place);

	*failure = (struct sighting){ .source.file = file, .path = file, .failure = why, .crashed_at = SIGHTING_NO_TIME };
	*place = failure;
	fleet->verdict_counts[SIGHTING_FAILED]++;
}

/* ---- what fleet/ counts ---- */

static void count_value(struct arena *arena, struct fleet_count **counts, size_t *count, struct text value)
{
	if (!value.length)
		return;
	for (size_t i = 0; i < *count; i++) {
		if (!text_equal((*counts)[i].value, value))
			continue;
		(*counts)[i].count++;
		return;
	}
	struct fleet_count *added = arena_push(arena, counts, count, sizeof *added);
	*added = (struct fleet_count){ value, 1 };
}

static int more_first(const void *a, const void *b)
{
	const struct fleet_count *left = a, *right = b;

	return left->count != right->count ? (left->count < right->count ? 1 : -1) : text_compare(left->value, right->value);
}

static int later_first(const void *a, const void *b)
{
	int64_t left = (*(struct fleet_crash *const *)a)->sighting->crashed_at;
	int64_t right = (*(struct fleet_crash *const *)b)->sighting->crashed_at;

	return (left < right) - (left > right);
}

static int larger_group_first(const void *a, const void *b)
{
	const struct fleet_group *left = a, *right = b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return left->verdict != right->verdict ? (left->verdict < right->verdict ? 1 : -1)
					       : text_compare(left->key, right->key);
}

static void sort_counts(struct fleet_count *counts, size_t count)
{
	if (count)
		qsort(counts, count, sizeof *counts, more_first);
}

static void finish_group(struct fleet *fleet, struct fleet_group *group)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct sighting *sighting = group->crashes[i]->sighting;
		count_value(&fleet->arena, &group->hosts, &group->host_count, sighting->host);
		count_value(&fleet->arena, &group->releases, &group->release_count, sighting->release);
		count_value(&fleet->arena, &fleet->hosts, &fleet->host_count, sighting->host);
		count_value(&fleet->arena, &fleet->releases, &fleet->release_count, sighting->release);
		if (sighting->crashed_at == SIGHTING_NO_TIME)
			continue;
		if (group->first == SIGHTING_NO_TIME || sighting->crashed_at < group->first)
			group->first = sighting->crashed_at;
		if (sighting->crashed_at > group->last) /* SIGHTING_NO_TIME is the least of all */
			group->last = sighting->crashed_at;
	}
	sort_counts(group->hosts, group->host_count);
	sort_counts(group->releases, group->release_count);
	qsort(group->crashes, group->count, sizeof *group->crashes, later_first);
}

static void relate(struct fleet *fleet, size_t number)
{
	struct fleet_group *group = &fleet->groups[number];

	for (size_t i = 0; i < fleet->group_count && group->verdict == SIGHTING_UNKNOWN; i++) {
		const struct fleet_group *other = &fleet->groups[i];
		if (i == number || other->verdict != SIGHTING_UNKNOWN || !group->culprit.length ||
		    !text_equal(group->kind, other->kind) || !text_equal(group->culprit, other->culprit))
			continue;
		size_t *place = arena_push(&fleet->arena, &group->related, &group->related_count, sizeof *place);
		*place = i;
	}
}

static void finish(struct made_up *made)
{
	struct fleet *fleet = &made->fleet;

	for (size_t i = 0; i < fleet->group_count; i++)
		finish_group(fleet, &fleet->groups[i]);
	if (fleet->group_count)
		qsort(fleet->groups, fleet->group_count, sizeof *fleet->groups, larger_group_first);
	for (size_t i = 0; i < fleet->group_count && fleet->group_count <= 1000; i++)
		relate(fleet, i);
	sort_counts(fleet->hosts, fleet->host_count);
	sort_counts(fleet->releases, fleet->release_count);
	fleet->verdict_counts[SIGHTING_NO_CRASH] = fleet->no_crash_count;
}

/* ---- the fleets ---- */

static void make_empty(struct made_up *made)
{
	(void)made;
}

static void make_healthy(struct made_up *made)
{
	made->fleet.no_crash_count = 1204;
}

static void make_unreadable(struct made_up *made)
{
	made_up_add_failure(made, TEXT("/srv/crash/a/vmcore"), TEXT("it is empty"));
}

static void make_few(struct made_up *made)
{
	made_up_ordinary(made, 4, 11, 40 * DAYS);
	made_up_add_failure(made, TEXT("/srv/crash/db-004.fra1.example.net/vmcore"),
			    TEXT("its header is damaged: the block size is 0"));
	made->fleet.no_crash_count = 3;
	made->heading.since = MADE_UP_NOW - 60 * DAYS;
}

static void make_many(struct made_up *made)
{
	made_up_ordinary(made, 120, 10000, 390 * DAYS);
	for (uint32_t i = 0; i < 34; i++)
		made_up_add_failure(made, arena_print(&made->fleet.arena, "/srv/crash/old/%u/vmcore.flat", (unsigned)i),
				    i < 30 ? TEXT("no kernel log can be found in it") : TEXT("Input/output error"));
	made->fleet.no_crash_count = 2817;
}

static void make_all_different(struct made_up *made)
{
	made_up_ordinary(made, 600, 900, 390 * DAYS);
}

static const struct {
	const char *name;
	void (*make)(struct made_up *made);
} fleets[] = {
	{ "empty", make_empty },
	{ "healthy", make_healthy },
	{ "unreadable", make_unreadable },
	{ "few", make_few },
	{ "many", make_many },
	{ "all-different", make_all_different },
	{ "hostile", made_up_hostile },
};

const char *const made_up_names[] = { "empty", "healthy", "unreadable", "few", "many", "all-different", "hostile", NULL };

bool made_up_fleet(const char *name, struct made_up *made)
{
	*made = (struct made_up){ .heading = { .source = TEXT("/var/lib/kdump-triage/history.db"),
					       .made_at = MADE_UP_NOW,
					       .since = SIGHTING_NO_TIME,
					       .until = SIGHTING_NO_TIME } };
	for (size_t i = 0; i < COUNT(fleets); i++) {
		if (strcmp(fleets[i].name, name) != 0)
			continue;
		fleets[i].make(made);
		finish(made);
		return !made->fleet.arena.failed;
	}
	return false;
}

void made_up_free(struct made_up *made)
{
	arena_free(&made->fleet.arena);
}
