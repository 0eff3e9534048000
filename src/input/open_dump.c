/* From files to a dump: the parts of a split one are tried one by one, as only their content tells what belongs together. */
#include "input/open_dump.h"

#include "input/siblings.h"

#include <stdlib.h>
#include <string.h>

void add_note(struct input *input, struct text note)
{
	struct text *item = note.length ? arena_push(&input->arena, &input->notes, &input->note_count, sizeof *item) : NULL;

	if (item)
		*item = note;
}

void add_notice(struct input *input, const struct input_file *file)
{
	add_note(input, arena_copy(&input->arena, text_from(file->notice)));
}

/* Makes one dump of the files that there are and this one. False: they are none, or out of memory; the file is closed. */
static bool add_file(struct input *input, struct input_file *file, const struct input_options *options, struct error *error)
{
	int fds[DUMP_FILES_MOST];
	size_t count = input->dump_file_count;
	struct input_file **files = realloc(input->dump_files, (count + 1) * sizeof *files);
	struct vmcore *vmcore = NULL;

	if (files)
		input->dump_files = files;
	else
		error_out_of_memory(error);
	for (size_t i = 0; i < count; i++)
		fds[i] = input->dump_files[i]->fd;
	fds[count] = file->fd;
	if (files)
		vmcore = vmcore_open(fds, count + 1, options->form, error);
	if (!vmcore) {
		input_file_close(file);
		return false;
	}
	vmcore_close(input->vmcore);
	input->vmcore = vmcore;
	input->dump_files[input->dump_file_count++] = file;
	add_notice(input, file);
	return true;
}

/* False: the file is no dump, or not a part of this one. */
static bool add_part(struct input *input, const char *path, const struct input_options *options)
{
	struct error why_not;
	struct input_file *file = NULL;

	if (input->dump_file_count < DUMP_FILES_MOST)
		file = input_file_open(path, options->temporary_directory, &why_not);
	if (file && !file->source)
		return add_file(input, file, options, &why_not);
	input_file_close(file);
	return false;
}

static bool add_siblings(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct siblings siblings;

	if (!siblings_find(path, &siblings, error))
		return false;
	for (size_t i = 0; i < siblings.count && vmcore_dump(input->vmcore)->parts_missing; i++)
		if (strcmp(siblings.paths[i], path) != 0)
			add_part(input, siblings.paths[i], options);
	siblings_free(&siblings);
	return true;
}

bool open_dump(struct input *input, struct input_file *first, const char *path, const struct input_options *options,
	       struct error *error)
{
	return add_file(input, first, options, error) &&
	       (!vmcore_dump(input->vmcore)->parts_missing || strcmp(path, "-") == 0 ||
		add_siblings(input, path, options, error));
}

bool open_dump_files(struct input *input, char *const *paths, size_t count, const struct input_options *options,
		     struct error *error)
{
	struct input_file *first = input_file_open(paths[0], options->temporary_directory, error);

	if (first && first->source) {
		input_file_close(first);
		return error_set(error, "a kernel log: expected a dump");
	}
	if (!first ||
	    !(count == 1 ? open_dump(input, first, paths[0], options, error) : add_file(input, first, options, error)))
		return false;
	for (size_t i = 1; i < count; i++)
		if (!add_part(input, paths[i], options))
			add_note(input, arena_print(&input->arena, "%s was left out: it is no part of the dump in %s.",
						    paths[i], paths[0]));
	return true;
}
