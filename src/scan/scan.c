/* The whole way of a scan: find, leave out what is known, triage the rest, remember. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "scan/scan.h"

#include "crash/crash.h"
#include "scan/work.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An item that a worker is busy with, and what came of it so far. */
struct under_way {
	bool busy;
	size_t item;
	bool passing; /* it failed by circumstances, and may not the next time */
	struct arena arena;
	struct sighting *sightings;
	size_t count;
};

struct scanning {
	const struct scan_options *options;
	const struct scan_listener *listener;
	struct fleet *fleet;
	struct scan_totals *totals;
	struct history *history; /* NULL once it failed */
	struct text catalogue;   /* its digest, the program's version, which may see more in a log, and that of fingerprints */
	char digest[64];
	struct link_roots roots;
	struct find_result found;
	size_t *pending; /* indexes of items */
	size_t pending_count, next;
	struct under_way *under_way; /* one a worker */
	struct scan_progress progress;
	bool out_of_memory;
};

static bool is_stopped(const struct scanning *scanning)
{
	return scanning->options->stop && *scanning->options->stop;
}

static void tell_progress(struct scanning *scanning)
{
	if (scanning->listener->progress)
		scanning->listener->progress(scanning->listener->state, &scanning->progress);
}

static void tell_sighting(struct scanning *scanning, const struct sighting *sighting, struct text json)
{
	struct error error;

	if (sighting->verdict == SIGHTING_FAILED)
		scanning->totals->trouble = true;
	scanning->listener->sighting(scanning->listener->state, sighting, json);
	if (!fleet_add(scanning->fleet, sighting, false, &error))
		scanning->out_of_memory = true;
}

/* What cannot be looked into. */
static void tell_failure(struct scanning *scanning, struct text path, struct text why)
{
	struct sighting failed = {
		.source = { .file = path },
		.path = path,
		.failure = why,
		.crashed_at = SIGHTING_NO_TIME,
	};

	tell_sighting(scanning, &failed, TEXT_NONE);
}

/* The history is of no use any more: the scan goes on without. */
static void lose_history(struct scanning *scanning, const struct error *error)
{
	scanning->totals->trouble = scanning->totals->history_lost = true;
	scanning->history = NULL;
	scanning->listener->trouble(scanning->listener->state, error);
}

/* Copies of what the history tells, until it is known whether they count. */
struct remembered {
	struct arena arena;
	struct sighting *sightings;
	size_t count;
};

