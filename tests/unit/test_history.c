/* What a history keeps, and how it tells what it has seen. */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "test_history.h"

#include <time.h>

static void test_every_field_comes_back(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting crash = make_sighting("/var/crash/a/vmcore", "0123456789abcdef");
	struct sighting failure = make_other("/var/crash/b", SIGHTING_FAILED);
	struct shown shown = { 0 };

	(void)state;
	failure.release = TEXT("6.1.0");
	crash.failure = TEXT("read error at byte 17: what could be read was triaged");
	crash.incomplete = true;
	add(history, crash);
	add(history, failure);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(look_up(history, crash.source, CATALOGUE, &shown), HISTORY_SEEN);
		assert_int_equal(shown.count, 1);
		assert_sighting(&shown.items[0], &crash, false);
		assert_int_equal(look_up(history, failure.source, CATALOGUE, &shown), HISTORY_SEEN);
		assert_int_equal(shown.count, 1);
		assert_sighting(&shown.items[0], &failure, false);
		for (int detail = 0; detail < 2; detail++) {
			struct history_query query = ALL;
			query.with_detail = detail;
			each(history, query, &shown);
			assert_int_equal(shown.count, 2);
			assert_sighting(&shown.items[0], &crash, detail);
			assert_sighting(&shown.items[1], &failure, detail);
		}
		close_history(history);
		history = open_history(HISTORY_READ);
	}
	close_history(history);
	arena_free(&shown.arena);
}

/* Bytes that are no UTF-8, NUL and line feed, numbers at their ends, texts that are empty. */
static void test_foreign_bytes_and_extremes(void **state)
{
	static const struct text words[] = {
		TEXT("a\0b"),         TEXT("\0"), TEXT("\xff\xfe/\n\x01"), TEXT("'; DROP TABLE crash; --"),
		TEXT("\xed\xa0\x80"), TEXT("")
	};
	static const int64_t numbers[] = { INT64_MIN, INT64_MAX, 0, -1, 1 };
	struct history *history = open_history(HISTORY_WRITE);
	struct shown shown = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++) {
		for (size_t k = 0; k < COUNT(numbers); k++) {
			struct text w = words[i], identity = i ? words[i] : TEXT("\0\0");
			struct sighting s = { { w, (uint64_t)numbers[k], numbers[k] },
					      w,
					      SIGHTING_SIMILAR,
					      w,
					      identity,
					      w,
					      w,
					      w,
					      w,
					      w,
					      w,
					      w,
					      w,
					      w,
					      w,
					      w,
					      .crashed_at = numbers[k],
					      .frames = UINT32_MAX,
					      .detail = w };
			add(history, s);
			assert_int_equal(look_up(history, s.source, w, &shown), HISTORY_STALE);
			add_all(history, &s, 1, w);
			assert_int_equal(look_up(history, s.source, w, &shown), HISTORY_SEEN);
			assert_int_equal(shown.count, 1);
			if (!identity.length) {
				assert_int_equal(shown.items[0].identity.length, 16);
				s.identity = shown.items[0].identity;
			}
			assert_sighting(&shown.items[0], &s, false);
			s.source.modified ^= 1;
			assert_int_equal(look_up(history, s.source, w, &shown), HISTORY_NEW);
		}
	}
	close_history(history);
	arena_free(&shown.arena);
}

static void test_look_up(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s = make_sighting("/a", "1");
	struct sighting_source source = s.source;
	struct shown shown = { 0 };

	(void)state;
	assert_int_equal(look_up(history, source, CATALOGUE, &shown), HISTORY_NEW);
	add(history, s);
	assert_int_equal(look_up(history, source, CATALOGUE, &shown), HISTORY_SEEN);
	assert_int_equal(look_up(history, source, TEXT("c2"), &shown), HISTORY_STALE);
	assert_int_equal(shown.count, 1);
	source.size++;
	assert_int_equal(look_up(history, source, CATALOGUE, &shown), HISTORY_NEW);
	assert_int_equal(look_up(history, source, TEXT("c2"), &shown), HISTORY_NEW);
	source.size--;
	source.modified--;
	assert_int_equal(look_up(history, source, CATALOGUE, &shown), HISTORY_NEW);
	source = s.source;
	source.file = TEXT("/a/");
	assert_int_equal(look_up(history, source, CATALOGUE, &shown), HISTORY_NEW);
	add_all(history, &s, 1, TEXT("c2"));
	assert_int_equal(look_up(history, s.source, CATALOGUE, &shown), HISTORY_STALE);
	assert_int_equal(look_up(history, s.source, TEXT("c2"), &shown), HISTORY_SEEN);
	close_history(history);
	arena_free(&shown.arena);
}

