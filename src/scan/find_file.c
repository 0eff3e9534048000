/* A file by itself: is it a dump, is it being written? */
#define _GNU_SOURCE /* F_SETLEASE */
#include "base/file_system.h"
#include "input/content.h"
#include "scan/find_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

bool find_is_dump(int directory, const char *name)
{
	enum { LOOK = 8192 };
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
	char bytes[LOOK];
	const char *what;
	ssize_t length = fd >= 0 ? pread(fd, bytes, sizeof bytes, 0) : -1;

	if (fd >= 0)
		close(fd);
	return length > 0 && content_of((struct text){ bytes, (size_t)length }, &what) == CONTENT_DUMP;
}

/* Where no lease tells: another's file, or a file system that has none. */
static bool was_written_just_now(int fd, struct error *why)
{
	enum { JUST_NOW = 15 }; /* seconds: longer than anything that writes a dump pauses */
	struct stat status;
	struct timespec now;

	if (fstat(fd, &status) != 0 || clock_gettime(CLOCK_REALTIME, &now) != 0)
		return false;
	int64_t ago = (int64_t)now.tv_sec - (int64_t)status.st_mtim.tv_sec;
	if (ago < 0 || ago > JUST_NOW)
		return false;
	error_set(why, "it was written to %d seconds ago", (int)ago);
	return true;
}

/*
 * The kernel grants a read lease only on a file that nobody has open for writing (fs/locks.c, check_conflicting_open()).
 * File systems of other machines have rules of their own: NFS and CIFS refuse it without a delegation or an oplock.
 */
static bool is_being_written(int directory, const char *name, struct error *why)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool busy = false;

	if (fd < 0)
		return false;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
	} else if (errno == EAGAIN && !file_system_is_network_of(fd)) {
		error_set(why, "it is open for writing");
		busy = true;
	} else {
		busy = was_written_just_now(fd, why);
	}
	close(fd);
	return busy;
}

static const char *directory_of(const struct find_item *item)
{
	return item->directory.length ? item->directory.data : item->source.file.data;
}

static int open_directory(const struct find_item *item)
{
	return open(directory_of(item), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
}

/* Only the files of this crash: others may lie in its directory. */
static bool is_directory_busy(const struct find_item *item, struct error *why)
{
	int fd = open_directory(item);
	struct stat status;
	bool busy = false;

	for (size_t i = 0; fd >= 0 && !busy && i < item->file_count; i++)
		busy = fstatat(fd, item->files[i].data, &status, 0) == 0 && S_ISREG(status.st_mode) &&
		       is_being_written(fd, item->files[i].data, why);
	if (fd >= 0)
		close(fd);
	return busy;
}

bool find_is_busy(const struct find_item *item, struct error *why)
{
	switch (item->type) {
	case FIND_DIRECTORY:
		return is_directory_busy(item, why);
	case FIND_FILE:
		return is_being_written(AT_FDCWD, item->source.file.data, why);
	case FIND_LOG:
		break;
	}
	return false;
}

static bool is_directory_unchanged(const struct find_item *item)
{
	int fd = open_directory(item);
	struct sighting_source now = { .modified = INT64_MIN };
	struct stat status;

	for (size_t i = 0; fd >= 0 && i < item->file_count; i++) {
		if (fstatat(fd, item->files[i].data, &status, 0) != 0)
			continue;
		now.size += (uint64_t)status.st_size;
		if (directory_modified(&status) > now.modified)
			now.modified = directory_modified(&status);
	}
	if (fd >= 0)
		close(fd);
	return now.size == item->source.size && now.modified == item->source.modified;
}

bool find_is_unchanged(const struct find_item *item)
{
	struct stat status;

	if (item->type == FIND_DIRECTORY)
		return is_directory_unchanged(item);
	if (stat(item->source.file.data, &status) != 0)
		return false;
	uint64_t size = (uint64_t)status.st_size;
	return item->type == FIND_LOG ? size >= item->source.size
				      : size == item->source.size && directory_modified(&status) == item->source.modified;
}
