/* What is remembered: of one file, or all. */
#include "history/history_parts.h"
#include "history/history_row.h"

/* ---- one file ---- */

static bool is_waiting(const struct history *history, struct text file)
{
	for (size_t i = 0; i < history->waiting.count; i++)
		if (text_equal(history->waiting.sources[i].sightings->source.file, file))
			return true;
	return false;
}

static bool damaged_row(const struct history *history, struct error *error)
{
	return history_fail_damaged(history, "a row of it holds no sighting", error);
}

/* What a row of the file says, by itself. */
static enum history_answer judge(struct history *history, sqlite3_stmt *statement, const struct sighting_source *source,
				 struct text catalogue, struct sighting *sighting, struct error *error)
{
	enum { CATALOGUE, ROW };

	if (!row_read(statement, ROW, sighting)) {
		damaged_row(history, error);
		return HISTORY_TROUBLE;
	}
	if (sighting->source.size != source->size || sighting->source.modified != source->modified)
		return HISTORY_NEW;
	return text_equal(row_text(statement, CATALOGUE), catalogue) ? HISTORY_SEEN : HISTORY_STALE;
}

enum history_answer history_look_up(struct history *history, const struct sighting_source *source, struct text catalogue,
				    history_visitor *visit, void *state, struct error *error)
{
	enum history_answer answer = HISTORY_NEW;
	struct sighting sighting;
	bool failed, more = true;

	if ((history_is_due(&history->waiting) || is_waiting(history, source->file)) && !history_flush(history, error))
		return HISTORY_TROUBLE;
	history->work = 0;
	sqlite3_stmt *statement = history_statement(history, STATEMENT_LOOK_UP, error);
	if (!statement)
		return HISTORY_TROUBLE;
	if (!row_bind_bytes(statement, 1, source->file)) {
		history_fail(history, error);
		return HISTORY_TROUBLE;
	}
	while (more && history_step(history, statement, &failed, error)) {
		answer = judge(history, statement, source, catalogue, &sighting, error);
		more = (answer == HISTORY_SEEN || answer == HISTORY_STALE) && visit(state, &sighting);
	}
	if (more && failed)
		answer = HISTORY_TROUBLE;
	sqlite.sqlite3_reset(statement);
	return answer;
}

void history_begin_look_ups(struct history *history)
{
	struct error ignored;

	if (history_flush(history, &ignored))
		history_run_sql(history, "BEGIN", &ignored);
}

void history_end_look_ups(struct history *history)
{
	struct error ignored;

	history_run_sql(history, "COMMIT", &ignored);
}

/* ---- all ---- */

struct walk {
	struct history *history;
	const struct history_query *query;
	history_visitor *visit;
	void *state;
	bool ended; /* the visitor had enough */
	struct error *error;
};

/* Reads a row and shows it, with what is known better of its crash. False: it is none. */
static bool show(struct walk *walk, sqlite3_stmt *statement, int column, const struct sighting *better)
{
	struct sighting sighting;

	if (!row_read(statement, column, &sighting))
		return damaged_row(walk->history, walk->error);
	if (better) {
		sighting.host = better->host;
		sighting.crashed_at = better->crashed_at;
	}
	walk->ended = !walk->visit(walk->state, &sighting);
	return true;
}

static bool show_copies(struct walk *walk, struct text identity, int64_t best)
{
	sqlite3_stmt *statement = history_statement(walk->history, STATEMENT_COPIES, walk->error);
	bool failed = !statement;

	if (statement &&
	    (!row_bind_text(statement, 1, identity) || sqlite.sqlite3_bind_int64(statement, 2, best) != SQLITE_OK))
		failed = !history_fail(walk->history, walk->error);
	while (!failed && !walk->ended && history_step(walk->history, statement, &failed, walk->error))
		failed = !show(walk, statement, 0, NULL);
	return !failed;
}

/* A statement over a span of time, its first two parameters. */
static sqlite3_stmt *over_time(struct walk *walk, enum history_statement which)
{
	sqlite3_stmt *statement = history_statement(walk->history, which, walk->error);
	int64_t until = walk->query->until == SIGHTING_NO_TIME ? INT64_MAX : walk->query->until;

	/* SIGHTING_NO_TIME lies before all times. */
	if (statement && (sqlite.sqlite3_bind_int64(statement, 1, walk->query->since) != SQLITE_OK ||
			  sqlite.sqlite3_bind_int64(statement, 2, until) != SQLITE_OK)) {
		history_fail(walk->history, walk->error);
		return NULL;
	}
	return statement;
}

static bool show_crashes(struct walk *walk)
{
	enum { IDENTITY, BEST, HOST, CRASHED_AT, ROW };
	sqlite3_stmt *statement =
		over_time(walk, walk->query->with_detail ? STATEMENT_CRASHES_WITH_DETAIL : STATEMENT_CRASHES);
	bool failed = !statement;

	while (!failed && !walk->ended && history_step(walk->history, statement, &failed, walk->error)) {
		struct sighting better = { .host = row_text(statement, HOST),
					   .crashed_at = row_time(statement, CRASHED_AT) };
		failed = !show(walk, statement, ROW, &better) ||
			 (!walk->ended &&
			  !show_copies(walk, row_text(statement, IDENTITY), sqlite.sqlite3_column_int64(statement, BEST)));
	}
	return !failed;
}

static bool show_others(struct walk *walk)
{
	sqlite3_stmt *statement = walk->ended ? NULL : over_time(walk, STATEMENT_WITHOUT_CRASH);
	bool failed = !walk->ended && !statement;

	while (!failed && !walk->ended && history_step(walk->history, statement, &failed, walk->error))
		failed = !show(walk, statement, 0, NULL);
	return !failed;
}

bool history_each(struct history *history, const struct history_query *query, history_visitor *visit, void *state,
		  struct error *error)
{
	static const enum history_statement used[] = { STATEMENT_CRASHES, STATEMENT_CRASHES_WITH_DETAIL, STATEMENT_COPIES,
						       STATEMENT_WITHOUT_CRASH };
	struct walk walk = { history, query, visit, state, false, error };
	struct error ignored;

	/* In one transaction, which shows what was there at its begin, whoever writes meanwhile. */
	if (!history_flush(history, error) || !history_run_sql(history, "BEGIN", error))
		return false;
	bool done = show_crashes(&walk) && show_others(&walk);
	for (size_t i = 0; i < sizeof used / sizeof *used; i++)
		sqlite.sqlite3_reset(history->statements[used[i]]);
	history_run_sql(history, "COMMIT", &ignored);
	return done;
}
