/* For the tests of history/: a directory for each test, sightings with every field filled, and what a history gives. */
#ifndef TEST_HISTORY_H
#define TEST_HISTORY_H

#include "history/history.h"
#include "history/sqlite.h"

#include <ftw.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define DATABASE     "history.db"
#define CATALOGUE    TEXT("c1")
#define ALL          ((struct history_query){ SIGHTING_NO_TIME, SIGHTING_NO_TIME, false })

/* Each test has a directory of its own, and is in it. */
static char directory[64];

static inline int make_directory(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/kdump-triage-unit-XXXXXX");
	return mkdtemp(directory) ? chdir(directory) : -1;
}

static inline int remove_one(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status, (void)kind, (void)place;
	return remove(path);
}

static inline int remove_directory(void **state)
{
	(void)state;
	return chdir("/") == 0 ? nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS) : -1;
}

#define IN_A_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, make_directory, remove_directory)

/* ---- sightings ---- */

/* Of a crash; each text is another. The texts are good until the program ends. */
static inline struct sighting make_sighting(const char *file, const char *identity)
{
	return (struct sighting){
		.source = { text_from(file), 123456789012, INT64_C(1528103287123456789) },
		.path = text_from(file),
		.verdict = SIGHTING_KNOWN,
		.identity = text_from(identity),
		.kind = TEXT("soft-lockup"),
		.headline = TEXT("watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [nginx:1242]"),
		.title = TEXT("BUG: soft lockup in fsnotify"),
		.culprit = TEXT("fsnotify"),
		.fingerprint = TEXT("c7f845ac1d423bb8"),
		.signature = TEXT("fsnotify-mark-connector-race"),
		.signature_title = TEXT("Use after free in fsnotify"),
		.affected = TEXT("yes"),
		.fix = TEXT("3.10.0-862.9.1.el7"),
		.release = TEXT("3.10.0-862.2.3.el7.x86_64"),
		.host = TEXT("web1"),
		.crashed_at = 1528103287,
		.from_dump = true,
		.frames = 17,
		.detail = TEXT("{\"line\":7}"),
	};
}

/* An input that holds no crash, or could not be read. */
static inline struct sighting make_other(const char *file, enum sighting_verdict verdict)
{
	return (struct sighting){ .source = { text_from(file), 1, 1 },
				  .path = text_from(file),
				  .verdict = verdict,
				  .failure = verdict == SIGHTING_FAILED ? TEXT("cannot read") : TEXT_NONE,
				  .crashed_at = SIGHTING_NO_TIME };
}

static inline void assert_text(struct text got, struct text expected)
{
	if (!text_equal(got, expected))
		fail_msg("'%.*s' is not '%.*s'", TEXT_ARGS(got), TEXT_ARGS(expected));
}

/* Every field, but for the detail where that is not asked for. */
static inline void assert_sighting(const struct sighting *got, const struct sighting *expected, bool detail)
{
	assert_text(got->source.file, expected->source.file);
	assert_true(got->source.size == expected->source.size);
	assert_true(got->source.modified == expected->source.modified);
	assert_text(got->path, expected->path);
	assert_int_equal(got->verdict, expected->verdict);
	assert_text(got->failure, expected->failure);
	assert_text(got->identity, expected->identity);
	assert_text(got->kind, expected->kind);
	assert_text(got->headline, expected->headline);
	assert_text(got->title, expected->title);
	assert_text(got->culprit, expected->culprit);
	assert_text(got->fingerprint, expected->fingerprint);
	assert_text(got->signature, expected->signature);
	assert_text(got->signature_title, expected->signature_title);
	assert_text(got->affected, expected->affected);
	assert_text(got->fix, expected->fix);
	assert_text(got->release, expected->release);
	assert_text(got->host, expected->host);
	assert_true(got->crashed_at == expected->crashed_at);
	assert_int_equal(got->incomplete, expected->incomplete);
	assert_int_equal(got->from_dump, expected->from_dump);
	assert_int_equal(got->frames, expected->frames);
	assert_text(got->detail, detail ? expected->detail : TEXT_NONE);
}

/* ---- a history that works ---- */

static inline struct history *open_history(enum history_mode mode)
{
	struct error error = { 0 };
	struct history *history = history_open(DATABASE, mode, &error);

	if (!history)
		fail_msg("%s", error.message);
	return history;
}

static inline void close_history(struct history *history)
{
	struct error error = { 0 };

	if (!history_close(history, &error))
		fail_msg("%s", error.message);
}

static inline void add_all(struct history *history, const struct sighting *sightings, size_t count, struct text catalogue)
{
	struct error error = { 0 };

	if (!history_add(history, sightings, count, catalogue, &error))
		fail_msg("%s", error.message);
}

