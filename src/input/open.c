/* From a path to a log: which file, and of what lies in a crash directory, which source is the best. */
#define _POSIX_C_SOURCE 200809L
#include "input/input.h"

#include "input/directory.h"
#include "input/file.h"
#include "input/saving.h"
#include "input/siblings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void input_close(struct input *input)
{
	vmcore_close(input->vmcore);
	for (size_t i = 0; i < input->dump_file_count; i++)
		input_file_close(input->dump_files[i]);
	input_file_close(input->log_file);
	free(input->dump_files);
	free(input->dump_path);
	free(input->path);
	arena_free(&input->arena);
	*input = (struct input){ 0 };
}

static bool set_path(char **place, const char *path, struct error *error)
{
	free(*place);
	*place = strdup(path);
	return *place || error_out_of_memory(error);
}

static void add_note(struct input *input, struct text note)
{
	struct text *item = note.length ? arena_push(&input->arena, &input->notes, &input->note_count, sizeof *item) : NULL;

	if (item)
		*item = note;
}

static void add_notice(struct input *input, const struct input_file *file)
{
	add_note(input, arena_copy(&input->arena, text_from(file->notice)));
}

/* Takes the dump that lies in input->dump_files. */
static bool open_vmcore(struct input *input, const struct input_options *options, struct error *error)
{
	int fds[DUMP_FILES_MOST];
	size_t count = input->dump_file_count;

	for (size_t i = 0; i < count; i++) {
		fds[i] = input->dump_files[i]->fd;
		add_notice(input, input->dump_files[i]);
	}
	input->vmcore = vmcore_open(fds, count, options->form, error);
	return input->vmcore;
}

/* Puts a file among those of the dump, which frees it with the input. */
static bool keep_dump_file(struct input *input, struct input_file *file, struct error *error)
{
	size_t size = (input->dump_file_count + 1) * sizeof *input->dump_files;
	struct input_file **files = realloc(input->dump_files, size);

	if (!files) {
		input_file_close(file);
		return error_out_of_memory(error);
	}
	files[input->dump_file_count++] = file;
	input->dump_files = files;
	return true;
}

static bool use_dump(struct input *input, struct error *error)
{
	struct log_source *source = vmcore_source(input->vmcore);

	if (!source)
		return error_set(error, "%s", vmcore_log_error(input->vmcore));
	input->source = source;
	input->from_dump = true;
	return !input->dump_path || set_path(&input->path, input->dump_path, error);
}

/* Opens the parts of a split dump that lie beside the one at hand, as far as they are dumps. */
static bool add_siblings(struct input *input, const char *path, const struct input_options *options)
{
	struct siblings siblings;
	struct error why_not;

	if (!siblings_find(path, &siblings, &why_not))
		return false;
	for (size_t i = 0; i < siblings.count && input->dump_file_count < DUMP_FILES_MOST; i++) {
		struct input_file *file = NULL;
		if (strcmp(siblings.paths[i], path) != 0)
			file = input_file_open(siblings.paths[i], options->temporary_directory, &why_not);
		if (file && file->source)
			input_file_close(file);
		else if (file && !keep_dump_file(input, file, &why_not))
			break;
	}
	siblings_free(&siblings);
	return input->dump_file_count > 1;
}

/* A part of a split dump, with the others beside it if these are all of one dump; else alone. */
static bool open_vmcore_of_file(struct input *input, const char *path, const struct input_options *options,
				struct error *error)
{
	if (!open_vmcore(input, options, error))
		return false;
	if (!vmcore_dump(input->vmcore)->parts_missing || strcmp(path, "-") == 0)
		return true;
	struct vmcore *alone = input->vmcore;
	struct error why_not;
	if (add_siblings(input, path, options) && open_vmcore(input, options, &why_not)) {
		vmcore_close(alone);
		return true;
	}
	input->vmcore = alone;
	return true;
}

static bool open_file(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct input_file *file = input_file_open(path, options->temporary_directory, error);

	if (!file || !set_path(&input->path, path, error)) {
		input_file_close(file);
		return false;
	}
	if (!file->source)
		return keep_dump_file(input, file, error) && open_vmcore_of_file(input, path, options, error) &&
		       use_dump(input, error);
	input->log_file = file;
	input->source = file->source;
	add_notice(input, file);
	return !options->only_dump || error_set(error, "a kernel log: expected a dump");
}

/* The files of a directory's dump. All of them, or the dump is none. */
static bool open_dump_files(struct input *input, const struct crash_directory *found, const struct input_options *options,
			    struct error *error)
{
	for (size_t i = 0; i < found->dump_count && i < DUMP_FILES_MOST; i++) {
		struct input_file *file = input_file_open(found->dumps[i], options->temporary_directory, error);
		if (!file || !keep_dump_file(input, file, error))
			return false;
		if (file->source)
			return error_set(error, "%s holds no dump", found->dumps[i]);
	}
	return found->dump_count && set_path(&input->dump_path, found->dumps[0], error) &&
	       open_vmcore(input, options, error);
}

static bool open_log(struct input *input, const struct crash_directory *found, const struct input_options *options,
		     struct error *error)
{
	input->log_file = input_file_open(found->log, options->temporary_directory, error);
	if (!input->log_file || !set_path(&input->path, found->log, error))
		return false;
	if (!input->log_file->source)
		return error_set(error, "%s: expected a kernel log, found a dump", found->log);
	input->source = input->log_file->source;
	add_notice(input, input->log_file);
	return true;
}

/* Why there is no dump, or only a piece of one, if the crash kernel's own log tells. */
static void note_saving(struct input *input, const struct crash_directory *found)
{
	struct text why;

	if (found->saving_log && (!found->dump_count || found->dump_incomplete) &&
	    saving_failure(found->saving_log, &input->arena, &why))
		add_note(input, why);
}

/*
 * The log file if it is whole, and the dump for what only it knows; else the dump; else what there is of the log. An
 * unreadable dump beside a whole log is a note.
 */
static bool choose(struct input *input, const struct crash_directory *found, const struct input_options *options,
		   struct error *error)
{
	struct error dump_error = { 0 }, log_error = { 0 };
	bool dump = found->dump_count && open_dump_files(input, found, options, &dump_error);
	bool log = found->log && !options->only_dump;

	if (!dump && found->dump_count && log)
		add_note(input, arena_print(&input->arena, "The dump %s could not be read: %s.", found->dumps[0],
					    dump_error.message));
	if (log && found->log_whole && open_log(input, found, options, &log_error))
		return true;
	if (dump && use_dump(input, &dump_error))
		return true;
	if (log && (input->source || open_log(input, found, options, &log_error)))
		return true;
	if (found->dump_count)
		return error_set(error, "%s: %s", found->dumps[0], dump_error.message);
	return error_set(error, "%s", log ? log_error.message : "no dump in this directory");
}

static bool open_directory(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct crash_directory found = { 0 };

	if (!directory_read(path, &found, error))
		return false;
	note_saving(input, &found);
	bool chosen = choose(input, &found, options, error) && input->source;
	directory_free(&found);
	return chosen;
}

bool input_open(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct stat status;
	bool directory = strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode);

	*input = (struct input){ 0 };
	if (directory ? open_directory(input, path, options, error) : open_file(input, path, options, error))
		return true;
	input_close(input);
	return false;
}

bool input_turn_to_dump(struct input *input)
{
	struct error why_not;

	return input->vmcore && !input->from_dump && use_dump(input, &why_not);
}
