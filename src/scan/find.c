/* The walk: from the roots down, directory by directory. */
#define _GNU_SOURCE /* O_DIRECTORY, fdopendir */
#include "scan/find.h"

#include "scan/find_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	DEPTH_MOST = 64, /* directories below a root; each level holds a descriptor */
};

static struct text join(struct arena *arena, const char *directory, const char *name)
{
	bool slash = directory[0] && directory[strlen(directory) - 1] == '/';

	return arena_print(arena, "%s%s%s", directory, name && !slash ? "/" : "", name ? name : "");
}

struct find_item *find_add(struct walk *walk, const char *directory, const char *name)
{
	struct find_result *result = walk->result;
	struct find_item *item = arena_push(&result->arena, &result->items, &result->count, sizeof *item);

	if (item)
		item->source.file = join(&result->arena, directory, name);
	return item;
}

void find_leave(struct walk *walk, const char *directory, const char *name, const char *why)
{
	struct find_result *result = walk->result;
	struct find_left *left = arena_push(&result->arena, &result->left, &result->left_count, sizeof *left);

	if (!left)
		return;
	left->path = join(&result->arena, directory, name);
	left->why = arena_copy(&result->arena, text_from(why));
}

static int compare_names(const void *a, const void *b)
{
	const struct entry_name *left = a, *right = b;

	return strcmp(left->name, right->name);
}

/* All names in a directory, sorted: what is found must not depend on the disk. False: *why_not has the errno. */
static bool read_names(struct arena *arena, int fd, struct visit *visit, int *why_not)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = copy >= 0 ? fdopendir(copy) : NULL;
	struct dirent *entry;

	*why_not = errno;
	if (!entries && copy >= 0)
		close(copy);
	if (!entries)
		return false;
	while ((errno = 0, entry = readdir(entries))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		struct entry_name *place = arena_push(arena, &visit->entries, &visit->count, sizeof *place);
		struct text name = arena_copy(arena, text_from(entry->d_name));
		if (place)
			*place = (struct entry_name){ (char *)name.data, entry->d_type };
	}
	*why_not = errno;
	closedir(entries);
	if (arena->failed)
		*why_not = ENOMEM;
	if (!*why_not && visit->count)
		qsort(visit->entries, visit->count, sizeof *visit->entries, compare_names);
	return !*why_not;
}

/* Trees of sosreport and supportconfig, unpacked by somebody, hold system logs of the machine that crashed. */
static bool is_support_tree(const char *name)
{
	return fnmatch("sosreport-*", name, 0) == 0 || fnmatch("scc_*", name, 0) == 0 || fnmatch("nts_*", name, 0) == 0;
}

/* A directory on the way down. */
struct level {
	const char *path;
	dev_t device;
	bool system_logs;
	unsigned depth;
};

static void walk_directory(struct walk *walk, int fd, const struct level *level);

static void go_down(struct walk *walk, int parent, const struct level *level, const char *name)
{
	struct arena arena = { 0 };
	struct text path = join(&arena, level->path, name);
	struct level below = *level;
	struct stat status;

	below.path = path.data;
	below.depth++;
	below.system_logs |= is_support_tree(name);
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (!path.length)
		walk->result->arena.failed = true;
	else if (fd < 0 && (errno == ENOENT || errno == ENOTDIR || errno == ELOOP))
		; /* somebody took it away meanwhile */
	else if (fd < 0)
		find_leave(walk, level->path, name, strerror(errno));
	else if (below.depth > DEPTH_MOST)
		find_leave(walk, level->path, name, "directories nested too deep");
	else if (fstat(fd, &status) == 0 && (status.st_dev == level->device || walk->options->other_file_systems))
		walk_directory(walk, fd, &(struct level){ below.path, status.st_dev, below.system_logs, below.depth });
	if (fd >= 0)
		close(fd);
	arena_free(&arena);
}

/* Not every file system says it right away. */
static bool is_directory(int fd, const struct entry_name *entry)
{
	struct stat status;

	if (entry->type != DT_UNKNOWN)
		return entry->type == DT_DIR;
	return fstatat(fd, entry->name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode);
}

static void walk_directory(struct walk *walk, int fd, const struct level *level)
{
	struct arena arena = { 0 };
	struct visit visit = { .path = level->path, .fd = fd, .system_logs = level->system_logs };
	int why_not;

	if (!read_names(&arena, fd, &visit, &why_not)) {
		find_leave(walk, level->path, NULL, strerror(why_not));
		walk->result->arena.failed |= arena.failed;
		arena_free(&arena);
		return;
	}
	find_in_directory(walk, &visit);
	for (size_t i = 0; i < visit.count && !*walk->stop && !walk->result->arena.failed; i++)
		if (is_directory(fd, &visit.entries[i]))
			go_down(walk, fd, level, visit.entries[i].name);
	arena_free(&arena);
}

/* Somebody named a file: it is what they want to have triaged, whatever it is called. */
static void add_root_file(struct walk *walk, const char *root)
{
	struct stat status;

	if (stat(root, &status) != 0 || !S_ISREG(status.st_mode)) {
		find_leave(walk, root, NULL, "neither a directory nor a regular file");
		return;
	}
	struct find_item *item = find_add(walk, root, NULL);
	if (!item)
		return;
	item->type = FIND_FILE;
	item->source.size = (uint64_t)status.st_size;
	item->source.modified = directory_modified(&status);
}

static void walk_root(struct walk *walk, const char *root)
{
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	const char *name = strrchr(root, '/');
	struct stat status;

	if (fd < 0 && errno == ENOTDIR)
		add_root_file(walk, root);
	else if (fd < 0 || fstat(fd, &status) != 0)
		find_leave(walk, root, NULL, strerror(errno));
	else
		walk_directory(walk, fd,
			       &(struct level){ root, status.st_dev,
						walk->options->system_logs || (name && is_support_tree(name + 1)), 0 });
	if (fd >= 0)
		close(fd);
}

static int compare_items(const void *a, const void *b)
{
	const struct find_item *left = a, *right = b;

	return text_compare(left->source.file, right->source.file);
}

/* Roots may lie in each other. */
static void sort_items(struct find_result *result)
{
	size_t kept = 0;

	if (result->count)
		qsort(result->items, result->count, sizeof *result->items, compare_items);
	for (size_t i = 0; i < result->count; i++)
		if (!kept || !text_equal(result->items[kept - 1].source.file, result->items[i].source.file))
			result->items[kept++] = result->items[i];
	result->count = kept;
}

bool find_below(struct find_result *result, struct link_roots roots, const struct find_options *options,
		const volatile sig_atomic_t *stop, struct error *error)
{
	static const sig_atomic_t never;
	struct walk walk = { result, options, stop ? stop : &never, roots };

	for (size_t i = 0; i < roots.count && !*walk.stop; i++)
		walk_root(&walk, roots.paths[i]);
	sort_items(result);
	if (result->arena.failed)
		return error_out_of_memory(error);
	return !*walk.stop || error_set(error, "interrupted");
}

void find_free(struct find_result *result)
{
	arena_free(&result->arena);
	*result = (struct find_result){ 0 };
}
