/*
 * From the name of a function to the symptoms that ask for it. Each symptom is filed under one name only that it cannot do
 * without: one that few others are filed under, so that a name everybody has (kmem_cache_alloc) does not collect them all.
 * Private to signature/.
 */
#ifndef SIGNATURE_INDEX_H
#define SIGNATURE_INDEX_H

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

struct signature;

struct index_entry {
	uint32_t signature, symptom; /* their numbers */
	uint32_t next;               /* in the list of the same name; INDEX_END */
};

#define INDEX_END UINT32_MAX

struct index_slot {
	struct text name; /* empty: nobody uses the slot */
	uint32_t hash;
	uint32_t filed; /* how many symptoms are filed here */
	uint32_t first; /* of them */
};

struct index {
	struct arena arena;
	struct index_slot *slots; /* a hash table, half empty at least; open addressing */
	size_t slot_count;        /* a power of two */
	struct index_entry *entries;
	size_t entry_count;
	uint32_t always; /* the list of those that ask for no function by name */
};

/* False: out of memory, and the index is empty. */
bool index_build(struct index *index, struct signature *const *signatures, size_t count);
void index_free(struct index *index);

/* The first entry filed under the name, or INDEX_END. */
uint32_t index_find(const struct index *index, struct text name);

#endif
