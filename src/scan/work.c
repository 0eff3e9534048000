/* In a worker: triages an item, and sends what came of it. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "scan/work.h"

#include "output/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct working {
	struct pool_reply *reply;
	const char *path; /* of the item */
};

static void send_failure(struct pool_reply *reply, const char *path, const char *why)
{
	size_t path_length = strlen(path), why_length = strlen(why);
	char *message = malloc(path_length + why_length + 2);

	if (!message)
		abort(); /* the parent reports a worker that died, which is better than a silent one */
	message[0] = WORK_FAILURE;
	memcpy(message + 1, path, path_length + 1);
	memcpy(message + 1 + path_length + 1, why, why_length);
	pool_send(reply, (struct text){ message, 1 + path_length + 1 + why_length });
	free(message);
}

static bool send_verdict(struct pool_reply *reply, const struct verdict *verdict)
{
	char *bytes = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&bytes, &length);
	bool made = stream && fputc(WORK_VERDICT, stream) != EOF && output_json(stream, verdict);

	if (stream && (ferror(stream) || fclose(stream) != 0))
		made = false;
	if (made && length && bytes[length - 1] == '\n')
		length--;
	if (made)
		pool_send(reply, (struct text){ bytes, length });
	free(bytes);
	return made;
}

/* An input that could be read in part counts if a crash was found; else only that a crash may be in the rest. */
static void tell(void *state, const struct verdict *verdict, bool whole, const struct error *error)
{
	struct working *working = state;

	if (!verdict || (!whole && verdict->kind == VERDICT_NO_CRASH))
		send_failure(working->reply, error->path ? error->path : working->path, error->message);
	else if (!send_verdict(working->reply, verdict))
		send_failure(working->reply, working->path, "out of memory");
}

void work_on_item(void *state, struct text request, struct pool_reply *reply)
{
	const struct work *work = state;
	size_t index;

	if (request.length != sizeof index)
		abort();
	memcpy(&index, request.data, sizeof index);
	const struct find_item *item = &work->found->items[index];
	const char *path = item->directory.length ? item->directory.data : item->source.file.data;
	struct triage_options how = {
		.temporary_directory = work->options->temporary_directory,
		.link_roots = work->link_roots.paths,
		.link_root_count = work->link_roots.count,
		.directory_time = item->time,
		/* Of the many crashes in a directory of many; else a look at the directory itself sees what came meanwhile.
		 */
		.directory_names = item->time ? item->files : NULL,
		.directory_name_count = item->time ? item->file_count : 0,
		.every_dump = true,
		.shown_path = item->source.file.data,
	};
	struct working working = { .reply = reply, .path = path };
	triage_each(path, work->options->catalogue, &how, tell, &working);
}

bool work_read_message(struct text message, enum work_message *type, struct text *json, struct text *path, struct text *why)
{
	char first = message.length ? message.data[0] : '\0';
	struct text rest = text_from_offset(message, 1);

	*json = *path = *why = TEXT_NONE;
	*type = (enum work_message)first;
	if (first == WORK_VERDICT) {
		*json = rest;
		return true;
	}
	size_t end = text_find_char(rest, '\0');
	if (first != WORK_FAILURE || end == SIZE_MAX)
		return false;
	*path = text_first(rest, end);
	*why = text_from_offset(rest, end + 1);
	return true;
}
