/* Time stamps and caller ids, by their grammar. */
#include "log/stamp.h"

#include "base/wall_clock.h"

/* A shape: 9 is a digit, anything else is itself. Takes it off the front of t. */
static bool eat_shape(struct text *t, const char *shape)
{
	size_t i = 0;

	for (; shape[i]; i++) {
		char c = i < t->length ? t->data[i] : '\0';
		bool digit = c >= '0' && c <= '9';
		if (shape[i] == '9' ? !digit : c != shape[i])
			return false;
	}
	*t = text_from_offset(*t, i);
	return true;
}

static void eat_digits(struct text *t)
{
	while (eat_shape(t, "9"))
		;
}

static void eat_fraction(struct text *t)
{
	struct text rest = *t;

	if (eat_shape(&rest, ".9") || eat_shape(&rest, ",9")) {
		eat_digits(&rest);
		*t = rest;
	}
}

static bool eat_caller(struct text *t, struct record *record)
{
	struct text rest = *t;
	uint64_t number;
	char kind;

	text_eat_blanks(&rest);
	if (!text_eat_char(&rest, '['))
		return false;
	text_eat_blanks(&rest);
	if (!rest.length || (rest.data[0] != 'T' && rest.data[0] != 'C'))
		return false;
	kind = rest.data[0];
	rest = text_from_offset(rest, 1);
	if (!text_eat_decimal(&rest, &number) || number > UINT32_MAX || !text_eat_char(&rest, ']'))
		return false;
	record->caller_kind = kind;
	record->caller = (uint32_t)number;
	*t = rest;
	return true;
}

/* " <    0.000012>", which dmesg --show-delta puts within the brackets. */
static void eat_delta(struct text *t)
{
	struct text rest = *t;
	uint64_t number;

	if (!text_eat(&rest, " <"))
		return;
	text_eat_blanks(&rest);
	if (text_eat_decimal(&rest, &number) && text_eat_char(&rest, '.') && text_eat_decimal(&rest, &number) &&
	    text_eat_char(&rest, '>'))
		*t = rest;
}

/* Seconds and microseconds of "[ seconds.micros]". */
static bool eat_seconds(struct text *t, int64_t *time_ns)
{
	struct text rest = *t, fraction;
	uint64_t seconds, micros;

	if (!text_eat_char(&rest, '['))
		return false;
	text_eat_blanks(&rest);
	if (!text_eat_decimal(&rest, &seconds) || seconds > INT64_MAX / INT64_C(1000000000) - 1 ||
	    !text_eat_char(&rest, '.'))
		return false;
	fraction = rest;
	if (!text_eat_decimal(&rest, &micros) || fraction.length - rest.length != 6)
		return false;
	eat_delta(&rest);
	if (text_starts(rest, "s][pid:")) /* Huawei's */
		text_eat_char(&rest, 's');
	if (!text_eat_char(&rest, ']'))
		return false;
	*time_ns = (int64_t)seconds * INT64_C(1000000000) + (int64_t)micros * 1000;
	*t = rest;
	return true;
}

bool stamp_eat_printk(struct text *t, struct record *record)
{
	if (!eat_seconds(t, &record->time_ns))
		return false;
	eat_caller(t, record);
	text_eat_char(t, ' ');
	return true;
}

size_t stamp_find_inside(struct text t)
{
	for (size_t at = 0; at < t.length; at++) {
		size_t bracket = text_find_char(text_from_offset(t, at), '[');
		if (bracket == SIZE_MAX)
			break;
		at += bracket;
		struct text rest = text_from_offset(t, at);
		int64_t time_ns;
		if (eat_seconds(&rest, &time_ns) && (!rest.length || rest.data[0] == ' ' || rest.data[0] == '['))
			return at;
	}
	return SIZE_MAX;
}

static void set_wall_time(struct record *record, struct wall_clock clock, bool zone_said, int64_t ahead)
{
	record->zone_said = wall_clock_seconds(clock, ahead, &record->wall_time) && zone_said;
}

static bool eat_iso(struct text *t, char fraction_mark, struct record *record)
{
	struct text rest = *t;
	struct wall_clock clock;
	int64_t ahead = 0;

	if (!wall_clock_eat(&rest, "Y-M-DTh:m:s", &clock))
		return false;
	/* Only dmesg writes a comma; syslog and the journal a point, or whole seconds. */
	if ((rest.length && rest.data[0] == ',') != (fraction_mark == ','))
		return false;
	eat_fraction(&rest);
	bool zone_said = wall_clock_eat_zone(&rest, &ahead);
	if (!text_eat_char(&rest, ' '))
		return false;
	set_wall_time(record, clock, zone_said, ahead);
	*t = rest;
	return true;
}

