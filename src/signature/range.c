/* Ranges of releases, and the verdict on whether a release is affected. */
#include "signature/range.h"

static bool is_upstream(const struct range *range)
{
	return range->order == RELEASE_UPSTREAM;
}

/*
 * The version of a bound that a release compares with. Stable series run side by side: of [4.19.175, 5.10.15, 5.11], 5.10.3
 * must be compared with 5.10.15. A release of a series that is not listed got no backport: for it, mainline's version
 * counts, the highest.
 */
static struct text pick_version(const struct bound *bound, struct text release)
{
	struct release_number number = release_number(release);
	struct text highest = bound->versions[0];

	for (size_t i = 0; i < bound->count; i++) {
		struct release_number listed = release_number(bound->versions[i]);
		if (release_same_series(&listed, &number))
			return bound->versions[i];
		if (release_compare(RELEASE_UPSTREAM, bound->versions[i], highest) > 0)
			highest = bound->versions[i];
	}
	return highest;
}

static int compare_upstream(const struct bound *bound, struct text base)
{
	return release_compare(RELEASE_UPSTREAM, base, pick_version(bound, base));
}

static bool upstream_within(const struct range *range, struct text base)
{
	return (!range->from.count || compare_upstream(&range->from, base) >= 0) &&
	       (!range->through.count || compare_upstream(&range->through, base) <= 0) &&
	       (!range->before.count || compare_upstream(&range->before, base) < 0);
}

static bool package_within(const struct range *range, const struct release *release)
{
	return (!range->from.count || release_compare_package(release, range->from.versions[0]) >= 0) &&
	       (!range->through.count || release_compare_package(release, range->through.versions[0]) <= 0) &&
	       (!range->before.count || release_compare_package(release, range->before.versions[0]) < 0);
}

static enum affected yes_or_no(bool yes)
{
	return yes ? AFFECTED_YES : AFFECTED_NO;
}

static bool is_bounded(const struct range *range)
{
	return range->from.count || range->through.count || range->before.count;
}

enum affected range_holds(const struct range *range, const struct release *release)
{
	if (!release->text.length || !release->family.length)
		return AFFECTED_UNKNOWN;
	if (is_upstream(range) && release->upstream.length)
		return yes_or_no(upstream_within(range, release->upstream));
	if (!text_equal(range->family, release->family))
		return AFFECTED_NO;
	if (!release->package.length && is_bounded(range))
		return AFFECTED_UNKNOWN;
	return yes_or_no(package_within(range, release));
}

static struct text bound_print(struct arena *arena, const struct bound *bound)
{
	struct text list = bound->versions[0];

	for (size_t i = 1; i < bound->count; i++)
		list = arena_print(arena, "%.*s / %.*s", TEXT_ARGS(list), TEXT_ARGS(bound->versions[i]));
	return list;
}

struct text range_print(struct arena *arena, const struct range *range)
{
	struct text from = range->from.count ? bound_print(arena, &range->from) : TEXT_NONE;
	const struct bound *upper = range->through.count ? &range->through : &range->before;
	const char *word = range->through.count ? "through" : "before";

	if (!upper->count && !from.length)
		return arena_print(arena, "every %.*s kernel", TEXT_ARGS(range->family));
	if (!upper->count)
		return arena_print(arena, "from %.*s", TEXT_ARGS(from));
	struct text to = bound_print(arena, upper);
	if (!from.length)
		return arena_print(arena, "%s %.*s", word, TEXT_ARGS(to));
	if (range->through.count)
		return arena_print(arena, "%.*s through %.*s", TEXT_ARGS(from), TEXT_ARGS(to));
	return arena_print(arena, "from %.*s, before %.*s", TEXT_ARGS(from), TEXT_ARGS(to));
}

struct text range_condition(struct arena *arena, const struct range *range)
{
	struct text printed = range_print(arena, range);

	if (!is_bounded(range))
		return printed;
	return arena_print(arena, "%.*s: %.*s", TEXT_ARGS(range->family), TEXT_ARGS(printed));
}

/* All ranges of a family, for a reason that says outside of what the release lies. */
static struct text print_ranges(struct arena *arena, const struct signature *signature, struct text family)
{
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < signature->range_count; i++) {
		const struct range *range = &signature->ranges[i];
		if (!text_equal(range->family, family))
			continue;
		struct text one = range_print(arena, range);
		all = all.length ? arena_print(arena, "%.*s; %.*s", TEXT_ARGS(all), TEXT_ARGS(one)) : one;
	}
	return all;
}

/*
 * The verdict by the ranges of one family, one of which holds the release, or none. subject: what was compared, for the
 * reason.
 */
static enum affected judge_family(const struct signature *signature, const struct release *release, struct text family,
				  struct text subject, struct arena *arena, struct text *reason)
{
	for (size_t i = 0; i < signature->range_count; i++) {
		const struct range *range = &signature->ranges[i];
		if (!text_equal(range->family, family) || range_holds(range, release) != AFFECTED_YES)
			continue;
		struct text printed = range_print(arena, range);
		*reason = arena_print(arena, "%.*s lies in the affected range of %.*s: %.*s", TEXT_ARGS(subject),
				      TEXT_ARGS(family), TEXT_ARGS(printed));
		return AFFECTED_YES;
	}
	struct text ranges = print_ranges(arena, signature, family);
	*reason = arena_print(arena, "%.*s lies outside the affected ranges of %.*s: %.*s", TEXT_ARGS(subject),
			      TEXT_ARGS(family), TEXT_ARGS(ranges));
	return AFFECTED_NO;
}

static bool names_family(const struct signature *signature, struct text family)
{
	for (size_t i = 0; i < signature->range_count; i++)
		if (text_equal(signature->ranges[i].family, family))
			return true;
	return false;
}

static struct text why_unknown(const struct signature *signature, const struct release *release, struct arena *arena)
{
	if (!release->text.length)
		return text_from("the log does not name a release; --release gives it");
	if (!signature->range_count)
		return text_from("the signature does not say which releases are affected");
	if (!release->family.length)
		return arena_print(arena, "%.*s is of no family of kernels that is known here", TEXT_ARGS(release->text));
	if (names_family(signature, release->family))
		return arena_print(arena,
				   "%.*s does not tell the version of its package, which the ranges of %.*s are about",
				   TEXT_ARGS(release->text), TEXT_ARGS(release->family));
	return arena_print(arena, "the signature says nothing of %.*s kernels", TEXT_ARGS(release->family));
}

enum affected range_judge(const struct signature *signature, const struct release *release, struct arena *arena,
			  struct text *reason)
{
	struct text upstream = TEXT("upstream");

	if (release->family.length && release->package.length && names_family(signature, release->family)) {
		struct text package = release->package;
		if (release->upload.length)
			package = arena_print(arena, "%.*s.%.*s", TEXT_ARGS(package), TEXT_ARGS(release->upload));
		return judge_family(signature, release, release->family, package, arena, reason);
	}
	if (release->upstream.length && names_family(signature, upstream)) {
		struct text subject = arena_print(arena, "%.*s, built on upstream's %.*s,", TEXT_ARGS(release->text),
						  TEXT_ARGS(release->upstream));
		return judge_family(signature, release, upstream, subject, arena, reason);
	}
	*reason = why_unknown(signature, release, arena);
	return AFFECTED_UNKNOWN;
}
