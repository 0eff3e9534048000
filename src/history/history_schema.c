/*
 * The layout of the database: steps that lead from each version to the next. A step that was once released is never changed;
 * a new layout is a new step.
 */
#include "history/history_parts.h"

#include "history/history_row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const steps[] = {
	/*
	 * 1. A sighting: a row for each input that came of a source, the source's own facts in each. former: its file has
	 * gone since, or holds something else; such a row is kept where nothing better tells of its crash. rank: how rich,
	 * see history_store.c. seen_at: when this file was first seen, as it is. A crash: what its sightings have in common;
	 * best: the id of the one that speaks for it.
	 */
	"CREATE TABLE sighting (id INTEGER PRIMARY KEY, file BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT "
	"NULL,"
	" catalogue TEXT NOT NULL, former INTEGER NOT NULL, seen_at INTEGER NOT NULL, rank INTEGER NOT NULL,"
	" path BLOB NOT NULL, verdict TEXT NOT NULL, failure TEXT, identity TEXT, kind TEXT, headline TEXT, title TEXT,"
	" culprit TEXT, fingerprint TEXT, signature TEXT, signature_title TEXT, affected TEXT, fix TEXT, release TEXT,"
	" host TEXT, crashed_at INTEGER, incomplete INTEGER NOT NULL, from_dump INTEGER NOT NULL, frames INTEGER NOT NULL,"
	" detail TEXT);"
	"CREATE INDEX sighting_file ON sighting (file);"
	"CREATE INDEX sighting_identity ON sighting (identity);"
	"CREATE TABLE crash (identity TEXT PRIMARY KEY, best INTEGER NOT NULL, first_seen INTEGER NOT NULL) WITHOUT ROWID;",

	/* 2. What any of its sightings knows of a crash's host and time, so that reports of a span of time are fast. */
	"ALTER TABLE crash ADD COLUMN host TEXT;"
	"ALTER TABLE crash ADD COLUMN crashed_at INTEGER;"
	"UPDATE crash SET"
	" host = (SELECT host FROM sighting WHERE identity = crash.identity AND host IS NOT NULL"
	" ORDER BY rank DESC, former, file, path, id LIMIT 1),"
	" crashed_at = (SELECT crashed_at FROM sighting WHERE identity = crash.identity AND crashed_at IS NOT NULL"
	" ORDER BY rank DESC, former, file, path, id LIMIT 1);"
	"CREATE INDEX crash_time ON crash (coalesce(crashed_at, first_seen));",
};

enum { LAYOUT = sizeof steps / sizeof *steps };

static bool refuse_foreign(const struct history *history, const char *what, struct error *error)
{
	return error_set(error, "%s is no history but %s: name another file, or move it away", history->path, what);
}

static bool check_version(const struct history *history, int64_t version, struct error *error)
{
	if (version > LAYOUT)
		return error_set(error,
				 "the history %s was written by a newer kdump-triage (layout %" PRId64
				 ", this one knows up to %d): install that, or keep another history",
				 history->path, version, LAYOUT);
	return version >= 1 || history_fail_damaged(history, "it has no layout", error);
}

bool history_check_application(struct history *history, struct error *error)
{
	int64_t application;
	bool readable = history_ask(history, "PRAGMA application_id", &application, error);

	if (!readable && sqlite.sqlite3_extended_errcode(history->database) == SQLITE_NOTADB) {
		/* A machine that stopped while the first page was written has it in the journal. */
		return history_place_has_journal(history->path) ||
		       refuse_foreign(history, "something else, or its beginning was overwritten", error);
	}
	return readable &&
	       (application == HISTORY_APPLICATION || refuse_foreign(history, "a database of another program", error));
}

bool history_check_layout(struct history *history, struct error *error)
{
	sqlite3_stmt *statement = history_statement(history, STATEMENT_LAYOUT, error);
	bool failed;

	if (!statement || !history_step(history, statement, &failed, error))
		return false;
	int64_t version = sqlite.sqlite3_column_int64(statement, 0);
	sqlite.sqlite3_reset(statement);
	return version == LAYOUT || (check_version(history, version, error) &&
				     history_fail_damaged(history, "its layout became another meanwhile", error));
}

/* ---- comparing with what the steps make ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Versions of SQLite put the SQL of an altered table together with more blanks, or fewer. */
static bool same_sql(struct text a, struct text b)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < a.length && is_space(a.data[i]))
			i++;
		while (k < b.length && is_space(b.data[k]))
			k++;
		if (i == a.length || k == b.length)
			return i == a.length && k == b.length;
		if (a.data[i++] != b.data[k++])
			return false;
	}
}

