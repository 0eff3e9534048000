/* The layout of the database: older ones are brought up to date; newer, other and tampered ones are refused, not changed. */
#define _GNU_SOURCE /* nftw, mkdtemp */
#include "test_history.h"

#include <fcntl.h>

/* The first layout, as the first version wrote it. This never changes. */
#define SIGHTING_1                                                                                                          \
	"CREATE TABLE sighting (id INTEGER PRIMARY KEY, file BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT "   \
	"NULL,"                                                                                                             \
	" catalogue TEXT NOT NULL, former INTEGER NOT NULL, seen_at INTEGER NOT NULL, rank INTEGER NOT NULL,"               \
	" path BLOB NOT NULL, verdict TEXT NOT NULL, failure TEXT, identity TEXT, kind TEXT, headline TEXT, title TEXT,"    \
	" culprit TEXT, fingerprint TEXT, signature TEXT, signature_title TEXT, affected TEXT, fix TEXT, release TEXT,"     \
	" host TEXT, crashed_at INTEGER, incomplete INTEGER NOT NULL, from_dump INTEGER NOT NULL, frames INTEGER NOT NULL," \
	" detail TEXT);"
#define INDEXES_1                                                                                                           \
	"CREATE INDEX sighting_file ON sighting (file);"                                                                    \
	"CREATE INDEX sighting_identity ON sighting (identity);"
#define CRASH_1                                                                                                             \
	"CREATE TABLE crash (identity TEXT PRIMARY KEY, best INTEGER NOT NULL, first_seen INTEGER NOT NULL) WITHOUT ROWID;"
#define MARK_1 "PRAGMA application_id = 1262769234; PRAGMA user_version = 1;"
#define ROWS_1                                                                                                              \
	"INSERT INTO sighting VALUES"                                                                                       \
	" (1, x'2f61', 5, 6, 'c1', 0, 100, 1, x'2f61', 'known', NULL, 'i1', 'panic', 'H', 'T', 'C', 'F', 'S', 'ST', 'yes'," \
	"  'fix', '6.1.0', NULL, NULL, 0, 0, 3, '{}'),"                                                                     \
	" (2, x'2f62', 7, 8, 'c1', 0, 101, 9, x'2f62', 'known', NULL, 'i1', 'panic', 'H', 'T', 'C', 'F', 'S', 'ST', 'yes'," \
	"  'fix', '6.1.0', 'web1', NULL, 1, 1, 4, '{\"b\":1}'),"                                                            \
	" (3, x'2f63', 7, 8, 'c1', 0, 101, 2, x'2f63', 'known', NULL, 'i1', 'panic', 'H', 'T', 'C', 'F', 'S', 'ST', 'yes'," \
	"  'fix', '6.1.0', 'web2', 1000, 0, 0, 4, '{}'),"                                                                   \
	" (4, x'2f64', 9, 9, 'c1', 0, 50, 0, x'2f64', 'unknown', NULL, 'i2', 'warning', 'H2', 'T2', NULL, NULL, NULL, "     \
	"NULL,"                                                                                                             \
	"  NULL, NULL, NULL, NULL, NULL, 0, 0, 0, '{}'),"                                                                   \
	" (5, x'2f65', 1, 1, 'c1', 0, 60, 0, x'2f65', 'failed', 'why', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"     \
	"  NULL, NULL, NULL, NULL, NULL, 0, 0, 0, NULL);"                                                                   \
	"INSERT INTO crash VALUES ('i1', 2, 100), ('i2', 4, 50);"
#define LAYOUT_1 SIGHTING_1 INDEXES_1 CRASH_1 MARK_1

/* What it must be refused with. */
static void assert_refused(enum history_mode mode, const char *expected)
{
	struct error error = { 0 };
	struct history *history = history_open(DATABASE, mode, &error);

	if (history)
		fail_msg("not refused: '%s'", expected);
	if (!strstr(error.message, expected))
		fail_msg("'%s' is not in '%s'", expected, error.message);
}

static void remove_database(void)
{
	remove(DATABASE);
	remove(DATABASE "-wal");
	remove(DATABASE "-shm");
}

static void test_the_first_layout_is_brought_up_to_date(void **state)
{
	struct shown shown = { 0 };

	(void)state;
	for (int mode = 0; mode < 2; mode++) {
		run_sql(DATABASE, LAYOUT_1 ROWS_1);
		for (int again = 0; again < 2; again++) {
			struct history *history = open_history(mode ? HISTORY_READ : HISTORY_WRITE);
			assert_string_equal(all_of(history, ALL), "i2@/d i1@/b =i1@/a =i1@/c failed@/e");
			each(history, ((struct history_query){ 1000, 1001, true }), &shown);
			assert_int_equal(shown.count, 3);
			const struct sighting expected = { { TEXT("/b"), 7, 8 },
							   TEXT("/b"),
							   SIGHTING_KNOWN,
							   TEXT_NONE,
							   TEXT("i1"),
							   TEXT("panic"),
							   TEXT("H"),
							   TEXT("T"),
							   TEXT("C"),
							   TEXT("F"),
							   TEXT("S"),
							   TEXT("ST"),
							   TEXT("yes"),
							   TEXT("fix"),
							   TEXT("6.1.0"),
							   TEXT("web1"),
							   1000,
							   true,
							   true,
							   4,
							   TEXT("{\"b\":1}") };
			assert_sighting(&shown.items[0], &expected, true);
			assert_int_equal(look_up(history, expected.source, CATALOGUE, &shown), HISTORY_SEEN);
			close_history(history);
		}
		remove_database();
	}
	arena_free(&shown.arena);
}

