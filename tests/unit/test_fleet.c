/* Sightings of many machines: what is one crash, what is one group, and in which order they come. */
#include "test_fleet.h"

#include <time.h>

static void test_names_of_verdicts(void **state)
{
	static const char *const names[] = { "failed", "no-crash", "unknown", "similar", "known" };
	enum sighting_verdict verdict = SIGHTING_FAILED;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_string_equal(sighting_verdict_name((enum sighting_verdict)i), names[i]);
		assert_true(sighting_verdict_from_name(text_from(names[i]), &verdict));
		assert_int_equal(verdict, i);
	}
	assert_false(sighting_verdict_from_name(TEXT("know"), &verdict));
	assert_false(sighting_verdict_from_name(TEXT_NONE, &verdict));
	assert_int_equal(verdict, SIGHTING_KNOWN);
}

/* ---- crashes and copies ---- */

static void test_nothing(void **state)
{
	struct fleet fleet = { 0 };

	(void)state;
	finish(&fleet);
	assert_int_equal(fleet.group_count, 0);
	assert_int_equal(fleet.crash_count, 0);
	fleet_free(&fleet);
	fleet_free(&fleet); /* is ready for use again, and so for this */
}

static void test_kinds_of_input(void **state)
{
	struct fleet fleet = { 0 };

	(void)state;
	add(&fleet, failure("/b", "permission denied"));
	add(&fleet, unknown_crash("/c", "1", "f1", 10));
	add(&fleet, (struct sighting){ .path = TEXT("/d"), .verdict = SIGHTING_NO_CRASH });
	add(&fleet, known_crash("/e", "2", "bug", 10));
	add(&fleet, failure("/a", ""));
	add(&fleet, (struct sighting){ .path = TEXT("/f"), .verdict = SIGHTING_NO_CRASH });
	finish(&fleet);
	assert_int_equal(fleet.crash_count, 2);
	assert_int_equal(fleet.no_crash_count, 2);
	assert_int_equal(fleet.verdict_counts[SIGHTING_FAILED], 2);
	assert_int_equal(fleet.verdict_counts[SIGHTING_NO_CRASH], 2);
	assert_int_equal(fleet.verdict_counts[SIGHTING_UNKNOWN], 1);
	assert_int_equal(fleet.verdict_counts[SIGHTING_SIMILAR], 0);
	assert_int_equal(fleet.verdict_counts[SIGHTING_KNOWN], 1);
	assert_int_equal(fleet.failure_count, 2);
	assert_text(fleet.failures[0]->path, "/b"); /* in the order of adding */
	assert_text(fleet.failures[0]->failure, "permission denied");
	assert_text(fleet.failures[1]->path, "/a");
	fleet_free(&fleet);
}

static void test_copies(void **state)
{
	struct fleet fleet = { 0 };

	(void)state;
	add(&fleet, unknown_crash("/z", "same", "f1", 10));
	add(&fleet, unknown_crash("/other", "other", "f1", 11));
	add(&fleet, unknown_crash("/b", "same", "f1", 10));
	add(&fleet, known_crash("/a", "same", "bug", 12)); /* by another catalogue: the first counts */
	add(&fleet, unknown_crash("/x", "", "f1", 9));     /* nothing tells whether these two are one */
	add(&fleet, unknown_crash("/y", "", "f1", 8));
	finish(&fleet);
	assert_int_equal(fleet.crash_count, 4);
	assert_int_equal(fleet.copy_count, 2);
	assert_int_equal(fleet.verdict_counts[SIGHTING_UNKNOWN], 4);
	assert_int_equal(fleet.verdict_counts[SIGHTING_KNOWN], 0);
	assert_int_equal(fleet.group_count, 1);
	const struct fleet_group *group = &fleet.groups[0];
	assert_int_equal(group->count, 4);
	assert_text(group->crashes[0]->sighting->path, "/other");
	assert_int_equal(group->crashes[0]->copy_count, 0);
	assert_text(group->crashes[1]->sighting->path, "/z");
	assert_int_equal(group->crashes[1]->copy_count, 2);
	assert_text(group->crashes[1]->copies[0], "/b");
	assert_text(group->crashes[1]->copies[1], "/a");
	assert_text(group->crashes[2]->sighting->path, "/x");
	assert_text(group->crashes[3]->sighting->path, "/y");
	assert_int_equal(fleet.hosts[0].count, 4); /* a copy is no further crash of its host */
	fleet_free(&fleet);
}

