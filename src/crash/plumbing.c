/* Looking a function up in the lists of plumbing. */
#include "crash/plumbing.h"

#include "crash/plumbing_lists.h"

#include <string.h>

static const struct plumbing_list *const lists[] = { plumbing_helpers, plumbing_report, plumbing_entry, plumbing_waiting };

static bool names_it(const char *name, struct text function)
{
	size_t length;

	/* Most differ here: there are a thousand names to look through for each function. */
	if (!function.length || name[0] != function.data[0])
		return false;
	length = strlen(name);
	if (name[length - 1] != '*')
		return length == function.length && memcmp(name, function.data, length) == 0;
	return function.length >= length - 1 && memcmp(name, function.data, length - 1) == 0;
}

static bool any_names_it(const char *const *names, struct text function)
{
	for (; *names; names++)
		if (names_it(*names, function))
			return true;
	return false;
}

bool is_plumbing(struct text canonical, enum crash_kind kind)
{
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		for (const struct plumbing_list *list = lists[i]; list->names; list++)
			if (crash_kinds_hold(list->kinds, kind) && any_names_it(list->names, canonical))
				return true;
	return false;
}

bool is_way_in(struct text canonical)
{
	return any_names_it(plumbing_ways_in, canonical);
}

bool is_tick_entry(struct text canonical)
{
	return any_names_it(plumbing_tick_entries, canonical);
}
