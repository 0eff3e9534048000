/* scan/pool: requests over several workers, messages of every size, and what the parent has to bear. */
#define _GNU_SOURCE
#include "test_pool.h"

#include <sys/time.h>

enum { CHUNK = 64 * 1024, MEBIBYTE = 1024 * 1024 };

static void do_count(struct text rest, struct pool_reply *reply)
{
	long most = number_of(rest);

	for (long i = 0; i < most; i++)
		send_number(reply, i);
}

static void do_big(struct text rest, struct pool_reply *reply)
{
	size_t length = (size_t)number_of(rest);
	char *bytes = malloc(length);

	for (size_t i = 0; bytes && i < length; i++)
		bytes[i] = (char)(i * 31 + i / 4099);
	if (bytes)
		pool_send(reply, (struct text){ bytes, length });
	free(bytes);
}

/* A thousand messages, counted where the test sees it. */
static void do_flood(struct text rest, struct pool_reply *reply)
{
	static char chunk[CHUNK];
	long who = number_of(rest);

	for (int i = 0; i < 1000; i++) {
		pool_send(reply, (struct text){ chunk, sizeof chunk });
		shared->sent[who]++;
	}
}

static void do_pid(struct text rest, struct pool_reply *reply)
{
	(void)rest;
	send_number(reply, getpid());
}

static void do_hang(struct text rest, struct pool_reply *reply)
{
	(void)rest;
	send_number(reply, getpid());
	for (;;)
		pause();
}

/* All that a worker should be; sends what it is not. */
static void do_look(struct text rest, struct pool_reply *reply)
{
	struct rlimit core, data;
	struct sigaction action;
	sigset_t blocked;
	struct stat out, nothing;
	char byte;

	(void)rest;
	if (read(STDIN_FILENO, &byte, 1) != 0)
		pool_send(reply, TEXT("standard input"));
	if (stat("/dev/null", &nothing) != 0 || fstat(STDOUT_FILENO, &out) != 0 || out.st_rdev != nothing.st_rdev)
		pool_send(reply, TEXT("standard output"));
	if (count_descriptors(0, true, NULL) != 1)
		pool_send(reply, TEXT("sockets"));
	if (getpgrp() != getpid())
		pool_send(reply, TEXT("process group"));
	if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur || core.rlim_max)
		pool_send(reply, TEXT("core"));
	/* What it has from its parent comes on top. */
	if (PROCESS_LIMITS_DATA && (getrlimit(RLIMIT_DATA, &data) != 0 || data.rlim_cur < 256 * MEBIBYTE ||
				    data.rlim_cur > 256 * MEBIBYTE + process_data() + MEBIBYTE))
		pool_send(reply, TEXT("data"));
	if (sigaction(SIGINT, NULL, &action) != 0 || action.sa_handler != SIG_DFL)
		pool_send(reply, TEXT("SIGINT"));
	if (sigprocmask(SIG_BLOCK, NULL, &blocked) != 0 || sigismember(&blocked, SIGUSR1))
		pool_send(reply, TEXT("SIGUSR1"));
}

static const struct ability abilities[] = {
	{ "echo", do_echo }, { "gate", do_gate },   { "count", do_count },
	{ "big", do_big },   { "flood", do_flood }, { "pid", do_pid },
	{ "hang", do_hang }, { "look", do_look },   { 0 },
};

/* The first request is done last: the others do not wait for it. */
static void test_many(void **state)
{
	enum { MANY = 300, NEITHER = 0, SENT, DONE };
	static char seen[MANY];
	unsigned next_ticket = 0, done = 0;
	char request[32];

	(void)state;
	shared->gate = 0;
	struct pool *pool = start(abilities, 4, 0, 0);
	while (done < MANY) {
		for (; next_ticket < MANY; next_ticket++) {
			snprintf(request, sizeof request, "%s %u", next_ticket ? "echo" : "gate", next_ticket);
			if (!pool_submit(pool, next_ticket, text_from(request)))
				break;
			assert_true(pool_busy(pool) >= 1 && pool_busy(pool) <= 4);
		}
		struct pool_event event = next(pool);
		assert_true(event.ticket < MANY);
		if (event.type == POOL_MESSAGE) {
			assert_int_equal(seen[event.ticket], NEITHER);
			assert_int_equal(number_of(event.message), (long)event.ticket);
			seen[event.ticket] = SENT;
		} else {
			assert_int_equal(event.type, POOL_DONE);
			assert_int_equal(seen[event.ticket], SENT);
			assert_true(event.ticket || done == MANY - 1);
			seen[event.ticket] = DONE;
			shared->gate = ++done == MANY - 1;
		}
	}
	assert_int_equal(pool_busy(pool), 0);
	pool_stop(pool);
}