/* What was given may be gone at once. */
static void test_sightings_are_copied(void **state)
{
	struct fleet fleet = { 0 };
	char bytes[] = "/var/crash/1/vmcore";
	struct sighting sighting = unknown_crash(bytes, "1", "f1", 10);
	struct error error;

	(void)state;
	sighting.source.file = text_first(sighting.path, strlen("/var/crash/1"));
	sighting.detail = TEXT("{}");
	assert_true(fleet_add(&fleet, &sighting, false, &error));
	sighting.identity = TEXT("2");
	sighting.source.file = TEXT("/elsewhere");
	assert_true(fleet_add(&fleet, &sighting, true, &error));
	memset(bytes, 'x', strlen(bytes));
	finish(&fleet);
	const struct sighting *without = fleet.groups[0].crashes[0]->sighting, *with = fleet.groups[0].crashes[1]->sighting;
	assert_text(without->path, "/var/crash/1/vmcore");
	assert_text(without->source.file, "/var/crash/1");
	assert_text(without->detail, "");
	assert_text(with->source.file, "/elsewhere");
	assert_text(with->detail, "{}");
	assert_int_equal(with->source.size, 1);
	fleet_free(&fleet);
}

/* ---- groups ---- */

static void test_groups_by_verdict_and_key(void **state)
{
	struct fleet fleet = { 0 };
	struct sighting similar = known_crash("/3", "3", "bug", 30), titled = unknown_crash("/5", "5", "", 50),
			named = unknown_crash("/6", "6", "", 60), bare = { .verdict = SIGHTING_UNKNOWN };

	(void)state;
	similar.verdict = SIGHTING_SIMILAR;
	similar.fingerprint = TEXT("fedcba9876543210");
	named.title = TEXT_NONE;
	named.headline = TEXT("bug"); /* is no signature */
	bare.crashed_at = SIGHTING_NO_TIME;
	add(&fleet, known_crash("/1", "1", "bug", 10));
	add(&fleet, known_crash("/2", "2", "bug", 20));
	add(&fleet, similar);
	add(&fleet, unknown_crash("/4", "4", "0123456789abcdef", 40)); /* the fingerprint of the known ones */
	add(&fleet, titled);
	add(&fleet, named);
	add(&fleet, bare);
	finish(&fleet);
	assert_int_equal(fleet.group_count, 6);
	assert_int_equal(fleet.groups[0].count, 2);
	assert_int_equal(fleet.groups[0].verdict, SIGHTING_KNOWN);
	assert_text(fleet.groups[0].key, "bug");
	assert_text(fleet.groups[0].title, "Use after free of foo");
	assert_text(fleet.groups[0].kind, ""); /* of unknown crashes only */
	assert_text(fleet.groups[0].culprit, "");
	assert_int_equal(fleet.groups[1].verdict, SIGHTING_SIMILAR);
	assert_text(fleet.groups[1].key, "bug");
	assert_text(fleet.groups[2].key, "bug");
	assert_int_equal(fleet.groups[2].verdict, SIGHTING_UNKNOWN);
	assert_text(fleet.groups[2].title, "bug");
	assert_text(fleet.groups[3].key, "WARNING in foo");
	assert_text(fleet.groups[4].key, "0123456789abcdef");
	assert_text(fleet.groups[4].title, "WARNING in foo");
	assert_text(fleet.groups[4].kind, "warning");
	assert_text(fleet.groups[4].culprit, "foo");
	assert_text(fleet.groups[5].key, "");
	assert_int_equal(fleet.groups[5].last, SIGHTING_NO_TIME);
	fleet_free(&fleet);
}

