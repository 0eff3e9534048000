/* Reads the pieces of a directory: /sys/fs/pstore, or where systemd-pstore(8) moved them. */
#define _GNU_SOURCE /* O_DIRECTORY */
#include "input/pstore.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many bytes as there are, up to size. -1: *error. */
static ssize_t read_all(int fd, char *bytes, size_t size, struct error *error)
{
	size_t length = 0;
	ssize_t got = 1;

	while (length < size && got != 0) {
		got = read(fd, bytes + length, size - length);
		if (got < 0 && errno != EINTR) {
			error_set(error, "cannot read at byte %zu: %s", length, strerror(errno));
			return -1;
		}
		length += got > 0 ? (size_t)got : 0;
	}
	return (ssize_t)length;
}

static void add_file(struct pstore *pstore, int directory, const char *name, struct link_roots roots, char *buffer)
{
	struct error why;
	struct stat status;
	int fd = link_open(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, roots, &why);
	ssize_t length = -1;

	if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)))
		error_set(&why, "not a regular file");
	else if (fd >= 0)
		length = read_all(fd, buffer, PSTORE_PIECE_MOST + 1, &why);
	if (fd >= 0)
		close(fd);
	if (length < 0)
		pstore_refuse(pstore, name, &why);
	else
		pstore_add(pstore, name, status.st_mtime, (struct text){ buffer, (size_t)length });
}

bool pstore_add_directory(struct pstore *pstore, const char *path, struct link_roots roots, struct error *error)
{
	struct pstore_name ignored;
	struct dirent *entry;
	DIR *directory = opendir(path);
	char *buffer = malloc(PSTORE_PIECE_MOST + 1);

	if (!directory)
		error_set(error, "cannot read the directory: %s", strerror(errno));
	else if (!buffer)
		error_out_of_memory(error);
	while (directory && buffer && !pstore->left_out && (entry = readdir(directory)))
		if (pstore_name_parse(entry->d_name, &ignored))
			add_file(pstore, dirfd(directory), entry->d_name, roots, buffer);
	bool done = directory && buffer;
	free(buffer);
	if (directory)
		closedir(directory);
	return done;
}
