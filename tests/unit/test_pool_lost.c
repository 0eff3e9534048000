/* scan/pool: workers that crash, hang, bloat, or send nonsense cost their own request and no other. */
#define _GNU_SOURCE
#include "scan/pool_parts.h"
#include "test_pool_lost.h"

/* Raised, as sanitizers would see to a pointer that is wrong. */
static void do_signal(struct text rest, struct pool_reply *reply)
{
	(void)reply;
	raise((int)number_of(rest));
}

static void do_end(struct text rest, struct pool_reply *reply)
{
	(void)reply;
	_exit((int)number_of(rest));
}

static void do_exit(struct text rest, struct pool_reply *reply)
{
	(void)reply;
	exit((int)number_of(rest));
}

static void do_hang(struct text rest, struct pool_reply *reply)
{
	(void)rest, (void)reply;
	for (;;)
		pause();
}

static void do_spin(struct text rest, struct pool_reply *reply)
{
	static volatile unsigned long turns;

	(void)rest, (void)reply;
	signal(SIGTERM, SIG_IGN);
	for (;;)
		turns++;
}

static void do_talk_and_hang(struct text rest, struct pool_reply *reply)
{
	send_number(reply, 1);
	send_number(reply, 2);
	do_hang(rest, reply);
}

static int socket_of_worker(void)
{
	int socket = -1;

	count_descriptors(0, true, &socket);
	return socket;
}

static void do_close(struct text rest, struct pool_reply *reply)
{
	close(socket_of_worker());
	do_hang(rest, reply);
}

/* Past what a frame is long, and then on. */
static void do_garbage(struct text rest, struct pool_reply *reply)
{
	static const char garbage[] = "BUG: unable to handle page fault for address: ffff888100000000";
	int socket = socket_of_worker();

	(void)rest, (void)reply;
	while (write(socket, garbage, sizeof garbage) > 0)
		;
}

/* Zeros look like the beginning of a number. */
static void do_zeros(struct text rest, struct pool_reply *reply)
{
	static const char zeros[16];

	if (write(socket_of_worker(), zeros, sizeof zeros) == sizeof zeros)
		do_hang(rest, reply);
}

static void do_too_long(struct text rest, struct pool_reply *reply)
{
	size_t length = (size_t)POOL_MESSAGE_MOST + 1;
	char *bytes = calloc(length, 1);

	(void)rest;
	if (bytes)
		pool_send(reply, (struct text){ bytes, length });
	free(bytes);
}

/* Half a message, and the end. */
static void do_half(struct text rest, struct pool_reply *reply)
{
	struct pool_frame frame = { .kind = POOL_FRAME_MESSAGE, .length = 100 };

	send_number(reply, 1);
	if (write(socket_of_worker(), &frame, sizeof frame) == sizeof frame)
		pool_send(reply, rest);
	_exit(0);
}

static void do_done_twice(struct text rest, struct pool_reply *reply)
{
	struct pool_frame frame = { .kind = POOL_FRAME_DONE };

	(void)rest, (void)reply;
	for (int i = 0; i < 2; i++)
		if (write(socket_of_worker(), &frame, sizeof frame) != sizeof frame)
			_exit(1);
	do_hang(rest, reply);
}

/* Is done, and goes without ending. */
static void do_done_and_close(struct text rest, struct pool_reply *reply)
{
	struct pool_frame frame = { .kind = POOL_FRAME_DONE };

	if (write(socket_of_worker(), &frame, sizeof frame) == sizeof frame)
		do_close(rest, reply);
}

/* Nothing follows the word that a request is done. */
static void do_long_done(struct text rest, struct pool_reply *reply)
{
	struct pool_frame frame = { .kind = POOL_FRAME_DONE, .length = UINT64_C(1) << 40 };

	if (write(socket_of_worker(), &frame, sizeof frame) == sizeof frame)
		do_hang(rest, reply);
}

/* Its child has all that the worker has, the socket too. */
static void start_child(struct pool_reply *reply, bool leaves_group)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (leaves_group)
			setsid();
		for (;;)
			pause();
	}
	send_number(reply, pid);
}

static void do_child(struct text rest, struct pool_reply *reply)
{
	start_child(reply, false);
	do_hang(rest, reply);
}