/* The most crashes first; then known before similar before unknown; then the latest; then by key. */
static void test_order_of_groups(void **state)
{
	static const struct {
		const char *key;
		enum sighting_verdict verdict;
		size_t count;
		int64_t when;
	} rows[] = {
		{ "many", SIGHTING_UNKNOWN, 3, 1 },  { "known", SIGHTING_KNOWN, 2, 1 },
		{ "alike", SIGHTING_SIMILAR, 2, 9 }, { "late", SIGHTING_UNKNOWN, 2, 9 },
		{ "a", SIGHTING_UNKNOWN, 2, 5 },     { "b", SIGHTING_UNKNOWN, 2, 5 },
		{ "c", SIGHTING_UNKNOWN, 2, 5 },     { "never", SIGHTING_UNKNOWN, 2, SIGHTING_NO_TIME },
		{ "once", SIGHTING_KNOWN, 1, 99 },
	};
	struct fleet fleet = { 0 };

	(void)state;
	for (size_t i = COUNT(rows); i-- > 0;) {
		for (size_t k = 0; k < rows[i].count; k++) {
			struct sighting sighting = known_crash("/p", "", rows[i].key, rows[i].when);
			sighting.verdict = rows[i].verdict;
			if (rows[i].verdict == SIGHTING_UNKNOWN)
				sighting.fingerprint = sighting.signature;
			add(&fleet, sighting);
		}
	}
	finish(&fleet);
	assert_int_equal(fleet.group_count, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_text(fleet.groups[i].key, rows[i].key);
		assert_int_equal(fleet.groups[i].count, rows[i].count);
		assert_int_equal(fleet.groups[i].last, rows[i].when);
	}
	fleet_free(&fleet);
}

static void test_times_and_fix(void **state)
{
	static const struct {
		int64_t when;
		const char *path, *fix;
	} rows[] = {
		/* in the order that is expected */
		{ 50, "/latest", "" },      { 40, "/with-fix", "linux 6.1.91" },       { 20, "/older", "linux 6.1.90" },
		{ -5, "/before-1970", "" }, { SIGHTING_NO_TIME, "/a", "linux 6.1.1" }, { SIGHTING_NO_TIME, "/b", "" },
	};
	struct fleet fleet = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t row = i * 5 % COUNT(rows); /* in disorder */
		struct sighting sighting = known_crash(rows[row].path, "", "bug", rows[row].when);
		sighting.fix = text_from(rows[row].fix);
		add(&fleet, sighting);
	}
	finish(&fleet);
	const struct fleet_group *group = &fleet.groups[0];
	assert_int_equal(group->count, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_text(group->crashes[i]->sighting->path, rows[i].path);
	assert_int_equal(group->first, -5);
	assert_int_equal(group->last, 50);
	assert_text(group->fix, "linux 6.1.91");
	fleet_free(&fleet);
}

static void test_counts(void **state)
{
	static const char *const hosts[] = { "web2", "web1", "db1", "", "web1", "web2", "web1" };
	struct fleet fleet = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(hosts); i++) {
		struct sighting sighting = unknown_crash("/p", "", i < 4 ? "f1" : "f2", 10);
		sighting.host = text_from(hosts[i]);
		sighting.release = i ? TEXT("6.1.0") : TEXT_NONE;
		add(&fleet, sighting);
	}
	finish(&fleet);
	assert_int_equal(fleet.host_count, 3); /* without those not known */
	assert_text(fleet.hosts[0].value, "web1");
	assert_int_equal(fleet.hosts[0].count, 3);
	assert_text(fleet.hosts[1].value, "web2");
	assert_int_equal(fleet.hosts[1].count, 2);
	assert_text(fleet.hosts[2].value, "db1");
	assert_int_equal(fleet.release_count, 1);
	assert_int_equal(fleet.releases[0].count, 6);
	const struct fleet_group *first = &fleet.groups[0], *second = &fleet.groups[1];
	assert_int_equal(first->host_count, 3);
	assert_text(first->hosts[0].value, "db1"); /* once each: by name */
	assert_text(first->hosts[2].value, "web2");
	assert_int_equal(first->releases[0].count, 3);
	assert_int_equal(second->host_count, 2);
	assert_text(second->hosts[0].value, "web1");
	assert_int_equal(second->hosts[0].count, 2);
	fleet_free(&fleet);
}

/* ---- related groups ---- */

