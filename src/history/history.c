/* The history: what is added waits in memory for a while, so that one transaction serves many sources. */
#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "history/history.h"

#include "history/history_parts.h"
#include "history/history_row.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum {
	WAIT_NS = 500000000,
	WAITING_SOURCES_MOST = 200,
	WAITING_BYTES_MOST = 8 * 1024 * 1024,
	TEXTS_MOST = 4 * 1024 * 1024, /* of one sighting: less than what a row may have */
};

static int64_t monotonic_now(void)
{
	const int64_t second = 1000000000;
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * second + now.tv_nsec;
}

bool history_is_due(const struct history_waiting *waiting)
{
	return waiting->count >= WAITING_SOURCES_MOST || waiting->bytes >= WAITING_BYTES_MOST ||
	       (waiting->count && monotonic_now() - waiting->since >= WAIT_NS);
}

bool history_flush(struct history *history, struct error *error)
{
	history_begin_work(history);
	return history_write_waiting(history, error);
}

bool history_close(struct history *history, struct error *error)
{
	if (!history)
		return true;
	bool done = history_flush(history, error);
	history_forget_statements(history);
	sqlite.sqlite3_close(history->database);
	free(history->path);
	free(history);
	return done;
}

/* ---- adding ---- */

static bool has_crash(const struct sighting *sighting)
{
	return sighting->verdict >= SIGHTING_UNKNOWN;
}

/*
 * Of a crash that comes without one: what tells it apart, and where it was found; two such crashes in two places count as
 * two.
 */
static struct text make_identity(struct arena *arena, const struct sighting *sighting)
{
	const struct text parts[] = { sighting->source.file, sighting->path,        sighting->kind,   sighting->headline,
				      sighting->title,       sighting->fingerprint, sighting->release };
	uint64_t hash = TEXT_HASH_START;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		hash = text_hash(text_hash(hash, parts[i]), TEXT("\n"));
	return arena_print(arena, "%016" PRIx64, hash);
}

/* What is not of a crash has no identity: a row without one is an input without crash, or a failure. */
static bool copy_sightings(struct history_waiting *waiting, struct history_waiting_source *source,
			   const struct sighting *sightings, size_t count)
{
	source->sightings = arena_alloc(&waiting->arena, count * sizeof *sightings);
	if (!source->sightings)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct sighting *copy = &source->sightings[i];
		*copy = sightings[i];
		copy->source = sightings->source;
		if (!has_crash(copy))
			copy->identity = copy->detail = TEXT_NONE;
		row_copy_texts(&waiting->arena, copy);
		if (has_crash(copy) && !copy->identity.length)
			copy->identity = make_identity(&waiting->arena, copy);
		waiting->bytes += row_length(copy);
	}
	source->count = count;
	return !waiting->arena.failed;
}

static bool wait_with(struct history_waiting *waiting, const struct sighting *sightings, size_t count, struct text catalogue,
		      struct error *error)
{
	struct history_waiting_source *source =
		arena_push(&waiting->arena, &waiting->sources, &waiting->count, sizeof *source);

	if (waiting->count == 1)
		waiting->since = monotonic_now();
	if (source && copy_sightings(waiting, source, sightings, count)) {
		source->catalogue = arena_copy(&waiting->arena, catalogue);
		if (!waiting->arena.failed)
			return true;
	}
	arena_free(&waiting->arena); /* half a source is not written, and of those before it nothing is sure */
	*waiting = (struct history_waiting){ 0 };
	return error_out_of_memory(error);
}

static bool check_lengths(const struct sighting *sightings, size_t count, struct text catalogue, struct error *error)
{
	for (size_t i = 0; i < count; i++)
		if (row_length(&sightings[i]) + catalogue.length > TEXTS_MOST)
			return error_set(error, "a verdict on %.*s is too long to be remembered: expected at most %d bytes",
					 TEXT_ARGS(text_first(sightings[i].path, SIGHTING_TEXT_MOST)), TEXTS_MOST);
	return true;
}

bool history_add(struct history *history, const struct sighting *sightings, size_t count, struct text catalogue,
		 struct error *error)
{
	if (!count)
		return true;
	if (history->mode != HISTORY_WRITE)
		return error_set(error, "the history %s was opened to be read only", history->path);
	if (!check_lengths(sightings, count, catalogue, error) ||
	    !wait_with(&history->waiting, sightings, count, catalogue, error))
		return false;
	return !history_is_due(&history->waiting) || history_flush(history, error);
}
