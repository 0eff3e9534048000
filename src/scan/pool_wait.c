/* What comes of the requests: waits for it, and sees to the workers meanwhile. */
#define _POSIX_C_SOURCE 200809L
#include "scan/pool_parts.h"

#include "base/monotonic.h"

#include <errno.h>

enum {
	WAIT_MOST = 1000,       /* ms, of a wait without limit */
	LOOK_EVERY = 500,       /* ms; where a worker ended, a child of its may hold its socket open */
	NAP_MOST = 64,          /* ms */
	ELSEWHERE_LEAST = 100,  /* ms; a shorter time away is the caller's ordinary work */
	RESTARTS_MOST = 2,      /* of a request whose workers ended before they took it */
	BODY_KEPT = 256 * 1024, /* bytes of memory for messages that a worker keeps */
};

/* Its end is still to be told. */
static bool is_lost(const struct pool_worker *worker, int64_t now)
{
	return worker->busy && worker->socket < 0 && (!worker->pid || pool_worker_is_stuck(worker, now));
}

static int64_t time_limit(const struct pool *pool, const struct pool_worker *worker)
{
	if (!pool->options.timeout || !worker->busy || worker->condemned || !worker->pid)
		return INT64_MAX;
	return worker->begun + (int64_t)pool->options.timeout * 1000;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Milliseconds until there may be something to do that no socket tells of. */
static int how_long(struct pool *pool, int64_t until, int64_t now)
{
	int64_t wake = earlier(until, now + LOOK_EVERY);
	bool ending = false;

	for (unsigned i = 0; i < pool->options.jobs; i++) {
		const struct pool_worker *worker = &pool->workers[i];
		wake = earlier(wake, time_limit(pool, worker));
		if (is_lost(worker, now))
			wake = now;
		else if (worker->pid && worker->socket < 0 && !pool_worker_is_stuck(worker, now))
			ending = true;
	}
	pool->nap = !ending ? 1 : pool->nap < NAP_MOST ? pool->nap * 2 : NAP_MOST;
	if (ending)
		wake = earlier(wake, now + pool->nap);
	return wake > now ? (int)(wake - now) : 0;
}

/* False: a signal came. */
static bool listen_to_all(struct pool *pool, int64_t until)
{
	nfds_t count = 0, at = 0;

	for (unsigned i = 0; i < pool->options.jobs; i++) {
		const struct pool_worker *worker = &pool->workers[i];
		short events = pool_worker_is_pushing(worker) ? POLLIN | POLLOUT : POLLIN;
		if (worker->socket >= 0)
			pool->polls[count++] = (struct pollfd){ .fd = worker->socket, .events = events };
	}
	bool signal_came = poll(pool->polls, count, how_long(pool, until, monotonic_ms())) < 0 && errno == EINTR;
	for (unsigned i = 0; i < pool->options.jobs; i++)
		pool->workers[i].events = pool->workers[i].socket >= 0 ? pool->polls[at++].revents : 0;
	return !signal_came;
}

/*
 * While the caller was elsewhere for long, as on an output that nobody reads, a worker that has something to say had to
 * wait: that is not its own time. Not so between one message and the next, or one that sends without end would never be
 * late.
 */
static void excuse(struct pool *pool, int64_t absent, int64_t now)
{
	for (unsigned i = 0; absent >= ELSEWHERE_LEAST && i < pool->options.jobs; i++)
		if (pool->workers[i].events & POLLIN)
			pool->workers[i].begun = earlier(pool->workers[i].begun + absent, now);
}

static void look_after(struct pool *pool, int64_t now)
{
	bool look = now - pool->looked >= LOOK_EVERY;

	for (unsigned i = 0; i < pool->options.jobs; i++) {
		struct pool_worker *worker = &pool->workers[i];
		if (worker->pid && (look || worker->socket < 0))
			pool_worker_reap(worker, pool->options.memory);
		if (now >= time_limit(pool, worker)) {
			pool_worker_condemn(worker, POOL_TOOK_LONGER "%u s", pool->options.timeout);
			worker->restarts = RESTARTS_MOST;
		}
		if (worker->pid && worker->socket < 0 && !worker->condemned && now >= worker->patience)
			pool_worker_condemn(worker, "its process closed its connection");
	}
	if (look)
		pool->looked = now;
}

static bool tell(struct pool_event *event, enum pool_event_type type, const struct pool_worker *worker, struct text message)
{
	*event = (struct pool_event){ .type = type, .ticket = worker->ticket, .message = message };
	return true;
}

static bool take_frame(struct pool *pool, struct pool_worker *worker, struct pool_event *event)
{
	if (worker->frame.kind == POOL_FRAME_TAKEN && worker->busy && !worker->taken) {
		worker->taken = true;
		pool_worker_forget_request(worker);
	} else if (worker->frame.kind == POOL_FRAME_MESSAGE && worker->taken) {
		pool->speaker = worker;
		return tell(event, POOL_MESSAGE, worker, (struct text){ worker->body, (size_t)worker->frame.length });
	} else if (worker->frame.kind == POOL_FRAME_DONE && worker->taken) {
		worker->busy = worker->taken = false;
		return tell(event, POOL_DONE, worker, TEXT_NONE);
	} else {
		pool_worker_condemn(worker, "its process spoke out of turn");
		pool_worker_close(worker);
	}
	return false;
}

static bool listen_to(struct pool *pool, struct pool_worker *worker, struct pool_event *event)
{
	switch (pool_worker_pull(worker)) {
	case POOL_PULL_FRAME:
		return take_frame(pool, worker, event);
	case POOL_PULL_END:
	case POOL_PULL_NONSENSE:
		pool_worker_close(worker);
		break;
	case POOL_PULL_NOTHING:
		break;
	}
	return false;
}

/*
 * A request that its worker never took is to blame for nothing, and goes to another. False: it has been tried, or cannot be:
 * then *error.
 */
static bool start_again(struct pool *pool, struct pool_worker *worker, struct error *error)
{
	if (worker->taken || !worker->request || worker->pid || worker->restarts >= RESTARTS_MOST)
		return false;
	if (!pool_worker_start(pool, worker, error))
		return false;
	worker->restarts++;
	worker->begun = monotonic_ms();
	worker->request_sent = 0;
	pool_worker_push(worker);
	return true;
}

static bool lose(struct pool *pool, struct pool_worker *worker, struct pool_event *event)
{
	struct error error = { 0 };

	if (start_again(pool, worker, &error))
		return false;
	if (error.message[0])
		error_set(&pool->words, "there was no worker for it (%.200s)", error.message);
	else
		error_set(&pool->words, "%s", worker->why);
	worker->busy = worker->taken = false;
	pool_worker_forget_request(worker);
	return tell(event, POOL_LOST, worker, text_from(pool->words.message));
}

static bool next_event(struct pool *pool, int64_t now, struct pool_event *event)
{
	unsigned jobs = pool->options.jobs;

	for (unsigned i = 0, first = pool->next; i < jobs; i++) {
		unsigned at = (first + i) % jobs;
		struct pool_worker *worker = &pool->workers[at];
		pool->next = (at + 1) % jobs;
		if (worker->events & POLLOUT)
			pool_worker_push(worker);
		if (worker->events & (POLLIN | POLLHUP | POLLERR) && worker->socket >= 0 && listen_to(pool, worker, event))
			return true;
		if (is_lost(worker, now) && lose(pool, worker, event))
			return true;
	}
	return false;
}

static bool all_are_stuck(const struct pool *pool, int64_t now)
{
	for (unsigned i = 0; i < pool->options.jobs; i++)
		if (!pool_worker_is_stuck(&pool->workers[i], now))
			return false;
	return true;
}

static bool in_trouble(struct pool *pool, int64_t now, struct pool_event *event)
{
	if (pool_busy(pool))
		return false;
	if (all_are_stuck(pool, now))
		error_set(&pool->trouble, "all hang in the kernel, and cannot be ended");
	if (!pool->trouble.message[0])
		return false;
	*event = (struct pool_event){ .type = POOL_TROUBLE, .message = text_from(pool->trouble.message) };
	return true;
}

static bool has_room(const struct pool *pool)
{
	return pool_find(pool, pool_worker_is_idle) || pool_find(pool, pool_worker_is_vacant);
}

struct pool_event pool_wait(struct pool *pool, int milliseconds)
{
	int64_t now = monotonic_ms(), until = now + (milliseconds < 0 ? WAIT_MOST : milliseconds), absent = now - pool->left;
	struct pool_event event = { .type = POOL_NOTHING };
	bool full = !has_room(pool), signal_came = false;

	if (pool->speaker)
		pool_worker_give_back(pool->speaker, BODY_KEPT);
	pool->speaker = NULL;
	bool found = in_trouble(pool, now, &event);
	while (!found && !signal_came) {
		signal_came = !listen_to_all(pool, until);
		now = monotonic_ms();
		excuse(pool, absent, now);
		absent = 0;
		look_after(pool, now);
		found = next_event(pool, now, &event);
		if (now >= until || (full && has_room(pool)))
			break;
	}
	pool->left = monotonic_ms();
	return event;
}
