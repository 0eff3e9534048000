/* A finder for each machine of a log, bounded: the one that was silent longest gives way. */
#include "crash/hosts.h"

#include <stdlib.h>

/* A report is over when so many records of other machines came since its last; and how often that is looked at. */
enum { SILENT_RECORDS = 4000, LOOK_EVERY = 512 };

static uint64_t name_of(const struct record *record)
{
	if (!record->host.length && !record->guest.length)
		return 0;
	uint64_t hash = text_hash(text_hash(TEXT_HASH_START, record->host), TEXT("/"));
	return text_hash(hash, record->guest) | 1;
}

/* Until it has asked for its name, a machine has one of these, and its boot's first records stand under it. */
static bool is_generic(struct text name)
{
	static const char *const names[] = { "localhost", "localhost.localdomain", "(none)", "-" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is(name, names[i]))
			return true;
	return false;
}

static void finish(struct host *host)
{
	if (host->finder)
		finder_finish(host->finder);
}

/* A place for another machine. */
static struct host *make_room(struct hosts *hosts)
{
	struct host *silent = &hosts->items[0];

	if (hosts->count < HOSTS_MOST)
		return &hosts->items[hosts->count++];
	for (size_t i = 1; i < HOSTS_MOST; i++)
		if (hosts->items[i].used < silent->used)
			silent = &hosts->items[i];
	finish(silent);
	hosts->failed |= finder_failed(silent->finder);
	free(silent->finder);
	return silent;
}

static struct host *add(struct hosts *hosts, uint64_t name, struct text said)
{
	const struct host *before = hosts->count ? &hosts->items[hosts->latest] : NULL;
	struct finder *finder = finder_new(hosts->list, &hosts->boots, before && before->generic ? before->finder : NULL);

	if (!finder) {
		hosts->failed = true;
		return NULL;
	}
	struct host *host = make_room(hosts);
	*host = (struct host){ .name = name, .generic = is_generic(said), .finder = finder };
	return host;
}

/* Where guests are shown on their host's console, what has nobody's name is the host's own. */
enum { HOST_OF_GUESTS = 2 };

/* Whose record it is. One that does not say is of whom the one before it was: the rest of it, perhaps. */
static struct host *host_of(struct hosts *hosts, const struct record *record)
{
	uint64_t name = name_of(record);
	struct host *latest = hosts->count ? &hosts->items[hosts->latest] : NULL;

	hosts->guests |= record->guest.length > 0;
	if (hosts->guests && latest && !latest->name)
		latest->name = HOST_OF_GUESTS;
	if (hosts->guests && !name && record->time_ns != RECORD_NO_TIME)
		name = HOST_OF_GUESTS;
	if (latest && (!name || latest->name == name))
		return latest;
	for (size_t i = 0; i < hosts->count; i++)
		if (hosts->items[i].name == name)
			return &hosts->items[i];
	/* The first name that is said is that of the records before, too. */
	if (latest && !latest->name) {
		latest->name = name;
		latest->generic = is_generic(record->host);
		return latest;
	}
	return add(hosts, name, record->host);
}

static void finish_silent(struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (hosts->records - hosts->items[i].used > SILENT_RECORDS)
			finish(&hosts->items[i]);
}

void hosts_take(struct hosts *hosts, const struct record *record)
{
	struct host *host = host_of(hosts, record);

	if (!host)
		return;
	host->used = ++hosts->records;
	hosts->latest = (size_t)(host - hosts->items);
	if (hosts->count > 1 && hosts->records % LOOK_EVERY == 0)
		finish_silent(hosts);
	finder_take(host->finder, record);
	hosts->failed |= finder_failed(host->finder);
}

bool hosts_are_open(const struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		if (finder_is_open(hosts->items[i].finder))
			return true;
	return false;
}

static int by_line(const void *x, const void *y)
{
	const struct crash *const *a = x, *const *b = y;

	return ((*a)->line > (*b)->line) - ((*a)->line < (*b)->line);
}

void hosts_finish(struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++) {
		finish(&hosts->items[i]);
		hosts->failed |= finder_failed(hosts->items[i].finder);
	}
	if (hosts->count > 1 && hosts->list->count)
		qsort(hosts->list->items, hosts->list->count, sizeof(struct crash *), by_line);
}

const struct finder *hosts_latest(const struct hosts *hosts)
{
	return hosts->count ? hosts->items[hosts->latest].finder : NULL;
}

void hosts_free(struct hosts *hosts)
{
	for (size_t i = 0; i < hosts->count; i++)
		free(hosts->items[i].finder);
	hosts->count = 0;
}
