/* Chooses by names and emptiness alone. */
#define _POSIX_C_SOURCE 200809L
#include "input/directory_choice.h"

#include <stdlib.h>
#include <string.h>

/* An empty file is better than none; then the rank, the latest time, the file that is not compressed; then the last name. */
static bool is_better(const struct candidate *a, const struct candidate *b)
{
	if (!b->name)
		return true;
	if (a->empty != b->empty)
		return b->empty;
	if (a->file.rank != b->file.rank)
		return a->file.rank < b->file.rank;
	if (a->file.time != b->file.time)
		return a->file.time > b->file.time;
	if (strlen(a->name) != strlen(b->name))
		return strlen(a->name) < strlen(b->name);
	return strcmp(a->name, b->name) > 0;
}

static void set(struct candidate *place, const struct candidate *candidate, bool *out_of_memory)
{
	char *name = strdup(candidate->name);

	*out_of_memory |= !name;
	free(place->name);
	*place = *candidate;
	place->name = name;
}

bool candidate_keep_better(struct candidate *best, const struct candidate *candidate, bool *out_of_memory)
{
	if (!is_better(candidate, best))
		return false;
	set(best, candidate, out_of_memory);
	return true;
}

/* Puts a part where its number says; of too many parts the last fall out. */
static void add_part(struct parts *parts, const struct candidate *candidate, bool *out_of_memory)
{
	size_t place = parts->count;

	while (place > 0 && parts->items[place - 1].file.part > candidate->file.part)
		place--;
	if (place == CRASH_DIRECTORY_DUMPS_MOST)
		return;
	if (parts->count == CRASH_DIRECTORY_DUMPS_MOST)
		free(parts->items[--parts->count].name);
	memmove(&parts->items[place + 1], &parts->items[place], (parts->count - place) * sizeof *parts->items);
	parts->items[place] = (struct candidate){ 0 };
	parts->count++;
	set(&parts->items[place], candidate, out_of_memory);
}

static struct candidate *best_of_role(struct choice *choice, enum crash_file_role role)
{
	switch (role) {
	case CRASH_FILE_LOG:
		return &choice->log;
	case CRASH_FILE_DUMP:
		return &choice->dump;
	case CRASH_FILE_SAVING_LOG:
		return &choice->saving_log;
	case CRASH_FILE_README:
		return &choice->readme;
	case CRASH_FILE_PSTORE:
	case CRASH_FILE_OTHER:
		break;
	}
	return NULL;
}

void choice_add(struct choice *choice, const struct candidate *candidate)
{
	struct candidate *best = best_of_role(choice, candidate->file.role);

	if (candidate->file.part >= 0)
		add_part(&choice->parts[candidate->file.dotted], candidate, &choice->out_of_memory);
	if (best)
		candidate_keep_better(best, candidate, &choice->out_of_memory);
}

/* "vmcore" beside parts is what was made of them; any other name alone is less than two parts are. */
const struct candidate *choice_dumps(const struct choice *choice, size_t *count)
{
	const struct parts *parts = choice->parts[0].count > 1 ? &choice->parts[0] : &choice->parts[1];

	*count = choice->dump.name ? 1 : 0;
	if (parts->count <= 1 || (choice->dump.file.rank == 0 && !choice->dump.empty))
		return &choice->dump;
	*count = parts->count;
	return parts->items;
}

void choice_free(struct choice *choice)
{
	for (size_t i = 0; i < sizeof choice->parts / sizeof *choice->parts; i++)
		for (size_t j = 0; j < choice->parts[i].count; j++)
			free(choice->parts[i].items[j].name);
	free(choice->log.name);
	free(choice->dump.name);
	free(choice->saving_log.name);
	free(choice->readme.name);
	*choice = (struct choice){ 0 };
}
