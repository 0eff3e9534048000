/* Loads SQLite. */
#include "history/sqlite.h"

#include "base/lazy_library.h"

struct sqlite_functions sqlite;

static const struct lazy_function functions[] = {
	LAZY_FUNCTION(sqlite, sqlite3_bind_blob),
	LAZY_FUNCTION(sqlite, sqlite3_bind_int64),
	LAZY_FUNCTION(sqlite, sqlite3_bind_null),
	LAZY_FUNCTION(sqlite, sqlite3_bind_text),
	LAZY_FUNCTION(sqlite, sqlite3_busy_timeout),
	LAZY_FUNCTION(sqlite, sqlite3_close),
	LAZY_FUNCTION(sqlite, sqlite3_column_blob),
	LAZY_FUNCTION(sqlite, sqlite3_column_bytes),
	LAZY_FUNCTION(sqlite, sqlite3_column_int64),
	LAZY_FUNCTION(sqlite, sqlite3_column_type),
	LAZY_FUNCTION(sqlite, sqlite3_db_config),
	LAZY_FUNCTION(sqlite, sqlite3_db_readonly),
	LAZY_FUNCTION(sqlite, sqlite3_errmsg),
	LAZY_FUNCTION(sqlite, sqlite3_exec),
	LAZY_FUNCTION(sqlite, sqlite3_extended_errcode),
	LAZY_FUNCTION(sqlite, sqlite3_finalize),
	LAZY_FUNCTION(sqlite, sqlite3_limit),
	LAZY_FUNCTION(sqlite, sqlite3_open_v2),
	LAZY_FUNCTION(sqlite, sqlite3_prepare_v2),
	LAZY_FUNCTION(sqlite, sqlite3_progress_handler),
	LAZY_FUNCTION(sqlite, sqlite3_reset),
	LAZY_FUNCTION(sqlite, sqlite3_step),
	LAZY_FUNCTION(sqlite, sqlite3_system_errno),
};

bool sqlite_load(struct error *error)
{
	return lazy_library_load(HISTORY_SONAME, functions, sizeof functions / sizeof *functions, error);
}
