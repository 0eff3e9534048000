/* Crashes of one bug, brought together by signature, else by fingerprint, and the groups put into their order. */
#include "fleet/making.h"

#include <stdlib.h>

/* The first that is known. */
static struct text first_known(const struct text *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (texts[i].length)
			return texts[i];
	return TEXT_NONE;
}

static struct text key_of(const struct sighting *sighting)
{
	struct text unknown[] = { sighting->fingerprint, sighting->title, sighting->headline, sighting->kind };
	struct text known[] = { sighting->signature, first_known(unknown, sizeof unknown / sizeof *unknown) };

	return sighting->verdict == SIGHTING_UNKNOWN ? known[1] : first_known(known, 2);
}

static struct text title_of(const struct sighting *sighting)
{
	struct text crash[] = { sighting->title, sighting->headline, sighting->kind };
	struct text bug[] = { sighting->signature_title, first_known(crash, sizeof crash / sizeof *crash) };

	return sighting->verdict == SIGHTING_UNKNOWN ? bug[1] : first_known(bug, 2);
}

static int compare_crashes(const void *left, const void *right)
{
	const struct fleet_crash *const *a = left, *const *b = right;
	int64_t a_time = (*a)->sighting->crashed_at, b_time = (*b)->sighting->crashed_at;

	if (a_time != b_time)
		return a_time > b_time ? -1 : 1; /* SIGHTING_NO_TIME is before any time */
	int order = text_compare((*a)->sighting->path, (*b)->sighting->path);
	return order ? order : (*a > *b) - (*a < *b); /* they lie in one array */
}

/* keyed: room for each crash of the group. */
static void count_hosts_and_releases(struct fleet *fleet, struct fleet_group *group, struct keyed *keyed)
{
	for (size_t i = 0; i < group->count; i++)
		keyed[i] = keyed_by(group->crashes[i]->sighting->host, i);
	group->hosts = count_keys(&fleet->arena, keyed, group->count, &group->host_count);
	for (size_t i = 0; i < group->count; i++)
		keyed[i] = keyed_by(group->crashes[i]->sighting->release, i);
	group->releases = count_keys(&fleet->arena, keyed, group->count, &group->release_count);
}

/* Everything of a group that its crashes tell. */
static void describe(struct fleet_group *group)
{
	const struct sighting *latest = group->crashes[0]->sighting;

	group->verdict = latest->verdict;
	group->key = key_of(latest);
	group->title = title_of(latest);
	if (group->verdict == SIGHTING_UNKNOWN) {
		group->kind = latest->kind;
		group->culprit = latest->culprit;
	}
	group->last = latest->crashed_at;
	group->first = SIGHTING_NO_TIME;
	for (size_t i = 0; i < group->count; i++) {
		const struct sighting *sighting = group->crashes[i]->sighting;
		if (!group->fix.length)
			group->fix = sighting->fix;
		if (sighting->crashed_at != SIGHTING_NO_TIME)
			group->first = sighting->crashed_at;
	}
}

static int compare_groups(const void *left, const void *right)
{
	const struct fleet_group *a = left, *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	if (a->verdict != b->verdict)
		return a->verdict > b->verdict ? -1 : 1;
	if (a->last != b->last)
		return a->last > b->last ? -1 : 1;
	return text_compare(a->key, b->key);
}

void make_groups(struct fleet *fleet, struct fleet_crash *crashes, size_t count)
{
	struct keyed *keyed = fleet->making->keyed;
	struct fleet_crash **all = arena_alloc(&fleet->arena, count * sizeof *all);
	size_t group_count = 0;

	for (size_t i = 0; i < count; i++) {
		const struct sighting *sighting = crashes[i].sighting;
		struct text key = key_of(sighting);
		keyed[i] = (struct keyed){ text_hash(TEXT_HASH_START ^ (uint64_t)sighting->verdict, key), key, i };
	}
	bring_together(keyed, count);
	for (size_t i = 0; i < count; i += run_length(keyed + i, count - i))
		group_count++;
	fleet->groups = arena_alloc(&fleet->arena, group_count * sizeof *fleet->groups);
	if (!all || !fleet->groups)
		return;
	for (size_t i = 0, length; i < count; i += length) {
		struct fleet_group *group = &fleet->groups[fleet->group_count++];
		length = run_length(keyed + i, count - i);
		group->crashes = all + i;
		group->count = length;
		for (size_t k = 0; k < length; k++)
			group->crashes[k] = &crashes[keyed[i + k].index];
		qsort(group->crashes, length, sizeof(*group->crashes), compare_crashes);
		describe(group);
		count_hosts_and_releases(fleet, group, keyed + i); /* these were read */
	}
	qsort(fleet->groups, fleet->group_count, sizeof *fleet->groups, compare_groups);
}
