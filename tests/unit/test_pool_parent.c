/* scan/pool: the process that the pool is in: what it lacks, what it gets, what the workers must not do to it. */
#define _GNU_SOURCE
#include "test_pool.h"

static void do_pid(struct text rest, struct pool_reply *reply)
{
	(void)rest;
	send_number(reply, getpid());
}

static void do_exit(struct text rest, struct pool_reply *reply)
{
	(void)reply;
	exit((int)number_of(rest));
}

static const struct ability abilities[] = {
	{ "echo", do_echo }, { "gate", do_gate }, { "pid", do_pid }, { "abort", do_abort }, { "exit", do_exit }, { 0 },
};

/* Runs it in a process of its own, which must not assert: the number of the line that went wrong, or 0. */
static int run_apart(int (*run)(void))
{
	int status = 0;

	fflush(NULL);
	pid_t pid = fork();
	if (pid == 0) {
		int line = run();
		if (line)
			print_error("line %d\n", line);
		_exit(line != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* In such a process. */
#define REQUIRE(condition)                                                                                                  \
	do {                                                                                                                \
		if (!(condition))                                                                                           \
			return __LINE__;                                                                                    \
	} while (0)

static struct pool_event next_apart(struct pool *pool)
{
	struct pool_event event = { 0 };

	for (int64_t until = monotonic_ms() + DEADLINE; monotonic_ms() < until && event.type == POOL_NOTHING;)
		event = pool_wait(pool, 1000);
	return event;
}

static bool echoes(struct pool *pool)
{
	if (!pool_submit(pool, 1, TEXT("echo on")))
		return false;
	struct pool_event event = next_apart(pool);
	return event.type == POOL_MESSAGE && text_is(event.message, "on") && next_apart(pool).type == POOL_DONE;
}

/*
 * As many requests as there are workers. Told: the numbers that they answer; killed: processes that are, once all requests
 * are under way; either may be NULL.
 */
static void run_on_all(struct pool *pool, const char *request, int count, pid_t *told, const pid_t *killed)
{
	int64_t until = monotonic_ms() + DEADLINE;

	for (int submitted = 0, done = 0; done < count;) {
		assert_true(monotonic_ms() < until);
		if (submitted < count && pool_submit(pool, (uint64_t)submitted, text_from(request))) {
			submitted++;
			for (int i = 0; killed && submitted == count && i < count; i++)
				assert_int_equal(kill(killed[i], SIGKILL), 0);
			continue;
		}
		struct pool_event event = pool_wait(pool, 1000); /* where a place is about to be vacant, nothing */
		assert_in_range(event.type, POOL_NOTHING, POOL_DONE);
		if (event.type == POOL_MESSAGE && told)
			told[event.ticket] = (pid_t)number_of(event.message);
		done += event.type == POOL_DONE;
	}
}

/* Whoever killed an idle worker, or one that had not seen its request: no request is lost by that. */
static void test_idle_worker_dies(void **state)
{
	enum { JOBS = 3, DEAD_FOR_LONG = 0, DYING, STOPPED, NOTICED, WAYS };
	pid_t pids[JOBS];

	(void)state;
	struct pool *pool = start(abilities, JOBS, 0, 0);
	for (int turn = 0; turn < 5 * WAYS; turn++) {
		int way = turn % WAYS;
		run_on_all(pool, "pid", JOBS, pids, NULL);
		for (int i = 0; i < JOBS; i++)
			assert_int_equal(kill(pids[i], way == STOPPED ? SIGSTOP : SIGKILL), 0);
		for (int i = 0; way == DEAD_FOR_LONG && i < JOBS; i++)
			wait_until_gone(pids[i]);
		if (way == NOTICED)
			assert_int_equal(pool_wait(pool, 20).type, POOL_NOTHING);
		run_on_all(pool, "echo on", JOBS, NULL, way == STOPPED ? pids : NULL);
	}
	pool_stop(pool);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* No process can be started any more: goes on with the others; where there is none, says so. */
static int run_without_forks(void)
{
	struct pool *pool = try_to_start(abilities, 2, 0, 0);

	shared->gate = 0;
	REQUIRE(pool && setrlimit(RLIMIT_NPROC, &(struct rlimit){ 0, 0 }) == 0);
	REQUIRE(pool_submit(pool, 1, TEXT("abort")));
	REQUIRE(next_apart(pool).type == POOL_LOST);
	REQUIRE(pool_submit(pool, 2, TEXT("gate")));
	REQUIRE(!pool_submit(pool, 3, TEXT("echo")) && !pool_submit(pool, 3, TEXT("echo")));
	shared->gate = 1;
	REQUIRE(next_apart(pool).type == POOL_MESSAGE && next_apart(pool).type == POOL_DONE);
	REQUIRE(pool_busy(pool) == 0 && pool_wait(pool, 0).type == POOL_NOTHING);
	REQUIRE(echoes(pool) && echoes(pool));
	REQUIRE(pool_submit(pool, 4, TEXT("abort")));
	REQUIRE(next_apart(pool).type == POOL_LOST);
	REQUIRE(!pool_submit(pool, 5, TEXT("echo")));
	for (int i = 0; i < 2; i++) {
		struct pool_event event = pool_wait(pool, 10000);
		REQUIRE(event.type == POOL_TROUBLE);
		REQUIRE(text_is(event.message, "fork: Resource temporarily unavailable"));
	}
	pool_stop(pool);
	return 0;
}

/* The limit binds everybody but root. */
static int run_as_nobody(void)
{
	REQUIRE(getuid() != 0 || setuid(65534) == 0);
	return run_without_forks();
}

static void test_no_forks(void **state)
{
	(void)state;
	assert_int_equal(run_apart(run_as_nobody), 0);
}

/* A worker that dies with its request not taken, and no other to be had. */
static int run_stopped_worker(void)
{
	REQUIRE(getuid() != 0 || setuid(65534) == 0);
	struct pool *pool = try_to_start(abilities, 1, 0, 0);
	REQUIRE(pool && pool_submit(pool, 1, TEXT("pid")));
	struct pool_event event = next_apart(pool);
	REQUIRE(event.type == POOL_MESSAGE);
	pid_t pid = (pid_t)number_of(event.message);
	REQUIRE(next_apart(pool).type == POOL_DONE);
	REQUIRE(kill(pid, SIGSTOP) == 0 && pool_submit(pool, 2, TEXT("echo")));
	REQUIRE(setrlimit(RLIMIT_NPROC, &(struct rlimit){ 0, 0 }) == 0);
	REQUIRE(kill(pid, SIGKILL) == 0);
	event = next_apart(pool);
	REQUIRE(event.type == POOL_LOST && event.ticket == 2);
	REQUIRE(text_is(event.message, "there was no worker for it (fork: Resource temporarily unavailable)"));
	pool_stop(pool);
	return 0;
}

static void test_no_fork_for_request(void **state)
{
	(void)state;
	assert_int_equal(run_apart(run_stopped_worker), 0);
}

static void test_start_fails(void **state)
{
	struct pool_options options = { .jobs = 2, .work = work, .state = (void *)(uintptr_t)abilities };
	struct error error = { 0 };
	struct rlimit before, none;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ 0, before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	struct pool *pool = pool_start(&options, &error);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_null(pool);
	assert_string_equal(error.message, "no socket: Too many open files");
}

static void on_exit_count(void)
{
	shared->sent[0]++;
}

/* What lies in buffers is written by whom it belongs to, and once; what is to be done at exit likewise. */
static int run_with_buffers(void)
{
	static const char *const requests[] = { "exit 0", "exit 1", "abort", "echo" };
	struct stat status;
	FILE *file = tmpfile();

	shared->sent[0] = 0;
	REQUIRE(file && atexit(on_exit_count) == 0);
	REQUIRE(fputs("once", file) >= 0);
	struct pool *pool = try_to_start(abilities, 2, 0, 0);
	REQUIRE(pool);
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
		REQUIRE(pool_submit(pool, i, text_from(requests[i])));
		while (pool_busy(pool))
			next_apart(pool);
	}
	pool_stop(pool);
	REQUIRE(fstat(fileno(file), &status) == 0 && status.st_size == 0);
	REQUIRE(shared->sent[0] == 0);
	REQUIRE(fclose(file) == 0);
	return 0;
}

static void test_buffers(void **state)
{
	(void)state;
	assert_int_equal(run_apart(run_with_buffers), 0);
}

/* Sockets get the numbers that a worker gives to others. */
static int run_without_terminal(void)
{
	for (int fd = 0; fd <= 2; fd++)
		close(fd);
	struct pool *pool = try_to_start(abilities, 1, 0, 0);
	REQUIRE(pool && echoes(pool));
	pool_stop(pool);
	pool = try_to_start(abilities, 4, 0, 0);
	shared->gate = 1;
	for (uint64_t i = 0; i < 4; i++)
		REQUIRE(pool_submit(pool, i, TEXT("gate")));
	for (int i = 0; i < 8; i++) {
		struct pool_event event = next_apart(pool);
		REQUIRE(event.type == POOL_MESSAGE || event.type == POOL_DONE);
	}
	pool_stop(pool);
	return 0;
}

static void test_no_terminal(void **state)
{
	(void)state;
	assert_int_equal(run_apart(run_without_terminal), 0);
}

/* As nohup and some daemons start programs. */
static int run_ignoring_ends(void)
{
	signal(SIGCHLD, SIG_IGN);
	struct pool *pool = try_to_start(abilities, 1, 0, 0);
	REQUIRE(pool && pool_submit(pool, 1, TEXT("abort")));
	struct pool_event event = next_apart(pool);
	REQUIRE(event.type == POOL_LOST && text_is(event.message, "its process was ended by signal 6 (Aborted)"));
	signal(SIGCHLD, SIG_IGN); /* again, to annoy */
	REQUIRE(pool_submit(pool, 1, TEXT("abort")));
	event = next_apart(pool);
	REQUIRE(event.type == POOL_LOST && text_is(event.message, "its process ended"));
	REQUIRE(echoes(pool));
	pool_stop(pool);
	return 0;
}

static void test_ends_ignored(void **state)
{
	(void)state;
	assert_int_equal(run_apart(run_ignoring_ends), 0);
}

static void on_interrupt(int signal_number)
{
	(void)signal_number;
}

/* A Ctrl-C goes to the parent's process group: the worker is not in it. */
static int run_interrupted(void)
{
	pid_t pids[2] = { 0 };

	setpgid(0, 0);
	signal(SIGINT, on_interrupt);
	struct pool *pool = try_to_start(abilities, 1, 0, 0);
	REQUIRE(pool);
	for (int i = 0; i < 2; i++) {
		REQUIRE(pool_submit(pool, 1, TEXT("pid")));
		struct pool_event event = next_apart(pool);
		REQUIRE(event.type == POOL_MESSAGE);
		pids[i] = (pid_t)number_of(event.message);
		REQUIRE(next_apart(pool).type == POOL_DONE);
		REQUIRE(kill(0, SIGINT) == 0);
	}
	REQUIRE(pids[0] == pids[1]);
	pool_stop(pool);
	return 0;
}

static void test_interrupt(void **state)
{
	(void)state;
	assert_int_equal(run_apart(run_interrupted), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idle_worker_dies),
		cmocka_unit_test(test_no_forks),
		cmocka_unit_test(test_no_fork_for_request),
		cmocka_unit_test(test_start_fails),
		cmocka_unit_test(test_buffers),
		cmocka_unit_test(test_no_terminal),
		cmocka_unit_test(test_ends_ignored),
		cmocka_unit_test(test_interrupt),
	};

	make_shared();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
