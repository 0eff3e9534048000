/*
 * fleet/: takes sightings of many machines; gives the groups: what is known, what is new, what happens most. One crash
 * counts once, however many copies of its dump or log there are.
 */
#ifndef FLEET_FLEET_H
#define FLEET_FLEET_H

#include "base/arena.h"
#include "base/error.h"
#include "history/sighting.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value and how many crashes have it. */
struct fleet_count {
	struct text value;
	size_t count;
};

/* A crash, with the places where it was seen. */
struct fleet_crash {
	const struct sighting *sighting; /* the first that was added */
	struct text *copies;             /* paths of the others */
	size_t copy_count;
};

/* Crashes of one bug, or of one fingerprint that no signature knows. */
struct fleet_group {
	enum sighting_verdict verdict; /* known, similar or unknown */
	struct text key;               /* the signature's id; the fingerprint; the title where there is none */
	struct text title;             /* of the bug; of the crash */
	struct text kind, culprit;     /* of unknown crashes */
	struct text fix;               /* of the latest crash that has one; empty: none is known */
	struct fleet_crash **crashes;  /* the latest first; those whose time is not known last */
	size_t count;
	struct fleet_count *hosts, *releases; /* the most frequent first; those not known are left out */
	size_t host_count, release_count;
	int64_t first, last;  /* crashed_at, SIGHTING_NO_TIME: of none known */
	size_t *related;      /* indexes of other unknown groups of the same kind and culprit: the first of them */
	size_t related_count; /* at most FLEET_RELATED_MOST */
};

enum { FLEET_RELATED_MOST = 16 };

struct fleet {
	struct arena arena;         /* of all that the fleet is made of, copies of texts too */
	struct fleet_group *groups; /* the most crashes first; then known before similar before unknown; then by last, key */
	size_t group_count;
	size_t crash_count, copy_count;
	size_t no_crash_count;                     /* inputs that could be read and hold no crash */
	size_t verdict_counts[SIGHTING_KNOWN + 1]; /* of crashes by verdict, inputs without crash, failures */
	const struct sighting **failures;          /* in the order of adding */
	size_t failure_count;
	struct fleet_count *releases, *hosts; /* of all crashes */
	size_t release_count, host_count;
	struct fleet_making *making; /* until fleet_finish() */
};

/* Zero-initialised is ready for use. Copies the sighting; without its detail, unless asked to keep it. */
bool fleet_add(struct fleet *fleet, const struct sighting *sighting, bool with_detail, struct error *error);

/* Makes the groups. Once; nothing can be added behind it. False: out of memory. */
bool fleet_finish(struct fleet *fleet, struct error *error);

void fleet_free(struct fleet *fleet);

#endif
