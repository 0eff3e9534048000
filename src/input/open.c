/* From a path to a log: which file, and of what lies in a crash directory, which source is the best. */
#define _POSIX_C_SOURCE 200809L
#include "input/input.h"

#include "input/directory.h"
#include "input/file.h"
#include "input/members.h"
#include "input/open_dump.h"
#include "input/open_pstore.h"
#include "input/saving.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void input_close(struct input *input)
{
	vmcore_close(input->vmcore);
	for (size_t i = 0; i < input->dump_file_count; i++)
		input_file_close(input->dump_files[i]);
	members_free(input->members);
	input_file_close(input->log_file);
	if (input->pstore)
		pstore_free(input->pstore);
	free(input->pstore);
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

static bool use_dump(struct input *input, struct error *error)
{
	struct log_source *source = vmcore_source(input->vmcore);

	if (!source)
		return error_set(error, "%s", vmcore_log_error(input->vmcore));
	input->source = source;
	input->from_dump = true;
	return !input->dump_path || set_path(&input->path, input->dump_path, error);
}

/* What a dump knows besides its log is worth having. */
static bool use_facts(struct input *input, const struct input_options *options, const struct error *why)
{
	const struct facts *facts = input->vmcore ? vmcore_facts(input->vmcore) : NULL;

	if (!options->facts_alone || !facts || (!facts->release.length && !facts->cpu_count))
		return false;
	input->no_log = arena_copy(&input->arena, text_from(why->message));
	input->from_dump = true;
	return true;
}

static bool open_archive(struct input *input, struct input_file *file, const struct input_options *options,
			 struct error *error)
{
	input->log_file = file;
	if (!options->archives)
		return error_set(error, "a tar archive: expected a %s; unpack it first",
				 options->only_dump ? "dump" : "kernel log or a dump");
	input->members = members_start(input->path, &file->tar, error);
	return input->members;
}

static bool open_file(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct input_file *file = input_file_open(path, options, error);

	if (!file || !set_path(&input->path, path, error)) {
		input_file_close(file);
		return false;
	}
	if (file->tar.stream)
		return open_archive(input, file, options, error);
	if (!file->source)
		return open_dump(input, file, path, options, error) &&
		       (use_dump(input, error) || use_facts(input, options, error));
	input->log_file = file;
	input->source = file->source;
	add_notice(input, file);
	if (options->only_dump)
		return error_set(error, "a kernel log: expected a dump");
	return open_pstore_text(input, error);
}

static bool open_log(struct input *input, const struct crash_directory *found, const struct input_options *options,
		     struct error *error)
{
	input->log_file = input_file_open(found->log, options, error);
	if (!input->log_file || !set_path(&input->path, found->log, error))
		return false;
	if (!input->log_file->source)
		return error_set(error, "%s: expected a kernel log, found %s", found->log,
				 input->log_file->tar.stream ? "a tar archive" : "a dump");
	input->source = input->log_file->source;
	add_notice(input, input->log_file);
	return true;
}

/* Why there is no dump, or only a piece of one, if the crash kernel's own log tells. */
static void note_saving(struct input *input, const struct crash_directory *found, struct link_roots roots)
{
	struct text why;

	if (found->saving_log && (!found->dump_count || found->dump_incomplete) &&
	    saving_failure(found->saving_log, roots, &input->arena, &why))
		add_note(input, why);
}

/* What fails of a dump that could be opened is its log. */
static void note_failure(struct input *input, const char *dump, const struct error *error)
{
	const char *what = input->vmcore ? "kernel log in the dump" : "dump";

	if (input->dump_failure.length)
		return;
	input->dump_failure = arena_print(&input->arena, "the %s %s could not be read: %s", what, dump, error->message);
	add_note(input, arena_print(&input->arena, "The %s %s could not be read: %s.", what, dump, error->message));
}

/* Files that are there and were not read, and why. */
static void note_passed_over(struct input *input, const struct crash_directory *found)
{
	if (found->left_out)
		add_note(input, arena_print(&input->arena, "Not read: %s.", found->left_out));
	if (found->log && input->from_dump && found->log_not_whole[0])
		add_note(input, arena_print(&input->arena, "The log %s is not whole, so that of the dump was read: %s.",
					    found->log, found->log_not_whole));
}

/*
 * The log file if it is whole, and the dump for what only it knows; else the dump; else what there is of the log. An
 * unreadable dump beside a whole log is a note.
 */
static bool choose(struct input *input, const struct crash_directory *found, const struct input_options *options,
		   struct error *error)
{
	struct error dump_error = { 0 }, log_error = { 0 };
	bool dump = found->dump_count && set_path(&input->dump_path, found->dumps[0], &dump_error) &&
		    open_dump_files(input, found->dumps, found->dump_count, options, &dump_error);
	bool log = found->log && !options->only_dump;

	if (!dump && found->dump_count && log)
		note_failure(input, found->dumps[0], &dump_error);
	if (log && found->log_whole && open_log(input, found, options, &log_error))
		return true;
	if (dump && use_dump(input, &dump_error))
		return true;
	if (dump && log)
		note_failure(input, found->dumps[0], &dump_error);
	input->log_cut = arena_copy(&input->arena, text_from(found->log_whole ? "it cannot be read" : found->log_not_whole));
	if (log && (input->source || open_log(input, found, options, &log_error)))
		return true;
	if (dump && use_facts(input, options, &dump_error))
		return set_path(&input->path, input->dump_path, error);
	if (found->dump_count)
		return error_set(error, "%s: %s", found->dumps[0], dump_error.message);
	return error_set(error, "%s", log ? log_error.message : "no dump in this directory");
}

static bool open_directory(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct directory_options how = {
		.roots = { options->link_roots, options->link_root_count },
		.time = options->directory_time,
		.names = options->directory_names,
		.name_count = options->directory_name_count,
	};
	struct crash_directory found = { 0 };

	if (!directory_read(path, &how, &found, error))
		return false;
	if (found.pstore) {
		directory_free(&found);
		return set_path(&input->path, path, error) && open_pstore(input, path, options, error);
	}
	note_saving(input, &found, how.roots);
	bool chosen = choose(input, &found, options, error);
	if (chosen && !options->only_dump)
		note_passed_over(input, &found);
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

	if (!input->vmcore || input->from_dump)
		return false;
	if (use_dump(input, &why_not))
		return true;
	note_failure(input, input->dump_path, &why_not);
	return false;
}
