/* Days and times of day, as logs, scripts and people write them. */
#ifndef BASE_WALL_CLOCK_H
#define BASE_WALL_CLOCK_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* As it was written; whether there is such a day nobody has checked. */
struct wall_clock {
	uint16_t year;       /* 0: not said */
	unsigned char month; /* 1 to 12; 0: nothing is said */
	unsigned char day, hour, minute, second;
};

/*
 * Takes a time of this form off the front of t: Y four digits of the year; M, D, h, m, s two digits; d the day in one digit
 * or two, perhaps behind a blank that pads it; B the month's English name in three letters (other letters are taken too, and
 * leave the month 0); A three letters of the weekday; anything else is itself. False: it has another form; t is left, and
 * *clock too.
 */
bool wall_clock_eat(struct text *t, const char *form, struct wall_clock *clock);

/*
 * A zone off the front of t: "Z", "+02:00", "+0200", "-05", and the names of zones that stand for one offset alone ("UTC",
 * "CEST"; "CST" and "IST" have several meanings). *ahead is how far it is ahead of UTC, seconds. False: it is none; t is
 * left.
 */
bool wall_clock_eat_zone(struct text *t, int64_t *ahead);

/* Is this a time that a log or dump can tell? From 1971, as a clock that was never set starts in 1970, to the year 9999. */
bool wall_clock_plausible(int64_t seconds);

/*
 * Seconds since 1970, for a clock that is `ahead` seconds ahead of UTC. False: there is no such day, the year is not said,
 * or it is not plausible; *seconds is left.
 */
bool wall_clock_seconds(struct wall_clock clock, int64_t ahead, int64_t *seconds);

/*
 * Of a clock that does not say the year, what it means in a file that was last written at `written` (seconds since 1970): in
 * the latest year that does not put it more than a day behind that. The day is for clocks of other zones. False: there is no
 * such day.
 */
bool wall_clock_seconds_before(struct wall_clock clock, int64_t written, int64_t *seconds);

#endif
