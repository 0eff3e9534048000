/* Members by their path, whichever source tells of a structure. */
#include "stacks/types.h"

#include "stacks/types_btf.h"

#include <stdlib.h>
#include <string.h>

enum { ANSWERS_KEPT = 64 };

/* The same is asked for every CPU and every module. */
struct answer {
	const char *structure, *path; /* as they were asked for: constants of the program; NULL: none yet */
	bool found;
	struct type_member member;
};

struct types {
	struct btf *btf;
	struct answer answers[ANSWERS_KEPT];
	size_t next; /* the one that the next question replaces */
};

struct types *types_from_btf(struct dump *dump, struct symbols *symbols, struct error *error)
{
	struct types *types = calloc(1, sizeof *types);

	if (!types) {
		error_out_of_memory(error);
		return NULL;
	}
	types->btf = btf_open(dump, symbols, error);
	if (types->btf)
		return types;
	free(types);
	return NULL;
}

void types_close(struct types *types)
{
	if (!types)
		return;
	btf_close(types->btf);
	free(types);
}

const char *types_origin(const struct types *types)
{
	(void)types;
	return "BTF";
}

bool types_member(struct types *types, const char *structure, const char *path, struct type_member *member)
{
	for (size_t i = 0; i < ANSWERS_KEPT; i++) {
		const struct answer *answer = &types->answers[i];
		if (!answer->structure || strcmp(answer->structure, structure) != 0 || strcmp(answer->path, path) != 0)
			continue;
		*member = answer->member;
		return answer->found;
	}
	struct answer *answer = &types->answers[types->next];
	types->next = (types->next + 1) % ANSWERS_KEPT;
	*answer = (struct answer){ structure, path, false, { 0 } };
	answer->found = btf_member(types->btf, structure, path, &answer->member);
	*member = answer->member;
	return answer->found;
}

bool types_element(struct types *types, const char *structure, const char *path, struct type_member *element,
		   uint64_t *count)
{
	return btf_element(types->btf, structure, path, element, count);
}

bool types_enumerator(struct types *types, const char *name, uint64_t *value)
{
	return btf_enumerator(types->btf, name, value);
}

uint64_t types_size(struct types *types, const char *structure)
{
	return btf_size(types->btf, structure);
}
