/* What the tests of scan/pool share: work functions chosen by the request's first word, and waiting with a deadline. */
#ifndef TEST_POOL_H
#define TEST_POOL_H

#include "base/monotonic.h"
#include "base/process.h"
#include "scan/pool.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum {
	DEADLINE = 120 * 1000, /* ms; nothing takes as long on a machine that is only busy */
	WORKERS_MOST = 8,
};

/* Between the workers and the test. */
struct shared {
	volatile int gate;                /* opened by the test */
	volatile long sent[WORKERS_MOST]; /* messages, by whoever the request says */
};

static struct shared *shared;

static inline void make_shared(void)
{
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
}

static inline void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static inline void send_number(struct pool_reply *reply, long number)
{
	char message[32];

	snprintf(message, sizeof message, "%ld", number);
	pool_send(reply, text_from(message));
}

static inline long number_of(struct text message)
{
	char copy[32] = "";

	message = text_first(message, sizeof copy - 1);
	memcpy(copy, message.data, message.length);
	return strtol(copy, NULL, 10);
}

/* What a worker can do: the request is the name, or the name, a blank, and the rest. */
struct ability {
	const char *name;
	void (*run)(struct text rest, struct pool_reply *reply);
};

/* The pool's state is the table, up to a row without a name. */
static inline void work(void *state, struct text request, struct pool_reply *reply)
{
	struct text name;

	if (!text_eat_word(&request, &name))
		return;
	text_eat_char(&request, ' ');
	for (const struct ability *ability = state; ability->name; ability++)
		if (text_is(name, ability->name))
			ability->run(request, reply);
}

static inline void do_echo(struct text rest, struct pool_reply *reply)
{
	pool_send(reply, rest);
}

static inline void do_gate(struct text rest, struct pool_reply *reply)
{
	while (!shared->gate)
		nap();
	pool_send(reply, rest);
}

static inline void do_abort(struct text rest, struct pool_reply *reply)
{
	(void)rest, (void)reply;
	abort();
}

/* Asserts nothing: for processes that are not the test's own. */
static inline struct pool *try_to_start(const struct ability *abilities, unsigned jobs, unsigned timeout, uint64_t memory)
{
	struct pool_options options = {
		.jobs = jobs,
		.timeout = timeout,
		.memory = memory,
		.work = work,
		.state = (void *)(uintptr_t)abilities,
	};
	struct error error = { 0 };
	struct pool *pool = pool_start(&options, &error);

	if (!pool)
		print_error("%s\n", error.message);
	return pool;
}

static inline struct pool *start(const struct ability *abilities, unsigned jobs, unsigned timeout, uint64_t memory)
{
	struct pool *pool = try_to_start(abilities, jobs, timeout, memory);

	assert_non_null(pool);
	return pool;
}

static inline void submit(struct pool *pool, uint64_t ticket, const char *request)
{
	int64_t until = monotonic_ms() + DEADLINE;

	while (!pool_submit(pool, ticket, text_from(request))) { /* only where one was lost that is not gone yet */
		struct pool_event event = pool_wait(pool, 1000);
		assert_int_equal(event.type, POOL_NOTHING);
		assert_true(monotonic_ms() < until);
	}
}

/* The next event that is one. */
static inline struct pool_event next(struct pool *pool)
{
	int64_t until = monotonic_ms() + DEADLINE;

	for (;;) {
		struct pool_event event = pool_wait(pool, 1000);
		if (event.type != POOL_NOTHING)
			return event;
		assert_true(monotonic_ms() < until);
	}
}

static inline void expect(struct pool *pool, enum pool_event_type type, uint64_t ticket, const char *message)
{
	struct pool_event event = next(pool);

	if (event.type != type || event.ticket != ticket || (message && !text_is(event.message, message)))
		print_error("event %d of %d: %.*s\n", event.type, (int)event.ticket,
			    TEXT_ARGS(text_first(event.message, 200)));
	assert_int_equal(event.type, type);
	assert_int_equal(event.ticket, ticket);
	assert_true(!message || text_is(event.message, message));
}

/* Gone: or a zombie, where whoever inherited it does not care. */
static inline bool is_gone(pid_t pid)
{
	char path[64], line[256] = "";

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (!file)
		return true;
	size_t length = fread(line, 1, sizeof line - 1, file);
	fclose(file);
	line[length] = '\0';
	const char *behind = strrchr(line, ')');
	return !behind || behind[2] == 'Z' || behind[2] == 'X';
}

static inline void wait_until_gone(pid_t pid)
{
	int64_t until = monotonic_ms() + DEADLINE;

	assert_true(pid > 1);
	while (!is_gone(pid)) {
		assert_true(monotonic_ms() < until);
		nap();
	}
}

static inline int64_t cpu_ms(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (int64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000 +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000;
}

/* Descriptors from that one on; sockets only, or all. */
static inline int count_descriptors(int from, bool sockets_only, int *last)
{
	struct stat status;
	int count = 0;

	for (int fd = from; fd < 1024; fd++) {
		if (fstat(fd, &status) != 0 || (sockets_only && !S_ISSOCK(status.st_mode)))
			continue;
		count++;
		if (last)
			*last = fd;
	}
	return count;
}

#endif
