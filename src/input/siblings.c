/* Files that are called alike but for a number at the end. */
#define _GNU_SOURCE /* asprintf, versionsort */
#include "input/siblings.h"

#include "input/packing.h"
#include "vmcore/dump.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { LOOKED_AT_MOST = 4096 };

size_t siblings_stem(const char *name)
{
	size_t length = packing_offset(name);

	while (length && name[length - 1] >= '0' && name[length - 1] <= '9')
		length--;
	return length;
}

size_t siblings_digits(const char *name)
{
	return packing_offset(name) - siblings_stem(name);
}

static bool is_sibling(const char *name, const char *other)
{
	size_t stem = siblings_stem(name);

	return siblings_digits(other) && siblings_stem(other) == stem && memcmp(name, other, stem) == 0 &&
	       strcmp(name + packing_offset(name), other + packing_offset(other)) == 0;
}

static bool is_regular(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool add(struct siblings *siblings, const char *directory, const char *name)
{
	char *path = NULL;
	char **paths = realloc(siblings->paths, (siblings->count + 1) * sizeof *paths);

	if (!paths)
		return false;
	siblings->paths = paths;
	if (asprintf(&path, "%s%s", directory, name) < 0)
		return false;
	if (is_regular(path))
		siblings->paths[siblings->count++] = path;
	else
		free(path);
	return true;
}

static int compare(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

static bool collect(DIR *entries, const char *directory, const char *name, struct siblings *siblings)
{
	struct dirent *entry;

	for (int looked_at = 0; looked_at < LOOKED_AT_MOST && (entry = readdir(entries)); looked_at++)
		if (siblings->count < DUMP_FILES_MOST && is_sibling(name, entry->d_name) &&
		    !add(siblings, directory, entry->d_name))
			return false;
	return true;
}

const char *siblings_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool siblings_find(const char *path, struct siblings *siblings, struct error *error)
{
	const char *name = siblings_name(path);
	char *directory = strndup(path, (size_t)(name - path));
	DIR *entries = NULL;
	bool done = directory;

	*siblings = (struct siblings){ 0 };
	if (done && siblings_digits(name))
		entries = opendir(*directory ? directory : ".");
	if (entries) {
		done = collect(entries, directory, name, siblings);
		closedir(entries);
	}
	free(directory);
	if (!done || siblings->count < 2)
		siblings_free(siblings);
	else
		qsort(siblings->paths, siblings->count, sizeof *siblings->paths, compare);
	return done || error_out_of_memory(error);
}

void siblings_free(struct siblings *siblings)
{
	for (size_t i = 0; i < siblings->count; i++)
		free(siblings->paths[i]);
	free(siblings->paths);
	*siblings = (struct siblings){ 0 };
}
