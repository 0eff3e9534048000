/* Writing what waits: sources in place of what they were, then the crashes that this touched. */
#include "history/history_parts.h"

#include "history/history_row.h"

#include <stdlib.h>
#include <time.h>

/* A crash whose sightings change in this transaction. */
struct touched {
	struct text identity;
	struct text catalogue;
};

struct writing {
	struct history *history;
	struct arena *arena; /* of what waits */
	struct touched *touched;
	size_t touched_count;
	int64_t now; /* seconds since 1970 */
	struct error *error;
};

/* How rich a sighting is, as history.h has it. */
static int64_t rank(const struct sighting *sighting)
{
	enum { FRAMES = 1024 };
	unsigned frames = sighting->frames < FRAMES ? sighting->frames : FRAMES - 1;
	int64_t rank = sighting->host.length > 0;

	rank = rank * 2 + (sighting->crashed_at != SIGHTING_NO_TIME);
	rank = rank * 2 + sighting->from_dump;
	rank = rank * 2 + !sighting->incomplete;
	return rank * FRAMES + frames;
}

static bool touch(struct writing *writing, struct text identity, struct text catalogue)
{
	struct touched *touched;

	if (!identity.length)
		return true;
	touched = arena_push(writing->arena, &writing->touched, &writing->touched_count, sizeof *touched);
	if (!touched)
		return error_out_of_memory(writing->error);
	*touched = (struct touched){ identity, catalogue };
	return true;
}

static sqlite3_stmt *begin(struct writing *writing, enum history_statement which)
{
	return history_statement(writing->history, which, writing->error);
}

/* Runs one of the statements of a source: ?1 file; with its facts: ?2 size, ?3 modified. */
static sqlite3_stmt *bind_source(struct writing *writing, enum history_statement which, const struct sighting_source *source,
				 bool facts)
{
	enum { FILE_PARAMETER = 1, SIZE_PARAMETER, MODIFIED_PARAMETER };
	sqlite3_stmt *statement = begin(writing, which);

	if (!statement)
		return NULL;
	if (row_bind_bytes(statement, FILE_PARAMETER, source->file) &&
	    (!facts || (sqlite.sqlite3_bind_int64(statement, SIZE_PARAMETER, (int64_t)source->size) == SQLITE_OK &&
			sqlite.sqlite3_bind_int64(statement, MODIFIED_PARAMETER, source->modified) == SQLITE_OK)))
		return statement;
	history_fail(writing->history, writing->error);
	return NULL;
}

static bool run_for_source(struct writing *writing, enum history_statement which, const struct sighting_source *source,
			   bool facts)
{
	sqlite3_stmt *statement = bind_source(writing, which, source, facts);

	return statement && history_run(writing->history, statement, writing->error);
}

/*
 * What was remembered of this file: its crashes are touched. *seen_at: since when it is known as it is now, else now.
 */
static bool find_old(struct writing *writing, const struct history_waiting_source *waiting, bool *any, int64_t *seen_at)
{
	enum { IDENTITY, UNCHANGED, SEEN_AT };
	sqlite3_stmt *statement = bind_source(writing, STATEMENT_OLD, &waiting->sightings->source, true);
	bool failed = !statement;

	*any = false;
	*seen_at = writing->now;
	while (!failed && history_step(writing->history, statement, &failed, writing->error)) {
		struct text identity = arena_copy(writing->arena, row_text(statement, IDENTITY));
		int64_t since = sqlite.sqlite3_column_int64(statement, SEEN_AT);
		*any = true;
		if (sqlite.sqlite3_column_int64(statement, UNCHANGED) && since < *seen_at)
			*seen_at = since;
		if (!touch(writing, identity, waiting->catalogue)) {
			sqlite.sqlite3_reset(statement);
			failed = true;
		}
	}
	return !failed;
}

static bool insert(struct writing *writing, const struct sighting *sighting, struct text catalogue, int64_t seen_at)
{
	enum { CATALOGUE = 1, SEEN_AT, RANK, ROW };
	sqlite3_stmt *statement = begin(writing, STATEMENT_INSERT);

	if (!statement)
		return false;
	if (!row_bind_text(statement, CATALOGUE, catalogue) ||
	    sqlite.sqlite3_bind_int64(statement, SEEN_AT, seen_at) != SQLITE_OK ||
	    sqlite.sqlite3_bind_int64(statement, RANK, rank(sighting)) != SQLITE_OK || !row_bind(statement, ROW, sighting))
		return history_fail(writing->history, writing->error);
	return history_run(writing->history, statement, writing->error) && touch(writing, sighting->identity, catalogue);
}

