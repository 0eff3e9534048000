/*
 * scan/: takes directories; gives a sighting for each dump or log below them. Finds (find.h), leaves out what the history
 * knows already, triages the rest in worker processes (pool.h), and remembers.
 */
#ifndef SCAN_SCAN_H
#define SCAN_SCAN_H

#include "base/error.h"
#include "fleet/fleet.h"
#include "history/history.h"
#include "scan/find.h"
#include "scan/pool.h"
#include "triage/triage.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

/* How far it is. */
struct scan_progress {
	size_t total;        /* items found; 0: still looking for them */
	size_t done;         /* of these, triaged or known */
	size_t triaged;      /* of the done, those that were not known */
	struct text current; /* the path that was last taken up; empty: none yet */
};

/* How it went. */
struct scan_totals {
	size_t found, known, triaged; /* items; known: by the history, and unchanged */
	size_t failed_before;         /* failures among those known, which have not changed since and were not tried again */
	size_t stale;                 /* of those known, triaged with another catalogue, and not looked at again */
	size_t busy;                  /* items left for the next time, as they are being written */
	size_t left;                  /* items never taken up: it was stopped */
	bool history_lost;            /* it failed, and the listener was told */
	bool trouble;                 /* something could not be read, or the history not written */
};

/* Who listens. Each is called in the scan's own process. */
struct scan_listener {
	void *state;
	/* A new sighting; json: the line of its verdict, without line feed; empty for a failure. */
	void (*sighting)(void *state, const struct sighting *sighting, struct text json);
	/* Something is being written: it is not triaged, or not remembered, and so comes again the next time. */
	void (*busy)(void *state, struct text path, struct text why);
	/* The history cannot be used any more; the scan goes on without. */
	void (*trouble)(void *state, const struct error *error);
	/* Five times a second, at least. */
	void (*progress)(void *state, const struct scan_progress *progress);
};

struct scan_options {
	const char *const *roots;
	size_t root_count;
	struct find_options find;
	unsigned jobs, timeout; /* as in pool_options */
	uint64_t memory;
	struct catalogue *catalogue;
	const char *temporary_directory;
	struct history *history;           /* NULL: none */
	bool recheck;                      /* triage again what was triaged with another catalogue */
	const volatile sig_atomic_t *stop; /* set by a signal: end soon, keep what is done */
};

/*
 * Scans, and adds every sighting, old and new, to the fleet (not finished). The fleet and *totals tell of what was done in
 * every case. False: *error ended it early; not the trouble with one input, which is a sighting.
 */
bool scan(const struct scan_options *options, const struct scan_listener *listener, struct fleet *fleet,
	  struct scan_totals *totals, struct error *error);

#endif
