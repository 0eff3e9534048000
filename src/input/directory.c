/* Reads a crash directory and chooses. */
#define _GNU_SOURCE /* asprintf */
#include "input/directory.h"

#include "input/content.h"
#include "input/crash_file.h"
#include "input/crash_parent.h"
#include "input/file.h"
#include "input/saving.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The best file of a role so far. */
struct candidate {
	char *name; /* NULL: none yet */
	struct crash_file file;
	bool empty;
};

/* Files that are named as the parts of one split dump are, by number. */
struct parts {
	struct candidate items[CRASH_DIRECTORY_DUMPS_MOST];
	size_t count;
};

struct search {
	DIR *directory;
	int fd;          /* its */
	uint64_t latest; /* time in a file's name */
	struct candidate log, dump, saving_log, readme;
	struct parts parts[2];    /* vmcore1..., vmcore.1... */
	struct candidate refused; /* would have been the log or the dump, were it a regular file */
	struct error refusal;     /* why it is not */
	bool out_of_memory;
};

/* An empty file is better than none; then the rank, the latest time, the file that is not compressed; then the last name. */
static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (!b->name)
		return true;
	if (a->empty != b->empty)
		return b->empty;
	if (a->file.rank != b->file.rank)
		return a->file.rank < b->file.rank;
	if (a->file.time != b->file.time)
		return a->file.time > b->file.time;
	if (strlen(a->name) != strlen(b->name))
		return strlen(a->name) < strlen(b->name);
	return strcmp(a->name, b->name) > 0;
}

static void set(struct search *search, struct candidate *place, const struct candidate *candidate)
{
	char *name = strdup(candidate->name);

	search->out_of_memory |= !name;
	free(place->name);
	*place = *candidate;
	place->name = name;
}

static void keep_better(struct search *search, struct candidate *best, const struct candidate *candidate)
{
	if (is_better(candidate, best))
		set(search, best, candidate);
}

/* Puts a part where its number says; of too many parts the last fall out. */
static void add_part(struct search *search, const struct candidate *candidate)
{
	struct parts *parts = &search->parts[candidate->file.dotted];
	size_t place = parts->count;

	while (place > 0 && parts->items[place - 1].file.part > candidate->file.part)
		place--;
	if (place == CRASH_DIRECTORY_DUMPS_MOST)
		return;
	if (parts->count == CRASH_DIRECTORY_DUMPS_MOST)
		free(parts->items[--parts->count].name);
	memmove(&parts->items[place + 1], &parts->items[place], (parts->count - place) * sizeof *parts->items);
	parts->items[place] = (struct candidate){ 0 };
	parts->count++;
	set(search, &parts->items[place], candidate);
}

/* False: it vanished, or a link in it leads nowhere, or it is a device, a pipe... */
static bool is_regular(const struct search *search, const char *name, bool *empty, struct error *why_not)
{
	struct stat status;

	if (fstatat(search->fd, name, &status, 0) != 0)
		return input_file_refuse(search->fd, name, errno, why_not);
	if (!S_ISREG(status.st_mode))
		return error_set(why_not, "not a regular file");
	*empty = status.st_size == 0;
	return true;
}

static void find_latest(struct search *search, char *name)
{
	struct crash_file file = crash_file_from_name(name);
	struct error ignored;
	bool empty;

	if (file.time > search->latest && is_regular(search, name, &empty, &ignored))
		search->latest = file.time;
}

static void refuse(struct search *search, const struct candidate *candidate, const struct error *why)
{
	bool wanted = candidate->file.role == CRASH_FILE_LOG || candidate->file.role == CRASH_FILE_DUMP;

	if (!wanted || !is_better(candidate, &search->refused))
		return;
	set(search, &search->refused, candidate);
	search->refusal = *why;
}

