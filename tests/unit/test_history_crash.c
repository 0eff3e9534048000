/* A crash is kept once: which of its sightings speaks for it, and what becomes of it when its files change. */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "test_history.h"

#include <time.h>

/* The sighting that speaks for the first crash. */
static struct sighting *best_of(struct history *history, struct shown *shown)
{
	each(history, ((struct history_query){ SIGHTING_NO_TIME, SIGHTING_NO_TIME, true }), shown);
	assert_true(shown->count > 0);
	return &shown->items[0];
}

/* ---- the richest ---- */

static struct sighting poor(const char *path)
{
	struct sighting s = make_sighting(path, "x");

	s.host = TEXT_NONE;
	s.crashed_at = SIGHTING_NO_TIME;
	s.from_dump = false;
	s.incomplete = true;
	s.frames = 0;
	return s;
}

static struct sighting with_host(struct sighting s)
{
	s.host = TEXT("web2");
	return s;
}

static struct sighting with_time(struct sighting s)
{
	s.crashed_at = 1700000000;
	return s;
}

static struct sighting of_dump(struct sighting s)
{
	s.from_dump = true;
	return s;
}

static struct sighting whole(struct sighting s)
{
	s.incomplete = false;
	return s;
}

static struct sighting with_frames(struct sighting s, unsigned frames)
{
	s.frames = frames;
	return s;
}

/* Each is richer than the next, in whatever order they come, together or one after another. */
static void test_the_richest_speaks(void **state)
{
	const struct sighting rows[] = {
		with_host(with_time(poor("/9"))),
		with_host(of_dump(whole(with_frames(poor("/8"), 2000)))),
		with_host(with_frames(poor("/7"), 1)),
		with_host(poor("/6b")),
		with_time(of_dump(poor("/6"))),
		with_time(whole(with_frames(poor("/5"), 300))),
		of_dump(whole(poor("/4"))),
		of_dump(with_frames(poor("/3"), 256)),
		whole(with_frames(poor("/2"), 20)),
		whole(with_frames(poor("/1b"), 19)),
		with_frames(poor("/1"), 2000),
		with_frames(poor("/0"), 1),
		poor("/"),
		poor("/z"), /* as rich; the other comes first */
	};
	struct history *history = open_history(HISTORY_WRITE);
	struct shown shown = { 0 };

	(void)state;
	for (size_t i = 0; i + 1 < COUNT(rows); i++) {
		for (size_t k = i + 1; k < COUNT(rows); k++) {
			for (int order = 0; order < 4; order++) {
				add(history, rows[order & 1 ? i : k]);
				if (order & 2)
					flush(history);
				add(history, rows[order & 1 ? k : i]);
				assert_text(best_of(history, &shown)->path, rows[i].path);
				assert_int_equal(shown.count, 2);
				assert_text(shown.items[1].path, rows[k].path);
				empty_history();
			}
		}
	}
	close_history(history);
	arena_free(&shown.arena);
}

/* What the best does not know, another may. Look-ups give each as it was added. */
static void test_host_and_time_of_any(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting host = with_host(poor("/1")), dated = of_dump(with_time(poor("/2")));
	struct sighting later = with_time(poor("/3"));
	struct shown shown = { 0 };

	(void)state;
	later.crashed_at++;
	host.detail = TEXT("{\"of\":\"host\"}");
	add(history, later);
	add(history, dated);
	add(history, host);
	struct sighting expected = host;
	expected.crashed_at = dated.crashed_at; /* the richest that knows it */
	assert_sighting(best_of(history, &shown), &expected, true);
	assert_sighting(&shown.items[1], &dated, false);
	assert_sighting(&shown.items[2], &later, false);
	/* By that time it is found, and by no other. */
	assert_string_equal(all_of(history, (struct history_query){ dated.crashed_at, dated.crashed_at + 1, false }),
			    "x@/1 =x@/2 =x@/3");
	assert_string_equal(all_of(history, (struct history_query){ dated.crashed_at + 1, SIGHTING_NO_TIME, false }), "");
	assert_int_equal(look_up(history, host.source, CATALOGUE, &shown), HISTORY_SEEN);
	assert_sighting(&shown.items[0], &host, false);
	close_history(history);
	arena_free(&shown.arena);
}