/* What the steps make is what a new one has, but for its blanks. */
static void test_both_layouts_are_one(void **state)
{
	struct history *history;

	(void)state;
	run_sql(DATABASE, LAYOUT_1);
	history = open_history(HISTORY_WRITE);
	add(history, make_sighting("/a", "1"));
	close_history(history);
	history = open_history(HISTORY_READ);
	assert_string_equal(all_of(history, ALL), "1@/a");
	close_history(history);
	remove_database();
	run_sql(DATABASE, SIGHTING_1 INDEXES_1 "CREATE  TABLE crash(identity TEXT PRIMARY KEY,best INTEGER NOT "
					       "NULL,\n\tfirst_seen INTEGER NOT NULL)WITHOUT ROWID;" MARK_1);
	close_history(open_history(HISTORY_WRITE));
}

static void test_a_newer_layout(void **state)
{
	(void)state;
	close_history(open_history(HISTORY_WRITE));
	run_sql(DATABASE, "PRAGMA user_version = 99; CREATE TABLE of_the_future (x)");
	for (int mode = 0; mode < 2; mode++)
		assert_refused(
			mode ? HISTORY_READ : HISTORY_WRITE,
			"the history history.db was written by a newer kdump-triage (layout 99, this one knows up to 2): "
			"install that, or keep another history");
	run_sql(DATABASE, "PRAGMA user_version = 0");
	assert_refused(HISTORY_WRITE, "the history history.db is damaged (it has no layout): move it away, and scan again: "
				      "mv 'history.db' 'history.db.damaged'");
	run_sql(DATABASE, "PRAGMA user_version = -1");
	assert_refused(HISTORY_WRITE, "it has no layout");
}

/* While it is open, a newer program comes by. */
static void test_a_layout_that_changes_meanwhile(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s = make_sighting("/a", "1");
	struct error error = { 0 };

	(void)state;
	run_sql(DATABASE, "ALTER TABLE crash ADD COLUMN of_the_future TEXT NOT NULL DEFAULT 'x'; PRAGMA user_version = 3");
	assert_true(history_add(history, &s, 1, CATALOGUE, &error));
	assert_false(history_flush(history, &error));
	assert_non_null(strstr(error.message, "was written by a newer kdump-triage (layout 3,"));
	run_sql(DATABASE, "PRAGMA user_version = 2"); /* nothing stayed locked, and all goes on */
	add(history, s);
	assert_string_equal(all_of(history, ALL), "1@/a");
	assert_true(history_close(history, &error));
}

/* ---- others' files ---- */

/* Nothing of it, nor beside it, is changed. */
static void assert_left_alone(const char *expected)
{
	size_t length, length_now;
	char *before = read_bytes(DATABASE, &length);

	for (int mode = 0; mode < 2; mode++) {
		assert_refused(mode ? HISTORY_READ : HISTORY_WRITE, expected);
		char *now = read_bytes(DATABASE, &length_now);
		assert_int_equal(length, length_now);
		assert_memory_equal(before, now, length);
		free(now);
	}
	free(before);
}

static void test_files_of_others(void **state)
{
	static const char *const databases[] = {
		"CREATE TABLE bookmarks (url TEXT)", "PRAGMA application_id = 1; CREATE TABLE sighting (id)",
		"PRAGMA application_id = 1",         "PRAGMA user_version = 1; CREATE TABLE sighting (id)",
		"CREATE TABLE x (y); DROP TABLE x",  "PRAGMA journal_mode = WAL; CREATE TABLE bookmarks (url TEXT)",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(databases); i++) {
		run_sql(DATABASE, databases[i]);
		assert_left_alone(
			"history.db is no history but a database of another program: name another file, or move it "
			"away");
		assert_int_equal(access(DATABASE "-wal", F_OK), -1);
		assert_int_equal(access(DATABASE "-shm", F_OK), -1);
		remove_database();
	}
	write_bytes(DATABASE, "root:x:0:0\n", 11);
	assert_left_alone(
		"history.db is no history but something else, or its beginning was overwritten: name another file");
	char *zeros = calloc(1, 100000);
	write_bytes(DATABASE, zeros, 100000);
	free(zeros);
	assert_left_alone("history.db is no history but something else");
}

