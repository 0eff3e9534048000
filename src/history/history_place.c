/* Where a history lies: the file, its directory, its file system. */
#define _GNU_SOURCE /* O_CLOEXEC, S_ISREG, asprintf */
#include "history/history_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Of a user's ~/.local/state/kdump-triage, all three may be missing; more would be a slip of the pen. */
enum { DIRECTORIES_MOST = 3, DIRECTORY_PERMISSIONS = 0750, FILE_PERMISSIONS = 0600 };

/* The length of the part of the path that is its directory; 0: the path has none. */
static size_t directory_length(const char *path, size_t length)
{
	while (length && path[length - 1] != '/')
		length--;
	while (length > 1 && path[length - 1] == '/')
		length--;
	return length;
}

/* Makes that directory, and those above it, where they are missing. errno tells why not. */
static bool make_directories(char *path, size_t length, int depth)
{
	char next = path[length];
	bool made;

	if (!length)
		return true;
	path[length] = '\0';
	made = mkdir(path, DIRECTORY_PERMISSIONS) == 0 || errno == EEXIST;
	if (!made && errno == ENOENT && depth > 1) {
		size_t above = directory_length(path, length);
		if (above)
			made = make_directories(path, above, depth - 1) &&
			       (mkdir(path, DIRECTORY_PERMISSIONS) == 0 || errno == EEXIST);
	}
	path[length] = next;
	return made;
}

/* Before SQLite does, which would let others read it: it tells of other users' processes. */
static bool make_file(const char *path, struct error *error)
{
	char *copy = strdup(path);

	if (!copy)
		return error_out_of_memory(error);
	size_t length = directory_length(copy, strlen(copy));
	bool made = make_directories(copy, length, DIRECTORIES_MOST);
	if (!made) {
		error_set(error, "the directory %.*s for the history cannot be made: %s", (int)length, path,
			  strerror(errno));
		free(copy);
		return false;
	}
	free(copy);
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, FILE_PERMISSIONS);
	if (fd < 0 && errno != EEXIST) /* another program was faster */
		return error_set(error, "the history %s cannot be made: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return true;
}

bool history_place_prepare(const char *path, enum history_mode mode, int64_t *size, struct error *error)
{
	struct stat status;
	bool there = stat(path, &status) == 0;

	if (!there && errno != ENOENT)
		return error_set(error, "the history %s cannot be opened: %s", path, strerror(errno));
	if (!there && mode == HISTORY_READ)
		return error_set(error, "there is no history %s yet: scan first", path);
	if (there && !S_ISREG(status.st_mode))
		return error_set(error, "the history %s is %s: expected a file, or nothing", path,
				 S_ISDIR(status.st_mode) ? "a directory" : "no regular file");
	*size = there ? (int64_t)status.st_size : 0;
	return there || make_file(path, error);
}

uint64_t history_place_size(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_size > 0 ? (uint64_t)status.st_size : 0;
}

bool history_place_is_read_only(const char *path)
{
	struct statvfs status;

	return statvfs(path, &status) == 0 && (status.f_flag & ST_RDONLY);
}

bool history_place_has_journal(const char *path)
{
	static const char *const suffixes[] = { "-wal", "-journal" };
	bool has = false;

	for (size_t i = 0; !has && i < sizeof suffixes / sizeof *suffixes; i++) {
		struct stat status;
		char *name = NULL;
		has = asprintf(&name, "%s%s", path, suffixes[i]) < 0 || (stat(name, &status) == 0 && status.st_size > 0);
		free(name);
	}
	return has;
}
