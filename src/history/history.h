/*
 * history/: takes sightings, and remembers them; gives what was seen before. No type of the store shows here: a fleet may
 * keep its history elsewhere than in SQLite.
 *
 * A crash is kept once, by its identity; each place where a copy of it lies is kept too, with size and modification time, so
 * that the next scan knows what it has seen. Several programs may use one history at a time.
 *
 * For a crash speaks one of its sightings: one of the catalogue that was last used on any of them before one of another;
 * then the richer, which is, by the first of these that differs: its host is known, its time is known, it was read from a
 * dump, it is whole, it has more frames; then the one whose path comes first. Host and time are those of the
 * richest that knows them.
 *
 * Of a file that was replaced, the crash that it held stays, as it happened; a sighting that is the richest of its crash
 * stays with it. Where the same unchanged file is another crash now, to a newer program, or none, that takes the place of
 * what was remembered, unless another file names the old crash too. What failed this time takes no crash away.
 */
#ifndef HISTORY_HISTORY_H
#define HISTORY_HISTORY_H

#include "base/error.h"
#include "history/sighting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct history;

enum history_mode {
	HISTORY_WRITE, /* made where it is not there, the directory too (up to three levels: ~/.local/state may lack) */
	HISTORY_READ,  /* must be there, and is not changed but for bringing an older layout up to date */
};

/*
 * NULL: *error says what is wrong and the way out: not to be opened, no history (the file is something else), damaged,
 * written by a newer version of the program. The file is named in the message, here and in all that follows: error->path is
 * left alone, and best left NULL. A child that is forked must use neither it nor another of the same
 * file, as SQLite's locks do not bear that.
 */
struct history *history_open(const char *path, enum history_mode mode, struct error *error);

/* Writes what was added. False as history_flush(); the history is closed all the same. NULL is allowed. */
bool history_close(struct history *history, struct error *error);

/*
 * Called with each sighting of a query; it and its texts are good until the function returns. False ends the query early.
 * It must not use the history.
 */
typedef bool history_visitor(void *state, const struct sighting *sighting);

enum history_answer {
	HISTORY_NEW,   /* never seen, or size or modification time differ now */
	HISTORY_SEEN,  /* the visitor was called with what was made of it, in that order: several sightings of an archive */
	HISTORY_STALE, /* the same, but triaged with another catalogue than this one */
	HISTORY_TROUBLE, /* *error */
};

/*
 * Whether this very file was triaged before. catalogue: what history_add() was given. No detail is filled in. Microseconds.
 */
enum history_answer history_look_up(struct history *history, const struct sighting_source *source, struct text catalogue,
				    history_visitor *visit, void *state, struct error *error);

/*
 * Around very many look-ups, with nothing added between: what takes a lock each by itself takes one for all. Others may write
 * meanwhile, and what they write is seen after the end. A failure only costs the time that would have been saved.
 */
void history_begin_look_ups(struct history *history);
void history_end_look_ups(struct history *history);

/*
 * Remembers all that came of one source, that of the first sighting, in place of what was remembered of it before;
 * catalogue: with which signatures it was triaged, and by which version of the program and of fingerprints, a digest. A
 * crash that comes without an identity gets one of its other fields and its place. Written at the latest half a second later
 * by a further call, or by history_flush() or history_close(); what is not written yet, a killed program loses. False: *error
 * (a full disk); the sightings of this call and those not yet written may be lost, nothing else is.
 */
bool history_add(struct history *history, const struct sighting *sightings, size_t count, struct text catalogue,
		 struct error *error);
bool history_flush(struct history *history, struct error *error);

/*
 * All that was ever seen, each crash once, by a sighting of it (with detail, where asked) and, right behind it, its copies
 * without; crashes by time; then failures and inputs without a crash. since, until: seconds since 1970, or SIGHTING_NO_TIME;
 * what has no time counts by when it was first seen. What is written meanwhile does not show. False: *error.
 */
struct history_query {
	int64_t since, until; /* inclusive, exclusive */
	bool with_detail;
};
bool history_each(struct history *history, const struct history_query *query, history_visitor *visit, void *state,
		  struct error *error);

#endif
