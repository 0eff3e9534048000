/*
 * A fleet in words, the same in every format for people. Texts given live in the arena; they are safe, but may hold line
 * feeds, where they are of a signature.
 */
#ifndef OUTPUT_FLEET_WORDS_H
#define OUTPUT_FLEET_WORDS_H

#include "base/arena.h"
#include "base/text.h"
#include "fleet/fleet.h"
#include "output/fleet.h"
#include "output/page.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Seconds since 1970 in the calendar, UTC; false where they are no time that a kernel could have died at: before 1970, or
 * beyond the year 9999. */
bool fleet_calendar(int64_t seconds, struct tm *broken_down);

struct text fleet_date(struct arena *arena, int64_t seconds); /* "2026-11-24"; "-" where it is not known */
struct text fleet_time(struct arena *arena, int64_t seconds); /* "2026-11-24 02:33:11"; "-" */

/* "since 2026-01-01, until 2026-02-01 12:00:00"; empty where both are open. */
struct text fleet_period(struct arena *arena, const struct fleet_heading *heading);

/* "12 crashes in 4 groups (8 known, 1 similar, 3 unknown), 3 more copies, 2 inputs without a crash, 1 could not be read" */
struct text fleet_totals(struct arena *arena, const struct fleet *fleet);

/* "web1 (5), web2 (2) and 3 more": the first `most` of them; without numbers where there is one. Empty: none. */
struct text fleet_values(struct arena *arena, const struct fleet_count *counts, size_t count, size_t most);

/* How many of the crashes have none of the values. */
size_t fleet_valueless(const struct fleet_count *counts, size_t count, size_t crashes);

/* "ID: title" of a bug; the title of a crash, or what comes nearest to it. */
struct text fleet_group_name(struct arena *arena, const struct fleet_group *group);

/* The numbers of related groups, from 1: "3, 7 and others"; empty: none. */
struct text fleet_related(struct arena *arena, const struct fleet_group *group, size_t most);

/* "yes", "no"; "maybe": of a bug that this only looks like. */
const char *fleet_fix_word(const struct fleet_group *group);

/* Green, yellow, red, as the verdict is good news or bad. */
enum page_color fleet_color(enum sighting_verdict verdict);

/* "1 crash", "2 crashes" */
struct text fleet_plural(struct arena *arena, size_t count, const char *one, const char *many);

#endif
