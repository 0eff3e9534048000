/* Where a history may lie: directories that are missing, who may read it, and places where nothing can be written. */
#define _GNU_SOURCE /* nftw, mkdtemp, unshare */
#include "test_history.h"

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

static mode_t permissions(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void assert_opens(const char *path, enum history_mode mode)
{
	struct error error = { 0 };
	struct history *history = history_open(path, mode, &error);

	if (!history)
		fail_msg("%s", error.message);
	assert_true(history_close(history, &error));
}

/* With what, for a start. */
static void assert_opens_not(const char *path, enum history_mode mode, const char *expected)
{
	struct error error = { 0 };

	assert_null(history_open(path, mode, &error));
	if (strncmp(error.message, expected, strlen(expected)) != 0)
		fail_msg("'%s' does not start with '%s'", error.message, expected);
}

static void test_what_is_missing_is_made(void **state)
{
	mode_t mask = umask(0);
	char path[200];

	(void)state;
	assert_opens("a/b/c/history.db", HISTORY_WRITE); /* a user's state directory, of which all may lack */
	assert_int_equal(permissions("a"), 0750);
	assert_int_equal(permissions("a/b/c"), 0750);
	assert_int_equal(permissions("a/b/c/history.db"), 0600);
	assert_opens("a/b/c/history.db", HISTORY_WRITE);
	assert_opens("a/b/c/history.db", HISTORY_READ);
	assert_opens("./a//d//history.db", HISTORY_WRITE);
	assert_int_equal(permissions("a/d/history.db"), 0600);
	assert_opens("plain", HISTORY_WRITE);
	snprintf(path, sizeof path, "%s/e/f/history.db", directory);
	assert_opens(path, HISTORY_WRITE);
	assert_opens_not("w/x/y/z/history.db", HISTORY_WRITE,
			 "the directory w/x/y/z for the history cannot be made: No such file or directory");
	assert_int_equal(access("w", F_OK), -1);
	assert_opens_not("w/history.db", HISTORY_READ, "there is no history w/history.db yet: scan first");
	assert_int_equal(access("w", F_OK), -1);
	umask(mask);
}

static void test_the_log_is_nobody_elses_business_either(void **state)
{
	mode_t mask = umask(0);
	struct history *history = open_history(HISTORY_WRITE);

	(void)state;
	add(history, make_sighting("/a", "1"));
	flush(history);
	assert_int_equal(permissions(DATABASE "-wal"), 0600);
	assert_int_equal(permissions(DATABASE "-shm"), 0600);
	close_history(history);
	umask(mask);
}

/* Names that SQLite or its URIs would take for something else. */
static void test_names(void **state)
{
	static const char *const names[] = { ":memory:", "file:x.db",    "a?mode=memory", "100%41#x", "-",
					     " ",        "\xff\xfe\x01", "it's",          "x&y=z",    "ä" };
	struct error error = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct sighting s = make_sighting("/a", "1");
		struct history *history = history_open(names[i], HISTORY_WRITE, &error);
		assert_non_null(history);
		assert_true(history_add(history, &s, 1, CATALOGUE, &error));
		assert_true(history_close(history, &error));
		assert_int_equal(permissions(names[i]), 0600);
		history = history_open(names[i], HISTORY_READ, &error);
		assert_non_null(history);
		assert_string_equal(all_of(history, ALL), "1@/a");
		assert_true(history_close(history, &error));
	}
	run_sql("it's", "PRAGMA user_version = 0");
	assert_opens_not("it's", HISTORY_READ,
			 "the history it's is damaged (it has no layout): move it away, and scan again: mv 'it'\\''s' "
			 "'it'\\''s.damaged'");
	/* A path that is too long for the command still leaves room for what is wrong. */
	char path[200];
	memset(path, 'x', sizeof path);
	path[sizeof path - 1] = '\0';
	assert_opens(path, HISTORY_WRITE);
	run_sql(path, "PRAGMA user_version = 0");
	assert_null(history_open(path, HISTORY_READ, &error));
	assert_non_null(strstr(error.message, "xxx is damaged (it has no layout): move it away, and scan again"));
}

static void test_what_is_no_file(void **state)
{
	char path[300];

	(void)state;
	assert_opens_not("/dev/null", HISTORY_WRITE,
			 "the history /dev/null is no regular file: expected a file, or nothing");
	assert_opens_not(".", HISTORY_WRITE, "the history . is a directory: expected a file, or nothing");
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_opens_not("fifo", HISTORY_READ, "the history fifo is no regular file");
	write_bytes("file", "", 0);
	assert_opens_not("file/history.db", HISTORY_WRITE, "the history file/history.db cannot be opened: Not a directory");
	assert_opens_not("", HISTORY_READ, "there is no history  yet");
	assert_opens_not("", HISTORY_WRITE, "the history  cannot be made: No such file or directory");
	assert_int_equal(symlink("nowhere/history.db", "link"), 0);
	assert_opens_not("link", HISTORY_READ, "there is no history link yet");
	memset(path, 'n', sizeof path);
	path[sizeof path - 1] = '\0';
	assert_opens_not(path, HISTORY_WRITE, "the history nnn");
}

/* ---- by somebody who may not write ---- */

/* In a child, as an assertion of cmocka's is the parent's only: 0 is well, CANNOT is that it cannot be tried here. */
enum { CANNOT = 2 };

static int run(int (*test)(void))
{
	int status;
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child)
		_exit(test());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* Whether what comes of opening is that error, for a start; NULL: none. */
