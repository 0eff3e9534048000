/*
 * Where the members of the kernel's structures lie: from the type information that the kernel carries in its own memory
 * (BTF, CONFIG_DEBUG_INFO_BTF, since 5.2: Documentation/bpf/btf.rst); from debuginfo where it carries none that can be
 * read.
 */
#ifndef STACKS_TYPES_H
#define STACKS_TYPES_H

#include "base/error.h"
#include "debuginfo/debuginfo.h"
#include "stacks/symbols.h"

struct types;

struct type_member {
	uint64_t offset; /* bytes from the structure's beginning */
	uint64_t size;   /* bytes of the member; 0: not known, or it is a bit-field */
};

/* debuginfo may be NULL. NULL: *error says what is amiss with the BTF. The dump and the debuginfo must outlive it. */
struct types *types_open(struct dump *dump, struct symbols *symbols, struct debuginfo *debuginfo, struct error *error);
void types_close(struct types *types); /* NULL is allowed */

/* "BTF", or "debuginfo". */
const char *types_origin(const struct types *types);

/*
 * A member by its path: types_member(types, "task_struct", "sched_info.last_arrival", &member). Members of anonymous
 * structures and unions count as their parent's. Both names must be constants: answers are kept by them. False: there is no
 * such thing in this kernel.
 */
bool types_member(struct types *types, const char *structure, const char *path, struct type_member *member);

/* As types_member(), of a member that is an array: where its first element lies, bytes of one; and how many there are. */
bool types_element(struct types *types, const char *structure, const char *path, struct type_member *element,
		   uint64_t *count);

/* The value of an enumerator, of whichever enumeration: "MOD_TEXT". */
bool types_enumerator(struct types *types, const char *name, uint64_t *value);

/* Bytes of a structure; 0: not known. */
uint64_t types_size(struct types *types, const char *structure);

#endif