/* The journals of another program's database are left to that. */
static void test_journals_of_others(void **state)
{
	sqlite3 *database;
	struct error error = { 0 };
	size_t length, length_now;

	(void)state;
	assert_true(sqlite_load(&error));
	assert_int_equal(sqlite.sqlite3_open_v2("other.db", &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite.sqlite3_exec(database,
					     "PRAGMA journal_mode = WAL; CREATE TABLE a (b); INSERT INTO a VALUES (1)", NULL,
					     NULL, NULL),
			 SQLITE_OK);
	char *bytes = read_bytes("other.db", &length);
	write_bytes(DATABASE, bytes, length);
	free(bytes);
	bytes = read_bytes("other.db-wal", &length);
	assert_true(length > 0);
	write_bytes(DATABASE "-wal", bytes, length);
	assert_int_equal(sqlite.sqlite3_close(database), SQLITE_OK);
	assert_left_alone("history.db is no history but a database of another program");
	char *now = read_bytes(DATABASE "-wal", &length_now);
	assert_int_equal(length, length_now);
	assert_memory_equal(bytes, now, length);
	free(bytes);
	free(now);
}

/* ---- tampered with ---- */

static void test_schemas_that_are_not_ours(void **state)
{
	static const char *const changes[] = {
		"CREATE TRIGGER t AFTER INSERT ON sighting BEGIN DELETE FROM crash; END",
		"CREATE VIEW v AS SELECT 1",
		"CREATE TABLE x (y)",
		"CREATE INDEX i ON sighting (headline)",
		"DROP INDEX sighting_file",
		"DROP INDEX crash_time; CREATE INDEX crash_time ON crash (coalesce(crashed_at, best))",
		"DROP TABLE crash",
		"DROP TABLE crash; CREATE VIEW crash AS SELECT 'x' AS identity, 1 AS best, 1 AS first_seen, 1 AS crashed_at",
		"ALTER TABLE crash ADD COLUMN x TEXT",
		"ALTER TABLE sighting ADD COLUMN x AS (abs(-9223372036854775808))",
		"ANALYZE",
		"CREATE VIRTUAL TABLE f USING fts3(x)",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = replace(sql, 'detail', 'detail CHECK (0)')",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = 'CREATE TABLE'",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 3 - rootpage WHERE type = 'table'",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET sql = printf('%.*c', 10000000, 'x')",
		"PRAGMA writable_schema = ON; UPDATE sqlite_master SET type = 'trigger'",
		"PRAGMA writable_schema = ON; DELETE FROM sqlite_master",
		"PRAGMA user_version = 1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct history *history = open_history(HISTORY_WRITE);
		add(history, make_sighting("/a", "1"));
		close_history(history);
		run_sql(DATABASE, changes[i]);
		assert_refused(HISTORY_READ, "the history history.db is damaged (");
		assert_refused(HISTORY_WRITE, "the history history.db is damaged (");
		remove_database();
	}
	run_sql(DATABASE, "PRAGMA encoding = 'UTF-16le';" LAYOUT_1 ROWS_1); /* texts are other bytes there */
	assert_refused(HISTORY_WRITE, "is damaged (its tables are not those of a history)");
	remove_database();
	/* Nor is what belongs to it while it is brought up to date. */
	run_sql(DATABASE, LAYOUT_1 ROWS_1 "CREATE TRIGGER t AFTER UPDATE ON crash BEGIN DELETE FROM sighting; END");
	assert_refused(HISTORY_WRITE, "is damaged (its tables are not those of a history)");
	run_sql(DATABASE, "DROP TRIGGER t");
	struct history *history = open_history(HISTORY_READ);
	assert_string_equal(all_of(history, ALL), "i2@/d i1@/b =i1@/a =i1@/c failed@/e");
	close_history(history);
}

/* ---- nothing there ---- */

static void test_nothing_there(void **state)
{
	(void)state;
	assert_refused(HISTORY_READ, "there is no history history.db yet: scan first");
	assert_int_equal(access(DATABASE, F_OK), -1);
	write_bytes(DATABASE, "", 0);
	assert_refused(HISTORY_READ, "the history history.db is empty yet: scan first");
	struct history *history = open_history(HISTORY_WRITE); /* as mktemp made it */
	assert_string_equal(all_of(history, ALL), "");
	close_history(history);
	history = open_history(HISTORY_READ);
	assert_string_equal(all_of(history, ALL), "");
	close_history(history);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_the_first_layout_is_brought_up_to_date),
		IN_A_DIRECTORY(test_both_layouts_are_one),
		IN_A_DIRECTORY(test_a_newer_layout),
		IN_A_DIRECTORY(test_a_layout_that_changes_meanwhile),
		IN_A_DIRECTORY(test_files_of_others),
		IN_A_DIRECTORY(test_journals_of_others),
		IN_A_DIRECTORY(test_schemas_that_are_not_ours),
		IN_A_DIRECTORY(test_nothing_there),
	};

	return cmocka_run_group_tests_name("history_layout", tests, NULL, NULL);
}
