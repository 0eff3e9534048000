/* What the files of the pool share: a worker as the parent sees it, and what passes between the two. */
#ifndef SCAN_POOL_PARTS_H
#define SCAN_POOL_PARTS_H

#include "scan/pool.h"

#include <poll.h>
#include <signal.h>
#include <sys/types.h>

/* Numbers that garbage hardly begins with. */
enum pool_frame_kind {
	POOL_FRAME_REQUEST = 0x706f6f01,
	POOL_FRAME_TAKEN, /* the worker has the whole request, and begins with it */
	POOL_FRAME_MESSAGE,
	POOL_FRAME_DONE,
};

/* Goes before all that is sent, either way. */
struct pool_frame {
	uint64_t length; /* bytes that follow; 0 but for requests and messages */
	uint32_t kind;
	uint32_t unused;
};

struct pool_worker {
	pid_t pid;                        /* and process group; 0: it has ended, and was waited for */
	int socket;                       /* -1: nothing more comes from it. With pid 0: the place is vacant */
	volatile sig_atomic_t *no_memory; /* shared with it: it ended right after an allocation had failed */
	bool condemned;                   /* we killed it; what it had sent by then still counts */
	char why[120];                    /* it ended; empty: it has not */
	short events;                     /* POLLIN and so on: what poll() said of the socket */
	int64_t patience;                 /* ms: until then it may take to end, once its socket is closed */

	bool busy, taken; /* has a request, and has begun with it */
	uint64_t ticket;
	int64_t begun; /* ms */
	unsigned restarts;
	char *request; /* frame and all, until it is taken */
	size_t request_length, request_sent;

	struct pool_frame frame; /* what it sends now */
	size_t frame_got;
	char *body;
	size_t body_got, body_capacity;
};

struct pool {
	struct pool_options options;
	struct pool_worker *workers;
	struct pollfd *polls; /* of those that have a socket; room for all */
	volatile sig_atomic_t *no_memory;
	unsigned next;               /* the worker that is looked at first: everybody's turn comes */
	struct pool_worker *speaker; /* whose message the caller has; NULL: nobody's */
	struct error words;          /* why one was lost, for the caller */
	struct error trouble;        /* message empty: none */
	int64_t left;                /* ms: when the caller was last here */
	int64_t looked;              /* ms: when workers were last looked for that ended without closing their sockets */
	int64_t retry;               /* ms: no fork before that, as one failed */
	int nap;                     /* ms until the next look at those that are about to end */
};

/* pool.c */
struct pool_worker *pool_find(const struct pool *pool, bool (*is)(const struct pool_worker *worker)); /* NULL: none is */
bool pool_worker_is_idle(const struct pool_worker *worker);
bool pool_worker_is_vacant(const struct pool_worker *worker);
/* Killed long ago, and still there: it hangs in the kernel, on a file system whose server is gone, say. Now: ms. */
bool pool_worker_is_stuck(const struct pool_worker *worker, int64_t now);

/*
 * pool_process.c: its process. Start takes a vacant place; false: *error, and it still is vacant. Condemn kills it with all
 * of its process group, and says why. Reap does not wait; false: it has not ended yet. Close: nothing more is read from it.
 */
bool pool_worker_start(struct pool *pool, struct pool_worker *worker, struct error *error);
void pool_worker_condemn(struct pool_worker *worker, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool pool_worker_reap(struct pool_worker *worker, uint64_t memory);
void pool_worker_close(struct pool_worker *worker);

/* pool_exchange.c: requests and frames; none of it blocks. */
enum pool_pull {
	POOL_PULL_NOTHING,  /* no whole frame yet */
	POOL_PULL_FRAME,    /* worker->frame, and what follows it in worker->body; the next pull takes the next one */
	POOL_PULL_END,      /* nothing more comes */
	POOL_PULL_NONSENSE, /* it was condemned for what it sent */
};

bool pool_worker_give(struct pool_worker *worker, struct text request); /* false: out of memory */
void pool_worker_push(struct pool_worker *worker);                      /* as much of the request as there is room for */
bool pool_worker_is_pushing(const struct pool_worker *worker);
void pool_worker_forget_request(struct pool_worker *worker);
enum pool_pull pool_worker_pull(struct pool_worker *worker);
void pool_worker_give_back(struct pool_worker *worker, size_t most); /* the body's memory, where it is more than that */

/* pool_worker.c: the worker's life, right behind fork(). It ends when the parent asks no more. */
_Noreturn void pool_worker_run(int socket, const struct pool_options *options, volatile sig_atomic_t *no_memory,
			       pid_t parent);

#endif
