/* A file by itself: is it a dump, is it being written? */
#define _GNU_SOURCE /* F_SETLEASE */
#include "input/content.h"
#include "input/crash_file.h"
#include "scan/find_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int64_t find_modified(const struct stat *status)
{
	return (int64_t)status->st_mtim.tv_sec * 1000000000 + status->st_mtim.tv_nsec;
}

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

/* The kernel grants a read lease only on a file that nobody has open for writing (fs/locks.c, check_conflicting_open()). */
static bool is_being_written(int directory, const char *name, struct error *why)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	bool busy = false;

	if (fd < 0)
		return false;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
	} else if (errno == EAGAIN) {
		error_set(why, "it is open for writing");
		busy = true;
	} else {
		busy = was_written_just_now(fd, why);
	}
	close(fd);
	return busy;
}

/* All files of a crash directory, whichever of its crashes they are of: who writes there is not done. */
static bool is_directory_busy(const char *path, struct error *why)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	struct stat status;
	bool busy = false;

	if (!entries && fd >= 0)
		close(fd);
	while (entries && !busy && (entry = readdir(entries))) {
		enum crash_file_role role = crash_file_from_name(entry->d_name).role;
		if ((role == CRASH_FILE_LOG || role == CRASH_FILE_DUMP) && fstatat(fd, entry->d_name, &status, 0) == 0 &&
		    S_ISREG(status.st_mode))
			busy = is_being_written(fd, entry->d_name, why);
	}
	if (entries)
		closedir(entries);
	return busy;
}

static const char *directory_of(const struct find_item *item)
{
	return item->directory.length ? item->directory.data : item->source.file.data;
}

bool find_is_busy(const struct find_item *item, struct error *why)
{
	switch (item->type) {
	case FIND_DIRECTORY:
		return is_directory_busy(directory_of(item), why);
	case FIND_FILE:
		return is_being_written(AT_FDCWD, item->source.file.data, why);
	case FIND_LOG:
		break;
	}
	return false;
}

bool find_is_unchanged(const struct find_item *item, struct link_roots roots)
{
	struct sighting_source now = item->source;
	struct stat status;

	if (item->type == FIND_DIRECTORY)
		return find_measure_directory(directory_of(item), item->time, roots, &now) &&
		       now.size == item->source.size && now.modified == item->source.modified;
	if (stat(item->source.file.data, &status) != 0)
		return false;
	now.size = (uint64_t)status.st_size;
	return item->type == FIND_LOG ? now.size >= item->source.size
				      : now.size == item->source.size && find_modified(&status) == item->source.modified;
}
