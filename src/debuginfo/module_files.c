/* Which files of directories are modules: by their names. */
#define _GNU_SOURCE /* O_DIRECTORY, fdopendir(), DT_DIR */
#include "debuginfo/modules.h"
#include "debuginfo/parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	DEPTH_MOST = 16,
	/* Distributions have some 5000 modules, a directory in which a kernel was built 200000 files. */
	ENTRIES_MOST = 400 * 1000,
	FILES_MOST = 40 * 1000,
};

struct text module_name(struct arena *arena, struct text name)
{
	struct text copy = arena_copy(arena, name);

	for (size_t i = 0; i < copy.length; i++)
		if (copy.data[i] == '-')
			((char *)copy.data)[i] = '_';
	return copy;
}

static bool without_suffix(struct text *name)
{
	static const char *const suffixes[] = { ".ko", ".ko.debug" };

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		if (name->length > strlen(suffixes[i]) && text_ends(*name, suffixes[i])) {
			*name = text_first(*name, name->length - strlen(suffixes[i]));
			return true;
		}
	}
	return false;
}

bool module_name_of_file(struct arena *arena, const char *path, struct text *name)
{
	const char *slash = strrchr(path, '/');

	*name = text_from(slash ? slash + 1 : path);
	if (!without_suffix(name))
		return false;
	*name = module_name(arena, *name);
	return name->length > 0;
}

struct walk {
	struct arena *arena;
	struct module_files *files;
	dev_t device;
};

static void take(const struct walk *walk, const char *directory, const char *entry)
{
	struct text bare = text_from(entry);

	if (!without_suffix(&bare) || walk->files->count >= FILES_MOST)
		return;
	struct module_file *file = arena_push(walk->arena, &walk->files->items, &walk->files->count, sizeof *file);
	if (!file)
		return;
	file->name = module_name(walk->arena, bare);
	file->path = arena_print(walk->arena, "%s/%s", directory, entry).data;
	if (!file->path)
		walk->files->count--;
}

static unsigned char type_of(int fd, const struct dirent *entry)
{
	struct stat status;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type;
	if (fstatat(fd, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
		return DT_UNKNOWN;
	return S_ISDIR(status.st_mode) ? DT_DIR : S_ISREG(status.st_mode) ? DT_REG : DT_UNKNOWN;
}

static bool is_same_device(const struct walk *walk, int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_dev == walk->device;
}

/* Takes fd over. */
static void look_into(const struct walk *walk, int fd, const char *path, unsigned int depth)
{
	DIR *directory = is_same_device(walk, fd) ? fdopendir(fd) : NULL;
	const struct dirent *entry;

	if (!directory) {
		close(fd);
		return;
	}
	while ((entry = readdir(directory)) != NULL && walk->files->looked_at++ < ENTRIES_MOST) {
		unsigned char type = entry->d_name[0] == '.' ? DT_UNKNOWN : type_of(fd, entry);
		if (type == DT_REG)
			take(walk, path, entry->d_name);
		if (type != DT_DIR || depth >= DEPTH_MOST)
			continue;
		int below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		const char *name = below >= 0 ? arena_print(walk->arena, "%s/%s", path, entry->d_name).data : NULL;
		if (name)
			look_into(walk, below, name, depth + 1);
		else if (below >= 0)
			close(below);
	}
	closedir(directory);
}

void module_files_below(struct arena *arena, const char *directory, struct module_files *files)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct walk walk = { .arena = arena, .files = files };
	struct stat status;

	if (fd < 0)
		return;
	if (fstat(fd, &status) != 0) {
		close(fd);
		return;
	}
	walk.device = status.st_dev;
	look_into(&walk, fd, directory, 0);
}
