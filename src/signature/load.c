/* Loading: files and directories of signatures. */
#define _GNU_SOURCE /* openat, fdopendir, d_type */
#include "signature/catalogue.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	FILE_MOST = 1 << 20, /* bytes; the largest signature anybody wrote has a few thousand */
	DEPTH_MOST = 8       /* directories below the first */
};

/* One call of catalogue_load(). */
struct load {
	struct catalogue *catalogue;
	struct error_list *errors;
	struct arena scratch; /* names of directories' entries */
	char *buffer;         /* FILE_MOST + 1 bytes: one more tells that a file is too large */
	size_t files;         /* how many had a signature's name, good or bad */
	bool failed;
};

static void fail(struct load *load, const char *path, const char *message, int cause)
{
	load->failed = true;
	error_list_add(load->errors, path, 0, 0, "%s%s%s", message, cause ? ": " : "", cause ? strerror(cause) : "");
}

static void add_signature(struct load *load, struct signature *signature)
{
	struct catalogue *catalogue = load->catalogue;
	struct signature **place =
		signature ? arena_push(&catalogue->arena, &catalogue->items, &catalogue->count, sizeof *place) : NULL;

	if (!place) {
		load->failed = true; /* what is wrong stands in errors, or the arena has failed */
		return;
	}
	signature->sequence = catalogue->count;
	*place = signature;
}

/* How many bytes there are, or -1; stops at FILE_MOST + 1. */
static ssize_t read_whole(int file, char *buffer)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = read(file, buffer + length, FILE_MOST + 1 - length);
		if (got > 0)
			length += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	return got < 0 ? -1 : (ssize_t)length;
}

static void load_content(struct load *load, const char *path, struct text content)
{
	if (content.length > FILE_MOST)
		fail(load, path, "larger than 1 MiB, which is too large for a signature", 0);
	else
		add_signature(load, signature_read(load->catalogue, path, content, load->errors));
}

static void load_file(struct load *load, const char *path, int file)
{
	ssize_t length = read_whole(file, load->buffer);

	load->files++;
	if (length < 0)
		fail(load, path, "cannot read", errno);
	else
		load_content(load, path, (struct text){ load->buffer, (size_t)length });
}

static bool is_signature_name(const char *name)
{
	struct text text = text_from(name);

	return text_ends(text, ".yaml") || text_ends(text, ".yml");
}

static int compare_names(const void *a, const void *b)
{
	const struct text *left = a, *right = b;

	return text_compare(*left, *right);
}

/* The directory's entries without hidden ones, sorted: errors and the order of loading must not depend on the disk. */
static struct text *list_directory(struct load *load, const char *path, DIR *directory, size_t *count)
{
	struct text *names = NULL;
	struct dirent *entry;

	*count = 0;
	for (errno = 0; (entry = readdir(directory)); errno = 0) {
		if (entry->d_name[0] == '.')
			continue;
		struct text *name = arena_push(&load->scratch, &names, count, sizeof *name);
		if (!name)
			return names;
		*name = arena_copy(&load->scratch, text_from(entry->d_name));
	}
	if (errno)
		fail(load, path, "cannot read the directory", errno);
	if (*count)
		qsort(names, *count, sizeof *names, compare_names);
	return names;
}

static void load_directory(struct load *load, const char *path, int directory_file, unsigned int depth);

/* Not through symbolic links to directories, which could lead in a circle; a link to a file is as good as the file. */
static void load_entry(struct load *load, const char *path, int directory, const char *name, unsigned int depth)
{
	struct stat status;
	bool wanted = is_signature_name(name);

	/* O_NONBLOCK: a pipe that somebody called x.yaml must not stop the program. */
	if (!wanted && (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR(status.st_mode)))
		return;
	int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (wanted ? 0 : O_NOFOLLOW));
	if (file < 0) {
		fail(load, path, "cannot open", errno);
		return;
	}
	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
		load_file(load, path, file);
	} else if (S_ISDIR(status.st_mode) && !wanted) {
		load_directory(load, path, file, depth + 1);
		return;
	} else {
		fail(load, path, "not a regular file", 0);
	}
	close(file);
}

