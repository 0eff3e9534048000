/* Makes a file without a name. */
#define _GNU_SOURCE /* O_TMPFILE */
#include "base/temporary_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A name that is gone at once, where the file system has no files without one. */
static int open_named(const char *directory)
{
	char *path;
	int fd;

	if (asprintf(&path, "%s/kdump-triage-XXXXXX", directory) < 0) {
		errno = ENOMEM;
		return -1;
	}
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

int temporary_file_open(const char *directory)
{
	int fd = open(directory, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);

	/* EISDIR is how kernels before 3.11 understand the flag. */
	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		fd = open_named(directory);
	return fd;
}
