/* A signature file's keys, and the checks that need the whole file. */
#include "signature/catalogue.h"

#include <string.h>

struct text signature_id_of_path(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct text name = text_from(slash ? slash + 1 : path);

	if (text_ends(name, ".yaml"))
		name.length -= 5;
	else if (text_ends(name, ".yml"))
		name.length -= 4;
	return name;
}

bool signature_is_id(struct text id)
{
	for (size_t i = 0; i < id.length; i++)
		if (!((id.data[i] >= 'a' && id.data[i] <= 'z') || (id.data[i] >= '0' && id.data[i] <= '9') ||
		      (id.data[i] == '-' && i > 0)))
			return false;
	return id.length > 0;
}

static void read_id(struct reader *reader, const struct node *node, void *field)
{
	struct signature *signature = field;
	struct text name = signature_id_of_path(reader->path);

	signature->line = node->place.line + 1;
	signature->column = node->place.column + 1;
	if (!reader_text(reader, node, &signature->id))
		return;
	if (!signature_is_id(signature->id))
		reader_error(reader, node, "an id is made of a-z, 0-9 and '-', which '%.*s' is not", QUOTED(signature->id));
	else if (!text_equal(signature->id, name))
		reader_error(reader, node, "the id is '%.*s', but the file's name is '%.*s': they must be the same",
			     QUOTED(signature->id), QUOTED(name));
}

static const struct key signature_keys[] = {
	{ "id", true, read_id, 0 },
	{ "title", true, reader_text_field, offsetof(struct signature, title) },
	{ "subsystem", false, reader_text_field, offsetof(struct signature, subsystem) },
	{ "symptoms", true, schema_read_symptoms, 0 },
	{ "affected", false, schema_read_affected, 0 },
	{ "fixed", false, reader_text_list_field, offsetof(struct signature, fixed) },
	{ "remedies", false, schema_read_remedies, 0 },
	{ "references", false, reader_text_list_field, offsetof(struct signature, references) },
};

struct signature *signature_read(struct catalogue *catalogue, const char *path, struct text content,
				 struct error_list *errors)
{
	struct reader reader = { .content = content, .path = path, .arena = &catalogue->arena, .errors = errors };
	struct signature *signature = arena_alloc(&catalogue->arena, sizeof *signature);

	if (!signature) {
		reader_out_of_memory(&reader);
		return NULL;
	}
	if (!reader_open(&reader)) {
		reader_close(&reader);
		return NULL;
	}
	signature->path = arena_copy(&catalogue->arena, text_from(path));
	signature->digest = digest_of(content);
	reader_mapping(&reader, reader.root, "a signature", signature_keys, sizeof signature_keys / sizeof signature_keys[0],
		       signature);
	schema_finish_remedies(&reader, signature);
	if (catalogue->arena.failed || reader.scratch.failed)
		reader_out_of_memory(&reader);
	reader_close(&reader);
	return reader.error_count ? NULL : signature;
}
