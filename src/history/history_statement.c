/* The statements that a history is made of, as a table, and running them. */
#include "history/history_parts.h"

#include "history/history_row.h"

#include <errno.h>

/*
 * Which sighting of a crash is its best: by the catalogue at hand (?2), then the richest, then one whose file is still
 * there; so that the order in which they come does not matter, the path decides at last.
 */
#define RICHEST "rank DESC, former, file, path, id LIMIT 1"

/* When a crash happened, or else was first seen; as in the index crash_time. */
#define CRASH_TIME "coalesce(crash.crashed_at, crash.first_seen)"

#define CRASHES(columns)                                                                                                    \
	"SELECT crash.identity, crash.best, crash.host, crash.crashed_at, " columns                                         \
	" FROM crash JOIN sighting ON sighting.id = crash.best WHERE " CRASH_TIME " >= ? AND " CRASH_TIME                   \
	" < ? ORDER BY " CRASH_TIME ", crash.identity"

static const char *const texts[] = {
	[STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
	[STATEMENT_COMMIT] = "COMMIT",
	[STATEMENT_ROLLBACK] = "ROLLBACK",
	[STATEMENT_LAYOUT] = "PRAGMA user_version",
	[STATEMENT_LOOK_UP] =
		"SELECT catalogue, " ROW_WITHOUT_DETAIL " FROM sighting WHERE file = ? AND NOT former ORDER BY id",

	/* A source is added, ?1 file, ?2 size, ?3 modified: what was there of this file, and whether it is unchanged. */
	[STATEMENT_OLD] = "SELECT identity, size = ?2 AND modified = ?3, seen_at FROM sighting WHERE file = ?1",
	[STATEMENT_MARK_FORMER] = "UPDATE sighting SET former = 1 WHERE file = ?1 AND NOT former",
	[STATEMENT_INSERT] =
		"INSERT INTO sighting (catalogue, former, seen_at, rank" ROW_TARGETS ") VALUES (?, 0, ?, ?" ROW_PLACES ")",
	[STATEMENT_DROP_NAMED_AGAIN] = "DELETE FROM sighting WHERE file = ?1 AND former AND (identity IS NULL OR identity IN"
				       " (SELECT identity FROM sighting WHERE file = ?1 AND NOT former))",
	/*
	 * The same bytes are another crash now, to a newer program, or none. Not where that could not be told this time,
	 * as the reading of them, or of an archive that may still hold them, failed.
	 */
	[STATEMENT_DROP_REPLACED] =
		"WITH new AS (SELECT path, failure IS NOT NULL OR verdict = 'failed' AS failed FROM sighting"
		" WHERE file = ?1 AND NOT former)"
		" DELETE FROM sighting WHERE file = ?1 AND former AND size = ?2 AND modified = ?3"
		" AND path NOT IN (SELECT path FROM new WHERE failed)"
		" AND (path IN (SELECT path FROM new) OR NOT EXISTS (SELECT 1 FROM new WHERE failed))",

	/* A crash, ?1 its identity, ?2 the catalogue, is made of its sightings. */
	[STATEMENT_DROP_POORER] = "DELETE FROM sighting WHERE identity = ?1 AND former AND id <>"
				  " (SELECT id FROM sighting WHERE identity = ?1 ORDER BY " RICHEST ")",
	[STATEMENT_FIND_BEST] = "SELECT id FROM sighting WHERE identity = ?1 ORDER BY catalogue = ?2 DESC, " RICHEST,
	[STATEMENT_KEEP_CRASH] =
		"INSERT OR REPLACE INTO crash (identity, best, first_seen, host, crashed_at) VALUES (?1, ?2,"
		" (SELECT min(seen) FROM (SELECT first_seen AS seen FROM crash WHERE identity = ?1"
		" UNION ALL SELECT seen_at FROM sighting WHERE identity = ?1)),"
		" (SELECT host FROM sighting WHERE identity = ?1 AND host IS NOT NULL ORDER BY " RICHEST "),"
		" (SELECT crashed_at FROM sighting WHERE identity = ?1 AND crashed_at IS NOT NULL ORDER BY " RICHEST "))",
	[STATEMENT_DROP_CRASH] = "DELETE FROM crash WHERE identity = ?1",

	[STATEMENT_CRASHES] = CRASHES(ROW_WITHOUT_DETAIL),
	[STATEMENT_CRASHES_WITH_DETAIL] = CRASHES(ROW_WITH_DETAIL),
	[STATEMENT_COPIES] = "SELECT " ROW_WITHOUT_DETAIL
			     " FROM sighting WHERE identity = ? AND id <> ? AND NOT former ORDER BY file, path, id",
	[STATEMENT_WITHOUT_CRASH] = "SELECT " ROW_WITHOUT_DETAIL " FROM sighting WHERE identity IS NULL AND NOT former"
				    " AND seen_at >= ? AND seen_at < ? ORDER BY verdict <> 'failed', file, path, id",
};

sqlite3_stmt *history_statement(struct history *history, enum history_statement which, struct error *error)
{
	sqlite3_stmt **statement = &history->statements[which];

	if (!*statement && sqlite.sqlite3_prepare_v2(history->database, texts[which], -1, statement, NULL) != SQLITE_OK) {
		history_fail(history, error);
		return NULL;
	}
	sqlite.sqlite3_reset(*statement);
	return *statement;
}

bool history_step(struct history *history, sqlite3_stmt *statement, bool *failed, struct error *error)
{
	errno = 0;
	int result = sqlite.sqlite3_step(statement);

	*failed = result != SQLITE_ROW && result != SQLITE_DONE;
	if (*failed)
		history_fail(history, error);
	if (result != SQLITE_ROW)
		sqlite.sqlite3_reset(statement);
	return result == SQLITE_ROW;
}

bool history_run(struct history *history, sqlite3_stmt *statement, struct error *error)
{
	bool failed;

	while (history_step(history, statement, &failed, error))
		;
	return !failed;
}

bool history_run_sql(struct history *history, const char *sql, struct error *error)
{
	errno = 0;
	return sqlite.sqlite3_exec(history->database, sql, NULL, NULL, NULL) == SQLITE_OK || history_fail(history, error);
}

bool history_ask(struct history *history, const char *sql, int64_t *answer, struct error *error)
{
	sqlite3_stmt *statement = NULL;
	bool answered;

	errno = 0;
	if (sqlite.sqlite3_prepare_v2(history->database, sql, -1, &statement, NULL) != SQLITE_OK)
		return history_fail(history, error);
	answered = sqlite.sqlite3_step(statement) == SQLITE_ROW;
	if (answered)
		*answer = sqlite.sqlite3_column_int64(statement, 0);
	else
		history_fail(history, error);
	sqlite.sqlite3_finalize(statement);
	return answered;
}

/* SQLite's machine takes some hundred steps for a row, of some hundred bytes at least. */
enum { WORK_UNIT = 100000, WORK_ALWAYS = 10000000, WORK_PER_BYTE = 4 };

/*
 * The pages of a table that was tampered with can lead to more rows than there are bytes: whoever visits more of them than
 * an honest table of this size can have is stopped.
 */
static int count_work(void *state)
{
	struct history *history = state;

	history->work += WORK_UNIT;
	return history->work > history->work_most;
}

void history_begin_work(struct history *history)
{
	history->work = 0;
	history->work_most = WORK_ALWAYS + history_place_size(history->path) * WORK_PER_BYTE;
	sqlite.sqlite3_progress_handler(history->database, WORK_UNIT, count_work, history);
}

void history_forget_statements(struct history *history)
{
	for (size_t i = 0; i < STATEMENT_COUNT; i++) {
		sqlite.sqlite3_finalize(history->statements[i]);
		history->statements[i] = NULL;
	}
}
