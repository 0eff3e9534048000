/* Where the project's data lies, and the catalogue made of it. */
#define _GNU_SOURCE /* asprintf */
#include "command/command.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* The directory of the running program; false where /proc does not tell. */
static bool own_directory(char directory[static PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", directory, PATH_MAX - 1);

	if (length <= 0)
		return false;
	directory[length] = '\0';
	char *slash = strrchr(directory, '/');
	if (slash)
		*slash = '\0';
	return slash;
}

char *find_data(const char *name)
{
	char directory[PATH_MAX];
	char *path = NULL;

	/* Run from the build tree, the sources lie beside it; meson.build tells a build tree from somebody's bin. */
	if (own_directory(directory)) {
		char *build = NULL;
		bool in_tree = asprintf(&build, "%s/../meson.build", directory) >= 0 && access(build, F_OK) == 0;
		free(build);
		if (in_tree && asprintf(&path, "%s/../%s", directory, name) >= 0 && is_directory(path))
			return path;
		if (in_tree)
			free(path);
	}
	if (asprintf(&path, "%s/%s", DATA_DIRECTORY, name) < 0)
		return NULL;
	if (is_directory(path))
		return path;
	free(path);
	return NULL;
}

const char *temporary_directory(void)
{
	const char *named = getenv("TMPDIR");

	/* Not /tmp: that is often memory, and too small for a dump. */
	return named && *named ? named : "/var/tmp";
}

bool path_list_add(struct path_list *list, const char *path)
{
	const char **grown = realloc(list->items, (list->count + 1) * sizeof *grown);

	if (!grown) {
		complain(NULL, 0, 0, "out of memory");
		return false;
	}
	list->items = grown;
	list->items[list->count++] = path;
	return true;
}

void path_list_free(struct path_list *list)
{
	free(list->items);
	*list = (struct path_list){ 0 };
}

static bool load_default(struct catalogue *catalogue, struct error_list *errors)
{
	char *path = find_data("signatures");

	if (!path) {
		error_list_add(errors, DATA_DIRECTORY "/signatures", 0, 0,
			       "no signatures are installed there; name some with --signatures");
		return false;
	}
	bool loaded = catalogue_load(catalogue, path, errors);
	free(path);
	return loaded;
}

struct catalogue *load_catalogue(const struct path_list *paths, bool *whole)
{
	struct catalogue *catalogue = catalogue_new();
	struct error_list errors = { 0 };

	*whole = true;
	if (!catalogue) {
		complain(NULL, 0, 0, "out of memory");
		return NULL;
	}
	if (!paths->count)
		*whole = load_default(catalogue, &errors);
	for (size_t i = 0; i < paths->count; i++)
		*whole &= catalogue_load(catalogue, paths->items[i], &errors);
	complain_all(&errors);
	error_list_free(&errors);
	if (*whole || catalogue_count(catalogue))
		return catalogue;
	catalogue_free(catalogue);
	return NULL;
}
