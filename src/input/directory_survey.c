/* Sorts the files of a directory by the time in their names, and asks of each time what would be read. */
#define _GNU_SOURCE /* O_DIRECTORY */
#include "input/directory_survey.h"

#include "input/crash_file.h"
#include "input/directory.h"
#include "input/directory_choice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct entry {
	struct text name;
	struct crash_file file;
	uint64_t size;
	int64_t modified;
	bool used;
};

struct survey {
	struct directory_survey *result;
	struct entry *entries; /* by time, then by name */
	size_t count;
	struct candidate refused;
	struct error refusal;
	bool out_of_memory;
};

static void refuse(struct survey *survey, char *name, const struct crash_file *file, const struct error *why)
{
	struct candidate candidate = { .name = name, .file = *file };
	bool wanted = file->role == CRASH_FILE_LOG || file->role == CRASH_FILE_DUMP;

	if (wanted && candidate_keep_better(&survey->refused, &candidate, &survey->out_of_memory))
		survey->refusal = *why;
}

static void look_at(struct survey *survey, int directory, char *name, struct link_roots roots)
{
	struct crash_file file = crash_file_from_name(name);
	struct arena *arena = &survey->result->arena;
	struct error why_not;
	struct stat status;

	if (file.role == CRASH_FILE_OTHER || file.role == CRASH_FILE_README)
		return;
	if (!directory_regular_file(directory, name, roots, &status, &why_not)) {
		/* A directory is gone down into, whatever its name. */
		if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(status.st_mode))
			refuse(survey, name, &file, &why_not);
		return;
	}
	if (survey->count == DIRECTORY_SURVEY_MOST) {
		survey->result->more = true;
		return;
	}
	struct entry *entry = arena_push(arena, &survey->entries, &survey->count, sizeof *entry);
	if (!entry)
		return;
	entry->name = arena_copy(arena, text_from(name));
	entry->file = file;
	entry->size = status.st_size > 0 ? (uint64_t)status.st_size : 0;
	entry->modified = directory_modified(&status);
}

static int by_time(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;

	if (a->file.time != b->file.time)
		return a->file.time < b->file.time ? -1 : 1;
	return text_compare(a->name, b->name);
}

static void mark_used(struct entry *entries, size_t count, const struct candidate *candidate)
{
	for (size_t i = 0; candidate->name && i < count; i++)
		if (text_is(entries[i].name, candidate->name))
			entries[i].used = true;
}

/* What a crash of these files would read of them. */
static void choose(struct survey *survey, struct choice *choice, const struct entry *entries, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct candidate candidate = { (char *)entries[i].name.data, entries[i].file, entries[i].size == 0 };
		choice_add(choice, &candidate);
	}
	survey->out_of_memory |= choice->out_of_memory;
}

static void mark(const struct choice *choice, struct entry *entries, size_t count)
{
	size_t dump_count;
	const struct candidate *dumps = choice_dumps(choice, &dump_count);

	mark_used(entries, count, &choice->log);
	for (size_t i = 0; i < dump_count; i++)
		mark_used(entries, count, &dumps[i]);
}

static bool is_leftover(const struct entry *entry)
{
	bool wanted = entry->file.role == CRASH_FILE_LOG || entry->file.role == CRASH_FILE_DUMP;

	return wanted && !entry->used && !entry->file.incomplete && entry->size;
}

static void add_up(struct survey *survey, struct directory_group *group, const struct entry *entries, size_t count,
		   bool pstore)
{
	for (size_t i = 0; i < count; i++) {
		if ((entries[i].file.role == CRASH_FILE_PSTORE) != pstore || is_leftover(&entries[i]))
			continue;
		group->size = __builtin_add_overflow(group->size, entries[i].size, &group->size) ? UINT64_MAX : group->size;
		if (entries[i].modified > group->modified)
			group->modified = entries[i].modified;
		struct text *name = arena_push(&survey->result->arena, &group->files, &group->file_count, sizeof *name);
		if (name)
			*name = entries[i].name;
	}
}

static struct directory_group *add_group(struct survey *survey, uint64_t time, struct text best)
{
	struct directory_survey *result = survey->result;
	struct directory_group *group = arena_push(&result->arena, &result->groups, &result->group_count, sizeof *group);

