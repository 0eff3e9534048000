/* Calendar and clock, without the C library's: that one knows of zones and of the environment. */
#include "base/wall_clock.h"

#include <string.h>

enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* `count` digits at the beginning of t; -1: there are not as many. */
static int digits(struct text t, size_t count)
{
	int value = 0;

	for (size_t i = 0; i < count; i++) {
		if (i >= t.length || !is_digit(t.data[i]))
			return -1;
		value = value * 10 + (t.data[i] - '0');
	}
	return value;
}

static unsigned char month_named(const char *name)
{
	for (unsigned char i = 0; i < 12; i++)
		if (memcmp(months + 3 * i, name, 3) == 0)
			return (unsigned char)(i + 1);
	return 0;
}

static bool eat_letters(struct text *t, unsigned char *month)
{
	for (size_t i = 0; i < 3; i++)
		if (i >= t->length || !is_letter(t->data[i]))
			return false;
	if (month)
		*month = month_named(t->data);
	*t = text_from_offset(*t, 3);
	return true;
}

static bool eat_number(struct text *t, size_t count, int *value)
{
	*value = digits(*t, count);
	if (*value < 0)
		return false;
	*t = text_from_offset(*t, count);
	return true;
}

static bool eat_pair(struct text *t, unsigned char *field)
{
	int value;

	if (!eat_number(t, 2, &value))
		return false;
	*field = (unsigned char)value;
	return true;
}

static bool eat_day(struct text *t, unsigned char *day)
{
	int value;

	if (eat_pair(t, day))
		return true;
	text_eat_char(t, ' ');
	if (!eat_number(t, 1, &value))
		return false;
	*day = (unsigned char)value;
	return true;
}

static bool eat_one(struct text *t, char what, struct wall_clock *clock)
{
	int year;

	switch (what) {
	case 'Y':
		if (!eat_number(t, 4, &year))
			return false;
		clock->year = (uint16_t)year;
		return true;
	case 'M':
		return eat_pair(t, &clock->month);
	case 'D':
		return eat_pair(t, &clock->day);
	case 'h':
		return eat_pair(t, &clock->hour);
	case 'm':
		return eat_pair(t, &clock->minute);
	case 's':
		return eat_pair(t, &clock->second);
	case 'd':
		return eat_day(t, &clock->day);
	case 'B':
		return eat_letters(t, &clock->month);
	case 'A':
		return eat_letters(t, NULL);
	default:
		return text_eat_char(t, what);
	}
}

bool wall_clock_eat(struct text *t, const char *form, struct wall_clock *clock)
{
	struct wall_clock read = { 0 };
	struct text rest = *t;

	for (; *form; form++)
		if (!eat_one(&rest, *form, &read))
			return false;
	*t = rest;
	*clock = read;
	return true;
}

/* The names that date(1) prints (%Z) for one offset alone, wherever in the world, by the time zone database since 2018. */
static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{ "UTC", 0 },    { "GMT", 0 },    { "WET", 0 },    { "WEST", 60 },  { "BST", 60 },    { "CET", 60 },
	{ "CEST", 120 }, { "EET", 120 },  { "EEST", 180 }, { "MSK", 180 },  { "IDT", 180 },   { "WAT", 60 },
	{ "CAT", 120 },  { "SAST", 120 }, { "EAT", 180 },  { "PKT", 300 },  { "WIB", 420 },   { "HKT", 480 },
	{ "JST", 540 },  { "KST", 540 },  { "AWST", 480 }, { "ACST", 570 }, { "ACDT", 630 },  { "AEST", 600 },
	{ "AEDT", 660 }, { "NZST", 720 }, { "NZDT", 780 }, { "AST", -240 }, { "ADT", -180 },  { "EST", -300 },
	{ "EDT", -240 }, { "MST", -420 }, { "MDT", -360 }, { "PDT", -420 }, { "AKST", -540 }, { "AKDT", -480 },
	{ "HST", -600 },
};

static bool eat_name(struct text *t, int64_t *ahead)
{
	size_t length = 0;

	while (length < t->length && is_letter(t->data[length]))
		length++;
	for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
		if (!text_is(text_first(*t, length), zones[i].name))
			continue;
		*ahead = zones[i].minutes * MINUTE;
		*t = text_from_offset(*t, length);
		return true;
	}
	return false;
}

bool wall_clock_eat_zone(struct text *t, int64_t *ahead)
{
	struct text rest = *t;
	unsigned char hours, minutes = 0;

	if (text_eat_char(t, 'Z')) {
		*ahead = 0;
		return true;
	}
	bool west = text_eat_char(&rest, '-');
	if (!west && !text_eat_char(&rest, '+'))
		return eat_name(t, ahead);
	if (!eat_pair(&rest, &hours))
		return false;
	struct text behind = rest;
	bool colon = text_eat_char(&behind, ':');
	if (eat_pair(&behind, &minutes))
		rest = behind;
	else if (colon)
		return false;
	*ahead = (int64_t)(hours * HOUR + minutes * MINUTE) * (west ? -1 : 1);
	*t = rest;
	return true;
}

bool wall_clock_plausible(int64_t seconds)
{
	return seconds >= INT64_C(365) * DAY && seconds < INT64_C(253402300800); /* 1971-01-01 to 10000-01-01 */
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
	static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return lengths[month - 1] + (month == 2 && is_leap(year));
}

static bool exists(struct wall_clock clock)
{
	/* A 60th second is a leap second's. */
	return clock.year >= 1970 && clock.month >= 1 && clock.month <= 12 && clock.day >= 1 &&
	       clock.day <= month_length(clock.year, clock.month) && clock.hour < 24 && clock.minute < 60 &&
	       clock.second <= 60;
}

/* From 1970-01-01 to the clock's day; its year is 1970 or later. */
static int64_t days(struct wall_clock clock)
{
	int before = clock.year - 1;
	int64_t leap_days = before / 4 - before / 100 + before / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
	int64_t sum = INT64_C(365) * (clock.year - 1970) + leap_days + clock.day - 1;

	for (int month = 1; month < clock.month; month++)
		sum += month_length(clock.year, month);
	return sum;
}

bool wall_clock_seconds(struct wall_clock clock, int64_t ahead, int64_t *seconds)
{
	if (!exists(clock))
		return false;
	int64_t sum = days(clock) * DAY + clock.hour * HOUR + clock.minute * MINUTE + clock.second - ahead;
	if (!wall_clock_plausible(sum))
		return false;
	*seconds = sum;
	return true;
}

bool wall_clock_seconds_before(struct wall_clock clock, int64_t written, int64_t *seconds)
{
	/* 29 February comes every fourth year, or every eighth around 2100. */
	enum { YEARS_BACK = 8 };

	if (!wall_clock_plausible(written))
		return false;
	/* A year has 365.2425 days: this is the year of `written`, or one beside it. */
	int year = 1970 + (int)(written / (INT64_C(31556952)));
	for (int back = -1; back <= YEARS_BACK + 1; back++) {
		int64_t sum;
		clock.year = (uint16_t)(year - back);
		if (wall_clock_seconds(clock, 0, &sum) && sum <= written + DAY) {
			*seconds = sum;
			return true;
		}
	}
	return false;
}
