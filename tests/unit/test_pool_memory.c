/* scan/pool: workers that want more memory than they may have. */
#define _GNU_SOURCE
#include "test_pool_lost.h"

enum { MEBIBYTE = 1024 * 1024, LIMIT = 96 * MEBIBYTE };

/* What is never had: the compiler must not know. */
static char *want(size_t size)
{
	static char *volatile had;

	had = malloc(size);
	return had;
}

static void fill_memory(void)
{
	char *memory;

	while ((memory = want(MEBIBYTE)))
		memset(memory, 1, MEBIBYTE);
}

static void do_fill(struct text rest, struct pool_reply *reply)
{
	fill_memory();
	do_abort(rest, reply);
}

/* As if the kernel had to choose somebody. */
static void do_fill_and_die(struct text rest, struct pool_reply *reply)
{
	(void)rest, (void)reply;
	fill_memory();
	raise(SIGKILL);
}

/* Little is in use when these fail. */
static void do_want_and_abort(struct text rest, struct pool_reply *reply)
{
	if (!want((size_t)LIMIT * 2))
		do_abort(rest, reply);
}

static void do_want_and_exit(struct text rest, struct pool_reply *reply)
{
	(void)rest, (void)reply;
	if (!want((size_t)LIMIT * 2))
		exit(1);
}

static void do_want_and_write(struct text rest, struct pool_reply *reply)
{
	(void)rest, (void)reply;
	*(volatile char *)want((size_t)LIMIT * 2) = 1;
}

static void do_want_and_tell(struct text rest, struct pool_reply *reply)
{
	(void)rest;
	pool_send(reply, want((size_t)LIMIT * 2) ? TEXT("had") : TEXT("out of memory"));
}

/* A file of twice the limit is mapped. */
static void do_map(struct text rest, struct pool_reply *reply)
{
	FILE *file = tmpfile();
	void *memory = MAP_FAILED;

	(void)rest;
	if (file && ftruncate(fileno(file), (off_t)LIMIT * 2) == 0)
		memory = mmap(NULL, (size_t)LIMIT * 2, PROT_READ, MAP_PRIVATE, fileno(file), 0);
	pool_send(reply, memory != MAP_FAILED ? TEXT("mapped") : TEXT("no"));
}

static const struct ability abilities[] = {
	{ "echo", do_echo },
	{ "gate", do_gate },
	{ "abort", do_abort },
	{ "fill", do_fill },
	{ "fill-and-die", do_fill_and_die },
	{ "want-and-abort", do_want_and_abort },
	{ "want-and-exit", do_want_and_exit },
	{ "want-and-write", do_want_and_write },
	{ "want-and-tell", do_want_and_tell },
	{ "map", do_map },
	{ 0 },
};

static void test_memory(void **state)
{
	static const char *const requests[] = {
		"fill", "fill-and-die", "want-and-abort", "want-and-exit", "want-and-write",
	};

	(void)state;
	if (!PROCESS_LIMITS_DATA) { /* cmocka's skip() is "not ok" in TAP */
		print_message("# SKIP no memory limit: AddressSanitizer's shadow would count\n");
		return;
	}
	struct pool *pool = start(abilities, 3, 0, LIMIT);
	for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
		lose_one(pool, requests[i], "needed more than 96 MiB of memory");
	submit(pool, 1, "want-and-tell");
	expect(pool, POOL_MESSAGE, 1, "out of memory");
	expect(pool, POOL_DONE, 1, "");
	submit(pool, 2, "map");
	expect(pool, POOL_MESSAGE, 2, "mapped");
	expect(pool, POOL_DONE, 2, "");
	lose_one(pool, "abort", "its process was ended by signal 6 (Aborted)");
	pool_stop(pool);
}

static void test_long_requests(void **state)
{
	enum { LENGTH = 60 * MEBIBYTE, LESS = 32 * MEBIBYTE };

	(void)state;
	char *request = calloc(POOL_MESSAGE_MOST + 1, 1);
	assert_non_null(request);
	struct pool *pool = start(abilities, 1, 0, LESS);
	assert_true(pool_submit(pool, 1, (struct text){ request, POOL_MESSAGE_MOST + 1 }));
	expect(pool, POOL_LOST, 1, "its request is too long");
	expect_echo(pool, 2);
	assert_true(pool_submit(pool, 3, (struct text){ request, LENGTH }));
	expect(pool, PROCESS_LIMITS_DATA ? POOL_LOST : POOL_DONE, 3,
	       PROCESS_LIMITS_DATA ? "needed more than 32 MiB of memory" : "");
	expect_echo(pool, 4);
	pool_stop(pool);
	free(request);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_long_requests),
	};

	make_shared();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