static void look_at(struct search *search, char *name)
{
	struct candidate candidate = { .name = name, .file = crash_file_from_name(name) };
	struct error why_not;

	if (candidate.file.role == CRASH_FILE_OTHER || (candidate.file.time && candidate.file.time < search->latest))
		return;
	if (!is_regular(search, name, &candidate.empty, &why_not)) {
		refuse(search, &candidate, &why_not);
		return;
	}
	if (candidate.file.part >= 0)
		add_part(search, &candidate);
	keep_better(search,
		    candidate.file.role == CRASH_FILE_LOG          ? &search->log
		    : candidate.file.role == CRASH_FILE_DUMP       ? &search->dump
		    : candidate.file.role == CRASH_FILE_SAVING_LOG ? &search->saving_log
								   : &search->readme,
		    &candidate);
}

static void each_entry(struct search *search, void (*look)(struct search *, char *))
{
	struct dirent *entry;

	rewinddir(search->directory);
	while (!search->out_of_memory && (entry = readdir(search->directory)))
		look(search, entry->d_name);
}

/*
 * What shows that a log was cut: it ends somewhere in a line, or in the zeros of blocks that were never written. That of
 * compressed data cannot be seen from here: whoever unpacks it will.
 */
static void judge_end(int fd, char why[static 120])
{
	enum { ROOM = 120 };
	char beginning[4096], last = '\0';
	const char *content_name;
	struct stat status;
	ssize_t length = pread(fd, beginning, sizeof beginning, 0);
	enum content content = content_of((struct text){ beginning, length > 0 ? (size_t)length : 0 }, &content_name);

	if (length < 0 || fstat(fd, &status) != 0)
		snprintf(why, ROOM, "it cannot be read: %.80s", strerror(errno));
	else if (content == CONTENT_EMPTY)
		snprintf(why, ROOM, "it is empty");
	else if (content != CONTENT_TEXT && content != CONTENT_COMPRESSED)
		snprintf(why, ROOM, "it holds %.80s, not a log", content_name);
	else if (content == CONTENT_TEXT && (pread(fd, &last, 1, status.st_size - 1) != 1 || last == '\0'))
		snprintf(why, ROOM, "it ends in zeros, where nothing was written");
	else if (content == CONTENT_TEXT && last != '\n')
		snprintf(why, ROOM, "it ends in the middle of a line");
}

static void judge_log(const struct search *search, struct crash_directory *found)
{
	const struct candidate *log = &search->log;
	char *why = found->log_not_whole;
	int fd;

	if (!log->name)
		return;
	if (log->file.incomplete) {
		snprintf(why, sizeof found->log_not_whole, "by its name it was not saved to its end");
	} else if ((fd = openat(search->fd, log->name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)) < 0) {
		snprintf(why, sizeof found->log_not_whole, "it cannot be opened: %.80s", strerror(errno));
	} else {
		judge_end(fd, why);
		close(fd);
	}
	found->log_whole = !*why;
}

static char *join(const char *path, const struct candidate *candidate, bool *out_of_memory)
{
	size_t length = strlen(path);
	char *joined;

	if (!candidate->name)
		return NULL;
	if (asprintf(&joined, "%s%s%s", path, length && path[length - 1] == '/' ? "" : "/", candidate->name) >= 0)
		return joined;
	*out_of_memory = true;
	return NULL;
}

/* "vmcore" beside parts is what was made of them; any other name alone is less than two parts are. */
static void give_dumps(struct search *search, const char *path, struct crash_directory *found)
{
	const struct parts *parts = search->parts[0].count > 1 ? &search->parts[0] : &search->parts[1];
	const struct candidate *dumps = &search->dump;
	size_t count = search->dump.name ? 1 : 0;

	if (parts->count > 1 && (search->dump.file.rank > 0 || search->dump.empty)) {
		dumps = parts->items;
		count = parts->count;
	}
	found->dumps = count ? calloc(count, sizeof *found->dumps) : NULL;
	search->out_of_memory |= count && !found->dumps;
	if (!found->dumps)
		return;
	for (; found->dump_count < count; found->dump_count++) {
		const struct candidate *dump = &dumps[found->dump_count];
		found->dumps[found->dump_count] = join(path, dump, &search->out_of_memory);
		found->dump_incomplete |= dump->file.incomplete || dump->empty;
	}
}

