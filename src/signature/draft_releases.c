/* Releases that were seen, and the ranges that they span. */
#include "signature/draft_releases.h"

/* What a range would name of a release. */
struct seen {
	struct text family, version; /* version empty: the release does not tell one */
	enum release_order order;
};

static struct seen take(struct arena *arena, const struct release *release)
{
	struct seen seen = { release->family, release->package, release->order };

	/* Where the package is not known (Debian), or has what no range may name (upstream's "-gabc"), the stable release.
	 */
	if (release->upstream.length && (release->order == RELEASE_UPSTREAM || !release->package.length))
		return (struct seen){ TEXT("upstream"), release->upstream, RELEASE_UPSTREAM };
	if (release->upload.length && release->package.length)
		seen.version = arena_print(arena, "%.*s.%.*s", TEXT_ARGS(release->package), TEXT_ARGS(release->upload));
	return seen;
}

static bool was_named(const struct draft_source *sources, size_t index)
{
	const struct release *release = sources[index].release;

	for (size_t i = 0; i < index; i++)
		if (text_equal(sources[i].release->text, release->text) &&
		    text_equal(sources[i].release->package, release->package) &&
		    text_equal(sources[i].release->upload, release->upload))
			return true;
	return false;
}

static void name_release(struct yaml_lines *lines, const struct release *release)
{
	struct seen seen = take(lines->arena, release);

	if (!release->text.length)
		yaml_line(lines, TEXT("#   one whose log does not name it"));
	else if (!seen.family.length || !seen.version.length)
		yaml_line(lines, arena_print(lines->arena, "#   %.*s", TEXT_ARGS(release->text)));
	else
		yaml_line(lines, arena_print(lines->arena, "#   %.*s (%.*s: %.*s)", TEXT_ARGS(release->text),
					     TEXT_ARGS(seen.family), TEXT_ARGS(seen.version)));
}

/* What the releases of one family span. False: the family of this one was spanned before, or it has none. */
static bool span_family(struct arena *arena, const struct draft_source *sources, size_t count, size_t index,
			struct seen *least, struct seen *greatest)
{
	*least = *greatest = take(arena, sources[index].release);
	if (!least->family.length || !least->version.length)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct seen other = take(arena, sources[i].release);
		if (!other.version.length || !text_equal(other.family, least->family))
			continue;
		if (i < index)
			return false;
		if (release_compare(other.order, other.version, least->version) < 0)
			*least = other;
		if (release_compare(other.order, other.version, greatest->version) > 0)
			*greatest = other;
	}
	return true;
}

static void add_ranges(struct yaml_lines *lines, const struct draft_source *sources, size_t count)
{
	struct seen least, greatest;
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		if (!span_family(lines->arena, sources, count, i, &least, &greatest))
			continue;
		if (!any)
			yaml_line(lines, TEXT("# affected:"));
		any = true;
		yaml_line(lines, arena_print(lines->arena, "#   - family: %.*s", TEXT_ARGS(least.family)));
		yaml_line(lines, arena_print(lines->arena, "#     from: %.*s", TEXT_ARGS(least.version)));
		yaml_line(lines, arena_print(lines->arena, "#     through: %.*s", TEXT_ARGS(greatest.version)));
	}
	if (any)
		return;
	yaml_line(lines, TEXT("# affected:"));
	yaml_line(lines, TEXT("#   - family: upstream"));
	yaml_line(lines, TEXT("#     before: 6.8"));
}

void draft_releases(struct yaml_lines *lines, const struct draft_source *sources, size_t count)
{
	yaml_line(lines, TEXT("# Write which kernels have the bug: from the first that has it, and through the last or "
			      "before the first"));
	yaml_line(lines,
		  TEXT("# that has not. Without that, nobody is told that a kernel does not have it. It was seen on:"));
	for (size_t i = 0; i < count; i++)
		if (!was_named(sources, i))
			name_release(lines, sources[i].release);
	add_ranges(lines, sources, count);
}
