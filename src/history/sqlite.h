/* The functions of SQLite, which is loaded when the first history is opened: most runs of the program open none. */
#ifndef HISTORY_SQLITE_H
#define HISTORY_SQLITE_H

#include "base/error.h"

#include <sqlite3.h>
#include <stdbool.h>

extern struct sqlite_functions {
	__typeof__(&sqlite3_bind_blob) sqlite3_bind_blob;
	__typeof__(&sqlite3_bind_int64) sqlite3_bind_int64;
	__typeof__(&sqlite3_bind_null) sqlite3_bind_null;
	__typeof__(&sqlite3_bind_text) sqlite3_bind_text;
	__typeof__(&sqlite3_busy_timeout) sqlite3_busy_timeout;
	__typeof__(&sqlite3_close) sqlite3_close;
	__typeof__(&sqlite3_column_blob) sqlite3_column_blob;
	__typeof__(&sqlite3_column_bytes) sqlite3_column_bytes;
	__typeof__(&sqlite3_column_int64) sqlite3_column_int64;
	__typeof__(&sqlite3_column_type) sqlite3_column_type;
	__typeof__(&sqlite3_db_config) sqlite3_db_config;
	__typeof__(&sqlite3_db_readonly) sqlite3_db_readonly;
	__typeof__(&sqlite3_errmsg) sqlite3_errmsg;
	__typeof__(&sqlite3_exec) sqlite3_exec;
	__typeof__(&sqlite3_extended_errcode) sqlite3_extended_errcode;
	__typeof__(&sqlite3_finalize) sqlite3_finalize;
	__typeof__(&sqlite3_limit) sqlite3_limit;
	__typeof__(&sqlite3_open_v2) sqlite3_open_v2;
	__typeof__(&sqlite3_prepare_v2) sqlite3_prepare_v2;
	__typeof__(&sqlite3_progress_handler) sqlite3_progress_handler;
	__typeof__(&sqlite3_reset) sqlite3_reset;
	__typeof__(&sqlite3_step) sqlite3_step;
	__typeof__(&sqlite3_system_errno) sqlite3_system_errno;
} sqlite;

/* Fills it. False: *error says what is missing. */
bool sqlite_load(struct error *error);

#endif