static bool gives(const char *path, enum history_mode mode, const char *expected)
{
	struct error error = { 0 };
	struct history *history = history_open(path, mode, &error);
	struct shown shown = { 0 };
	bool well = !expected == !!history && (!expected || strstr(error.message, expected) == error.message);

	if (history) {
		struct history_query all = ALL;
		well = well && history_each(history, &all, show_one, &shown, &error) && shown.count == 1;
		well = history_close(history, &error) && well;
	}
	if (!well)
		fprintf(stderr, "in a child: %s: '%s' instead of '%s'\n", path, error.message, expected ? expected : "");
	arena_free(&shown.arena);
	return well;
}

static void make_one(const char *path)
{
	struct sighting s = make_sighting("/a", "1");
	struct error error = { 0 };
	struct history *history = history_open(path, HISTORY_WRITE, &error);

	assert_non_null(history);
	assert_true(history_add(history, &s, 1, CATALOGUE, &error));
	assert_true(history_close(history, &error));
}

static int as_nobody(void)
{
	enum { NOBODY = 65534 };

	if (geteuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) != 0)
		return CANNOT;
	if (access("/", X_OK) != 0) /* no path leads anywhere */
		return CANNOT;
	bool well =
		gives("readable/history.db", HISTORY_WRITE,
		      "the history readable/history.db may only be read: change who may write it, or keep another "
		      "history") &&
		gives("readable/history.db", HISTORY_READ,
		      "the history readable/history.db may not be changed (to be read, it needs files beside it): change "
		      "who may write "
		      "the file and its directory, or copy it to a directory of yours") &&
		gives("readable/new.db", HISTORY_WRITE, "the history readable/new.db cannot be made: Permission denied") &&
		gives("readable/new/new.db", HISTORY_WRITE,
		      "the directory readable/new for the history cannot be made: Permission denied") &&
		gives("secret/history.db", HISTORY_READ,
		      "the history secret/history.db cannot be opened (Permission denied)") &&
		gives("secret/history.db", HISTORY_WRITE,
		      "the history secret/history.db cannot be opened (Permission denied)") &&
		gives("closed/history.db", HISTORY_WRITE,
		      "the history closed/history.db cannot be opened: Permission denied") &&
		gives("own/history.db", HISTORY_READ, NULL);
	return !well;
}

static void test_permissions(void **state)
{
	(void)state;
	make_one("readable/history.db");
	make_one("secret/history.db");
	make_one("closed/history.db");
	make_one("own/history.db"); /* only the file may not be written, but those beside it may */
	assert_int_equal(chmod("own/history.db", 0444) | chmod("own", 0777) | chmod("readable/history.db", 0444) |
				 chmod("readable", 0555) | chmod("secret", 0755) | chmod("secret/history.db", 0) |
				 chmod("closed", 0) | chmod(".", 0755),
			 0);
	int result = run(as_nobody);
	assert_int_equal(chmod("closed", 0755) | chmod("readable", 0755), 0);
	if (result == CANNOT) /* cmocka's skip() is "not ok" in TAP */
		print_message("# SKIP files are closed to nobody here, or open to all\n");
	else
		assert_int_equal(result, 0);
}

/* A support desk's copy, on a medium that nothing can be written to. */
static int on_a_read_only_file_system(void)
{
	enum { READ_ONLY = MS_REMOUNT | MS_RDONLY };
	struct sighting s = make_sighting("/a", "1");
	struct error error = { 0 };

	if (mkdir("mounted", 0755) != 0 || unshare(CLONE_NEWNS) != 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount("tmpfs", "mounted", "tmpfs", 0, "") != 0)
		return CANNOT;
	struct history *history = history_open("mounted/history.db", HISTORY_WRITE, &error);
	if (!history || !history_add(history, &s, 1, CATALOGUE, &error) || !history_close(history, &error))
		return 1;
	history = history_open("mounted/old.db", HISTORY_WRITE, &error);
	if (!history || !history_close(history, &error))
		return 1;
	run_sql("mounted/old.db", "DROP TABLE crash; CREATE TABLE crash (identity TEXT PRIMARY KEY, best INTEGER NOT NULL, "
				  "first_seen INTEGER NOT NULL) WITHOUT ROWID; PRAGMA user_version = 1");
	if (mount(NULL, "mounted", NULL, READ_ONLY, NULL) != 0)
		return CANNOT;
	bool well =
		gives("mounted/history.db", HISTORY_READ, NULL) && gives("mounted/history.db", HISTORY_READ, NULL) &&
		gives("mounted/history.db", HISTORY_WRITE,
		      "the history mounted/history.db may only be read: change who may write it, or keep another history") &&
		gives("mounted/new.db", HISTORY_WRITE, "the history mounted/new.db cannot be made: Read-only file system") &&
		gives("mounted/old.db", HISTORY_READ,
		      "the history mounted/old.db was written by an older kdump-triage, and may not be changed");
	return !well;
}

static void test_read_only_file_system(void **state)
{
	(void)state;
	int result = run(on_a_read_only_file_system);
	if (result == CANNOT)
		print_message("# SKIP no file system can be mounted here\n");
	else
		assert_int_equal(result, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_what_is_missing_is_made),
		IN_A_DIRECTORY(test_the_log_is_nobody_elses_business_either),
		IN_A_DIRECTORY(test_names),
		IN_A_DIRECTORY(test_what_is_no_file),
		IN_A_DIRECTORY(test_permissions),
		IN_A_DIRECTORY(test_read_only_file_system),
	};

	return cmocka_run_group_tests_name("history_place", tests, NULL, NULL);
}