static void test_messages(void **state)
{
	char number[32];

	(void)state;
	struct pool *pool = start(abilities, 2, 0, 0);
	submit(pool, 7, "count 5000");
	for (int i = 0; i < 5000; i++) {
		snprintf(number, sizeof number, "%d", i);
		expect(pool, POOL_MESSAGE, 7, number);
	}
	expect(pool, POOL_DONE, 7, "");
	submit(pool, UINT64_MAX, "echo"); /* an empty message */
	expect(pool, POOL_MESSAGE, UINT64_MAX, "");
	expect(pool, POOL_DONE, UINT64_MAX, "");
	submit(pool, 0, ""); /* no request at all, and no message */
	expect(pool, POOL_DONE, 0, "");
	assert_int_equal(pool_wait(pool, 0).type, POOL_NOTHING);
	pool_stop(pool);
}

static long resident_pages(void)
{
	long size, resident = 0;
	FILE *file = fopen("/proc/self/statm", "r");

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld %ld", &size, &resident), 2);
	fclose(file);
	return resident;
}

static void expect_big(struct pool *pool, size_t length)
{
	struct pool_event event = next(pool);

	assert_int_equal(event.type, POOL_MESSAGE);
	assert_int_equal(event.message.length, length);
	for (size_t i = 0; i < length; i++)
		if (event.message.data[i] != (char)(i * 31 + i / 4099))
			fail_msg("byte %zu", i);
}

/* Of 20 MiB, and of the most there may be; afterwards the memory is not kept. */
static void test_huge_message(void **state)
{
	(void)state;
	struct pool *pool = start(abilities, 1, 0, 0);
	submit(pool, 1, "big 20971520");
	expect_big(pool, 20 * MEBIBYTE);
	expect(pool, POOL_DONE, 1, "");
	submit(pool, 2, "big 67108864");
	expect_big(pool, POOL_MESSAGE_MOST);
	long then = resident_pages();
	expect(pool, POOL_DONE, 2, "");
	if (PROCESS_LIMITS_DATA) /* AddressSanitizer keeps what was freed */
		assert_true((then - resident_pages()) * sysconf(_SC_PAGESIZE) > 50 * MEBIBYTE);
	pool_stop(pool);
}

static void test_huge_request(void **state)
{
	static char request[20 * MEBIBYTE];

	(void)state;
	memset(request, 'x', sizeof request);
	memcpy(request, "echo ", 5);
	struct pool *pool = start(abilities, 2, 0, 0);
	assert_true(pool_submit(pool, 1, (struct text){ request, sizeof request }));
	assert_true(pool_submit(pool, 2, TEXT("echo small")));
	request[5] = 'y'; /* it was copied */
	for (int done = 0; done < 2;) {
		struct pool_event event = next(pool);
		assert_true(event.type == POOL_MESSAGE || event.type == POOL_DONE);
		done += event.type == POOL_DONE;
		if (event.type == POOL_MESSAGE && event.ticket == 1) {
			assert_int_equal(event.message.length, sizeof request - 5);
			assert_int_equal(event.message.data[0], 'x');
			assert_memory_equal(event.message.data + 1, request + 6, sizeof request - 6);
		}
	}
	pool_stop(pool);
}

static void wait_for_sent(long who, long least)
{
	int64_t until = monotonic_ms() + DEADLINE;

	while (shared->sent[who] < least) {
		assert_true(monotonic_ms() < until);
		nap();
	}
}

/* Workers that are faster than the parent have to wait for it; and neither crowds out the other. */
static void test_slow_parent(void **state)
{
	enum { AHEAD_MOST = 16 }; /* messages: what a socket's buffer holds, and one on each side */
	long received[2] = { 0 }, done = 0;

	(void)state;
	shared->sent[0] = shared->sent[1] = 0;
	struct pool *pool = start(abilities, 2, 0, 0);
	submit(pool, 0, "flood 0");
	submit(pool, 1, "flood 1");
	while (done < 2) {
		if (received[0] + received[1] < 40) { /* both have something to say: then it goes in turn */
			wait_for_sent(0, received[0] + 1);
			wait_for_sent(1, received[1] + 1);
			assert_in_range(received[0], received[1] ? received[1] - 1 : 0, received[1] + 1);
		}
		struct pool_event event = next(pool);
		if (event.type == POOL_MESSAGE)
			received[event.ticket]++;
		else
			done++;
		assert_true(event.type == POOL_MESSAGE || event.type == POOL_DONE);
		for (int who = 0; who < 2; who++)
			assert_true(shared->sent[who] - received[who] <= AHEAD_MOST);
	}
	assert_true(received[0] == 1000 && received[1] == 1000);
	pool_stop(pool);
}

/* A worker whose message waits for the parent does not get late by that. */
static void test_parent_elsewhere(void **state)
{
	(void)state;
	struct pool *pool = start(abilities, 1, 2, 0);
	submit(pool, 1, "big 1048576");
	nanosleep(&(struct timespec){ .tv_sec = 3 }, NULL);
	expect_big(pool, MEBIBYTE);
	expect(pool, POOL_DONE, 1, "");
	pool_stop(pool);
}