/* The last catalogue that was used knows best, even of a poorer copy; among those of one catalogue the richest speaks. */
static void test_the_latest_catalogue_speaks(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting rich = make_sighting("/rich", "x"), log = poor("/log");
	struct shown shown = { 0 };

	(void)state;
	rich.verdict = SIGHTING_UNKNOWN;
	rich.signature = TEXT_NONE;
	add(history, rich);
	add(history, log);
	assert_text(best_of(history, &shown)->path, TEXT("/rich"));
	add_all(history, &log, 1, TEXT("c2"));
	struct sighting *best = best_of(history, &shown);
	assert_text(best->path, TEXT("/log"));
	assert_int_equal(best->verdict, SIGHTING_KNOWN);
	assert_text(best->host, rich.host);
	assert_true(best->crashed_at == rich.crashed_at);
	add_all(history, &rich, 1, TEXT("c2"));
	best = best_of(history, &shown);
	assert_text(best->path, TEXT("/rich"));
	assert_int_equal(best->verdict, SIGHTING_UNKNOWN);
	assert_int_equal(look_up(history, log.source, TEXT("c2"), &shown), HISTORY_SEEN);
	assert_int_equal(look_up(history, rich.source, TEXT("c2"), &shown), HISTORY_SEEN);
	close_history(history);
	arena_free(&shown.arena);
}

/* ---- files that change ---- */

static struct sighting changed(struct sighting s)
{
	s.source.modified++;
	return s;
}

static struct sighting failed(struct sighting s)
{
	struct sighting failure = make_other(s.path.data, SIGHTING_FAILED);

	failure.source = s.source;
	return failure;
}

/* Added one after another; then all of it must be as the row says. */
#define STEPS_MOST 4
struct step {
	struct sighting sightings[3]; /* of one source; a verdict of SIGHTING_FAILED without failure: no more */
	const char *catalogue;        /* NULL: no more steps */
};

static struct sighting in(const char *archive, struct sighting s)
{
	s.source.file = text_from(archive);
	return s;
}

#define A(id)  make_sighting("/a", id)
#define B(id)  make_sighting("/b", id)
#define SOS(s) in("/sos", s)

