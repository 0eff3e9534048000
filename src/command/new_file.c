/* Writing a file: beside its place first, so that nobody ever finds half of it. */
#define _GNU_SOURCE /* mkostemp, renameat2 */
#include "command/new_file.h"

#include "base/write_all.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY ".kdump-triage-XXXXXX"

bool new_file_is_device(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool new_file_check(const char *path, bool overwrite, struct error *error)
{
	struct stat status;

	if (!*path)
		return error_set(error, "the name of the file to write is empty");
	if (lstat(path, &status) < 0)
		return errno == ENOENT || error_set(error, "cannot write: %s", strerror(errno));
	if (new_file_is_device(path))
		return true;
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		return error_set(error, "a directory, where the name of a file was expected");
	return overwrite || error_set(error, "exists already; --force overwrites it");
}

static bool write_device(const char *path, struct text content, struct error *error)
{
	int file = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	if (file < 0)
		return error_set(error, "cannot open for writing: %s", strerror(errno));
	bool written = write_all(file, content);
	int cause = errno;
	if (close(file) < 0 && written) {
		written = false;
		cause = errno;
	}
	return written || error_set(error, "cannot write: %s", strerror(cause));
}

/* The mode of the file that is replaced, or what the user's umask leaves. */
static mode_t mode_for(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0)
		return status.st_mode & 0777;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

/* Without overwriting, a file that came to be there meanwhile stays. Not every file system can do that in one step. */
static bool put_in_place(const char *temporary, const char *path, bool overwrite)
{
	struct stat status;

	if (overwrite)
		return rename(temporary, path) == 0;
	if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	if (lstat(path, &status) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(temporary, path) == 0;
}

static bool write_beside(char *temporary, const char *path, struct text content, bool overwrite, struct error *error)
{
	int file = mkostemp(temporary, O_CLOEXEC);

	if (file < 0)
		return error_set(error, "cannot write into its directory: %s", strerror(errno));
	bool written = fchmod(file, mode_for(path)) == 0 && write_all(file, content) && fsync(file) == 0;
	int cause = errno;
	if (close(file) < 0 && written) {
		written = false;
		cause = errno;
	}
	if (written && put_in_place(temporary, path, overwrite))
		return true;
	if (written)
		cause = errno;
	unlink(temporary);
	return error_set(error, "cannot write: %s", strerror(cause));
}

bool new_file_write(const char *path, struct text content, bool overwrite, struct error *error)
{
	struct stat status;
	char *temporary = NULL;

	if (!new_file_check(path, overwrite, error))
		return false;
	if (new_file_is_device(path))
		return write_device(path, content, error);
	/* Where there is a link, what it points to is replaced, not the link. */
	char *target = lstat(path, &status) == 0 ? realpath(path, NULL) : strdup(path);
	if (!target)
		return error_set(error, "cannot write: %s", strerror(errno));
	const char *slash = strrchr(target, '/');
	int directory = slash ? (int)(slash - target) + 1 : 0;
	bool done = false;
	if (asprintf(&temporary, "%.*s" TEMPORARY, directory, target) < 0)
		error_out_of_memory(error);
	else
		done = write_beside(temporary, target, content, overwrite, error);
	free(temporary);
	free(target);
	return done;
}
