/* Time stamps and caller ids, by their grammar. */
#include "log/stamp.h"

/*
 * A shape: 9 a digit, _ a digit or a blank, A a letter; anything else is itself. Takes it off the front of t.
 */
static bool eat_shape(struct text *t, const char *shape)
{
	size_t i = 0;

	for (; shape[i]; i++) {
		char c = i < t->length ? t->data[i] : '\0';
		bool digit = c >= '0' && c <= '9';
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		bool fits = shape[i] == '9'   ? digit
			    : shape[i] == '_' ? digit || c == ' '
			    : shape[i] == 'A' ? letter
					      : c == shape[i];
		if (!fits)
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

static bool eat_zone(struct text *t)
{
	if (text_eat_char(t, 'Z') || eat_shape(t, "+99:99") || eat_shape(t, "-99:99") || eat_shape(t, "+9999") ||
	    eat_shape(t, "-9999"))
		return true;
	return t->length && t->data[0] == ' ';
}

static bool eat_iso(struct text *t, char fraction_mark)
{
	struct text rest = *t;

	if (!eat_shape(&rest, "9999-99-99T99:99:99"))
		return false;
	/* Only dmesg writes a comma; syslog and the journal a point, or whole seconds. */
	if ((rest.length && rest.data[0] == ',') != (fraction_mark == ','))
		return false;
	eat_fraction(&rest);
	if (!eat_zone(&rest) || !text_eat_char(&rest, ' '))
		return false;
	*t = rest;
	return true;
}

/* A date in brackets, perhaps with the delta behind it. */
static bool eat_bracketed(struct text *t, const char *shape)
{
	struct text rest = *t;

	if (!eat_shape(&rest, shape))
		return false;
	eat_delta(&rest);
	if (!text_eat_char(&rest, ']'))
		return false;
	text_eat_char(&rest, ' ');
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

bool stamp_eat_dmesg(struct text *t)
{
	return eat_bracketed(t, "[AAA AAA _9 99:99:99 9999") || eat_bracketed(t, "[AAA AAA 9 99:99:99 9999") ||
	       eat_bracketed(t, "[AAA_9 99:99") || eat_bracketed(t, "[AAA _9 99:99") || eat_bracketed(t, "[AAA 9 99:99") ||
	       eat_relative(t) || eat_iso(t, ',');
}

bool stamp_eat_bsd(struct text *t)
{
	struct text rest = *t;

	if (!eat_shape(&rest, "AAA _9 99:99:99") && !eat_shape(&rest, "AAA 9 99:99:99"))
		return false;
	eat_fraction(&rest);
	if (!text_eat_char(&rest, ' '))
		return false;
	*t = rest;
	return true;
}

bool stamp_eat_iso(struct text *t)
{
	return eat_iso(t, '.');
}

bool stamp_eat_full(struct text *t)
{
	struct text rest = *t, zone;

	if (!eat_shape(&rest, "AAA 9999-99-99 99:99:99"))
		return false;
	eat_fraction(&rest);
	if (!text_eat_char(&rest, ' ') || !text_eat_word(&rest, &zone) || zone.length > 6 || !text_eat_char(&rest, ' '))
		return false;
	*t = rest;
	return true;
}

bool stamp_eat_unix(struct text *t)
{
	struct text rest = *t;

	if (!eat_shape(&rest, "9999999999.999999 "))
		return false;
	*t = rest;
	return true;
}
