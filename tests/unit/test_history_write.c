/* Several writers at once, writers that are killed, and file systems that are full, or may only be read. */
#define _GNU_SOURCE /* nftw, mkdtemp, unshare */
#include "test_history.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <time.h>

/* What a child found: it says so by its exit status, as an assertion of cmocka's is the parent's only. */
enum { CHILD_WELL = 0, CHILD_FAILED = 1, CHILD_CANNOT = 2 };

static int wait_for(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static pid_t start(int (*run)(void *state), void *state)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child)
		_exit(run(state));
	return child;
}

/* In a child: says what it expected, and of what. */
static int child_failed(const char *what, const char *of)
{
	fprintf(stderr, "in a child: %s: %s\n", what, of);
	return CHILD_FAILED;
}

static int child_is(bool well, const char *what, const char *of)
{
	return well ? CHILD_WELL : child_failed(what, of);
}

/* The database's own check of itself. */
static void assert_whole(void)
{
	sqlite3 *database;
	sqlite3_stmt *statement;

	assert_int_equal(sqlite.sqlite3_open_v2(DATABASE, &database, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite.sqlite3_prepare_v2(database, "PRAGMA integrity_check", -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite.sqlite3_step(statement), SQLITE_ROW);
	assert_string_equal(sqlite.sqlite3_column_blob(statement, 0), "ok");
	sqlite.sqlite3_finalize(statement);
	assert_int_equal(sqlite.sqlite3_close(database), SQLITE_OK);
	/* Crashes and their best sightings fit each other. */
	assert_int_equal(ask_sql(DATABASE,
				 "SELECT (SELECT count(DISTINCT identity) FROM sighting) = count(*) FROM crash JOIN "
				 "sighting ON sighting.id = crash.best AND sighting.identity = crash.identity"),
			 1);
}

/* ---- several at once ---- */

enum { SOURCES = 500, PARTS = 2, PROCESSES = 2 };

struct writer {
	struct text catalogue;
	int ready, go; /* ends of pipes: says that it is open, and waits for the others; -1: none */
};

/* An archive of two: a crash of its own, and one that all share. */
static void make_parts(int number, char names[static 64], struct sighting parts[static PARTS])
{
	snprintf(names, 32, "/%03d", number);
	snprintf(names + 32, 32, "%016x", number);
	parts[0] = make_sighting(names, names + 32);
	parts[1] = make_sighting(names, "shared");
	parts[1].path = TEXT("/shared");
}

static int write_sources(void *state)
{
	struct writer *writer = state;
	struct error error = { 0 };
	struct history *history = history_open(DATABASE, HISTORY_WRITE, &error);
	char byte = 0;

	if (!history)
		return child_failed("history_open", error.message);
	if (writer->ready >= 0 && (write(writer->ready, &byte, 1) != 1 || read(writer->go, &byte, 1) != 1))
		return child_failed("pipe", "closed");
	for (int i = 0; i < SOURCES; i++) {
		struct sighting parts[PARTS];
		char names[64];
		make_parts(i, names, parts);
		if (!history_add(history, parts, PARTS, writer->catalogue, &error) ||
		    (i % 20 == 0 && !history_flush(history, &error)))
			return child_failed("history_add", error.message);
		/* Not at it all the time: who waits for a lock looks for it ten times a second only. */
		if (i % 20 == 0)
			usleep(20000);
	}
	return child_is(history_close(history, &error), "history_close", error.message);
}

/* Each source is whole, and of one writer. */
static void assert_sources(size_t at_least)
{
	struct history *history = open_history(HISTORY_READ);
	struct shown shown = { 0 };
	size_t found = 0;

	for (int i = 0; i < SOURCES; i++) {
		struct sighting parts[PARTS];
		char names[64];
		make_parts(i, names, parts);
		enum history_answer one = look_up(history, parts[0].source, TEXT("one"), &shown);
		if (one == HISTORY_STALE)
			one = look_up(history, parts[0].source, TEXT("two"), &shown);
		if (one == HISTORY_NEW)
			continue;
		found++;
		assert_int_equal(one, HISTORY_SEEN);
		assert_int_equal(shown.count, PARTS);
		for (int k = 0; k < PARTS; k++)
			assert_sighting(&shown.items[k], &parts[k], false);
	}
	assert_true(found >= at_least);
	each(history, ALL, &shown);
	assert_int_equal(shown.count, PARTS * found);
	close_history(history);
	arena_free(&shown.arena);
}

static void test_two_write_at_once(void **state)
{
	struct writer writers[PROCESSES] = { { TEXT("one"), -1, -1 }, { TEXT("two"), -1, -1 } };
	pid_t children[PROCESSES];

	(void)state;
	for (int i = 0; i < PROCESSES; i++)
		children[i] = start(write_sources, &writers[i]);
	while (access(DATABASE, F_OK) != 0)
		usleep(1000);
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(wait_for(children[i]), CHILD_WELL);
	assert_sources(SOURCES);
	assert_whole();
}

static int open_and_close(void *state)
{
	struct error error = { 0 };
	struct history *history = history_open(DATABASE, HISTORY_WRITE, &error);

	(void)state;
	return child_is(history && history_close(history, &error), "history_open", error.message);
}

/* None sees what another has made half as damaged. */
static void test_made_by_several_at_once(void **state)
{
	enum { ROUNDS = 150, AT_ONCE = 3 };
	pid_t children[AT_ONCE];

	(void)state;
	for (int round = 0; round < ROUNDS; round++) {
		unlink(DATABASE);
		unlink(DATABASE "-wal");
		unlink(DATABASE "-shm");
		for (int i = 0; i < AT_ONCE; i++)
			children[i] = start(open_and_close, NULL);
		for (int i = 0; i < AT_ONCE; i++)
			assert_int_equal(wait_for(children[i]), CHILD_WELL);
	}
}

static void test_readers_see_whole_sources(void **state)
{
	struct writer writer = { TEXT("one"), -1, -1 };
	struct shown shown = { 0 };

	(void)state;
	close_history(open_history(HISTORY_WRITE));
	pid_t child = start(write_sources, &writer);
	for (int i = 0; i < 50; i++) {
		struct history *history = open_history(HISTORY_READ);
		size_t own = 0;
		each(history, ALL, &shown);
		for (size_t k = 0; k < shown.count; k++)
			own += !text_is(shown.items[k].identity, "shared");
		assert_int_equal(shown.count, PARTS * own);
		close_history(history);
	}
	arena_free(&shown.arena);
	assert_int_equal(wait_for(child), CHILD_WELL);
	assert_sources(SOURCES);
}

/* Reads, until it is told to go. In a process of its own: SQLite's locks do not bear a fork. */
static int read_until_told(void *state)
{
	struct writer *reader = state;
	sqlite3 *database;
	char byte = 0;

	if (sqlite.sqlite3_open_v2(DATABASE, &database, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
	    sqlite.sqlite3_exec(database, "BEGIN; SELECT * FROM crash", NULL, NULL, NULL) != SQLITE_OK)
		return child_failed("reading", sqlite.sqlite3_errmsg(database));
	if (write(reader->ready, &byte, 1) != 1 || read(reader->go, &byte, 1) != 1)
		return child_failed("pipe", "closed");
	return child_is(sqlite.sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "end of reading",
			sqlite.sqlite3_errmsg(database));
}

/* Where no write-ahead log can be had, as somebody reads while it is opened; the same holds. */
static void test_two_write_at_once_without_a_log(void **state)
{
	enum { JOURNAL_VERSION = 18, ROLLBACK = 1 };
	struct writer writers[PROCESSES] = { { TEXT("one"), -1, -1 }, { TEXT("two"), -1, -1 } }, reader;
	pid_t children[PROCESSES], reading;
	int ready[2], go[2], stop[2];
	char byte;
	size_t length;

	(void)state;
	assert_int_equal(pipe(ready) | pipe(go) | pipe(stop), 0);
	close_history(open_history(HISTORY_WRITE));
	run_sql(DATABASE, "PRAGMA journal_mode = DELETE");
	reader = (struct writer){ TEXT_NONE, ready[1], stop[0] };
	reading = start(read_until_told, &reader);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	for (int i = 0; i < PROCESSES; i++) {
		writers[i].ready = ready[1];
		writers[i].go = go[0];
		children[i] = start(write_sources, &writers[i]);
	}
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(write(stop[1], "s", 1), 1);
	assert_int_equal(wait_for(reading), CHILD_WELL);
	assert_int_equal(write(go[1], "go", PROCESSES), PROCESSES);
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(wait_for(children[i]), CHILD_WELL);
	char *bytes = read_bytes(DATABASE, &length);
	assert_int_equal(bytes[JOURNAL_VERSION], ROLLBACK);
	free(bytes);
	assert_sources(SOURCES);
	assert_whole();
	for (int i = 0; i < 2; i++)
		close(ready[i]), close(go[i]), close(stop[i]);
}

/* Another's transaction is waited for; not for ever. */
static void test_busy(void **state)
{
	struct history *history = open_history(HISTORY_WRITE);
	struct sighting s = make_sighting("/a", "1");
	struct error error = { 0 };
	struct shown shown = { 0 };
	sqlite3 *other;

	(void)state;
	assert_int_equal(sqlite.sqlite3_open_v2(DATABASE, &other, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite.sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_true(history_add(history, &s, 1, CATALOGUE, &error));
	time_t begin = time(NULL);
	assert_false(history_flush(history, &error));
	assert_true(time(NULL) - begin >= 9 && time(NULL) - begin < 60);
	assert_string_equal(error.message,
			    "the history history.db is being changed by another program (database is locked): wait "
			    "until that ends; fuser -v tells which it is");
	assert_int_equal(look_up(history, s.source, CATALOGUE, &shown), HISTORY_NEW); /* to read, nobody waits */
	assert_int_equal(sqlite.sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite.sqlite3_close(other), SQLITE_OK);
	add(history, s);
	assert_int_equal(look_up(history, s.source, CATALOGUE, &shown), HISTORY_SEEN);
	close_history(history);
	arena_free(&shown.arena);
}

/* ---- killed ---- */

static int write_for_ever(void *state)
{
	struct error error = { 0 };
	struct history *history = history_open(DATABASE, HISTORY_WRITE, &error);

	(void)state;
	if (!history)
		return child_failed("history_open", error.message);
	for (int i = 0;; i++) {
		struct sighting parts[PARTS];
		char names[64];
		make_parts(i % SOURCES, names, parts);
		if (!history_add(history, parts, PARTS, TEXT("one"), &error) ||
		    (i % 7 == 0 && !history_flush(history, &error)))
			return child_failed("history_add", error.message);
	}
}

static void test_killed(void **state)
{
	enum { ROUNDS = 30 };

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		pid_t child = start(write_for_ever, NULL);
		usleep(1000 + (useconds_t)i * i * 200); /* at first, while it is still being made */
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(wait_for(child), 128 + SIGKILL);
		close_history(open_history(HISTORY_WRITE));
		assert_sources(0);
		assert_whole();
	}
	assert_sources(10);
}

/* ---- no room ---- */

/* Fills what room there is; the error says so, and what was written before is there. Then there is room again. */
static int fill_up(const char *path, void (*make_room)(void))
{
	enum { MOST = 100000 };
	static char detail[5000];
	struct error error = { 0 };
	struct history *history = history_open(path, HISTORY_WRITE, &error);
	char name[32] = "";
	size_t seen = 0, written = 0;
	bool well = true;

	if (!history)
		return child_failed("history_open", error.message);
	memset(detail, 'd', sizeof detail);
	for (int i = 0; i < MOST && well; i++) {
		snprintf(name, sizeof name, "/%d", i);
		struct sighting s = make_sighting(name, name);
		s.detail = (struct text){ detail, sizeof detail };
		well = history_add(history, &s, 1, CATALOGUE, &error) && (i % 10 || history_flush(history, &error));
		written += well && i % 10 == 0 ? 10 : 0;
	}
	if (well || !strstr(error.message, " cannot be written: its file system is full (") ||
	    !strstr(error.message, "): make room, and scan again"))
		return child_failed("full", well ? "never" : error.message);
	struct history_query all = { SIGHTING_NO_TIME, SIGHTING_NO_TIME, true };
	struct shown shown = { 0 };
	if (!history_each(history, &all, show_one, &shown, &error) || shown.count + 10 < written || !shown.count)
		return child_failed("what was written before", error.message);
	arena_free(&shown.arena);
	shown = (struct shown){ 0 };
	make_room();
	struct sighting s = make_sighting("/new", "new");
	if (!history_add(history, &s, 1, CATALOGUE, &error) || !history_close(history, &error))
		return child_failed("once there is room", error.message);
	history = history_open(path, HISTORY_READ, &error);
	if (!history || history_look_up(history, &s.source, CATALOGUE, show_one, &shown, &error) != HISTORY_SEEN)
		return child_failed("opened again", error.message);
	seen = shown.count;
	arena_free(&shown.arena);
	return child_is(history_close(history, &error) && seen == 1, "closed again", error.message);
}

static void raise_limit(void)
{
	struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_FSIZE, &limit);
}

static int fill_up_to_the_limit(void *state)
{
	struct rlimit limit = { 300000, RLIM_INFINITY };

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return CHILD_CANNOT;
	return fill_up(DATABASE, raise_limit);
}

static void test_files_of_limited_size(void **state)
{
	(void)state;
	assert_int_equal(wait_for(start(fill_up_to_the_limit, NULL)), CHILD_WELL);
}

/* In a name space of its own, so that whatever happens nothing stays mounted. */
static bool mount_small(const char *where, unsigned long flags)
{
	return (mkdir(where, 0755) == 0 || errno == EEXIST) && unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", where, "tmpfs", flags, "size=2m,mode=0777") == 0;
}

static void remove_ballast(void)
{
	remove("full/ballast");
}

static int fill_up_a_file_system(void *state)
{
	(void)state;
	if (!mount_small("full", 0))
		return CHILD_CANNOT;
	int fd = open("full/ballast", O_WRONLY | O_CREAT, 0600);
	if (fd < 0 || posix_fallocate(fd, 0, 1000000) != 0)
		return CHILD_CANNOT;
	close(fd);
	return fill_up("full/history.db", remove_ballast);
}

static void test_full_file_system(void **state)
{
	(void)state;
	int result = wait_for(start(fill_up_a_file_system, NULL));
	if (result == CHILD_CANNOT)
		print_message("# SKIP no file system can be mounted here\n");
	else
		assert_int_equal(result, CHILD_WELL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_DIRECTORY(test_two_write_at_once),
		IN_A_DIRECTORY(test_made_by_several_at_once),
		IN_A_DIRECTORY(test_readers_see_whole_sources),
		IN_A_DIRECTORY(test_two_write_at_once_without_a_log),
		IN_A_DIRECTORY(test_busy),
		IN_A_DIRECTORY(test_killed),
		IN_A_DIRECTORY(test_files_of_limited_size),
		IN_A_DIRECTORY(test_full_file_system),
	};

	return cmocka_run_group_tests_name("history_write", tests, NULL, NULL);
}
