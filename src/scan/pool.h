/*
 * Worker processes. A request that crashes, hangs or bloats its worker costs only itself: the worker is killed and another
 * takes its place. Knows nothing of what the work is.
 */
#ifndef SCAN_POOL_H
#define SCAN_POOL_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pool;
struct pool_reply; /* in a worker: the way back */

/* What a worker does with one request; it may reply any number of times. */
typedef void pool_work(void *state, struct text request, struct pool_reply *reply);

/* Sends a message to the parent; blocks while that is busy, which is no time of the request's. In a worker only. */
void pool_send(struct pool_reply *reply, struct text message);

struct pool_options {
	unsigned jobs;    /* workers, at least 1 */
	unsigned timeout; /* seconds that a request may take; 0: no limit */
	uint64_t memory;  /* bytes that a worker may allocate (RLIMIT_DATA); 0: no limit. Not under AddressSanitizer */
	pool_work *work;
	void *state; /* the workers have it as it was when they were forked */
};

enum { POOL_MESSAGE_MOST = 64 * 1024 * 1024 }; /* bytes of a message or request; a worker that sends more is killed */

/*
 * Forks. NULL: *error. Workers are of process groups of their own, and end with the thread that calls this; signals are as
 * in a fresh process, standard input and output lead nowhere, other descriptors of the caller stay open, and what it
 * registered with atexit() does not happen. A worker that ends takes what it started along, but what left its process group.
 * Where SIGCHLD is ignored it is set to its default, or nobody could tell how a worker ended.
 */
struct pool *pool_start(const struct pool_options *options, struct error *error);

/*
 * Hands a request to an idle worker, or to a new one in the place of one that was lost; ticket comes back with each event of
 * it. False: all are busy, or none can be had now. Request is copied. One whose worker is killed before it took it goes to
 * another.
 */
bool pool_submit(struct pool *pool, uint64_t ticket, struct text request);

/* How the message of a request begins that took longer than it may; the seconds follow. */
#define POOL_TOOK_LONGER "took longer than "

enum pool_event_type {
	POOL_NOTHING, /* the time is up, a signal came, or there is room for a request again */
	POOL_MESSAGE, /* the worker sent one; good until the next pool_wait() */
	POOL_DONE,    /* the request is done */
	POOL_LOST,    /* the worker died of it, or was killed: message says why, a sentence part: "took longer than 60 s",
			 "its process was ended by signal 11 (Segmentation fault)", "needed more than 512 MiB of memory" */
	POOL_TROUBLE, /* no worker can be had, and nothing is under way: message says why. The pool is of no use any more */
};

struct pool_event {
	enum pool_event_type type;
	uint64_t ticket;
	struct text message;
};

/*
 * Waits at most that long; -1: until something happens, though not longer than a second, for a signal that came right
 * before. All that a worker sent comes before its end.
 */
struct pool_event pool_wait(struct pool *pool, int milliseconds);

unsigned pool_busy(const struct pool *pool); /* requests under way */

/* Kills what is under way, and frees. NULL is allowed. */
void pool_stop(struct pool *pool);

#endif