static void test_related(void **state)
{
	struct fleet fleet = { 0 };
	struct sighting elsewhere = unknown_crash("/4", "", "f4", 40), nameless = unknown_crash("/5", "", "f5", 30),
			other_kind = unknown_crash("/6", "", "f6", 20);

	(void)state;
	elsewhere.culprit = TEXT("bar");
	nameless.culprit = TEXT_NONE;
	other_kind.kind = TEXT("kernel-bug");
	add(&fleet, unknown_crash("/1", "", "f1", 70));
	add(&fleet, unknown_crash("/2", "", "f2", 60));
	add(&fleet, known_crash("/k", "", "bug", 65)); /* the same kind and culprit, but its bug is known */
	add(&fleet, unknown_crash("/3", "", "f3", 50));
	add(&fleet, elsewhere);
	add(&fleet, nameless);
	nameless.fingerprint = TEXT("f7"); /* no culprit is no common one */
	add(&fleet, nameless);
	add(&fleet, other_kind);
	finish(&fleet);
	assert_int_equal(fleet.group_count, 8);
	assert_int_equal(fleet.groups[0].verdict, SIGHTING_KNOWN);
	assert_int_equal(fleet.groups[0].related_count, 0);
	assert_text(fleet.groups[2].key, "f2");
	assert_int_equal(fleet.groups[2].related_count, 2);
	assert_int_equal(fleet.groups[2].related[0], 1);
	assert_int_equal(fleet.groups[2].related[1], 3);
	assert_int_equal(fleet.groups[1].related[0], 2);
	assert_int_equal(fleet.groups[3].related[1], 2);
	for (size_t i = 4; i < fleet.group_count; i++)
		assert_int_equal(fleet.groups[i].related_count, 0);
	fleet_free(&fleet);
}

/* ---- many ---- */

enum { MANY = 200000 };

/* What is different from one of many to the next. */
enum shape { ALL_THE_SAME_CRASH, ONE_GROUP, EACH_A_GROUP, SHAPE_COUNT };

static void add_many(struct fleet *fleet, enum shape shape)
{
	char path[64], identity[32], fingerprint[32], host[32];

	for (size_t i = 0; i < MANY; i++) {
		snprintf(path, sizeof path, "/var/crash/127.0.0.1-2026-11-24-%06zu/vmcore-dmesg.txt", i);
		snprintf(identity, sizeof identity, "%016zx", shape == ALL_THE_SAME_CRASH ? 0 : i);
		snprintf(fingerprint, sizeof fingerprint, "%016zx", shape == EACH_A_GROUP ? i : 0);
		snprintf(host, sizeof host, "host%zu", shape == ONE_GROUP ? i / 2 : i % 10);
		struct sighting sighting = unknown_crash(path, identity, fingerprint, (int64_t)(i * 7919 % MANY));
		struct error error;
		sighting.host = text_from(host);
		assert_true(fleet_add(fleet, &sighting, false, &error));
	}
}

static void assert_many(const struct fleet *fleet, enum shape shape)
{
	size_t expected[SHAPE_COUNT] = { [ALL_THE_SAME_CRASH] = 1, [ONE_GROUP] = 1, [EACH_A_GROUP] = MANY };

	assert_int_equal(fleet->crash_count, shape == ALL_THE_SAME_CRASH ? 1 : MANY);
	assert_int_equal(fleet->copy_count, MANY - fleet->crash_count);
	assert_int_equal(fleet->group_count, expected[shape]);
	if (shape == ONE_GROUP)
		assert_int_equal(fleet->groups[0].host_count, MANY / 2);
	if (shape == EACH_A_GROUP)
		for (size_t i = 0; i < MANY; i++)
			assert_int_equal(fleet->groups[i].related_count, FLEET_RELATED_MOST);
	for (size_t i = 1; i < fleet->groups[0].count; i++)
		assert_true(fleet->groups[0].crashes[i - 1]->sighting->crashed_at >=
			    fleet->groups[0].crashes[i]->sighting->crashed_at);
}

/* Under 1 KB each, and in seconds of the processor: were anything quadratic, it would take many minutes. */
static void test_many(void **state)
{
	(void)state;
	for (enum shape shape = 0; shape < SHAPE_COUNT; shape++) {
		struct fleet fleet = { 0 };
		clock_t begin = clock();
		add_many(&fleet, shape);
		finish(&fleet);
		assert_true(clock() - begin < 30 * CLOCKS_PER_SEC);
		assert_true(fleet.arena.used < (size_t)MANY * 1000);
		assert_many(&fleet, shape);
		fleet_free(&fleet);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_of_verdicts),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_kinds_of_input),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_sightings_are_copied),
		cmocka_unit_test(test_groups_by_verdict_and_key),
		cmocka_unit_test(test_order_of_groups),
		cmocka_unit_test(test_times_and_fix),
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_related),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