/* Closes directory_file. */
static void load_directory(struct load *load, const char *path, int directory_file, unsigned int depth)
{
	DIR *directory = depth <= DEPTH_MOST ? fdopendir(directory_file) : NULL;
	size_t count;

	if (!directory) {
		fail(load, path, depth > DEPTH_MOST ? "too many directories within each other" : "cannot read the directory",
		     depth > DEPTH_MOST ? 0 : errno);
		close(directory_file);
		return;
	}
	struct text *names = list_directory(load, path, directory, &count);
	for (size_t i = 0; i < count && !load->scratch.failed; i++) {
		struct text entry = arena_print(&load->scratch, "%s/%s", path, names[i].data);
		if (entry.length)
			load_entry(load, entry.data, dirfd(directory), names[i].data, depth);
	}
	closedir(directory);
}

static void load_path(struct load *load, const char *path)
{
	struct stat status;
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (file < 0) {
		fail(load, path, "cannot open", errno);
		return;
	}
	if (fstat(file, &status) < 0) {
		fail(load, path, "cannot read", errno);
		close(file);
	} else if (S_ISDIR(status.st_mode)) {
		bool failed = load->failed;
		load_directory(load, path, file, 0);
		if (!load->files && failed == load->failed)
			fail(load, path, "the directory holds no signatures (*.yaml)", 0);
	} else {
		if (S_ISREG(status.st_mode))
			load_file(load, path, file);
		else
			fail(load, path, "neither a file nor a directory of signatures", 0);
		close(file);
	}
}

static int compare_signatures(const void *a, const void *b)
{
	const struct signature *left = *(struct signature *const *)a, *right = *(struct signature *const *)b;
	int order = text_compare(left->id, right->id);

	return order ? order : (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

/* Of two with one id, the one that was loaded first stays. */
static void sort_and_refuse_twins(struct load *load)
{
	struct catalogue *catalogue = load->catalogue;
	size_t kept = 0;

	if (catalogue->count)
		qsort(catalogue->items, catalogue->count, sizeof *catalogue->items, compare_signatures);
	for (size_t i = 0; i < catalogue->count; i++) {
		struct signature *signature = catalogue->items[i];
		if (kept && text_equal(catalogue->items[kept - 1]->id, signature->id)) {
			load->failed = true;
			error_list_add(load->errors, signature->path.data, signature->line, signature->column,
				       "the id '%.*s' is taken: %.*s has it", QUOTED(signature->id),
				       TEXT_ARGS(text_first(catalogue->items[kept - 1]->path, 200)));
			continue;
		}
		catalogue->items[kept++] = signature;
	}
	catalogue->count = kept; /* arena_push() goes by the count, and takes it for no more room than there is */
}

/* Ends a load, and tells whether all went well. */
static bool finish(struct load *load, const char *path)
{
	struct catalogue *catalogue = load->catalogue;

	if (load->scratch.failed || catalogue->arena.failed)
		fail(load, path, "out of memory", 0);
	sort_and_refuse_twins(load);
	if (catalogue->indexed)
		index_free(&catalogue->index);
	catalogue->indexed = false;
	arena_free(&load->scratch);
	free(load->buffer);
	return !load->failed;
}

bool catalogue_load(struct catalogue *catalogue, const char *path, struct error_list *errors)
{
	struct load load = { .catalogue = catalogue, .errors = errors, .buffer = malloc(FILE_MOST + 1) };

	if (!load.buffer) {
		fail(&load, path, "out of memory", 0);
		return false;
	}
	load_path(&load, path);
	return finish(&load, path);
}

bool catalogue_load_content(struct catalogue *catalogue, const char *path, struct text content, struct error_list *errors)
{
	struct load load = { .catalogue = catalogue, .errors = errors };

	load_content(&load, path, content);
	return finish(&load, path);
}
