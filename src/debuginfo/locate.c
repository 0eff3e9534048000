/*
 * Where distributions put a kernel's debuginfo: by build id (gdb's layout, which all follow), and by release: Debian and
 * Ubuntu below /usr/lib/debug/boot, Fedora, RHEL and SUSE below /usr/lib/debug/lib/modules; a kernel that was built here has
 * it where it was built.
 */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/parts.h"

#include <string.h>
#include <unistd.h>

static const char *const by_release[] = {
	"%s/usr/lib/debug/boot/vmlinux-%.*s",
	"%s/usr/lib/debug/boot/vmlinux-%.*s.debug",
	"%s/usr/lib/debug/lib/modules/%.*s/vmlinux",
	"%s/usr/lib/debug/lib/modules/%.*s/vmlinux.debug",
	"%s/usr/lib/debug/usr/lib/modules/%.*s/vmlinux",
	"%s/usr/lib/debug/usr/lib/modules/%.*s/vmlinux.debug",
	"%s/lib/modules/%.*s/build/vmlinux",
	"%s/lib/modules/%.*s/vmlinux",
	"%s/usr/lib/modules/%.*s/vmlinux",
	"%s/boot/vmlinux-%.*s",
};

/* In a directory that holds the files themselves. */
static const char *const in_directory[] = { "%s/vmlinux-%.*s", "%s/vmlinux-%.*s.debug", "%s/boot/vmlinux-%.*s",
					    "%s/lib/modules/%.*s/vmlinux" };

void places_add(struct arena *arena, struct place_list *places, struct text path)
{
	const char **item = path.length ? arena_push(arena, &places->items, &places->count, sizeof *item) : NULL;

	if (item)
		*item = path.data;
}

/* The formats are those of the tables above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void add_by_release(struct arena *arena, const char *const *formats, size_t count, const char *root,
			   struct text release, struct place_list *places)
{
	for (size_t i = 0; i < count && text_is_plain_name(release); i++)
		places_add(arena, places, arena_print(arena, formats[i], root, TEXT_ARGS(release)));
}
#pragma GCC diagnostic pop

static void add_by_build_id(struct arena *arena, const char *root, struct text id, struct place_list *places)
{
	if (!root || !text_is_plain_name(id) || id.length < 4)
		return;
	struct text rest = text_from_offset(id, 2);
	places_add(arena, places, arena_print(arena, "%s/.build-id/%.2s/%.*s.debug", root, id.data, TEXT_ARGS(rest)));
	places_add(arena, places, arena_print(arena, "%s/.build-id/%.2s/%.*s", root, id.data, TEXT_ARGS(rest)));
}

void places_below(struct arena *arena, const char *root, const struct debuginfo_wanted *wanted, struct place_list *places)
{
	add_by_build_id(arena, arena_print(arena, "%s/usr/lib/debug", root).data, wanted->build_id, places);
	add_by_release(arena, by_release, sizeof by_release / sizeof *by_release, root, wanted->release, places);
}

void places_in(struct arena *arena, const char *directory, const struct debuginfo_wanted *wanted, struct place_list *places)
{
	add_by_build_id(arena, directory, wanted->build_id, places);
	places_add(arena, places, arena_print(arena, "%s/vmlinux", directory));
	places_add(arena, places, arena_print(arena, "%s/vmlinux.debug", directory));
	add_by_release(arena, in_directory, sizeof in_directory / sizeof *in_directory, directory, wanted->release, places);
	places_below(arena, directory, wanted, places);
}

void places_by_build_id(struct debuginfo *debuginfo, struct text build_id, struct place_list *places)
{
	const struct debuginfo_options *options = debuginfo->options;
	struct arena *arena = &debuginfo->arena;

	for (size_t i = 0; i < options->path_count; i++) {
		if (!path_is_directory(options->paths[i]))
			continue;
		add_by_build_id(arena, options->paths[i], build_id, places);
		add_by_build_id(arena, arena_print(arena, "%s/usr/lib/debug", options->paths[i]).data, build_id, places);
	}
	add_by_build_id(arena, arena_print(arena, "%s/usr/lib/debug", options->root ? options->root : "").data, build_id,
			places);
}

bool debuginfo_at_hand(const struct debuginfo_options *options, const struct debuginfo_wanted *wanted)
{
	struct place_list places = { 0 };
	struct arena arena = { 0 };
	bool found = false;

	places_below(&arena, options->root ? options->root : "", wanted, &places);
	for (size_t i = 0; i < places.count && !found; i++)
		found = places.items[i] && access(places.items[i], F_OK) == 0;
	arena_free(&arena);
	return found;
}