/* A date in brackets, perhaps with the delta behind it. */
static bool eat_bracketed(struct text *t, const char *form, struct record *record)
{
	struct text rest = *t;
	struct wall_clock clock;

	if (!wall_clock_eat(&rest, form, &clock))
		return false;
	eat_delta(&rest);
	if (!text_eat_char(&rest, ']'))
		return false;
	text_eat_char(&rest, ' ');
	if (clock.year)
		set_wall_time(record, clock, false, 0);
	else
		record->clock = clock;
	*t = rest;
	return true;
}

static bool eat_relative(struct text *t)
{
	struct text rest = *t;
	uint64_t number;

	if (!text_eat_char(&rest, '['))
		return false;
	bool delta = text_eat_char(&rest, '<'); /* dmesg -d -t: "[<    0.000012>]" */
	text_eat_blanks(&rest);
	if ((!delta && !text_eat_char(&rest, '+')) || !text_eat_decimal(&rest, &number) || !text_eat_char(&rest, '.') ||
	    !text_eat_decimal(&rest, &number) || (delta && !text_eat_char(&rest, '>')) || !text_eat_char(&rest, ']'))
		return false;
	text_eat_char(&rest, ' ');
	*t = rest;
	return true;
}

bool stamp_eat_dmesg(struct text *t, struct record *record)
{
	return eat_bracketed(t, "[A B d h:m:s Y", record) || eat_bracketed(t, "[Bd h:m", record) ||
	       eat_bracketed(t, "[B d h:m", record) || eat_relative(t) || eat_iso(t, ',', record);
}

bool stamp_eat_bsd(struct text *t, struct record *record)
{
	struct text rest = *t;
	struct wall_clock clock;

	if (!wall_clock_eat(&rest, "B d h:m:s", &clock))
		return false;
	eat_fraction(&rest);
	if (!text_eat_char(&rest, ' '))
		return false;
	record->clock = clock;
	*t = rest;
	return true;
}

bool stamp_eat_iso(struct text *t, struct record *record)
{
	return eat_iso(t, '.', record);
}

bool stamp_eat_full(struct text *t, struct record *record)
{
	struct text rest = *t, zone, name;
	struct wall_clock clock;
	int64_t ahead = 0;

	if (!wall_clock_eat(&rest, "A Y-M-D h:m:s", &clock))
		return false;
	eat_fraction(&rest);
	if (!text_eat_char(&rest, ' ') || !text_eat_word(&rest, &zone) || zone.length > 6 || !text_eat_char(&rest, ' '))
		return false;
	name = zone;
	bool known = wall_clock_eat_zone(&name, &ahead) && !name.length;
	set_wall_time(record, clock, known, known ? ahead : 0);
	*t = rest;
	return true;
}

bool stamp_eat_unix(struct text *t, struct record *record)
{
	struct text rest = *t, digits = *t;
	uint64_t seconds;

	if (!eat_shape(&rest, "9999999999.999999 "))
		return false;
	if (text_eat_decimal(&digits, &seconds) && wall_clock_plausible((int64_t)seconds)) {
		record->wall_time = (int64_t)seconds;
		record->zone_said = true;
	}
	*t = rest;
	return true;
}

bool stamp_eat_console(struct text *t, struct record *record)
{
	static const char *const forms[] = { "[Y-M-D h:m:s", "[Y-M-DTh:m:s", "[B d h:m:s" };
	struct text rest;
	struct wall_clock clock;
	int64_t ahead = 0;
	size_t i = 0;

	for (; i < sizeof forms / sizeof *forms; i++) {
		rest = *t;
		if (wall_clock_eat(&rest, forms[i], &clock))
			break;
	}
	if (i == sizeof forms / sizeof *forms)
		return false;
	eat_fraction(&rest);
	bool zone_said = wall_clock_eat_zone(&rest, &ahead);
	if (!text_eat_char(&rest, ']'))
		return false;
	text_eat_char(&rest, ' ');
	if (clock.year)
		set_wall_time(record, clock, zone_said, ahead);
	else
		record->clock = clock;
	*t = rest;
	return true;
}