static bool store_source(struct writing *writing, const struct history_waiting_source *waiting)
{
	const struct sighting_source *source = &waiting->sightings->source;
	int64_t seen_at;
	bool any;

	if (!find_old(writing, waiting, &any, &seen_at) ||
	    (any && !run_for_source(writing, STATEMENT_MARK_FORMER, source, false)))
		return false;
	for (size_t i = 0; i < waiting->count; i++)
		if (!insert(writing, &waiting->sightings[i], waiting->catalogue, seen_at))
			return false;
	return !any || (run_for_source(writing, STATEMENT_DROP_NAMED_AGAIN, source, false) &&
			run_for_source(writing, STATEMENT_DROP_REPLACED, source, true));
}

/* ---- crashes ---- */

static sqlite3_stmt *bind_crash(struct writing *writing, enum history_statement which, struct text identity)
{
	sqlite3_stmt *statement = begin(writing, which);

	if (statement && !row_bind_text(statement, 1, identity)) {
		history_fail(writing->history, writing->error);
		return NULL;
	}
	return statement;
}

static bool run_for_crash(struct writing *writing, enum history_statement which, struct text identity)
{
	sqlite3_stmt *statement = bind_crash(writing, which, identity);

	return statement && history_run(writing->history, statement, writing->error);
}

/* False also where there is none, then not *failed. */
static bool find_best(struct writing *writing, const struct touched *touched, int64_t *best, bool *failed)
{
	sqlite3_stmt *statement = bind_crash(writing, STATEMENT_FIND_BEST, touched->identity);

	*failed = !statement;
	if (statement && !row_bind_text(statement, 2, touched->catalogue))
		*failed = !history_fail(writing->history, writing->error);
	if (*failed || !history_step(writing->history, statement, failed, writing->error))
		return false;
	*best = sqlite.sqlite3_column_int64(statement, 0);
	sqlite.sqlite3_reset(statement);
	return true;
}

static bool settle_crash(struct writing *writing, const struct touched *touched)
{
	int64_t best;
	bool failed;

	if (!run_for_crash(writing, STATEMENT_DROP_POORER, touched->identity))
		return false;
	if (!find_best(writing, touched, &best, &failed))
		return !failed && run_for_crash(writing, STATEMENT_DROP_CRASH, touched->identity);
	sqlite3_stmt *statement = bind_crash(writing, STATEMENT_KEEP_CRASH, touched->identity);
	if (!statement)
		return false;
	if (sqlite.sqlite3_bind_int64(statement, 2, best) != SQLITE_OK)
		return history_fail(writing->history, writing->error);
	return history_run(writing->history, statement, writing->error);
}

static int by_identity(const void *a, const void *b)
{
	const struct touched *x = a, *y = b;

	return text_compare(x->identity, y->identity);
}

/* Once each, however many of its sightings came. */
static bool settle_crashes(struct writing *writing)
{
	if (writing->touched_count)
		qsort(writing->touched, writing->touched_count, sizeof *writing->touched, by_identity);
	for (size_t i = 0; i < writing->touched_count; i++) {
		if (i && text_equal(writing->touched[i].identity, writing->touched[i - 1].identity))
			continue;
		if (!settle_crash(writing, &writing->touched[i]))
			return false;
	}
	return true;
}

static bool store_all(struct writing *writing)
{
	struct history *history = writing->history;

	if (!history_check_layout(history, writing->error))
		return false;
	for (size_t i = 0; i < history->waiting.count; i++)
		if (!store_source(writing, &history->waiting.sources[i]))
			return false;
	return settle_crashes(writing);
}

static bool run(struct history *history, enum history_statement which, struct error *error)
{
	sqlite3_stmt *statement = history_statement(history, which, error);

	return statement && history_run(history, statement, error);
}

bool history_write_waiting(struct history *history, struct error *error)
{
	struct writing writing = {
		.history = history, .arena = &history->waiting.arena, .now = (int64_t)time(NULL), .error = error
	};
	struct error ignored;
	bool done = !history->waiting.count;

	if (!done) {
		/* Nobody can write from here on but us, and nothing is locked before. */
		done = run(history, STATEMENT_BEGIN, error) && store_all(&writing) && run(history, STATEMENT_COMMIT, error);
		if (!done)
			run(history, STATEMENT_ROLLBACK, &ignored); /* none is open after some errors: that is as well */
	}
	arena_free(&history->waiting.arena);
	history->waiting = (struct history_waiting){ 0 };
	return done;
}
