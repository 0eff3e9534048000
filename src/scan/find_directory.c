/* What one directory gives: its crash, or several by their times, and what lies there loose. */
#define _GNU_SOURCE /* FNM_EXTMATCH */
#include "input/crash_file.h"
#include "input/directory_survey.h"
#include "input/log_name.h"
#include "scan/find_walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The latest crash of a directory is the directory itself; an earlier one goes by the best of its files. */
static void add_group(struct walk *walk, const struct visit *visit, const struct directory_group *group, bool latest)
{
	struct find_item *item = find_add(walk, visit->path, latest ? NULL : group->best.data);
	struct arena *arena = &walk->result->arena;

	if (!item)
		return;
	item->type = FIND_DIRECTORY;
	item->source.size = group->size;
	item->source.modified = group->modified;
	for (size_t i = 0; i < group->file_count; i++) {
		struct text *name = arena_push(arena, &item->files, &item->file_count, sizeof *name);
		if (name)
			*name = arena_copy(arena, group->files[i]);
	}
	if (latest)
		return;
	item->time = group->time;
	item->directory = arena_copy(arena, text_from(visit->path));
}

static void add_file(struct walk *walk, const struct visit *visit, const char *name, const struct stat *status, bool log)
{
	struct find_item *item = find_add(walk, visit->path, name);

	if (!item)
		return;
	item->type = log ? FIND_LOG : FIND_FILE;
	item->source.size = (uint64_t)status->st_size;
	item->source.modified = directory_modified(status);
}

/* The regular file that a name is, or that it links to below a root. */
static bool look_at(const struct walk *walk, const struct visit *visit, const char *name, struct stat *status)
{
	struct error ignored;

	if (fstatat(visit->fd, name, status, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	if (S_ISLNK(status->st_mode) &&
	    (!link_allowed(visit->fd, name, walk->link_roots, &ignored) || fstatat(visit->fd, name, status, 0) != 0))
		return false;
	return S_ISREG(status->st_mode);
}

/* Dumps that somebody packed and named. */
static bool is_packed_dump(const char *name)
{
	return fnmatch("*@(core|dump)*.@(gz|xz|zst|bz2|lz4)", name, FNM_EXTMATCH) == 0;
}

/* A file that is of no crash directory. */
static void take_loose(struct walk *walk, const struct visit *visit, const char *name)
{
	enum { DUMP_LEAST = 4096 };
	enum log_name kind = log_name_of(name);
	struct stat status;

	if (!look_at(walk, visit, name, &status))
		return;
	/* A log that was just rotated is empty; once it grows, it comes again. */
	if (!status.st_size && (kind == LOG_NAME_KERNEL || kind == LOG_NAME_SYSTEM))
		return;
	if (kind == LOG_NAME_KERNEL || (kind == LOG_NAME_SYSTEM && visit->system_logs))
		add_file(walk, visit, name, &status, true);
	else if (kind == LOG_NAME_ARCHIVE || is_packed_dump(name) ||
		 (kind == LOG_NAME_NONE && status.st_size >= DUMP_LEAST && find_is_dump(visit->fd, name)))
		add_file(walk, visit, name, &status, false);
}

/* Logs and dumps by their names that no crash of the directory reads: a second dump, say. */
static void add_leftover(struct walk *walk, const struct visit *visit, const struct directory_file *file)
{
	struct find_item *item = find_add(walk, visit->path, file->name.data);

	if (!item)
		return;
	item->type = crash_file_from_name(file->name.data).role == CRASH_FILE_LOG ? FIND_LOG : FIND_FILE;
	item->source.size = file->size;
	item->source.modified = file->modified;
}

void find_in_directory(struct walk *walk, const struct visit *visit)
{
	struct directory_survey survey;
	struct error error = { 0 };
	bool done = directory_survey(visit->fd, walk->link_roots, &survey, &error);

	for (size_t i = 0; done && i < survey.group_count; i++)
		add_group(walk, visit, &survey.groups[i], i == 0);
	for (size_t i = 0; done && i < survey.leftover_count; i++)
		add_leftover(walk, visit, &survey.leftovers[i]);
	bool pstore = done && survey.group_count && survey.groups[0].pstore;
	for (size_t i = 0; i < visit->count; i++) {
		if (visit->entries[i].type == DT_DIR)
			continue;
		bool piece = pstore && log_name_of(visit->entries[i].name) == LOG_NAME_PSTORE;
		if (!piece && crash_file_from_name(visit->entries[i].name).role == CRASH_FILE_OTHER)
			take_loose(walk, visit, visit->entries[i].name);
	}
	if (!done)
		find_leave(walk, visit->path, NULL, error.message);
	else if (!survey.group_count && survey.left_out.length)
		find_leave(walk, visit->path, NULL, survey.left_out.data);
	else if (survey.more)
		find_leave(walk, visit->path, NULL, "more crash files than are looked at in one directory");
	directory_survey_free(&survey);
}