static struct sighting copy_sighting(struct arena *arena, const struct sighting *sighting)
{
	struct sighting copy = *sighting;
	struct text *const texts[] = {
		&copy.source.file,     &copy.path,     &copy.failure, &copy.identity,    &copy.kind,
		&copy.headline,        &copy.title,    &copy.culprit, &copy.fingerprint, &copy.signature,
		&copy.signature_title, &copy.affected, &copy.fix,     &copy.release,     &copy.host,
		&copy.detail,
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = arena_copy(arena, *texts[i]);
	return copy;
}

static bool remember(void *state, const struct sighting *sighting)
{
	struct remembered *remembered = state;
	struct sighting *place = arena_push(&remembered->arena, &remembered->sightings, &remembered->count, sizeof *place);

	if (place)
		*place = copy_sighting(&remembered->arena, sighting);
	return place;
}

/*
 * Whether a failure, as it was remembered, is worth another try: the user asks for it, or allows more time than there was.
 * Other failures come of what is in the file; those of circumstances are never remembered.
 */
static bool is_worth_a_try(const struct scanning *scanning, const struct sighting *sighting)
{
	const struct scan_options *options = scanning->options;
	struct text why = sighting->failure;
	uint64_t seconds;

	if (sighting->verdict != SIGHTING_FAILED)
		return false;
	return options->recheck || (text_eat(&why, POOL_TOOK_LONGER) && text_eat_decimal(&why, &seconds) &&
				    (!options->timeout || options->timeout > seconds));
}

/* Whether an item needs no triage; then what is known of it is in the fleet. */
static bool is_known(struct scanning *scanning, const struct find_item *item)
{
	struct remembered remembered = { 0 };
	struct error error = { 0 };
	enum history_answer answer = HISTORY_NEW;

	if (scanning->history)
		answer = history_look_up(scanning->history, &item->source, scanning->catalogue, remember, &remembered,
					 &error);
	if (answer == HISTORY_TROUBLE)
		lose_history(scanning, &error);
	bool stale = answer == HISTORY_STALE && !scanning->options->recheck;
	bool known = (answer == HISTORY_SEEN || stale) && !remembered.arena.failed;
	for (size_t i = 0; known && i < remembered.count; i++)
		known = !is_worth_a_try(scanning, &remembered.sightings[i]);
	for (size_t i = 0; known && i < remembered.count; i++) {
		bool failed = remembered.sightings[i].verdict == SIGHTING_FAILED;
		scanning->totals->trouble |= failed;
		scanning->totals->failed_before += failed;
		scanning->out_of_memory |= !fleet_add(scanning->fleet, &remembered.sightings[i], false, &error);
	}
	scanning->totals->stale += known && stale;
	arena_free(&remembered.arena);
	return known;
}

static void leave_busy(struct scanning *scanning, const struct find_item *item, const char *why)
{
	scanning->totals->busy++;
	scanning->listener->busy(scanning->listener->state, item->source.file, text_from(why));
}

static bool sort_out_known(struct scanning *scanning, struct error *error)
{
	scanning->pending = calloc(scanning->found.count ? scanning->found.count : 1, sizeof *scanning->pending);
	if (!scanning->pending)
		return error_out_of_memory(error);
	if (scanning->history)
		history_begin_look_ups(scanning->history);
	for (size_t i = 0; i < scanning->found.count && !is_stopped(scanning); i++) {
		const struct find_item *item = &scanning->found.items[i];
		struct error why;
		if (is_known(scanning, item)) {
			scanning->totals->known++;
			scanning->progress.done++;
		} else if (find_is_busy(item, &why)) {
			leave_busy(scanning, item, why.message);
			scanning->progress.done++;
		} else {
			scanning->pending[scanning->pending_count++] = i;
		}
		if (i % 256 == 255)
			tell_progress(scanning);
	}
	if (scanning->history)
		history_end_look_ups(scanning->history);
	return true;
}

static struct under_way *under_way_of(struct scanning *scanning, size_t item)
{
	for (unsigned i = 0; i < scanning->options->jobs; i++)
		if (scanning->under_way[i].busy && scanning->under_way[i].item == item)
			return &scanning->under_way[i];
	return NULL;
}

static void submit(struct scanning *scanning, struct pool *pool)
{
	for (unsigned i = 0; i < scanning->options->jobs && scanning->next < scanning->pending_count; i++) {
		struct under_way *under_way = &scanning->under_way[i];
		size_t item = scanning->pending[scanning->next];
		if (under_way->busy)
			continue;
		if (!pool_submit(pool, item, (struct text){ (const char *)&item, sizeof item }))
			return;
		*under_way = (struct under_way){ .busy = true, .item = item };
		scanning->next++;
		scanning->progress.current = scanning->found.items[item].source.file;
	}
}

static void add_sighting(struct scanning *scanning, struct under_way *under_way, const struct sighting *sighting,
			 struct text json)
{
	struct sighting *place = arena_push(&under_way->arena, &under_way->sightings, &under_way->count, sizeof *place);

