/* A log that is put together from pieces of pstore, as an input. */
#include "input/open_pstore.h"

#include "input/open_dump.h"
#include "input/pstore_text.h"

#include <stdlib.h>

/* Of a log in input's arena. */
static void use_log(struct input *input, struct pstore_log *log)
{
	for (size_t i = 0; i < log->note_count; i++)
		add_note(input, arena_copy(&input->arena, log->notes[i]));
	input->log_cut = arena_copy(&input->arena, log->cut);
	input->source = &log->source;
}

bool open_pstore_log(struct input *input, struct pstore *pieces, struct error *error)
{
	struct pstore_log *log = arena_alloc(&input->arena, sizeof *log);

	if (!log)
		return error_out_of_memory(error);
	if (!pstore_assemble(pieces, log, error))
		return false;
	use_log(input, log);
	return true;
}

bool open_pstore_text(struct input *input, struct error *error)
{
	struct log_source *source = input->source;

	if (!pstore_text_begins((struct text){ source->data, source->length }))
		return true;
	struct pstore_log *log = arena_alloc(&input->arena, sizeof *log);
	if (!log)
		return error_out_of_memory(error);
	if (!pstore_text_order(source, &input->arena, log, error))
		return false;
	use_log(input, log);
	return true;
}

bool open_pstore(struct input *input, const char *path, const struct input_options *options, struct error *error)
{
	struct link_roots roots = { options->link_roots, options->link_root_count };

	if (options->only_dump)
		return error_set(error, "a directory of pstore: expected a dump");
	input->pstore = calloc(1, sizeof *input->pstore);
	if (!input->pstore)
		return error_out_of_memory(error);
	return pstore_add_directory(input->pstore, path, roots, error) && open_pstore_log(input, input->pstore, error);
}
