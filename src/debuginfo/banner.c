/* Compares a kernel's banner. */
#define _GNU_SOURCE /* memmem */
#include "debuginfo/banner.h"

#include <string.h>

enum { BANNER_MOST = 1024 };

/* "... 2024", "... (2024-02-01)"; but not "PREEMPT(voluntary)", which reports have since 6.15. */
static bool ends_with_date(struct text version)
{
	if (version.length < 5)
		return false;
	if (text_ends(version, ")"))
		return text_find(version, " (") != SIZE_MAX;
	struct text year = text_from_offset(version, version.length - 5);
	uint64_t number;
	return text_eat(&year, " ") && text_eat_decimal(&year, &number) && !year.length;
}

/* scripts/mkcompile_h: number, SMP and PREEMPT as they are configured, a date or what the distribution has instead. */
bool banner_is_whole(struct text version)
{
	return text_starts(version, "#") && (text_find(version, " SMP ") != SIZE_MAX || ends_with_date(version));
}

/* The rest of the next banner of that release, behind "Linux version RELEASE ("; *data goes behind its beginning. */
static bool next_banner(struct text *data, struct text release, struct text *rest)
{
	static const char word[] = "Linux version ";

	for (;;) {
		const char *found = data->length ? memmem(data->data, data->length, word, sizeof word - 1) : NULL;
		if (!found)
			return false;
		*data = text_from_offset(*data, (size_t)(found - data->data) + sizeof word - 1);
		if (!text_equal(text_first(*data, release.length), release))
			continue;
		*rest = text_from_offset(*data, release.length);
		if (!text_eat(rest, " ("))
			continue;
		*rest = text_first(*rest, BANNER_MOST);
		for (size_t i = 0; i < rest->length; i++)
			if (rest->data[i] == '\n' || rest->data[i] == '\0')
				*rest = text_first(*rest, i);
		return true;
	}
}

/* As far as both go: either may have been cut, or have more behind it. */
static bool agrees(struct text a, struct text b)
{
	size_t common = a.length < b.length ? a.length : b.length;

	return text_equal(text_first(a, common), text_first(b, common));
}

bool banner_fits(struct text data, const struct debuginfo_wanted *wanted, struct error *error)
{
	struct text rest, other = TEXT_NONE;

	while (next_banner(&data, wanted->release, &rest)) {
		size_t at = text_find(rest, " #");
		struct text version = at == SIZE_MAX ? TEXT_NONE : text_from_offset(rest, at + 1);
		if (!banner_is_whole(wanted->version) || agrees(version, wanted->version))
			return true;
		other = version;
	}
	if (!other.length)
		return error_set(error, "of another kernel: it does not call itself %.*s", TEXT_ARGS(wanted->release));
	return error_set(error, "of another build of %.*s: its version is %.*s, that of the kernel is %.*s",
			 TEXT_ARGS(wanted->release), TEXT_ARGS(other), TEXT_ARGS(wanted->version));
}
