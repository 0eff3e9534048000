/* What the files of the history share. */
#ifndef HISTORY_HISTORY_PARTS_H
#define HISTORY_HISTORY_PARTS_H

#include "base/arena.h"
#include "history/history.h"
#include "history/sqlite.h"

/* The statements of which a history is made, prepared when first used; history_statement.c has the table. */
enum history_statement {
	STATEMENT_BEGIN,
	STATEMENT_COMMIT,
	STATEMENT_ROLLBACK,
	STATEMENT_LAYOUT,
	STATEMENT_LOOK_UP,
	STATEMENT_OLD,
	STATEMENT_MARK_FORMER,
	STATEMENT_INSERT,
	STATEMENT_DROP_NAMED_AGAIN,
	STATEMENT_DROP_REPLACED,
	STATEMENT_DROP_POORER,
	STATEMENT_FIND_BEST,
	STATEMENT_KEEP_CRASH,
	STATEMENT_DROP_CRASH,
	STATEMENT_CRASHES,
	STATEMENT_CRASHES_WITH_DETAIL,
	STATEMENT_COPIES,
	STATEMENT_WITHOUT_CRASH,
	STATEMENT_COUNT
};

/* All that came of one source, waiting to be written. */
struct history_waiting_source {
	struct sighting *sightings; /* copies; with an identity, where there is a crash */
	size_t count;
	struct text catalogue;
};

struct history_waiting {
	struct arena arena;
	struct history_waiting_source *sources;
	size_t count;
	size_t bytes;  /* of texts */
	int64_t since; /* of the first; ns of the monotonic clock */
};

struct history {
	sqlite3 *database;
	sqlite3_stmt *statements[STATEMENT_COUNT];
	char *path;
	enum history_mode mode;
	struct history_waiting waiting;
	uint64_t work, work_most; /* steps of SQLite's machine, of this call: see history_statement.c */
};

/* ---- history.c ---- */

/* Whether it has waited long enough, or is enough. */
bool history_is_due(const struct history_waiting *waiting);

/* ---- history_statement.c ---- */

/* The statement, reset. NULL: *error. */
sqlite3_stmt *history_statement(struct history *history, enum history_statement which, struct error *error);

/* Runs a statement that gives no row, and resets it. */
bool history_run(struct history *history, sqlite3_stmt *statement, struct error *error);

/* To the next row. False: there is none, or *failed, with *error. The statement is reset then. */
bool history_step(struct history *history, sqlite3_stmt *statement, bool *failed, struct error *error);

/* Runs SQL; where it is given rows, they are ignored. */
bool history_run_sql(struct history *history, const char *sql, struct error *error);

/* Runs SQL that gives one integer. */
bool history_ask(struct history *history, const char *sql, int64_t *answer, struct error *error);

/* Bounds the work of what follows, by the size that the file has now. */
void history_begin_work(struct history *history);

void history_forget_statements(struct history *history);

/* ---- history_error.c ---- */

/* Says what SQLite's last error on this database means, and what to do. Returns false. */
bool history_fail(const struct history *history, struct error *error);

/* The same of a database that holds what no history holds: why, a sentence part. */
bool history_fail_damaged(const struct history *history, const char *why, struct error *error);

/* ---- history_open.c ---- */

/* The database, open in this way and set up, in place of the one that was. */
enum history_access {
	ACCESS_WRITE, /* as far as that is allowed: to read, too, as a journal may be there to be rolled back */
	ACCESS_LOOK,  /* at the file as it is, without locks, journals, or any change */
};
bool history_connect(struct history *history, enum history_access access, struct error *error);

/* ---- history_place.c ---- */

/* Makes what is missing, or says what is in the way. *size: of the file, bytes. */
bool history_place_prepare(const char *path, enum history_mode mode, int64_t *size, struct error *error);
uint64_t history_place_size(const char *path);     /* bytes; 0: not known */
bool history_place_is_read_only(const char *path); /* its file system is */
bool history_place_has_journal(const char *path);  /* a -wal or -journal that is not empty lies beside it */

/* ---- history_schema.c ---- */

/* "KDTR": in the header of the file, so that it is told from other programs' databases. */
enum { HISTORY_APPLICATION = 0x4b445452 };

/* Refuses what another program made, by the header alone. */
bool history_check_application(struct history *history, struct error *error);

/* Brings the layout up to date, in an empty database from nothing, and checks that it holds that and nothing else. */
bool history_settle_layout(struct history *history, struct error *error);

/* In a transaction: whether the layout is still ours, not a newer program's by now. */
bool history_check_layout(struct history *history, struct error *error);

/* ---- history_store.c ---- */

/* Writes what waits, in one transaction. Nothing waits any more then, whether or not it could be written. */
bool history_write_waiting(struct history *history, struct error *error);

#endif
