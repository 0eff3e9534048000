/* The pool's beginning and end, and how requests get into it. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include "scan/pool_parts.h"

#include "base/monotonic.h"
#include "base/process.h"

#include <stdlib.h>
#include <sys/mman.h>

enum {
	RETRY_AFTER = 1000, /* ms; of a fork that failed while there are other workers */
	STOP_MOST = 5000,   /* ms; what hangs in the kernel is not waited for */
	NAP_MOST = 50,      /* ms */
};

unsigned pool_busy(const struct pool *pool)
{
	unsigned busy = 0;

	for (unsigned i = 0; i < pool->options.jobs; i++)
		busy += pool->workers[i].busy;
	return busy;
}

struct pool_worker *pool_find(const struct pool *pool, bool (*is)(const struct pool_worker *worker))
{
	for (unsigned i = 0; i < pool->options.jobs; i++)
		if (is(&pool->workers[i]))
			return &pool->workers[i];
	return NULL;
}

bool pool_worker_is_idle(const struct pool_worker *worker)
{
	return worker->pid && worker->socket >= 0 && !worker->busy && !worker->condemned;
}

bool pool_worker_is_vacant(const struct pool_worker *worker)
{
	return !worker->pid && worker->socket < 0 && !worker->busy;
}

static bool has_process(const struct pool_worker *worker)
{
	return worker->pid;
}

bool pool_worker_is_stuck(const struct pool_worker *worker, int64_t now)
{
	return worker->pid && worker->socket < 0 && worker->condemned && now >= worker->patience;
}

/* Who ignores SIGCHLD, or was started so, cannot learn how a process ended. */
static void want_ends(void)
{
	struct sigaction action;

	if (sigaction(SIGCHLD, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
		signal(SIGCHLD, SIG_DFL);
}

static bool make_places(struct pool *pool, struct error *error)
{
	unsigned jobs = pool->options.jobs;
	size_t size = jobs * sizeof *pool->no_memory;
	void *shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (shared == MAP_FAILED)
		return error_out_of_memory(error);
	pool->no_memory = shared;
	pool->workers = calloc(jobs, sizeof *pool->workers);
	pool->polls = calloc(jobs, sizeof *pool->polls);
	if (!pool->workers || !pool->polls)
		return error_out_of_memory(error);
	for (unsigned i = 0; i < jobs; i++) {
		pool->workers[i].socket = -1;
		pool->workers[i].no_memory = &pool->no_memory[i];
	}
	return true;
}

static bool start_first(struct pool *pool, struct error *error)
{
	for (unsigned i = 0; i < pool->options.jobs; i++) {
		if (!pool_worker_start(pool, &pool->workers[i], error)) {
			pool->retry = monotonic_ms() + RETRY_AFTER;
			return i > 0;
		}
	}
	return true;
}

struct pool *pool_start(const struct pool_options *options, struct error *error)
{
	struct pool *pool = calloc(1, sizeof *pool);

	if (!pool) {
		error_out_of_memory(error);
		return NULL;
	}
	pool->options = *options;
	if (!pool->options.jobs)
		pool->options.jobs = 1;
	if (!PROCESS_LIMITS_DATA)
		pool->options.memory = 0;
	pool->left = monotonic_ms();
	pool->nap = 1;
	want_ends();
	if (make_places(pool, error) && start_first(pool, error))
		return pool;
	pool_stop(pool);
	return NULL;
}

/* Workers that are, or whose place will be vacant soon. */
static bool has_others(const struct pool *pool, int64_t now)
{
	for (unsigned i = 0; i < pool->options.jobs; i++)
		if (pool->workers[i].pid && !pool_worker_is_stuck(&pool->workers[i], now))
			return true;
	return false;
}

/* A worker in place of one that was lost; only now, when it is needed. NULL: there is none to be had, or not now. */
static struct pool_worker *start_another(struct pool *pool)
{
	struct pool_worker *worker = pool_find(pool, pool_worker_is_vacant);
	int64_t now = monotonic_ms();
	bool others = has_others(pool, now);
	struct error error = { 0 };

	if (!worker || (others && now < pool->retry))
		return NULL;
	if (pool_worker_start(pool, worker, &error))
		return worker;
	pool->retry = now + RETRY_AFTER;
	if (!others)
		pool->trouble = error;
	return NULL;
}

bool pool_submit(struct pool *pool, uint64_t ticket, struct text request)
{
	struct pool_worker *worker = pool_find(pool, pool_worker_is_idle);

	if (!worker)
		worker = start_another(pool);
	if (!worker)
		return false;
	worker->busy = true;
	worker->taken = false;
	worker->ticket = ticket;
	worker->begun = monotonic_ms();
	worker->restarts = 0;
	if (request.length > POOL_MESSAGE_MOST)
		pool_worker_condemn(worker, "its request is too long");
	else if (!pool_worker_give(worker, request))
		pool_worker_condemn(worker, "there was no memory for its request");
	return true;
}

static void wait_for_ends(struct pool *pool)
{
	int64_t until = monotonic_ms() + STOP_MOST;

	for (int nap = 1; pool_find(pool, has_process) && monotonic_ms() < until; nap = nap < NAP_MOST ? nap * 2 : nap) {
		for (unsigned i = 0; i < pool->options.jobs; i++)
			if (pool->workers[i].pid)
				pool_worker_reap(&pool->workers[i], 0);
		if (pool_find(pool, has_process))
			poll(NULL, 0, nap);
	}
}

static void free_worker(struct pool_worker *worker)
{
	if (worker->socket >= 0)
		pool_worker_close(worker);
	pool_worker_forget_request(worker);
	pool_worker_give_back(worker, 0);
}

void pool_stop(struct pool *pool)
{
	if (!pool)
		return;
	for (unsigned i = 0; pool->workers && i < pool->options.jobs; i++)
		pool_worker_condemn(&pool->workers[i], "stopped");
	if (pool->workers)
		wait_for_ends(pool);
	for (unsigned i = 0; pool->workers && i < pool->options.jobs; i++)
		free_worker(&pool->workers[i]);
	if (pool->no_memory)
		munmap((void *)pool->no_memory, pool->options.jobs * sizeof *pool->no_memory);
	free(pool->workers);
	free(pool->polls);
	free(pool);
}
