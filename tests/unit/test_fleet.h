/* For the tests of fleet/ and of what is written of it: sightings, filled by hand. */
#ifndef TEST_FLEET_H
#define TEST_FLEET_H

#include "fleet/fleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* An unknown crash; its fingerprint and identity may be empty. */
static inline struct sighting unknown_crash(const char *path, const char *identity, const char *fingerprint, int64_t when)
{
	return (struct sighting){
		.source = { .file = text_from(path), .size = 1 },
		.path = text_from(path),
		.verdict = SIGHTING_UNKNOWN,
		.identity = text_from(identity),
		.kind = TEXT("warning"),
		.headline = TEXT("WARNING: CPU: 0 PID: 1 at fs/foo.c:1 foo+0x1/0x2"),
		.title = TEXT("WARNING in foo"),
		.culprit = TEXT("foo"),
		.fingerprint = text_from(fingerprint),
		.release = TEXT("6.1.0-18-amd64"),
		.host = TEXT("web1"),
		.crashed_at = when,
	};
}

/* A crash of a bug that a signature knows. */
static inline struct sighting known_crash(const char *path, const char *identity, const char *signature, int64_t when)
{
	struct sighting sighting = unknown_crash(path, identity, "0123456789abcdef", when);

	sighting.verdict = SIGHTING_KNOWN;
	sighting.signature = text_from(signature);
	sighting.signature_title = TEXT("Use after free of foo");
	sighting.affected = TEXT("yes");
	sighting.fix = TEXT("linux 6.1.90");
	return sighting;
}

static inline struct sighting failure(const char *path, const char *reason)
{
	return (struct sighting){
		.path = text_from(path),
		.verdict = SIGHTING_FAILED,
		.failure = text_from(reason),
		.crashed_at = SIGHTING_NO_TIME,
	};
}

static inline void add(struct fleet *fleet, struct sighting sighting)
{
	struct error error;

	assert_true(fleet_add(fleet, &sighting, true, &error));
}

static inline void finish(struct fleet *fleet)
{
	struct error error;

	assert_true(fleet_finish(fleet, &error));
}

static inline void assert_text(struct text t, const char *expected)
{
	if (!text_is(t, expected))
		fail_msg("'%.*s' is not '%s'", TEXT_ARGS(t), expected);
}

#endif