static bool same_row(sqlite3_stmt *a, sqlite3_stmt *b)
{
	enum { COLUMNS = 4 };

	for (int i = 0; i < COLUMNS; i++)
		if (!same_sql(row_text(a, i), row_text(b, i)))
			return false;
	return true;
}

/* Whether two databases hold the same tables and indexes, and nothing else. */
static bool same_schema(struct history *given, struct history *model, bool *same, struct error *error)
{
	static const char list[] = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name";
	sqlite3_stmt *rows = NULL, *expected = NULL;
	bool failed = false, more, more_expected;

	*same = false;
	if (sqlite.sqlite3_prepare_v2(given->database, list, -1, &rows, NULL) != SQLITE_OK)
		return history_fail(given, error);
	if (sqlite.sqlite3_prepare_v2(model->database, list, -1, &expected, NULL) != SQLITE_OK)
		failed = !history_fail(model, error);
	do {
		more = !failed && history_step(given, rows, &failed, error);
		more_expected = !failed && history_step(model, expected, &failed, error);
		*same = more == more_expected && (!more || same_row(rows, expected));
	} while (*same && more);
	sqlite.sqlite3_finalize(rows);
	sqlite.sqlite3_finalize(expected);
	return !failed;
}

/* A trigger, a view, a table with an expression of somebody's making: nothing of that is ever run. */
static bool check_schema(struct history *history, int64_t version, struct error *error)
{
	struct history model = { .path = history->path };
	bool same = false, done = true;

	if (sqlite.sqlite3_open_v2(":memory:", &model.database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) !=
	    SQLITE_OK)
		done = model.database ? history_fail(&model, error) : error_out_of_memory(error);
	for (int64_t i = 0; done && i < version; i++)
		done = history_run_sql(&model, steps[i], error);
	done = done && same_schema(history, &model, &same, error);
	sqlite.sqlite3_close(model.database);
	return done && (same || history_fail_damaged(history, "its tables are not those of a history", error));
}

/* ---- from one version to the next ---- */

/* In a transaction, where SQLite has put a first page into an empty file. */
static bool is_new(struct history *history, bool *new, struct error *error)
{
	int64_t tables, application;
	bool done = history_ask(history, "SELECT count(*) FROM sqlite_master", &tables, error) &&
		    history_ask(history, "PRAGMA application_id", &application, error);

	*new = done && !tables && !application;
	return done;
}

static bool set_version(struct history *history, int64_t version, struct error *error)
{
	char sql[100];

	snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %" PRId64, HISTORY_APPLICATION,
		 version);
	return history_run_sql(history, sql, error);
}

/* In a transaction: the step from the version that it has now, if it is not the last already. */
static bool take_step(struct history *history, bool *last, struct error *error)
{
	int64_t version = 0;
	bool new;

	if (!is_new(history, &new, error) ||
	    (!new &&
	     (!history_check_application(history, error) || !history_ask(history, "PRAGMA user_version", &version, error) ||
	      !check_version(history, version, error) || !check_schema(history, version, error))))
		return false;
	*last = version == LAYOUT;
	return *last || (history_run_sql(history, steps[version], error) && set_version(history, version + 1, error));
}

static bool take_steps(struct history *history, struct error *error)
{
	struct error ignored;
	bool last = false, done = true;

	if (sqlite.sqlite3_db_readonly(history->database, "main") == 1)
		return error_set(
			error,
			"the history %s was written by an older kdump-triage, and may not be changed to what this one "
			"reads: copy it to a directory of yours",
			history->path);
	while (done && !last) {
		done = history_run_sql(history, "BEGIN IMMEDIATE", error) && take_step(history, &last, error) &&
		       history_run_sql(history, "COMMIT", error);
		if (!done)
			history_run_sql(history, "ROLLBACK", &ignored);
	}
	return done;
}

/* What the database holds: no pages yet, or the layout of a version, checked. */
static bool look(struct history *history, int64_t *pages, int64_t *version, struct error *error)
{
	return history_ask(history, "PRAGMA page_count", pages, error) &&
	       (!*pages ||
		(history_check_application(history, error) && history_ask(history, "PRAGMA user_version", version, error) &&
		 check_version(history, *version, error) && check_schema(history, *version, error)));
}

bool history_settle_layout(struct history *history, struct error *error)
{
	int64_t version = 0, pages = 0;
	struct error ignored;

	/* In one transaction: between a version and its tables, another program may take a step. */
	bool done = history_run_sql(history, "BEGIN", error) && look(history, &pages, &version, error);
	history_run_sql(history, "ROLLBACK", &ignored);
	if (done && !pages && history->mode == HISTORY_READ)
		return error_set(error, "the history %s is empty yet: scan first", history->path);
	return done && (version == LAYOUT || take_steps(history, error));
}