static void test_files_that_change(void **state)
{
	const struct {
		const char *expected;
		struct step steps[STEPS_MOST];
	} rows[] = {
		/* The same again. */
		{ "1@/a", { { { A("1") }, "c1" }, { { A("1") }, "c1" }, { { A("1") }, "c2" } } },
		{ "1@/a", { { { A("1") }, "c1" }, { { changed(A("1")) }, "c1" } } },
		/* Copies. */
		{ "1@/a =1@/b", { { { B("1") }, "c1" }, { { A("1") }, "c1" } } },
		/* Another file in the same place: both crashes happened. */
		{ "1@/a 2@/a", { { { A("1") }, "c1" }, { { changed(A("2")) }, "c1" } } },
		{ "1@/a 2@/a 3@/a",
		  { { { A("1") }, "c1" }, { { changed(A("2")) }, "c1" }, { { changed(changed(A("3"))) }, "c1" } } },
		{ "1@/a no-crash@/a", { { { A("1") }, "c1" }, { { changed(make_other("/a", SIGHTING_NO_CRASH)) }, "c1" } } },
		{ "1@/a failed@/a", { { { A("1") }, "c1" }, { { failed(changed(A("1"))) }, "c1" } } },
		/* Its copy lies elsewhere. */
		{ "1@/b 2@/a", { { { A("1") }, "c1" }, { { B("1") }, "c1" }, { { changed(A("2")) }, "c1" } } },
		/* It was copied, then replaced; it comes back. */
		{ "1@/b 2@/a", { { { A("1") }, "c1" }, { { changed(A("2")) }, "c1" }, { { B("1") }, "c1" } } },
		{ "1@/a 2@/a", { { { A("1") }, "c1" }, { { changed(A("2")) }, "c1" }, { { A("1") }, "c1" } } },
		/* A newer program sees another crash in the same file, or none. */
		{ "2@/a", { { { A("1") }, "c1" }, { { A("2") }, "c2" } } },
		{ "2@/a", { { { A("1") }, "c1" }, { { A("2") }, "c1" } } },
		{ "no-crash@/a",
		  { { { A("1") }, "c1" },
		    { { in("/a", (struct sighting){ .source = A("").source,
						    .path = TEXT("/a"),
						    .verdict = SIGHTING_NO_CRASH,
						    .crashed_at = SIGHTING_NO_TIME }) },
		      "c2" } } },
		{ "2@/a =2@/b", { { { A("1") }, "c1" }, { { B("1") }, "c1" }, { { A("2") }, "c2" }, { { B("2") }, "c2" } } },
		{ "1@/b 2@/a", { { { A("1") }, "c1" }, { { B("1") }, "c1" }, { { A("2") }, "c2" } } },
		/* It failed this time. */
		{ "1@/a failed@/a", { { { A("1") }, "c1" }, { { failed(A("1")) }, "c2" } } },
		{ "1@/a", { { { A("1") }, "c1" }, { { failed(A("1")) }, "c2" }, { { A("1") }, "c2" } } },
		{ "2@/a", { { { A("1") }, "c1" }, { { failed(A("1")) }, "c2" }, { { A("2") }, "c3" } } },
		/* An archive, of which a part failed: what may hide there is kept, what has a new verdict is replaced. */
		{ "1@/a 3@/b failed@/a",
		  { { { SOS(A("1")), SOS(B("2")) }, "c1" }, { { SOS(failed(A("1"))), SOS(B("3")) }, "c2" } } },
		{ "1@/a 3@/b failed@/c",
		  { { { SOS(A("1")), SOS(B("2")) }, "c1" },
		    { { SOS(failed(make_sighting("/c", ""))), SOS(B("3")) }, "c2" } } },
		{ "3@/b", { { { SOS(A("1")), SOS(B("2")) }, "c1" }, { { SOS(B("3")) }, "c2" } } },
	};

	struct history *history = open_history(HISTORY_WRITE);

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (int flushed = 0; flushed < 2; flushed++) {
			for (size_t k = 0; k < STEPS_MOST && rows[i].steps[k].catalogue; k++) {
				const struct step *step = &rows[i].steps[k];
				size_t count = 0;
				while (count < COUNT(step->sightings) && step->sightings[count].path.length)
					count++;
				add_all(history, step->sightings, count, text_from(step->catalogue));
				if (flushed)
					flush(history);
			}
			const char *got = all_of(history, ALL);
			if (strcmp(got, rows[i].expected) != 0)
				fail_msg("row %zu, %sflushed: '%s' is not '%s'", i, flushed ? "" : "not ", got,
					 rows[i].expected);
			empty_history();
		}
	}
	close_history(history);
}

/* Of a file that is gone, the richest sighting stays, with what it knows, until another is as rich. */
static void test_what_a_replaced_file_told(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting rich = make_sighting("/dump", "x"), log = poor("/log");
	struct shown shown = { 0 };

	(void)state;
	log.headline = TEXT("another");
	add(history, rich);
	add(history, changed(make_sighting("/dump", "y")));
	add(history, log);
	assert_sighting(best_of(history, &shown), &rich, true);
	assert_text(shown.items[1].path, TEXT("/log"));
	add_all(history, &log, 1, TEXT("c2"));
	struct sighting expected = log;
	expected.host = rich.host;
	expected.crashed_at = rich.crashed_at;
	assert_sighting(best_of(history, &shown), &expected, true);
	assert_int_equal(shown.count, 2); /* the one that is gone is no copy any more */
	assert_text(shown.items[1].identity, TEXT("y"));
	struct sighting copy = make_sighting("/copy", "x");
	add_all(history, &copy, 1, TEXT("c2"));
	assert_string_equal(all_of(history, ALL), "x@/copy =x@/log y@/dump");
	assert_int_equal(ask_sql(DATABASE, "SELECT count(*) FROM sighting"), 3);
	/* However often a file changes, no more is kept of it than of its crashes. */
	for (int i = 0; i < 20; i++) {
		log.identity = i % 2 ? TEXT("v") : TEXT("w");
		log.source.modified++;
		add_all(history, &log, 1, TEXT("c2"));
	}
	flush(history);
	assert_int_equal(ask_sql(DATABASE, "SELECT count(*) FROM sighting"), 4);
	close_history(history);
	arena_free(&shown.arena);
}

