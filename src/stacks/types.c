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
	/*
	 * One of them. BTF is made of the kernel's DWARF, by pahole(1) when it is linked: what BTF does not know is not
	 * there either, and looking for it would take longer than all else.
	 */
	struct btf *btf;
	struct debuginfo *debuginfo;
	struct answer answers[ANSWERS_KEPT];
	size_t next; /* the one that the next question replaces */
};

struct types *types_open(struct dump *dump, struct symbols *symbols, struct debuginfo *debuginfo, struct error *error)
{
	struct types *types = calloc(1, sizeof *types);

	if (!types) {
		error_out_of_memory(error);
		return NULL;
	}
	types->btf = btf_open(dump, symbols, error);
	/* Debuginfo may be of lines alone. Every kernel has tasks. */
	if (!types->btf && debuginfo && debuginfo_structure_size(debuginfo, "task_struct"))
		types->debuginfo = debuginfo;
	if (types->btf || types->debuginfo)
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
	return types->btf ? "BTF" : "debuginfo";
}

static bool find_member(struct types *types, const char *structure, const char *path, struct type_member *member)
{
	struct debuginfo_member found;

	if (types->btf)
		return btf_member(types->btf, structure, path, member);
	if (!debuginfo_member(types->debuginfo, structure, path, &found))
		return false;
	*member = (struct type_member){ found.offset, found.size };
	return true;
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
	answer->found = find_member(types, structure, path, &answer->member);
	*member = answer->member;
	return answer->found;
}

bool types_element(struct types *types, const char *structure, const char *path, struct type_member *element,
		   uint64_t *count)
{
	struct debuginfo_member found;

	if (types->btf)
		return btf_element(types->btf, structure, path, element, count);
	if (!debuginfo_element(types->debuginfo, structure, path, &found, count))
		return false;
	*element = (struct type_member){ found.offset, found.size };
	return true;
}

bool types_enumerator(struct types *types, const char *name, uint64_t *value)
{
	return types->btf ? btf_enumerator(types->btf, name, value) : debuginfo_enumerator(types->debuginfo, name, value);
}

uint64_t types_size(struct types *types, const char *structure)
{
	return types->btf ? btf_size(types->btf, structure) : debuginfo_structure_size(types->debuginfo, structure);
}
