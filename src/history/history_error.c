/* What went wrong with a history, and the way out of it: SQLite's errors as a table. */
#include "history/history_parts.h"

#include <errno.h>
#include <string.h>

static const char damaged[] = "is damaged", move_away[] = "move it away, and scan again";

static const struct trouble {
	int code;
	const char *what; /* follows "the history PATH" */
	const char *way_out;
	bool system; /* the operating system's own word says more than SQLite's */
} troubles[] = {
	{ SQLITE_FULL, "cannot be written: its file system is full", "make room, and scan again", true },
	{ SQLITE_IOERR, "cannot be read or written", "see what the kernel log says of its disk", true },
	{ SQLITE_READONLY, "may not be changed",
	  "change who may write the file and its directory, or copy it to a directory of yours", false },
	{ SQLITE_BUSY, "is being changed by another program", "wait until that ends; fuser -v tells which it is", false },
	{ SQLITE_LOCKED, "is being changed by another program", "wait until that ends; fuser -v tells which it is", false },
	{ SQLITE_CANTOPEN, "cannot be opened",
	  "change who may read and write the file and its directory, or copy it to a directory of yours", true },
	{ SQLITE_PERM, "cannot be opened",
	  "change who may read and write the file and its directory, or copy it to a directory of yours", true },
	{ SQLITE_CORRUPT, damaged, move_away, false },
	{ SQLITE_NOTADB, damaged, move_away, false },
	{ SQLITE_FORMAT, damaged, move_away, false },
	/* What an honest database, in the layout that was checked, does not bring about. */
	{ SQLITE_TOOBIG, damaged, move_away, false },
	{ SQLITE_INTERRUPT, damaged, move_away, false },
	{ SQLITE_CONSTRAINT, damaged, move_away, false },
	{ SQLITE_MISMATCH, damaged, move_away, false },
	{ SQLITE_SCHEMA, damaged, move_away, false },
	{ 0, "cannot be used", "please report this", false },
};

enum { SHELL_PATH_MOST = 100 }; /* of a longer path, twice, not all would fit into the message */

/* The path as a shell takes it, with the suffix. False: it does not fit. */
static bool quote(char *quoted, size_t size, const char *path, const char *suffix)
{
	size_t length = 0;

	quoted[length++] = '\'';
	for (const char *c = path; *c; c++) {
		const char *bytes = *c == '\'' ? "'\\''" : (const char[]){ *c, '\0' };
		if (length + strlen(bytes) + strlen(suffix) + 2 > size)
			return false;
		memcpy(quoted + length, bytes, strlen(bytes));
		length += strlen(bytes);
	}
	memcpy(quoted + length, suffix, strlen(suffix));
	length += strlen(suffix);
	quoted[length++] = '\'';
	quoted[length] = '\0';
	return true;
}

static bool report(const char *path, const struct trouble *trouble, const char *why, struct error *error)
{
	char from[SHELL_PATH_MOST], to[SHELL_PATH_MOST];

	if (trouble->way_out == move_away && quote(from, sizeof from, path, "") && quote(to, sizeof to, path, ".damaged"))
		return error_set(error, "the history %s %s (%s): %s: mv %s %s", path, trouble->what, why, trouble->way_out,
				 from, to);
	return error_set(error, "the history %s %s (%s): %s", path, trouble->what, why, trouble->way_out);
}

static const struct trouble *find(int code)
{
	const struct trouble *trouble = troubles;

	while (trouble->code && trouble->code != code)
		trouble++;
	return trouble;
}

/* No room is told by errno, where a limit other than the file system's own was met. */
static bool is_full(int number)
{
	return number == ENOSPC || number == EDQUOT || number == EFBIG;
}

bool history_fail(const struct history *history, struct error *error)
{
	enum { PRIMARY = 0xff };
	int extended = sqlite.sqlite3_extended_errcode(history->database), code = extended & PRIMARY;
	int left = errno; /* history_statement.c clears it first; SQLite itself keeps the number of some errors only */
	int number = sqlite.sqlite3_system_errno(history->database) ? sqlite.sqlite3_system_errno(history->database) : left;
	const char *why = sqlite.sqlite3_errmsg(history->database);

	if (code == SQLITE_NOMEM || extended == SQLITE_IOERR_NOMEM)
		return error_out_of_memory(error);
	if (code == SQLITE_IOERR && is_full(number))
		code = SQLITE_FULL;
	if (extended == SQLITE_READONLY_DBMOVED)
		why = "it was moved or removed meanwhile";
	if (code == SQLITE_INTERRUPT)
		why = "its tables lead in circles";
	if (code == SQLITE_READONLY && history->mode == HISTORY_READ)
		why = "to be read, it needs files beside it";
	const struct trouble *trouble = find(code);
	return report(history->path, trouble, trouble->system && number ? strerror(number) : why, error);
}

bool history_fail_damaged(const struct history *history, const char *why, struct error *error)
{
	return report(history->path, find(SQLITE_CORRUPT), why, error);
}
