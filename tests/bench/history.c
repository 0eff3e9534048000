/*
 * What a history costs: adding 10,000 sightings to a new one, looking all of them up, as a second scan does, and walking
 * over all. Two of five are copies of another's crash.  build/tests/bench_history [DIRECTORY [COUNT]]
 */
#define _GNU_SOURCE /* asprintf */
#include "history/history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static double milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool count_one(void *count, const struct sighting *sighting)
{
	(void)sighting;
	++*(size_t *)count;
	return true;
}

/* Of a size that real ones have: detail comes to 2 KiB. */
static struct sighting make(char *file, char *identity, const char *detail, size_t i)
{
	snprintf(file, 64, "/var/crash/127.0.0.1-2018-06-04-%06zu/vmcore", i);
	snprintf(identity, 32, "%016zx", (i % 5 < 3 ? i : i - 3) * 0x9e3779b97f4a7c15);
	return (struct sighting){ .source = { text_from(file), 1000000 + i, (int64_t)i },
				  .path = text_from(file),
				  .verdict = SIGHTING_KNOWN,
				  .identity = text_from(identity),
				  .kind = TEXT("soft-lockup"),
				  .headline = TEXT("watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [nginx:1242]"),
				  .title = TEXT("BUG: soft lockup in fsnotify"),
				  .culprit = TEXT("fsnotify"),
				  .fingerprint = TEXT("c7f845ac1d423bb8"),
				  .signature = TEXT("fsnotify-mark-connector-race"),
				  .signature_title = TEXT("Use after free of an inotify mark's connector in fsnotify"),
				  .affected = TEXT("yes"),
				  .fix = TEXT("3.10.0-862.9.1.el7"),
				  .release = TEXT("3.10.0-862.2.3.el7.x86_64"),
				  .host = TEXT("web1.example.org"),
				  .crashed_at = 1528103287 + (int64_t)(i * 37 % 100000),
				  .from_dump = i % 5 < 3,
				  .frames = 17,
				  .detail = text_from(detail) };
}

static void stop(const struct error *error)
{
	fprintf(stderr, "bench_history: %s\n", error->message);
	exit(1);
}

static struct history *open_in(const char *directory, struct error *error)
{
	char *path;

	if (asprintf(&path, "%s/bench_history.db", directory) < 0)
		exit(1);
	struct history *history = history_open(path, HISTORY_WRITE, error);
	if (!history)
		stop(error);
	free(path);
	return history;
}

static void remove_from(const char *directory)
{
	char *path;

	if (asprintf(&path, "%s/bench_history.db", directory) >= 0) {
		struct stat status;
		if (stat(path, &status) == 0)
			printf("the file:                %8.1f MiB\n", (double)status.st_size / (1 << 20));
		remove(path);
		free(path);
	}
}

int main(int argc, char **argv)
{
	const char *directory = argc > 1 ? argv[1] : "/var/tmp";
	size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000, found = 0, seen = 0, walked = 0;
	struct history_query all = { SIGHTING_NO_TIME, SIGHTING_NO_TIME, true };
	char file[64], identity[32], detail[2048];
	struct error error = { 0 };

	memset(detail, 'x', sizeof detail - 1);
	detail[sizeof detail - 1] = '\0';
	double begin = milliseconds();
	struct history *history = open_in(directory, &error);
	double opened = milliseconds();
	for (size_t i = 0; i < count; i++) {
		struct sighting sighting = make(file, identity, detail, i);
		if (!history_add(history, &sighting, 1, TEXT("catalogue"), &error))
			stop(&error);
	}
	if (!history_close(history, &error))
		stop(&error);
	double added = milliseconds();
	history = open_in(directory, &error);
	double reopened = milliseconds();
	for (size_t i = 0; i < count; i++) {
		struct sighting sighting = make(file, identity, detail, i);
		found += history_look_up(history, &sighting.source, TEXT("catalogue"), count_one, &seen, &error) ==
			 HISTORY_SEEN;
	}
	double looked = milliseconds();
	if (!history_each(history, &all, count_one, &walked, &error))
		stop(&error);
	double end = milliseconds();
	printf("opening a new one:       %8.1f ms, an old one %.1f ms\n", opened - begin, reopened - added);
	printf("adding %6zu:           %8.1f ms, %.1f us each\n", count, added - opened,
	       (added - opened) * 1e3 / (double)count);
	printf("looking up %6zu:       %8.1f ms, %.1f us each\n", count, looked - reopened,
	       (looked - reopened) * 1e3 / (double)count);
	printf("walking over all:        %8.1f ms\n", end - looked);
	history_close(history, &error);
	remove_from(directory);
	return found == count && seen == count && walked == count ? 0 : 1;
}