static void test_an_archive_has_several(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s[] = { make_sighting("/sos.tar", "3"), make_sighting("/sos.tar", "1"),
				make_sighting("/sos.tar", "1"), make_other("/sos.tar", SIGHTING_FAILED),
				make_other("/sos.tar", SIGHTING_NO_CRASH) };
	static const char *const paths[] = { "/sos.tar/z", "/sos.tar/y", "/sos.tar/x", "/sos.tar/w", "/sos.tar/v" };
	struct shown shown = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(s); i++)
		s[i].path = text_from(paths[i]);
	add_all(history, s, COUNT(s), CATALOGUE);
	add(history, make_sighting("/sos.tar.gz", "2"));
	assert_int_equal(look_up(history, s[0].source, CATALOGUE, &shown), HISTORY_SEEN);
	assert_int_equal(shown.count, COUNT(s));
	for (size_t i = 0; i < COUNT(s); i++) {
		s[i].source = s[0].source; /* one file, one size */
		assert_sighting(&shown.items[i], &s[i], false);
	}
	shown.most = 2; /* the visitor has enough */
	assert_int_equal(look_up(history, s[0].source, CATALOGUE, &shown), HISTORY_SEEN);
	assert_int_equal(shown.count, 2);
	assert_string_equal(all_of(history, ALL), "1@/sos.tar/x =1@/sos.tar/y 2@/sos.tar.gz 3@/sos.tar/z failed@/sos.tar/w "
						  "no-crash@/sos.tar/v");
	for (shown.most = 1; shown.most <= 6; shown.most++) {
		each(history, ALL, &shown);
		assert_int_equal(shown.count, shown.most);
	}
	add(history, make_sighting("/b", "4")); /* all is well behind a query that was ended */
	assert_string_equal(all_of(history, ALL),
			    "1@/sos.tar/x =1@/sos.tar/y 2@/sos.tar.gz 3@/sos.tar/z 4@/b failed@/sos.tar/w "
			    "no-crash@/sos.tar/v");
	add_all(history, &s[1], 1, CATALOGUE); /* all that came of it, this time */
	assert_string_equal(all_of(history, ALL), "1@/sos.tar/y 2@/sos.tar.gz 4@/b");
	add_all(history, NULL, 0, CATALOGUE);
	close_history(history);
	arena_free(&shown.arena);
}

/* By time: known or, where it is not, since when it is in the history. */
static void test_query_by_time(void **state)
{
	const int64_t now = (int64_t)time(NULL), none = SIGHTING_NO_TIME;
	const struct {
		struct history_query query;
		const char *expected;
	} rows[] = {
		{ { none, none, false }, "old@/3 new@/1 undated@/2 failed@/5 no-crash@/4" },
		{ { 1000, none, true }, "old@/3 new@/1 undated@/2 failed@/5 no-crash@/4" },
		{ { 1001, none, false }, "new@/1 undated@/2 failed@/5 no-crash@/4" },
		{ { none, 1000, false }, "" },
		{ { none, 1001, false }, "old@/3" },
		{ { none, now - 1000, false }, "old@/3 new@/1" },
		{ { 2000, 2001, false }, "new@/1" },
		{ { 2000, 2000, false }, "" },
		{ { now - 1000, now + 1000, false }, "undated@/2 failed@/5 no-crash@/4" },
		{ { now + 1000, none, false }, "" },
		{ { INT64_MAX, none, false }, "" },
	};
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s[] = { make_sighting("/1", "new"), make_sighting("/2", "undated"), make_sighting("/3", "old") };

	(void)state;
	s[0].crashed_at = 2000;
	s[1].crashed_at = SIGHTING_NO_TIME;
	s[2].crashed_at = 1000;
	for (size_t i = 0; i < COUNT(s); i++)
		add(history, s[i]);
	add(history, make_other("/4", SIGHTING_NO_CRASH));
	add(history, make_other("/5", SIGHTING_FAILED));
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_string_equal(all_of(history, rows[i].query), rows[i].expected);
	close_history(history);
}