static void do_orphan(struct text rest, struct pool_reply *reply)
{
	start_child(reply, false);
	do_abort(rest, reply);
}

static void do_runaway(struct text rest, struct pool_reply *reply)
{
	shared->sent[0] = getpid();
	start_child(reply, true);
	do_abort(rest, reply);
}

static void do_flood(struct text rest, struct pool_reply *reply)
{
	(void)rest;
	for (;; shared->sent[0]++)
		send_number(reply, shared->sent[0]);
}

static const struct ability abilities[] = {
	{ "echo", do_echo },
	{ "gate", do_gate },
	{ "abort", do_abort },
	{ "signal", do_signal },
	{ "end", do_end },
	{ "exit", do_exit },
	{ "hang", do_hang },
	{ "spin", do_spin },
	{ "talk-and-hang", do_talk_and_hang },
	{ "close", do_close },
	{ "garbage", do_garbage },
	{ "zeros", do_zeros },
	{ "too-long", do_too_long },
	{ "half", do_half },
	{ "done-twice", do_done_twice },
	{ "long-done", do_long_done },
	{ "done-and-close", do_done_and_close },
	{ "child", do_child },
	{ "orphan", do_orphan },
	{ "runaway", do_runaway },
	{ "flood", do_flood },
	{ 0 },
};

