/* Reads a crash directory and chooses. */
#define _GNU_SOURCE /* asprintf */
#include "input/directory.h"

#include "input/content.h"
#include "input/crash_file.h"
#include "input/crash_parent.h"
#include "input/directory_choice.h"
#include "input/file.h"
#include "input/saving.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pipe with nobody at its other end is no reason to wait. */
enum { OPENING = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK };

struct search {
	DIR *directory;
	int fd; /* its */
	const struct directory_options *options;
	uint64_t latest; /* time in a file's name */
	struct choice choice;
	struct candidate refused; /* would have been the log or the dump, were it a regular file */
	struct error refusal;     /* why it is not */
	bool pstore;              /* pieces of it are there */
	bool out_of_memory;
};

static void find_latest(struct search *search, char *name)
{
	struct error ignored;
	struct stat status;

	if (crash_file_time(name) <= search->latest)
		return;
	struct crash_file file = crash_file_from_name(name);
	if (file.time > search->latest &&
	    directory_regular_file(search->fd, name, search->options->roots, &status, &ignored))
		search->latest = file.time;
}

static void refuse(struct search *search, const struct candidate *candidate, const struct error *why)
{
	bool wanted = candidate->file.role == CRASH_FILE_LOG || candidate->file.role == CRASH_FILE_DUMP;

	if (wanted && candidate_keep_better(&search->refused, candidate, &search->out_of_memory))
		search->refusal = *why;
}

/* Files without a time in their names are of the latest crash. */
static bool is_of_crash(const struct search *search, const struct crash_file *file)
{
	uint64_t wanted = search->options->time;

	if (wanted && wanted != search->latest)
		return file->time == wanted;
	return !file->time || file->time >= search->latest;
}

static void look_at(struct search *search, char *name)
{
	uint64_t wanted = search->options->time;
	struct error why_not;
	struct stat status;

	if (wanted && wanted != search->latest && crash_file_time(name) != wanted)
		return;
	struct candidate candidate = { .name = name, .file = crash_file_from_name(name) };

	if (candidate.file.role == CRASH_FILE_OTHER || !is_of_crash(search, &candidate.file))
		return;
	if (!directory_regular_file(search->fd, name, search->options->roots, &status, &why_not)) {
		refuse(search, &candidate, &why_not);
		return;
	}
	candidate.empty = status.st_size == 0;
	search->pstore |= candidate.file.role == CRASH_FILE_PSTORE;
	choice_add(&search->choice, &candidate);
}

static void each_entry(struct search *search, void (*look)(struct search *, char *))
{
	struct dirent *entry;

	for (size_t i = 0; i < search->options->name_count; i++)
		look(search, (char *)(uintptr_t)search->options->names[i].data);
	if (search->options->name_count)
		return;
	rewinddir(search->directory);
	while (!search->out_of_memory && !search->choice.out_of_memory && (entry = readdir(search->directory)))
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
	else if (content != CONTENT_TEXT && content != CONTENT_ZEROS && content != CONTENT_COMPRESSED)
		snprintf(why, ROOM, "it holds %.80s, not a log", content_name);
	else if (content != CONTENT_COMPRESSED && (pread(fd, &last, 1, status.st_size - 1) != 1 || last == '\0'))
		snprintf(why, ROOM, "it ends in zeros, where nothing was written");
	else if (content == CONTENT_TEXT && last != '\n')
		snprintf(why, ROOM, "it ends in the middle of a line");
}

static void judge_log(const struct search *search, struct crash_directory *found)
{
	const struct candidate *log = &search->choice.log;
	char *why = found->log_not_whole;
	struct error error;
	int fd;

	if (!log->name)
		return;
	if (log->file.incomplete) {
		snprintf(why, sizeof found->log_not_whole, "by its name it was not saved to its end");
	} else if ((fd = link_open(search->fd, log->name, OPENING, search->options->roots, &error)) < 0) {
		snprintf(why, sizeof found->log_not_whole, "%.110s", error.message);
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

static void give_dumps(struct search *search, const char *path, struct crash_directory *found)
{
	size_t count;
	const struct candidate *dumps = choice_dumps(&search->choice, &count);

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
	found->log = join(path, &search->choice.log, &search->out_of_memory);
	judge_log(search, found);
	found->saving_log = join(path, &search->choice.saving_log, &search->out_of_memory);
	found->readme = join(path, &search->choice.readme, &search->out_of_memory);
	if (search->refused.name &&
	    asprintf(&found->left_out, "%s (%s)", search->refused.name, search->refusal.message) < 0) {
		found->left_out = NULL;
		search->out_of_memory = true;
	}
	give_dumps(search, path, found);
	found->pstore = search->pstore && !found->log && !found->dump_count;
}

/* Neither log nor dump. */
static bool say_why_nothing(const struct search *search, const struct crash_directory *found, struct error *error)
{
	struct arena arena = { 0 };
	struct text why;

	if (search->options->time && search->options->time != search->latest)
		return error_set(error, "a crash directory without a crash of the time %" PRIu64 " in its files' names",
				 search->options->time);
	if (found->left_out)
		return error_set(error, "a directory without a crash in it, for this is none: %s", found->left_out);
	if (found->saving_log) {
		/* Errors end without a full stop. */
		if (saving_failure(found->saving_log, search->options->roots, &arena, &why))
			error_set(error, "a crash directory without log or dump. %.*s", (int)why.length - 1, why.data);
		else
			error_set(error,
				  "a crash directory without log or dump: saving them failed, and %s does not say why",
				  search->choice.saving_log.name);
		arena_free(&arena);
		return false;
	}
	if (crash_parent_describe(search->directory, error))
		return false;
	return error_set(error,
			 "a directory without a crash in it: expected vmcore-dmesg.txt, dmesg.txt or dmesg.TIME, or a "
			 "dump: vmcore or dump.TIME");
}

bool directory_regular_file(int directory, const char *name, struct link_roots roots, struct stat *status,
			    struct error *why_not)
{
	/* Most are no links, and need no look at where they lead. */
	if (fstatat(directory, name, status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status->st_mode))
		return true;
	if (!link_allowed(directory, name, roots, why_not))
		return false;
	if (fstatat(directory, name, status, 0) != 0)
		return input_file_refuse(directory, name, errno, why_not);
	return S_ISREG(status->st_mode) || error_set(why_not, "not a regular file");
}

/* 0: it can be opened; else why not, as errno has it. NULL can be. */
static int opening_error(const char *path)
{
	int fd = path ? open(path, OPENING) : -1, why = errno;

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

bool directory_read(const char *path, const struct directory_options *options, struct crash_directory *found,
		    struct error *error)
{
	struct search search = { .directory = opendir(path), .options = options };

	*found = (struct crash_directory){ 0 };
	if (!search.directory)
		return error_set(error, "cannot read the directory: %s", strerror(errno));
	search.fd = dirfd(search.directory);
	each_entry(&search, find_latest);
	each_entry(&search, look_at);
	search.out_of_memory |= search.choice.out_of_memory;
	if (!search.out_of_memory)
		give(&search, path, found);
	bool success = !search.out_of_memory && (found->log || found->dump_count || found->pstore);
	if (search.out_of_memory)
		error_out_of_memory(error);
	else if (!success)
		say_why_nothing(&search, found, error);
	else
		success = found->pstore || can_open_any(found, error);
	if (!success)
		directory_free(found);
	choice_free(&search.choice);
	free(search.refused.name);
	closedir(search.directory);
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
