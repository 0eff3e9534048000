/* Runs of bytes: comparing, searching, and taking them apart from the front. */
#define _GNU_SOURCE /* memmem */
#include "base/text.h"

#include <string.h>

struct text text_from(const char *string)
{
	return (struct text){ string, string ? strlen(string) : 0 };
}

bool text_equal(struct text a, struct text b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool text_is(struct text a, const char *string)
{
	return text_equal(a, text_from(string));
}

int text_compare(struct text a, struct text b)
{
	size_t common = a.length < b.length ? a.length : b.length;
	int order = common ? memcmp(a.data, b.data, common) : 0;

	return order ? order : (a.length > b.length) - (a.length < b.length);
}

bool text_starts_whole(struct text a, const char *prefix)
{
	size_t length = strlen(prefix);

	return a.length >= length && (length == 0 || memcmp(a.data, prefix, length) == 0);
}

bool text_ends(struct text a, const char *suffix)
{
	size_t length = strlen(suffix);

	return a.length >= length && text_starts(text_from_offset(a, a.length - length), suffix);
}

size_t text_find(struct text a, const char *needle)
{
	size_t length = strlen(needle);
	const char *at = a.length >= length && a.length ? memmem(a.data, a.length, needle, length) : NULL;

	return at ? (size_t)(at - a.data) : SIZE_MAX;
}

size_t text_find_char(struct text a, char c)
{
	const char *at = a.length ? memchr(a.data, c, a.length) : NULL;

	return at ? (size_t)(at - a.data) : SIZE_MAX;
}

struct text text_from_offset(struct text a, size_t offset)
{
	if (offset >= a.length)
		return TEXT_NONE;
	return (struct text){ a.data + offset, a.length - offset };
}

struct text text_first(struct text a, size_t length)
{
	return (struct text){ a.data, a.length < length ? a.length : length };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

struct text text_trim_start(struct text a)
{
	text_eat_blanks(&a);
	return a;
}

struct text text_trim(struct text a)
{
	text_eat_blanks(&a);
	while (a.length && is_blank(a.data[a.length - 1]))
		a.length--;
	return a;
}

bool text_eat_char(struct text *t, char c)
{
	if (!t->length || t->data[0] != c)
		return false;
	*t = text_from_offset(*t, 1);
	return true;
}

void text_eat_blanks(struct text *t)
{
	size_t i = 0;

	while (i < t->length && is_blank(t->data[i]))
		i++;
	*t = text_from_offset(*t, i);
}

bool text_eat_word(struct text *t, struct text *word)
{
	size_t i = 0;

	while (i < t->length && !is_blank(t->data[i]))
		i++;
	if (i == 0)
		return false;
	*word = text_first(*t, i);
	*t = text_from_offset(*t, i);
	return true;
}

bool text_eat_decimal(struct text *t, uint64_t *value)
{
	uint64_t sum = 0;
	size_t i = 0;

	for (; i < t->length && t->data[i] >= '0' && t->data[i] <= '9'; i++)
		if (__builtin_mul_overflow(sum, 10, &sum) || __builtin_add_overflow(sum, (uint64_t)(t->data[i] - '0'), &sum))
			return false;
	if (i == 0)
		return false;
	*value = sum;
	*t = text_from_offset(*t, i);
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool text_eat_hex_digits(struct text *t, uint64_t *value, size_t *digits)
{
	uint64_t sum = 0;
	size_t i = 0;

	for (; i < t->length && hex_digit(t->data[i]) >= 0; i++)
		sum = sum << 4 | (uint64_t)hex_digit(t->data[i]);
	if (i == 0 || i > 16)
		return false;
	*value = sum;
	*digits = i;
	*t = text_from_offset(*t, i);
	return true;
}

bool text_eat_hex(struct text *t, uint64_t *value)
{
	struct text rest = *t;
	size_t digits;

	if (text_eat(&rest, "0x") && text_eat_hex_digits(&rest, value, &digits)) {
		*t = rest;
		return true;
	}
	return text_eat_hex_digits(t, value, &digits);
}

uint64_t text_hash(uint64_t hash, struct text t)
{
	for (size_t i = 0; i < t.length; i++)
		hash = (hash ^ (unsigned char)t.data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

bool text_is_plain_name(struct text a)
{
	for (size_t i = 0; i < a.length; i++) {
		char c = a.data[i];
		bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!alphanumeric && (c == '\0' || !strchr(".-_+~", c)))
			return false;
	}
	return a.length > 0 && a.data[0] != '.';
}
