/*
 * How releases compare: rpm's and dpkg's rules from libsolv, upstream's by number.
 */
#include "signature/release.h"

#include <solv/evr.h>
#include <solv/pool.h>

#include <stdio.h>
#include <string.h>

enum { VERSION_MOST = 256 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* As text_eat_decimal(), but a number too large for 64 bits is the largest there is. */
static bool eat_number(struct text *t, uint64_t *value)
{
	size_t digits = 0;

	while (digits < t->length && is_digit(t->data[digits]))
		digits++;
	struct text number = text_first(*t, digits);
	if (digits && !text_eat_decimal(&number, value))
		*value = UINT64_MAX;
	*t = text_from_offset(*t, digits);
	return digits > 0;
}

/* "-rc3", "~rc3", Fedora's "-0.rc3", Ubuntu's mainline builds' "-060700rc3" */
static bool eat_candidate(struct text *t, uint64_t *rc)
{
	struct text rest = *t;

	if (!text_eat_char(&rest, '-') && !text_eat_char(&rest, '~'))
		return false;
	while (rest.length && (is_digit(rest.data[0]) || rest.data[0] == '.'))
		rest = text_from_offset(rest, 1);
	if (!text_eat(&rest, "rc") || !eat_number(&rest, rc))
		return false;
	*t = rest;
	return true;
}

struct release_number release_number(struct text version)
{
	struct release_number number = { .rc = UINT64_MAX };
	struct text rest = version;

	while (number.count < 4) {
		struct text part = rest;
		if (number.count && !text_eat_char(&part, '.'))
			break;
		if (!eat_number(&part, &number.parts[number.count]))
			break;
		number.count++;
		rest = part;
	}
	if (number.count && !eat_candidate(&rest, &number.rc))
		number.rc = UINT64_MAX;
	number.length = version.length - rest.length;
	return number;
}

bool release_same_series(const struct release_number *a, const struct release_number *b)
{
	/* 2.6.x was to 2.6 what 3.x is to 3: 2.6.32.71 is a stable release of 2.6.32. */
	size_t parts = a->parts[0] == 2 ? 3 : 2;

	for (size_t i = 0; i < parts; i++)
		if (a->parts[i] != b->parts[i])
			return false;
	return true;
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_upstream(struct text a, struct text b)
{
	struct release_number left = release_number(a), right = release_number(b);

	for (size_t i = 0; i < 4; i++)
		if (left.parts[i] != right.parts[i])
			return compare_numbers(left.parts[i], right.parts[i]);
	return compare_numbers(left.rc, right.rc);
}

static void copy_version(char buffer[VERSION_MOST + 1], struct text version)
{
	struct text kept = text_first(version, VERSION_MOST);

	if (kept.length)
		memcpy(buffer, kept.data, kept.length);
	buffer[kept.length] = '\0';
}

/*
 * A pool of its own for each comparison: it costs 2 microseconds, and nothing is left over that would have to be
 * freed or locked.
 */
static int compare_packages(int type, struct text a, struct text b)
{
	char left[VERSION_MOST + 1], right[VERSION_MOST + 1];

	copy_version(left, a);
	copy_version(right, b);
	Pool *pool = pool_create();
	if (!pool)
		return strcmp(left, right);
	pool_setdisttype(pool, type);
	int order = pool_evrcmp_str(pool, left, right, EVRCMP_COMPARE);
	pool_free(pool);
	return order;
}

int release_compare(enum release_order order, struct text a, struct text b)
{
	if (order == RELEASE_UPSTREAM)
		return compare_upstream(a, b);
	if (text_equal(a, b))
		return 0;
	return compare_packages(order == RELEASE_DEB ? DISTTYPE_DEB : DISTTYPE_RPM, a, b);
}

int release_compare_package(const struct release *release, struct text version)
{
	char whole[VERSION_MOST];
	struct text rest = version;

	if (!text_is(release->family, "ubuntu") && !text_starts(release->family, "ubuntu-"))
		return release_compare(release->order, release->package, version);
	if (release->upload.length) {
		int length = snprintf(whole, sizeof whole, "%.*s.%.*s", TEXT_ARGS(text_first(release->package, 64)),
				      TEXT_ARGS(text_first(release->upload, 64)));
		return release_compare(release->order, (struct text){ whole, (size_t)length }, version);
	}
	/* 5.15.0-91 alone: all that can be said of 5.15.0-91.101 is that it is that one. Few numbers had two uploads. */
	if (release->package.length && version.length > release->package.length &&
	    text_equal(text_first(version, release->package.length), release->package)) {
		rest = text_from_offset(version, release->package.length);
		if (rest.data[0] == '.')
			return 0;
	}
	return release_compare(release->order, release->package, version);
}
