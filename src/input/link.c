/* Looks where a path really leads before anything is opened: opening a device or a pipe may have effects of its own. */
#define _GNU_SOURCE /* O_PATH */
#include "input/link.h"

#include "input/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PROC_PATH = 40 }; /* "/proc/self/fd/" and a number */

static bool lies_below(const char *real, size_t length, const char *root)
{
	size_t root_length = strlen(root);

	while (root_length && root[root_length - 1] == '/')
		root_length--;
	return length >= root_length && memcmp(real, root, root_length) == 0 &&
	       (length == root_length || real[root_length] == '/');
}

/* fd: of O_PATH. */
static bool is_allowed(const char *proc_path, struct link_roots roots, struct error *error)
{
	char real[PATH_MAX];
	ssize_t length = readlink(proc_path, real, sizeof real);

	if (length <= 0 || (size_t)length == sizeof real)
		return error_set(error, "cannot be checked for where it leads: %s",
				 strerror(length < 0 ? errno : ENAMETOOLONG));
	for (size_t i = 0; i < roots.count; i++)
		if (lies_below(real, (size_t)length, roots.paths[i]))
			return true;
	return error_set(error, "a symbolic link that leads out of the directories given");
}

/* A descriptor that only names the file, or -1. */
static int find(int directory, const char *path, struct link_roots roots, char proc_path[static PROC_PATH],
		struct error *error)
{
	int fd = openat(directory, path, O_PATH | O_CLOEXEC);

	if (fd < 0) {
		input_file_refuse(directory, path, errno, error);
		return -1;
	}
	snprintf(proc_path, PROC_PATH, "/proc/self/fd/%d", fd);
	if (is_allowed(proc_path, roots, error))
		return fd;
	close(fd);
	return -1;
}

int link_open(int directory, const char *path, int flags, struct link_roots roots, struct error *error)
{
	char proc_path[PROC_PATH];
	int fd = roots.count ? find(directory, path, roots, proc_path, error) : openat(directory, path, flags);

	if (!roots.count) {
		if (fd < 0)
			input_file_refuse(directory, path, errno, error);
		return fd;
	}
	if (fd < 0)
		return -1;
	int opened = open(proc_path, flags);
	if (opened < 0)
		error_set(error, "cannot open: %s", strerror(errno));
	close(fd);
	return opened;
}

bool link_allowed(int directory, const char *path, struct link_roots roots, struct error *error)
{
	char proc_path[PROC_PATH];
	int fd = roots.count ? find(directory, path, roots, proc_path, error) : -1;

	if (fd >= 0)
		close(fd);
	return !roots.count || fd >= 0;
}