/* What is added shows at once to whom adds it, to others when it is written; nothing is locked meanwhile. */
static void test_writing_waits(void **state)
{
	enum { SOURCES_AT_ONCE = 200 };
	struct history *history = open_history(HISTORY_WRITE), *other = open_history(HISTORY_WRITE);
	char names[SOURCES_AT_ONCE][16];
	struct shown shown = { 0 };

	(void)state;
	add(history, make_sighting("/a", "1"));
	assert_string_equal(all_of(other, ALL), "");
	add(other, make_sighting("/b", "2")); /* does not wait for the first */
	flush(other);
	assert_string_equal(all_of(other, ALL), "2@/b");
	assert_int_equal(look_up(history, make_sighting("/c", "").source, CATALOGUE, &shown), HISTORY_NEW);
	assert_string_equal(all_of(other, ALL), "2@/b");
	usleep(600000);
	assert_int_equal(look_up(history, make_sighting("/c", "").source, CATALOGUE, &shown), HISTORY_NEW);
	assert_string_equal(all_of(other, ALL), "1@/a 2@/b"); /* half a second later */
	add(history, make_sighting("/a", "3"));
	assert_int_equal(look_up(history, make_sighting("/a", "").source, CATALOGUE, &shown), HISTORY_SEEN);
	assert_text(shown.items[0].identity, TEXT("3"));
	assert_string_equal(all_of(other, ALL), "2@/b 3@/a"); /* as it had to be written to be looked up */
	for (size_t i = 0; i < SOURCES_AT_ONCE; i++) {
		snprintf(names[i], sizeof names[i], "/many/%zu", i);
		add(history, make_other(names[i], SIGHTING_NO_CRASH));
	}
	each(other, ALL, &shown);
	assert_int_equal(shown.count, 2 + SOURCES_AT_ONCE);
	close_history(history);
	close_history(other);
	arena_free(&shown.arena);
}

static void test_texts_that_are_too_long(void **state)
{
	enum { LENGTH = 4 * 1024 * 1024 };
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s = make_sighting("/a", "1");
	struct error error = { 0 };
	char *words = malloc(LENGTH);

	(void)state;
	assert_non_null(words);
	memset(words, 'x', LENGTH);
	add(history, make_sighting("/b", "2"));
	s.detail = (struct text){ words, LENGTH };
	assert_false(history_add(history, &s, 1, CATALOGUE, &error));
	assert_string_equal(error.message, "a verdict on /a is too long to be remembered: expected at most 4194304 bytes");
	s.detail.length -= 1000;
	add(history, s);
	assert_string_equal(all_of(history, ALL), "1@/a 2@/b"); /* and what waited was not lost */
	close_history(history);
	free(words);
}

static void test_reading_only(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s = make_sighting("/a", "1");
	struct error error = { 0 };

	(void)state;
	add(history, s);
	close_history(history);
	history = open_history(HISTORY_READ);
	assert_false(history_add(history, &s, 1, CATALOGUE, &error));
	assert_string_equal(error.message, "the history history.db was opened to be read only");
	assert_string_equal(all_of(history, ALL), "1@/a");
	close_history(history);
	assert_true(history_close(NULL, &error));
}

static bool has_loaded_sqlite(void)
{
	char line[1024];
	bool has = false;
	FILE *maps = fopen("/proc/self/maps", "r");

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps))
		has |= strstr(line, "libsqlite3") != NULL;
	fclose(maps);
	return has;
}

/* A plain triage does without it. First of all tests, as nothing unloads it. */
static void test_sqlite_is_loaded_when_it_is_needed(void **state)
{
	(void)state;
	assert_false(has_loaded_sqlite());
	close_history(open_history(HISTORY_WRITE));
	assert_true(has_loaded_sqlite());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_sqlite_is_loaded_when_it_is_needed),
		IN_A_DIRECTORY(test_every_field_comes_back),
		IN_A_DIRECTORY(test_foreign_bytes_and_extremes),
		IN_A_DIRECTORY(test_look_up),
		IN_A_DIRECTORY(test_an_archive_has_several),
		IN_A_DIRECTORY(test_query_by_time),
		IN_A_DIRECTORY(test_writing_waits),
		IN_A_DIRECTORY(test_texts_that_are_too_long),
		IN_A_DIRECTORY(test_reading_only),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
