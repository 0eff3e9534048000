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

/* Which files were tried as the parts of a split dump, for the user: lists of their names, the second with reasons. */
struct parts {
	struct text used, refused;
	enum { NOT_THERE, USED, REFUSED } numbers[1000]; /* by the numbers at the ends of their names */
};

enum { NAMES_MOST = 200, REASON_MOST = 120 }; /* bytes: an error has no room for more */

static void list_name(struct input *input, struct text *list, const char *path, const char *reason)
{
	if (list->length < NAMES_MOST)
		*list = arena_print(&input->arena, "%.*s%s%.80s%s%.*s%s", TEXT_ARGS(*list), list->length ? ", " : "",
				    siblings_name(path), reason ? " (" : "", REASON_MOST, reason ? reason : "",
				    reason ? ")" : "");
	else if (!text_ends(*list, "..."))
		*list = arena_print(&input->arena, "%.*s, ...", TEXT_ARGS(*list));
}

static void list_part(struct input *input, struct parts *parts, const char *path, const char *why_not)
{
	const char *name = siblings_name(path), *digits = name + siblings_stem(name);

	list_name(input, why_not ? &parts->refused : &parts->used, path, why_not);
	if (siblings_digits(name) && siblings_digits(name) <= 3)
		parts->numbers[atoi(digits)] = why_not ? REFUSED : USED;
}

/* Names that are left out between those of the files: most likely those of files that are missing. */
static struct text list_skipped(struct input *input, const struct parts *parts, const char *name)
{
	struct text skipped = TEXT_NONE;
	int first = 0, last = sizeof parts->numbers / sizeof *parts->numbers - 1;

	while (first < last && parts->numbers[first] != USED)
		first++;
	while (last > first && parts->numbers[last] != USED)
		last--;
	for (int i = first; i < last; i++)
		if (parts->numbers[i] == NOT_THERE && skipped.length < NAMES_MOST / 2)
			skipped = arena_print(&input->arena, "%.*s%s%.*s%d", TEXT_ARGS(skipped),
					      skipped.length ? ", " : "; not there: ", (int)siblings_stem(name), name, i);
	return skipped;
}

/* The dump that was made of a cut file of compressed data: what fails in it comes of that. */
static void explain_cut(const struct input_file *file, struct error *error)
{
	struct error why = *error;

	if (file->cut[0])
		error_set(error, "the dump is %s%s; %s",
			  strncmp(file->cut, "cut short", 9) == 0 ? "" : "incomplete: ", file->cut, why.message);
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
		explain_cut(file, error);
		input_file_close(file);
		return false;
	}
	vmcore_close(input->vmcore);
	input->vmcore = vmcore;
	input->dump_files[input->dump_file_count++] = file;
	add_notice(input, file);
	for (size_t i = 0; i < input->dump_file_count; i++)
		if (input->dump_files[i]->cut[0])
			vmcore_tell_incomplete(vmcore, text_from(input->dump_files[i]->cut));
	return true;
}

/* False: the file is no dump, or not a part of this one, and *why_not. */
static bool add_part(struct input *input, const char *path, const struct input_options *options, struct parts *parts,
		     struct error *why_not)
{
	struct input_file *file = NULL;
	bool added = false;

	if (input->dump_file_count == DUMP_FILES_MOST)
		error_set(why_not, "a dump of more than %d files", DUMP_FILES_MOST);
	else
		file = input_file_open(path, options, why_not);
	if (file && file->fd >= 0) {
		added = add_file(input, file, options, why_not);
	} else if (file) {
		error_set(why_not, file->source ? "it is a kernel log" : "it is a tar archive");
		input_file_close(file);
	}
	list_part(input, parts, path, added ? NULL : why_not->message);
	return added;
}

/* A split dump that lacks files: which of them are there, and where the others were looked for. */
static void tell_missing(struct input *input, const char *path, const struct parts *parts, bool looked)
{
	const char *name = siblings_name(path);
	int stem = (int)siblings_stem(name);
	struct text beside = TEXT_NONE;

	if (!vmcore_dump(input->vmcore)->parts_missing)
		return;
	if (parts->refused.length)
		beside = arena_print(&input->arena, "; no files of the set: %.*s", TEXT_ARGS(parts->refused));
	else if (looked && !siblings_digits(name))
		beside = TEXT("; others beside it were not looked for, as its name ends in no number");
	else if (looked)
		beside = arena_print(&input->arena, "; no other file beside is called '%.*s' and a number", stem, name);
	vmcore_tell_incomplete(
		input->vmcore,
		arena_print(&input->arena, "files of the split set are missing; those that are there: %.*s%.*s%.*s",
			    TEXT_ARGS(parts->used), TEXT_ARGS(list_skipped(input, parts, name)), TEXT_ARGS(beside)));
}

static bool add_siblings(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct siblings siblings;
	struct parts parts = { 0 };
	struct error why_not;

	if (!siblings_find(path, &siblings, error))
		return false;
	list_part(input, &parts, path, NULL);
	for (size_t i = 0; i < siblings.count && vmcore_dump(input->vmcore)->parts_missing; i++)
		if (strcmp(siblings.paths[i], path) != 0)
			add_part(input, siblings.paths[i], options, &parts, &why_not);
	siblings_free(&siblings);
	tell_missing(input, path, &parts, true);
	return true;
}

bool open_dump(struct input *input, struct input_file *first, const char *path, const struct input_options *options,
	       struct error *error)
{
	return add_file(input, first, options, error) &&
	       (!vmcore_dump(input->vmcore)->parts_missing || strcmp(path, "-") == 0 ||
		add_siblings(input, path, options, error));
}

/* A dump of its own, most likely: who wants every dump in a directory has its path. */
static void leave_out(struct input *input, const char *path, const char *first, const struct error *why_not)
{
	struct text *place = arena_push(&input->arena, &input->other_dumps, &input->other_dump_count, sizeof *place);

	if (place)
		*place = arena_copy(&input->arena, text_from(path));
	add_note(input, arena_print(&input->arena, "%s was left out, as it is no part of the dump in %s: %s.", path, first,
				    why_not->message));
}

bool open_dump_files(struct input *input, char *const *paths, size_t count, const struct input_options *options,
		     struct error *error)
{
	struct input_file *first = input_file_open(paths[0], options, error);
	struct parts parts = { 0 };
	struct error why_not;

	if (first && first->fd < 0) {
		error_set(error, "a %s: expected a dump", first->source ? "kernel log" : "tar archive");
		input_file_close(first);
		return false;
	}
	if (!first ||
	    !(count == 1 ? open_dump(input, first, paths[0], options, error) : add_file(input, first, options, error)))
		return false;
	list_part(input, &parts, paths[0], NULL);
	for (size_t i = 1; i < count; i++)
		if (!add_part(input, paths[i], options, &parts, &why_not))
			leave_out(input, paths[i], paths[0], &why_not);
	if (count > 1)
		tell_missing(input, paths[0], &parts, false);
	return true;
}