static void test_lost(void **state)
{
	static const struct {
		const char *request, *words;
	} rows[] = {
		{ "abort", "its process was ended by signal 6 (Aborted)" },
		{ "signal 11", "its process was ended by signal 11 (Segmentation fault)" },
		{ "signal 7", "its process was ended by signal 7 (Bus error)" },
		{ "signal 15", "its process was ended by signal 15 (Terminated)" },
		{ "signal 9", "was killed (SIGKILL), most likely as memory ran out" },
		{ "end 0", "its process ended with exit status 0" },
		{ "end 3", "its process ended with exit status 3" },
		{ "exit 4", "its process ended with exit status 4" },
		{ "garbage", "its process sent what is no message" },
		{ "zeros", "its process sent what is no message" },
		{ "long-done", "its process sent what is no message" },
		{ "too-long", "its process sent more than 64 MiB at once" },
	};

	(void)state;
	struct pool *pool = start(abilities, 3, 0, 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		lose_one(pool, rows[i].request, rows[i].words);
	int64_t cpu = cpu_ms();
	lose_one(pool, "close", "its process closed its connection");
	assert_true(cpu_ms() - cpu < 150); /* of two seconds, for which it was given time to end */
	pool_stop(pool);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* Of what it said, whole messages count. */
static void test_half_a_message(void **state)
{
	(void)state;
	struct pool *pool = start(abilities, 1, 0, 0);
	submit(pool, 1, "half 12345");
	expect(pool, POOL_MESSAGE, 1, "1");
	expect(pool, POOL_LOST, 1, "its process ended with exit status 0");
	expect_echo(pool, 2);
	pool_stop(pool);
}

/* The request was done by then; the next one goes to another worker. */
static void test_out_of_turn(void **state)
{
	(void)state;
	struct pool *pool = start(abilities, 1, 0, 0);
	for (uint64_t i = 0; i < 5; i++) {
		submit(pool, i, "done-twice");
		expect(pool, POOL_DONE, i, "");
		expect_echo(pool, 10 + i);
	}
	pool_stop(pool);
}

/* The only worker is not there for the next request, and not gone: as soon as it is, that is told. */
static void test_room_again(void **state)
{
	(void)state;
	struct pool *pool = start(abilities, 1, 0, 0);
	submit(pool, 1, "done-and-close");
	expect(pool, POOL_DONE, 1, "");
	while (pool_submit(pool, 2, TEXT("echo on"))) { /* until the end of its connection is noticed */
		expect(pool, POOL_MESSAGE, 2, "on");
		expect(pool, POOL_DONE, 2, "");
		submit(pool, 1, "done-and-close");
		expect(pool, POOL_DONE, 1, "");
		assert_int_equal(pool_wait(pool, 50).type, POOL_NOTHING);
	}
	int64_t begun = monotonic_ms();
	assert_int_equal(pool_wait(pool, DEADLINE).type, POOL_NOTHING);
	assert_in_range(monotonic_ms() - begun, 0, DEADLINE / 2);
	assert_true(pool_submit(pool, 3, TEXT("echo on")));
	expect(pool, POOL_MESSAGE, 3, "on");
	pool_stop(pool);
}

/* Its messages come first, and its neighbour has its own time. */
static void test_timeout(void **state)
{
	(void)state;
	shared->gate = 0;
	struct pool *pool = start(abilities, 2, 3, 0);
	int64_t begun = monotonic_ms(), cpu = cpu_ms();
	submit(pool, 1, "talk-and-hang");
	expect(pool, POOL_MESSAGE, 1, "1");
	expect(pool, POOL_MESSAGE, 1, "2");
	while (monotonic_ms() - begun < 1500)
		assert_int_equal(pool_wait(pool, 100).type, POOL_NOTHING);
	submit(pool, 2, "gate open");
	expect(pool, POOL_LOST, 1, "took longer than 3 s");
	assert_in_range(monotonic_ms() - begun, 3000, DEADLINE);
	assert_true(cpu_ms() - cpu < 500);
	shared->gate = 1;
	expect(pool, POOL_MESSAGE, 2, "open");
	expect(pool, POOL_DONE, 2, "");
	pool_stop(pool);
}

static void test_spin(void **state)
{
	(void)state;
	struct pool *pool = start(abilities, 1, 1, 0);
	submit(pool, 1, "spin");
	expect(pool, POOL_LOST, 1, "took longer than 1 s");
	pool_stop(pool);
}

/* What a worker started ends with it, whether it is killed or dies. */
static void test_children(void **state)
{
	static const struct {
		const char *request, *words;
		unsigned timeout;
	} rows[] = {
		{ "child", "took longer than 2 s", 2 },
		{ "orphan", "its process was ended by signal 6 (Aborted)", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct pool *pool = start(abilities, 1, rows[i].timeout, 0);
		submit(pool, 1, rows[i].request);
		struct pool_event event = next(pool);
		assert_int_equal(event.type, POOL_MESSAGE);
		pid_t pid = (pid_t)number_of(event.message);
		expect(pool, POOL_LOST, 1, rows[i].words);
		wait_until_gone(pid);
		pool_stop(pool);
	}
}

/*
 * A child that left the group has the socket, and lives: the worker's end is noticed without it, and what was sent by then
 * is still there.
 */
static void test_runaway(void **state)
{
	(void)state;
	shared->sent[0] = 0;
	struct pool *pool = start(abilities, 1, 0, 0);
	submit(pool, 1, "runaway");
	while (!shared->sent[0])
		nap();
	wait_until_gone((pid_t)shared->sent[0]);
	struct pool_event event = next(pool);
	assert_int_equal(event.type, POOL_MESSAGE);
	pid_t pid = (pid_t)number_of(event.message);
	expect(pool, POOL_LOST, 1, "its process was ended by signal 6 (Aborted)");
	expect_echo(pool, 2);
	assert_int_equal(kill(pid, SIGKILL), 0);
	pool_stop(pool);
}

/*
 * One that talks without end is late all the same, also where the parent is the slower one; every message that it sent whole
 * comes before that is said.
 */
static void test_endless(void **state)
{
	(void)state;
	for (int slow = 0; slow < 2; slow++) {
		struct pool_event event;
		long received = 0;
		shared->sent[0] = 0;
		struct pool *pool = start(abilities, 1, 1, 0);
		int64_t begun = monotonic_ms();
		submit(pool, 1, "flood");
		while ((event = next(pool)).type == POOL_MESSAGE) {
			assert_int_equal(number_of(event.message), received++);
			assert_true(monotonic_ms() - begun < DEADLINE / 4);
			if (slow)
				nap();
		}
		assert_int_equal(event.type, POOL_LOST);
		assert_true(text_is(event.message, "took longer than 1 s"));
		assert_in_range(received - shared->sent[0], 0, 1);
		assert_true(received > 0);
		pool_stop(pool);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lost),       cmocka_unit_test(test_half_a_message), cmocka_unit_test(test_out_of_turn),
		cmocka_unit_test(test_room_again), cmocka_unit_test(test_timeout),        cmocka_unit_test(test_spin),
		cmocka_unit_test(test_children),   cmocka_unit_test(test_runaway),        cmocka_unit_test(test_endless),
	};

	make_shared();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
