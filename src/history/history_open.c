/* Opening the database of a history: what it is, how it is accessed, that nothing in it is trusted. */
#define _POSIX_C_SOURCE 200809L /* strdup */
#include "base/file_system.h"
#include "history/history_parts.h"

#include "history/history_row.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long to wait for another program's lock, ms; and where it can be done without. */
enum { WAIT = 10000, WAIT_IN_VAIN = 200 };

/*
 * The path as SQLite's URI: so that none is taken for a special name (":memory:"), and that it can be told how to open.
 * Allocated; NULL: out of memory.
 */
static char *make_uri(const char *path, const char *query)
{
	enum { ESCAPED = 3 }; /* %2f */
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
	static const char absolute[] = "file://", relative[] = "file:./";
	size_t size = sizeof absolute + strlen(path) * ESCAPED + strlen(query);
	char *uri = malloc(size), *end = uri;

	if (!uri)
		return NULL;
	end += sprintf(end, "%s", *path == '/' ? absolute : relative);
	for (const char *c = path; *c; c++)
		end += strchr(plain, *c) ? sprintf(end, "%c", *c) : sprintf(end, "%%%02x", (unsigned char)*c);
	strcpy(end, query);
	return uri;
}

/* Before the first look into it: what is in the database may be of anybody's making. */
static bool distrust(struct history *history, enum history_access access, struct error *error)
{
	enum { ROW_MOST = 8 * 1024 * 1024, SQL_MOST = 64 * 1024 };
	sqlite3 *database = history->database;
	bool done = sqlite.sqlite3_busy_timeout(database, WAIT) == SQLITE_OK &&
		    sqlite.sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL) == SQLITE_OK;

	sqlite.sqlite3_limit(database, SQLITE_LIMIT_LENGTH, ROW_MOST);
	sqlite.sqlite3_limit(database, SQLITE_LIMIT_SQL_LENGTH, SQL_MOST);
	sqlite.sqlite3_limit(database, SQLITE_LIMIT_ATTACHED, 0);
	if (!done)
		return history_fail(history, error);
	/*
	 * Those that a version of SQLite does not know, it ignores. A file that is mapped and cut would kill us. The cache
	 * comes last: setting it reads the schema, which a look does not want.
	 */
	return history_run_sql(history, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0",
			       error) &&
	       (access == ACCESS_LOOK ||
		history_run_sql(history, "PRAGMA secure_delete = OFF; PRAGMA cache_size = -8192", error));
}

static void disconnect(struct history *history)
{
	history_forget_statements(history);
	sqlite.sqlite3_close(history->database);
	history->database = NULL;
}

bool history_connect(struct history *history, enum history_access access, struct error *error)
{
	static const struct {
		int flags;
		const char *query;
	} ways[] = {
		[ACCESS_WRITE] = { SQLITE_OPEN_READWRITE, "?mode=rw" }, /* never made here: that would be too open */
		[ACCESS_LOOK] = { SQLITE_OPEN_READONLY, "?mode=ro&immutable=1" },
	};
	char *uri = make_uri(history->path, ways[access].query);

	disconnect(history);
	if (!uri)
		return error_out_of_memory(error);
	errno = 0;
	int result = sqlite.sqlite3_open_v2(uri, &history->database,
					    ways[access].flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	if (!history->database || result != SQLITE_OK) {
		free(uri);
		return history->database ? history_fail(history, error) : error_out_of_memory(error);
	}
	free(uri);
	if (history->mode == HISTORY_WRITE && access == ACCESS_WRITE &&
	    sqlite.sqlite3_db_readonly(history->database, "main") == 1)
		return error_set(error, "the history %s may only be read: change who may write it, or keep another history",
				 history->path);
	history_begin_work(history);
	return distrust(history, access, error);
}

/*
 * A write-ahead log lets others read while one writes, and needs one synchronisation for many transactions. It needs memory
 * that all who have the database open share, so it is for one machine only. Where it cannot be had, all works as well
 * without, only slower: errors are none.
 */
static bool choose_journal(struct history *history, struct error *error)
{
	struct error ignored;
	bool network = file_system_is_network(history->path);
	sqlite3_stmt *statement = NULL;
	bool ahead = false;

	/* Nobody else may have it open just then; the next who opens it tries again. */
	sqlite.sqlite3_busy_timeout(history->database, WAIT_IN_VAIN);
	history_run_sql(history, network ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL", &ignored);
	if (sqlite.sqlite3_prepare_v2(history->database, "PRAGMA journal_mode", -1, &statement, NULL) == SQLITE_OK &&
	    sqlite.sqlite3_step(statement) == SQLITE_ROW)
		ahead = text_is(row_text(statement, 0), "wal");
	sqlite.sqlite3_finalize(statement);
	sqlite.sqlite3_busy_timeout(history->database, WAIT);
	return !ahead || history_run_sql(history, "PRAGMA synchronous = NORMAL", error);
}

static bool open_to_write(struct history *history, struct error *error)
{
	return history_connect(history, ACCESS_WRITE, error) && history_settle_layout(history, error) &&
	       choose_journal(history, error);
}

/*
 * Where nothing can be written, not even the files beside it that a write-ahead log needs, nobody changes it meanwhile
 * either, and it is read as it is.
 */
static bool open_to_read(struct history *history, struct error *error)
{
	bool alone = history_place_is_read_only(history->path) && !history_place_has_journal(history->path);

	return history_connect(history, alone ? ACCESS_LOOK : ACCESS_WRITE, error) &&
	       history_settle_layout(history, error) && (alone || history_run_sql(history, "PRAGMA query_only = ON", error));
}

/*
 * Another program's file is not touched, its journals neither: looked at before it is opened. The look takes no lock, so
 * where somebody writes at that moment, what it sees may not fit together; that is for who has the lock to say.
 */
static bool look_first(struct history *history, struct error *error)
{
	enum { PRIMARY = 0xff }; /* of an extended error code */

	return history_connect(history, ACCESS_LOOK, error) &&
	       (history_check_application(history, error) ||
		(sqlite.sqlite3_extended_errcode(history->database) & PRIMARY) == SQLITE_CORRUPT);
}

static bool open_history(struct history *history, struct error *error)
{
	int64_t size;

	if (!history_place_prepare(history->path, history->mode, &size, error))
		return false;
	if (size && !look_first(history, error))
		return false;
	return history->mode == HISTORY_WRITE ? open_to_write(history, error) : open_to_read(history, error);
}

struct history *history_open(const char *path, enum history_mode mode, struct error *error)
{
	struct history *history;

	if (!sqlite_load(error))
		return NULL;
	history = calloc(1, sizeof *history);
	if (!history || !(history->path = strdup(path))) {
		free(history);
		error_out_of_memory(error);
		return NULL;
	}
	history->mode = mode;
	if (open_history(history, error))
		return history;
	disconnect(history);
	free(history->path);
	free(history);
	return NULL;
}