static void give(struct search *search, const char *path, struct crash_directory *found)
{
	found->log = join(path, &search->log, &search->out_of_memory);
	judge_log(search, found);
	found->saving_log = join(path, &search->saving_log, &search->out_of_memory);
	found->readme = join(path, &search->readme, &search->out_of_memory);
	if (search->refused.name &&
	    asprintf(&found->left_out, "%s (%s)", search->refused.name, search->refusal.message) < 0) {
		found->left_out = NULL;
		search->out_of_memory = true;
	}
	give_dumps(search, path, found);
}

/* Neither log nor dump. */
static bool say_why_nothing(const struct search *search, const struct crash_directory *found, struct error *error)
{
	struct arena arena = { 0 };
	struct text why;

	if (found->left_out)
		return error_set(error, "a directory without a crash in it, for this is none: %s", found->left_out);
	if (found->saving_log) {
		/* Errors end without a full stop. */
		if (saving_failure(found->saving_log, &arena, &why))
			error_set(error, "a crash directory without log or dump. %.*s", (int)why.length - 1, why.data);
		else
			error_set(error,
				  "a crash directory without log or dump: saving them failed, and %s does not say why",
				  search->saving_log.name);
		arena_free(&arena);
		return false;
	}
	if (crash_parent_describe(search->directory, error))
		return false;
	return error_set(error,
			 "a directory without a crash in it: expected vmcore-dmesg.txt, dmesg.txt or dmesg.TIME, or a "
			 "dump: vmcore or dump.TIME");
}

/* 0: it can be opened; else why not, as errno has it. NULL can be. */
static int opening_error(const char *path)
{
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) : -1, why = errno;

	if (fd >= 0)
		close(fd);
	return path && fd < 0 ? why : 0;
}

/* That nothing can be opened is told here, of all that is there. */
static bool can_open_any(const struct crash_directory *found, struct error *error)
{
	const char *dump = found->dump_count ? found->dumps[0] : NULL;
	int log_error = opening_error(found->log), dump_error = opening_error(dump);

	if ((found->log && !log_error) || (dump && !dump_error))
		return true;
	if (!found->log || !dump)
		return error_set(error, "a crash directory of which the %s, %.150s, cannot be opened: %s",
				 dump ? "dump" : "log", strrchr(dump ? dump : found->log, '/') + 1,
				 strerror(dump ? dump_error : log_error));
	return error_set(error,
			 "a crash directory of which neither the log, %.100s (%s), nor the dump, %.100s (%s), can be opened",
			 strrchr(found->log, '/') + 1, strerror(log_error), strrchr(dump, '/') + 1, strerror(dump_error));
}

static void free_search(struct search *search)
{
	for (size_t i = 0; i < sizeof search->parts / sizeof *search->parts; i++)
		for (size_t j = 0; j < search->parts[i].count; j++)
			free(search->parts[i].items[j].name);
	free(search->log.name);
	free(search->dump.name);
	free(search->saving_log.name);
	free(search->readme.name);
	free(search->refused.name);
	closedir(search->directory);
}

bool directory_read(const char *path, struct crash_directory *found, struct error *error)
{
	struct search search = { .directory = opendir(path) };

	*found = (struct crash_directory){ 0 };
	if (!search.directory)
		return error_set(error, "cannot read the directory: %s", strerror(errno));
	search.fd = dirfd(search.directory);
	each_entry(&search, find_latest);
	each_entry(&search, look_at);
	if (!search.out_of_memory)
		give(&search, path, found);
	bool success = !search.out_of_memory && (found->log || found->dump_count);
	if (search.out_of_memory)
		error_out_of_memory(error);
	else if (!success)
		say_why_nothing(&search, found, error);
	else
		success = can_open_any(found, error);
	if (!success)
		directory_free(found);
	free_search(&search);
	return success;
}

void directory_free(struct crash_directory *found)
{
	for (size_t i = 0; i < found->dump_count; i++)
		free(found->dumps[i]);
	free(found->dumps);
	free(found->log);
	free(found->saving_log);
	free(found->readme);
	free(found->left_out);
	*found = (struct crash_directory){ 0 };
}
