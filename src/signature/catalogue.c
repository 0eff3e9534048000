/* The catalogue: all signatures, sorted by id. */
#include "signature/catalogue.h"

#include <stdlib.h>

struct catalogue *catalogue_new(void)
{
	return calloc(1, sizeof(struct catalogue));
}

void catalogue_free(struct catalogue *catalogue)
{
	if (!catalogue)
		return;
	patterns_free(catalogue->patterns); /* before the arena: the patterns that it compiled live there */
	index_free(&catalogue->index);
	arena_free(&catalogue->arena);
	free(catalogue);
}

bool catalogue_prepare(struct catalogue *catalogue)
{
	if (!catalogue->patterns)
		catalogue->patterns = patterns_new();
	if (!catalogue->indexed)
		catalogue->indexed = index_build(&catalogue->index, catalogue->items, catalogue->count);
	return catalogue->patterns && catalogue->indexed;
}

size_t catalogue_count(const struct catalogue *catalogue)
{
	return catalogue->count;
}

const struct signature *catalogue_at(const struct catalogue *catalogue, size_t index)
{
	return index < catalogue->count ? catalogue->items[index] : NULL;
}

const struct signature *catalogue_get(const struct catalogue *catalogue, struct text id)
{
	size_t low = 0, high = catalogue->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = text_compare(id, catalogue->items[middle]->id);
		if (order == 0)
			return catalogue->items[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

struct text signature_id(const struct signature *signature)
{
	return signature->id;
}

struct text signature_title(const struct signature *signature)
{
	return signature->title;
}

struct text signature_subsystem(const struct signature *signature)
{
	return signature->subsystem;
}

struct text signature_path(const struct signature *signature)
{
	return signature->path;
}

size_t signature_symptom_count(const struct signature *signature)
{
	return signature->symptom_count;
}

const char *affected_name(enum affected affected)
{
	static const char *const names[] = {
		[AFFECTED_UNKNOWN] = "unknown",
		[AFFECTED_NO] = "no",
		[AFFECTED_YES] = "yes",
	};

	return names[affected];
}