	if (group)
		*group = (struct directory_group){ .time = time, .best = best, .modified = INT64_MIN };
	return group;
}

/* The crash of the time that these files have, and of files without a time, which are those of the latest. */
static void add_crash(struct survey *survey, struct entry *timed, size_t count, size_t untimed)
{
	struct arena *arena = &survey->result->arena;
	struct choice choice = { 0 };
	size_t dump_count;

	choose(survey, &choice, timed, count);
	choose(survey, &choice, survey->entries, untimed);
	mark(&choice, timed, count);
	mark(&choice, survey->entries, untimed);
	const struct candidate *dumps = choice_dumps(&choice, &dump_count), *best = &choice.log;
	if (dump_count && (!best->name || best->file.incomplete))
		best = dumps;
	if (!best->name)
		best = &choice.saving_log;
	if (best->name) {
		struct text name = arena_copy(arena, text_from(best->name));
		struct directory_group *group = add_group(survey, count ? timed->file.time : 0, name);
		if (group) {
			add_up(survey, group, timed, count, false);
			add_up(survey, group, survey->entries, untimed, false);
		}
	}
	choice_free(&choice);
}

static void add_pstore(struct survey *survey)
{
	for (size_t i = 0; i < survey->count; i++) {
		if (survey->entries[i].file.role != CRASH_FILE_PSTORE)
			continue;
		struct directory_group *group = add_group(survey, 0, survey->entries[i].name);
		if (group) {
			group->pstore = true;
			add_up(survey, group, survey->entries, survey->count, true);
		}
		return;
	}
}

static void group_all(struct survey *survey)
{
	struct entry *entries = survey->entries;
	size_t untimed = 0, end = survey->count, first;

	if (survey->count)
		qsort(entries, survey->count, sizeof *entries, by_time);
	while (untimed < survey->count && !entries[untimed].file.time)
		untimed++;
	if (untimed == survey->count)
		add_crash(survey, NULL, 0, untimed);
	for (; end > untimed; end = first) {
		first = end - 1;
		while (first > untimed && entries[first - 1].file.time == entries[end - 1].file.time)
			first--;
		add_crash(survey, entries + first, end - first, end == survey->count ? untimed : 0);
	}
	if (!survey->result->group_count)
		add_pstore(survey);
}

static int by_name(const void *x, const void *y)
{
	const struct directory_file *a = x, *b = y;

	return text_compare(a->name, b->name);
}

static void give_rest(struct survey *survey)
{
	struct directory_survey *result = survey->result;

	for (size_t i = 0; i < survey->count; i++) {
		const struct entry *entry = &survey->entries[i];
		struct directory_file *file = NULL;
		if (is_leftover(entry))
			file = arena_push(&result->arena, &result->leftovers, &result->leftover_count, sizeof *file);
		if (file)
			*file = (struct directory_file){ entry->name, entry->size, entry->modified };
	}
	if (result->leftover_count)
		qsort(result->leftovers, result->leftover_count, sizeof *result->leftovers, by_name);
	if (survey->refused.name)
		result->left_out = arena_print(&result->arena, "%s (%s)", survey->refused.name, survey->refusal.message);
}

int64_t directory_modified(const struct stat *status)
{
	int64_t ns;

	if (__builtin_mul_overflow((int64_t)status->st_mtim.tv_sec, INT64_C(1000000000), &ns) ||
	    __builtin_add_overflow(ns, (int64_t)status->st_mtim.tv_nsec, &ns))
		return status->st_mtim.tv_sec < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

bool directory_survey(int directory, struct link_roots roots, struct directory_survey *result, struct error *error)
{
	struct survey survey = { .result = result };
	int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *entries = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	*result = (struct directory_survey){ 0 };
	if (!entries) {
		error_set(error, "cannot read the directory: %s", strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	while (!result->more && (entry = readdir(entries)))
		look_at(&survey, fd, entry->d_name, roots);
	group_all(&survey);
	give_rest(&survey);
	closedir(entries);
	free(survey.refused.name);
	return (!survey.out_of_memory && !result->arena.failed) || error_out_of_memory(error);
}

void directory_survey_free(struct directory_survey *survey)
{
	arena_free(&survey->arena);
	*survey = (struct directory_survey){ 0 };
}