static inline void add(struct history *history, struct sighting sighting)
{
	add_all(history, &sighting, 1, CATALOGUE);
}

static inline void flush(struct history *history)
{
	struct error error = { 0 };

	if (!history_flush(history, &error))
		fail_msg("%s", error.message);
}

/* What a visitor was shown; texts are copies. */
struct shown {
	struct arena arena;
	struct sighting *items;
	size_t count;
	size_t most; /* 0: all */
};

static inline bool show_one(void *state, const struct sighting *sighting)
{
	struct shown *shown = state;
	struct sighting *item = arena_push(&shown->arena, &shown->items, &shown->count, sizeof *item);
	struct text *texts[] = {
		&item->source.file,     &item->path,     &item->failure, &item->identity,    &item->kind,
		&item->headline,        &item->title,    &item->culprit, &item->fingerprint, &item->signature,
		&item->signature_title, &item->affected, &item->fix,     &item->release,     &item->host,
		&item->detail
	};

	*item = *sighting;
	for (size_t i = 0; i < COUNT(texts); i++)
		*texts[i] = arena_copy(&shown->arena, *texts[i]);
	return shown->count != shown->most;
}

static inline void each(struct history *history, struct history_query query, struct shown *shown)
{
	struct error error = { 0 };

	arena_free(&shown->arena);
	*shown = (struct shown){ .most = shown->most };
	if (!history_each(history, &query, show_one, shown, &error))
		fail_msg("%s", error.message);
}

/* In one line: "identity@path" of each, "=identity@path" of a copy, "verdict@path" of what is no crash. */
static inline const char *all_of(struct history *history, struct history_query query)
{
	static char line[65536];
	struct shown shown = { 0 };
	struct text before = TEXT_NONE;
	size_t length = 0;

	each(history, query, &shown);
	*line = '\0';
	for (size_t i = 0; i < shown.count; i++) {
		const struct sighting *s = &shown.items[i];
		bool crash = s->verdict >= SIGHTING_UNKNOWN;
		length += (size_t)snprintf(line + length, sizeof line - length, "%s%s%.*s@%.*s", i ? " " : "",
					   crash && text_equal(before, s->identity) ? "=" : "",
					   TEXT_ARGS(crash ? s->identity : text_from(sighting_verdict_name(s->verdict))),
					   TEXT_ARGS(s->path));
		assert_true(length < sizeof line);
		before = s->identity;
	}
	arena_free(&shown.arena);
	return line;
}

static inline enum history_answer look_up(struct history *history, struct sighting_source source, struct text catalogue,
					  struct shown *shown)
{
	struct error error = { 0 };
	enum history_answer answer;

	arena_free(&shown->arena);
	*shown = (struct shown){ .most = shown->most };
	answer = history_look_up(history, &source, catalogue, show_one, shown, &error);
	if (answer == HISTORY_TROUBLE)
		fail_msg("%s", error.message);
	return answer;
}

/* ---- the file ---- */

/* Runs SQL on a database, behind the history's back. */
static inline void run_sql(const char *name, const char *sql)
{
	sqlite3 *database = NULL;
	struct error error = { 0 };

	assert_true(sqlite_load(&error));
	if (sqlite.sqlite3_open_v2(name, &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK ||
	    sqlite.sqlite3_busy_timeout(database, 10000) != SQLITE_OK ||
	    sqlite.sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite.sqlite3_errmsg(database));
	assert_int_equal(sqlite.sqlite3_close(database), SQLITE_OK);
}

/* What SQL that gives one integer gives. */
static inline int64_t ask_sql(const char *name, const char *sql)
{
	sqlite3 *database = NULL;
	sqlite3_stmt *statement = NULL;

	assert_int_equal(sqlite.sqlite3_open_v2(name, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite.sqlite3_prepare_v2(database, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite.sqlite3_step(statement), SQLITE_ROW);
	int64_t answer = sqlite.sqlite3_column_int64(statement, 0);
	sqlite.sqlite3_finalize(statement);
	assert_int_equal(sqlite.sqlite3_close(database), SQLITE_OK);
	return answer;
}

/* While it is open: a new one for each row of a test would wait for the disk most of the time. */
static inline void empty_history(void)
{
	run_sql(DATABASE, "DELETE FROM sighting; DELETE FROM crash");
}

static inline char *read_bytes(const char *name, size_t *length)
{
	FILE *file = fopen(name, "r");
	struct stat status;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*length = (size_t)status.st_size;
	char *bytes = malloc(*length + 1);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *length, file), *length);
	fclose(file);
	return bytes;
}

static inline void write_bytes(const char *name, const char *bytes, size_t length)
{
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

#endif