/* Since when an undated crash is known does not change when it is triaged anew, and named differently. */
static void test_first_seen_stays(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s = poor("/a");

	(void)state;
	add(history, s);
	flush(history);
	sleep(1);
	const int64_t now = (int64_t)time(NULL);
	const struct history_query before = { SIGHTING_NO_TIME, now, false };
	assert_string_equal(all_of(history, before), "x@/a");
	add_all(history, &s, 1, TEXT("c2"));
	assert_string_equal(all_of(history, before), "x@/a");
	s.identity = TEXT("y");
	add_all(history, &s, 1, TEXT("c3"));
	assert_string_equal(all_of(history, before), "y@/a");
	s = changed(s); /* a log that grows */
	add_all(history, &s, 1, TEXT("c3"));
	assert_string_equal(all_of(history, before), "y@/a");
	s.identity = TEXT("z"); /* now this is new */
	s = changed(s);
	add_all(history, &s, 1, TEXT("c3"));
	assert_string_equal(all_of(history, before), "y@/a");
	assert_string_equal(all_of(history, ALL), "y@/a z@/a");
	close_history(history);
}

/* A caller that knows none: one place, one crash. */
static void test_crashes_without_identity(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting a = make_sighting("/a", ""), b = make_sighting("/b", ""), none = make_other("/c", SIGHTING_NO_CRASH);
	struct shown shown = { 0 };

	(void)state;
	add(history, a);
	add(history, b);
	add(history, a);
	none.identity = TEXT("1"); /* and one where there is no crash counts for nothing */
	add(history, none);
	each(history, ALL, &shown);
	assert_int_equal(shown.count, 3);
	assert_int_equal(shown.items[0].identity.length, 16);
	assert_int_equal(shown.items[1].identity.length, 16);
	assert_false(text_equal(shown.items[0].identity, shown.items[1].identity));
	assert_text(shown.items[2].identity, TEXT_NONE);
	close_history(history);
	arena_free(&shown.arena);
}

/* Each batch looks at all copies of a crash once, not each copy at all others: seconds, not minutes. */
static void test_many_copies(void **state)
{
	enum { COPIES = 10000 };
	struct history *history = open_history(HISTORY_WRITE);
	struct shown shown = { 0 };
	char name[32];

	(void)state;
	for (int catalogue = 1; catalogue < 3; catalogue++) {
		for (size_t i = 0; i < COPIES; i++) {
			snprintf(name, sizeof name, "/%05zu", i);
			struct sighting s = make_sighting(name, catalogue == 1 ? "x" : "y");
			add_all(history, &s, 1, catalogue == 1 ? TEXT("c1") : TEXT("c2"));
		}
		assert_text(best_of(history, &shown)->path, TEXT("/00000"));
		assert_int_equal(shown.count, COPIES);
		assert_text(shown.items[COPIES - 1].identity, catalogue == 1 ? TEXT("x") : TEXT("y"));
	}
	close_history(history);
	arena_free(&shown.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_the_richest_speaks),          IN_A_DIRECTORY(test_host_and_time_of_any),
		IN_A_DIRECTORY(test_the_latest_catalogue_speaks), IN_A_DIRECTORY(test_files_that_change),
		IN_A_DIRECTORY(test_what_a_replaced_file_told),   IN_A_DIRECTORY(test_first_seen_stays),
		IN_A_DIRECTORY(test_crashes_without_identity),    IN_A_DIRECTORY(test_many_copies),
	};

	return cmocka_run_group_tests_name("history_crash", tests, NULL, NULL);
}