	if (!place) {
		scanning->out_of_memory = true;
		return;
	}
	*place = *sighting;
	tell_sighting(scanning, place, json);
}

static void add_failure(struct scanning *scanning, struct under_way *under_way, struct text path, struct text why)
{
	struct sighting failed = {
		.source = scanning->found.items[under_way->item].source,
		.path = arena_copy(&under_way->arena, path),
		.failure = arena_copy(&under_way->arena, why),
		.crashed_at = SIGHTING_NO_TIME,
	};

	add_sighting(scanning, under_way, &failed, TEXT_NONE);
}

/*
 * Signs that a failure is not of the input: of memory, of permissions, of disks. Such errors carry the words of strerror();
 * a log that an error quotes may hold them too.
 */
static bool is_passing(struct text why)
{
	static const char *const signs[] = {
		"out of memory",           "Cannot allocate memory", "set TMPDIR",         "Permission denied",
		"Operation not permitted", "Too many open",          "Input/output error", "No space left",
		"Stale file handle",       "Connection timed out",   "Host is down",       "cannot be loaded",
	};

	struct text ours = text_first(why, text_find_char(why, '"'));

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (text_find(ours, signs[i]) != SIZE_MAX)
			return true;
	return false;
}

/* An error on a file in a crash directory begins with its path, which says more than the directory's. */
static void split_path(const struct find_item *item, struct text *path, struct text *why)
{
	struct text rest = *why;
	size_t end;

	if (!text_eat(&rest, item->directory.length ? item->directory.data : item->source.file.data) ||
	    !text_eat_char(&rest, '/') || (end = text_find(rest, ": ")) == SIZE_MAX)
		return;
	*path = text_first(*why, why->length - rest.length + end);
	*why = text_from_offset(rest, end + 2);
}

static void take_message(struct scanning *scanning, struct under_way *under_way, struct text message)
{
	const struct find_item *item = &scanning->found.items[under_way->item];
	struct sighting sighting = { .source = item->source };
	enum work_message type;
	struct text json, path, why;
	struct error error = { 0 };

	if (!work_read_message(message, &type, &json, &path, &why)) {
		add_failure(scanning, under_way, item->source.file, TEXT("its worker sent what cannot be understood"));
	} else if (type == WORK_FAILURE) {
		under_way->passing |= is_passing(why);
		split_path(item, &path, &why);
		add_failure(scanning, under_way, path, why);
	} else if (sighting_from_json(&under_way->arena, json, &sighting, &error)) {
		add_sighting(scanning, under_way, &sighting, json);
	} else {
		add_failure(scanning, under_way, item->source.file, text_from(error.message));
	}
}

static void finish_item(struct scanning *scanning, struct under_way *under_way)
{
	const struct find_item *item = &scanning->found.items[under_way->item];
	struct error error = { 0 };

	scanning->progress.done++;
	scanning->progress.triaged++;
	scanning->totals->triaged++;
	if (!under_way->count)
		add_failure(scanning, under_way, item->source.file, TEXT("nothing came of it"));
	if (!find_is_unchanged(item))
		leave_busy(scanning, item, "it changed while it was read");
	else if (scanning->history && !under_way->arena.failed && !under_way->passing &&
		 !history_add(scanning->history, under_way->sightings, under_way->count, scanning->catalogue, &error))
		lose_history(scanning, &error);
	arena_free(&under_way->arena);
	*under_way = (struct under_way){ 0 };
}

/* False: no more events can come. */
static bool take_event(struct scanning *scanning, const struct pool_event *event, struct error *error)
{
	struct under_way *under_way = NULL;

	if (event->type == POOL_TROUBLE)
		return error_set(error, "no worker process can be had: %.*s", TEXT_ARGS(event->message));
	if (event->type != POOL_NOTHING)
		under_way = under_way_of(scanning, (size_t)event->ticket);
	if (!under_way)
		return true;
	if (event->type == POOL_MESSAGE) {
		take_message(scanning, under_way, event->message);
		return true;
	}
	if (event->type == POOL_LOST) {
		under_way->passing |= !text_starts(event->message, POOL_TOOK_LONGER);
		add_failure(scanning, under_way, scanning->found.items[under_way->item].source.file, event->message);
	}
	finish_item(scanning, under_way);
	return true;
}

static bool run_pool(struct scanning *scanning, struct pool *pool, struct error *error)
{
	enum { TICK = 200 }; /* ms */
	bool going = true;

	while (going && !is_stopped(scanning) && !scanning->out_of_memory) {
		submit(scanning, pool);
		if (!pool_busy(pool) && scanning->next == scanning->pending_count)
			break;
		struct pool_event event = pool_wait(pool, TICK);
		going = take_event(scanning, &event, error);
		if (going && scanning->history && event.type == POOL_NOTHING && !history_flush(scanning->history, error))
			lose_history(scanning, error);
		tell_progress(scanning);
	}
	return going;
}

static bool triage_pending(struct scanning *scanning, struct error *error)
{
	struct work work = { scanning->options, &scanning->found, scanning->roots };
	struct pool_options how = {
		.jobs = scanning->options->jobs,
		.timeout = scanning->options->timeout,
		.memory = scanning->options->memory,
		.work = work_on_item,
		.state = &work,
	};

	scanning->under_way = calloc(how.jobs, sizeof *scanning->under_way);
	if (!scanning->under_way)
		return error_out_of_memory(error);
	struct pool *pool = pool_start(&how, error);
	bool done = pool && run_pool(scanning, pool, error);
	pool_stop(pool);
	for (unsigned i = 0; i < how.jobs; i++)
		arena_free(&scanning->under_way[i].arena);
	free(scanning->under_way);
	return done;
}

/* The roots by their real paths, in which no link is left; one that cannot be had is a failure like others. */
static bool find_roots(struct scanning *scanning, char **paths)
{
	size_t count = 0;

	for (size_t i = 0; i < scanning->options->root_count; i++) {
		struct text root = text_from(scanning->options->roots[i]);
		paths[count] = realpath(root.data, NULL);
		if (paths[count])
			count++;
		else if (errno == ENOMEM)
			return false;
		else
			tell_failure(scanning, root, text_from(strerror(errno)));
	}
	scanning->roots = (struct link_roots){ (const char *const *)paths, count };
	return true;
}

static bool walk(struct scanning *scanning, struct error *error)
{
	const struct scan_options *options = scanning->options;

	if (!find_below(&scanning->found, scanning->roots, &options->find, options->stop, error))
		return is_stopped(scanning);
	scanning->totals->found = scanning->progress.total = scanning->found.count;
	for (size_t i = 0; i < scanning->found.left_count; i++)
		tell_failure(scanning, scanning->found.left[i].path, scanning->found.left[i].why);
	tell_progress(scanning);
	if (!sort_out_known(scanning, error))
		return false;
	return !scanning->pending_count || is_stopped(scanning) || triage_pending(scanning, error);
}

bool scan(const struct scan_options *options, const struct scan_listener *listener, struct fleet *fleet,
	  struct scan_totals *totals, struct error *error)
{
	struct scanning scanning = {
		.options = options,
		.listener = listener,
		.fleet = fleet,
		.totals = totals,
		.history = options->history,
	};
	char **roots = calloc(options->root_count + 1, sizeof *roots);

	*totals = (struct scan_totals){ 0 };
	snprintf(scanning.digest, sizeof scanning.digest, "%016" PRIx64 " " VERSION " %d", catalogue_digest(options->catalogue),
		 CRASH_FINGERPRINT_VERSION);
	scanning.catalogue = text_from(scanning.digest);
	scanning.out_of_memory = !roots || !find_roots(&scanning, roots);
	bool done = scanning.out_of_memory || walk(&scanning, error);
	if (scanning.out_of_memory)
		done = error_out_of_memory(error);
	totals->left = totals->found - scanning.progress.done;
	for (size_t i = 0; roots && i < options->root_count; i++)
		free(roots[i]);
	free(roots);
	free(scanning.pending);
	find_free(&scanning.found);
	return done;
}
