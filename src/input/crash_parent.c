/* Looks one floor down, no further. */
#define _GNU_SOURCE /* O_DIRECTORY, DT_ */
#include "input/crash_parent.h"

#include "input/crash_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A person reads three names; and a directory with a million others is no reason to keep anybody waiting. */
enum { NAMED = 3, DIRECTORIES_MOST = 1000, ENTRIES_MOST = 1000 };

struct below {
	char names[NAMED][256]; /* the last by name, which is the newest where names are times; the very last first */
	size_t count;
	char closed[64]; /* the first that could not be read */
	int closed_error;
	size_t closed_count;
};

static void note_closed(struct below *below, const char *name, int why)
{
	if (why == ENOENT || why == ENOTDIR || why == ELOOP) /* vanished, or no directory */
		return;
	if (!below->closed_count++) {
		snprintf(below->closed, sizeof below->closed, "%.63s", name);
		below->closed_error = why;
	}
}

static bool holds_crash(struct below *below, int parent, const char *name)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *directory = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	bool found = false;

	if (!directory) {
		note_closed(below, name, errno);
		if (fd >= 0)
			close(fd);
		return false;
	}
	for (int i = 0; !found && i < ENTRIES_MOST && (entry = readdir(directory)); i++) {
		enum crash_file_role role = crash_file_from_name(entry->d_name).role;
		found = role == CRASH_FILE_LOG || role == CRASH_FILE_DUMP || role == CRASH_FILE_PSTORE;
	}
	closedir(directory);
	return found;
}

static void note(struct below *below, const char *name)
{
	size_t place = 0, known = below->count < NAMED ? below->count : NAMED;

	below->count++;
	while (place < known && strcmp(below->names[place], name) > 0)
		place++;
	if (place == NAMED || strlen(name) >= sizeof *below->names)
		return;
	memmove(below->names[place + 1], below->names[place], (NAMED - 1 - place) * sizeof *below->names);
	memcpy(below->names[place], name, strlen(name) + 1);
}

static bool describe(const struct below *below, struct error *error)
{
	char closed[200] = "", others[40] = "";

	if (below->closed_count > 1)
		snprintf(others, sizeof others, ", nor can %zu more", below->closed_count - 1);
	if (below->closed_count)
		snprintf(closed, sizeof closed, "the directory %s in it cannot be read: %.60s%s", below->closed,
			 strerror(below->closed_error), others);
	if (below->count)
		error_set(error,
			  "a directory of crash directories, none itself; give one of them, or several: "
			  "%.60s%s%.60s%s%.60s%s%s%s",
			  below->names[0], below->count > 1 ? ", " : "", below->names[1], below->count > 2 ? ", " : "",
			  below->names[2], below->count > NAMED ? ", ..." : "", *closed ? "; " : "", closed);
	else if (*closed)
		error_set(error, "a directory without a crash in it that could be seen; %s", closed);
	return below->count || *closed;
}

bool crash_parent_describe(DIR *directory, struct error *error)
{
	struct below below = { 0 };
	struct dirent *entry;
	int tried = 0;

	rewinddir(directory);
	while (tried < DIRECTORIES_MOST && (entry = readdir(directory))) {
		bool maybe = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
		if (!maybe || strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		tried++;
		if (holds_crash(&below, dirfd(directory), entry->d_name))
			note(&below, entry->d_name);
	}
	return describe(&below, error);
}