static void on_alarm(int signal_number)
{
	(void)signal_number;
}

/* A signal ends a wait, also where its handler asks for calls to be restarted; it does not reach the workers. */
static void test_signal(void **state)
{
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART }, before;
	struct itimerval soon = { { .tv_usec = 50000 }, { .tv_usec = 50000 } }, never = { 0 };

	(void)state;
	sigaction(SIGALRM, &action, &before);
	struct pool *pool = start(abilities, 1, 0, 0);
	submit(pool, 1, "hang");
	struct pool_event event = next(pool);
	assert_int_equal(event.type, POOL_MESSAGE);
	int64_t begun = monotonic_ms(), cpu = cpu_ms();
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(pool_wait(pool, DEADLINE).type, POOL_NOTHING);
	setitimer(ITIMER_REAL, &never, NULL);
	assert_in_range(monotonic_ms() - begun, 0, DEADLINE / 2);
	begun = monotonic_ms();
	assert_int_equal(pool_wait(pool, -1).type, POOL_NOTHING); /* lest a signal be missed */
	assert_in_range(monotonic_ms() - begun, 900, DEADLINE / 2);
	begun = monotonic_ms();
	assert_int_equal(pool_wait(pool, 300).type, POOL_NOTHING);
	assert_in_range(monotonic_ms() - begun, 300, DEADLINE / 2);
	assert_true(cpu_ms() - cpu < 300); /* it really waited */
	assert_int_equal(pool_busy(pool), 1);
	pool_stop(pool);
	sigaction(SIGALRM, &before, NULL);
}

static void test_worker(void **state)
{
	struct sigaction action = { .sa_handler = SIG_IGN }, before;
	sigset_t block, mask;
	int ends[2], input = dup(STDIN_FILENO);

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "typed", 5), 5);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, &mask);
	sigaction(SIGINT, &action, &before);
	struct pool *pool = start(abilities, 3, 0, 256 * MEBIBYTE);
	for (uint64_t i = 0; i < 3; i++)
		assert_true(pool_submit(pool, i, TEXT("look")));
	for (int i = 0; i < 3; i++) {
		struct pool_event event = next(pool);
		if (event.type == POOL_MESSAGE)
			fail_msg("%.*s", TEXT_ARGS(event.message));
		assert_int_equal(event.type, POOL_DONE);
	}
	pool_stop(pool);
	if (input >= 0)
		dup2(input, STDIN_FILENO);
	close(input);
	close(ends[0]);
	close(ends[1]);
	sigaction(SIGINT, &before, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

static void test_stop(void **state)
{
	pid_t pids[3];

	(void)state;
	int descriptors = count_descriptors(0, false, NULL);
	pool_stop(NULL);
	struct pool *pool = start(abilities, 4, 0, 0);
	for (int i = 0; i < 3; i++) {
		submit(pool, 1, "hang");
		pids[i] = (pid_t)number_of(next(pool).message);
		assert_false(is_gone(pids[i]));
	}
	assert_int_equal(pool_busy(pool), 3);
	pool_stop(pool);
	for (int i = 0; i < 3; i++)
		assert_true(is_gone(pids[i]));
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* no zombies */
	assert_int_equal(count_descriptors(0, false, NULL), descriptors);
}

/* In a process of its own, which is to be killed: tells the workers' pids, and waits. */
static _Noreturn void run_doomed_parent(int pipe)
{
	struct pool *pool = try_to_start(abilities, 3, 0, 0);

	for (uint64_t i = 0; pool && i < 2; i++) /* the third idles */
		pool_submit(pool, i, i ? TEXT("hang") : TEXT("pid"));
	while (pool) {
		struct pool_event event = pool_wait(pool, -1);
		pid_t pid = event.type == POOL_MESSAGE ? (pid_t)number_of(event.message) : 0;
		if (pid && write(pipe, &pid, sizeof pid) != sizeof pid)
			break;
	}
	_exit(1);
}

static void test_parent_dies(void **state)
{
	pid_t pids[2];
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	pid_t parent = fork();
	if (parent == 0)
		run_doomed_parent(ends[1]);
	close(ends[1]);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(read(ends[0], &pids[i], sizeof pids[i]), sizeof pids[i]);
		assert_false(is_gone(pids[i]));
	}
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	for (int i = 0; i < 2; i++)
		wait_until_gone(pids[i]);
	/* All three had the write end of the pipe. */
	assert_int_equal(read(ends[0], &pids[0], 1), 0);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),         cmocka_unit_test(test_messages),
		cmocka_unit_test(test_huge_message), cmocka_unit_test(test_huge_request),
		cmocka_unit_test(test_slow_parent),  cmocka_unit_test(test_parent_elsewhere),
		cmocka_unit_test(test_signal),       cmocka_unit_test(test_worker),
		cmocka_unit_test(test_stop),         cmocka_unit_test(test_parent_dies),
	};

	make_shared();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
