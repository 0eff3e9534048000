/* The build id of a module, by the notes of its file that stay in memory. Private to stacks/. */
#ifndef STACKS_MODULE_NOTES_H
#define STACKS_MODULE_NOTES_H

#include "base/arena.h"
#include "stacks/types.h"

/* Where struct module and what hangs from it have their members, in this kernel. */
struct module_notes {
	bool known, has_count;
	struct type_member attributes, count, first, bytes, size;
	uint64_t each; /* bytes from one to the next */
};

void module_notes_know(struct types *types, struct module_notes *notes);

/* Of the struct module there. Hex digits, in the arena; empty: not known. */
struct text module_notes_build_id(struct dump *dump, const struct module_notes *notes, uint64_t module, struct arena *arena);

#endif
