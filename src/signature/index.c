/* The index from function names to symptoms. */
#include "signature/index.h"

#include "signature/catalogue.h"

/* The clauses that may name a function which a crash must have. */
static const enum clause_type indexed_clauses[] = { CLAUSE_INSTRUCTION_POINTER, CLAUSE_CULPRIT, CLAUSE_TRACE };

static uint32_t hash_name(struct text name)
{
	uint64_t hash = text_hash(TEXT_HASH_START, name);

	return (uint32_t)(hash ^ hash >> 32);
}

static struct index_slot *find_slot(const struct index *index, struct text name, uint32_t hash)
{
	size_t at = hash & (index->slot_count - 1);

	while (index->slots[at].name.length && (index->slots[at].hash != hash || !text_equal(index->slots[at].name, name)))
		at = (at + 1) & (index->slot_count - 1);
	return &index->slots[at];
}

/*
 * The list to file a symptom under: of the first of its names that nobody uses yet; else of the one that the fewest use.
 */
static struct index_slot *choose_slot(const struct index *index, const struct symptom *symptom)
{
	struct index_slot *chosen = NULL;

	for (size_t c = 0; c < sizeof indexed_clauses / sizeof indexed_clauses[0]; c++) {
		const struct clause *clause = symptom->clauses[indexed_clauses[c]];
		for (size_t m = 0; clause && m < clause->matcher_count; m++) {
			struct text name = clause->matchers[m].name;
			uint32_t hash = hash_name(name);
			if (clause->matchers[m].pattern)
				continue;
			struct index_slot *slot = find_slot(index, name, hash);
			if (!slot->name.length) {
				*slot = (struct index_slot){ .name = name, .hash = hash, .first = INDEX_END };
				return slot;
			}
			if (!chosen || slot->filed < chosen->filed)
				chosen = slot;
		}
	}
	return chosen;
}

static bool allocate(struct index *index, struct signature *const *signatures, size_t count)
{
	size_t symptoms = 0;

	for (size_t i = 0; i < count; i++)
		symptoms += signatures[i]->symptom_count;
	index->slot_count = 16;
	while (index->slot_count < symptoms * 2)
		index->slot_count *= 2;
	index->slots = arena_alloc(&index->arena, index->slot_count * sizeof *index->slots);
	index->entries = arena_alloc(&index->arena, symptoms * sizeof *index->entries);
	return index->slots && index->entries;
}

static void file_symptom(struct index *index, const struct symptom *symptom, size_t signature_number, size_t symptom_number)
{
	struct index_slot *slot = choose_slot(index, symptom);
	uint32_t *list = slot ? &slot->first : &index->always;

	index->entries[index->entry_count] = (struct index_entry){
		.signature = (uint32_t)signature_number,
		.symptom = (uint32_t)symptom_number,
		.next = *list,
	};
	*list = (uint32_t)index->entry_count++;
	if (slot)
		slot->filed++;
}

bool index_build(struct index *index, struct signature *const *signatures, size_t count)
{
	*index = (struct index){ .always = INDEX_END };
	if (!allocate(index, signatures, count)) {
		index_free(index);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t s = 0; s < signatures[i]->symptom_count; s++)
			file_symptom(index, &signatures[i]->symptoms[s], i, s);
	return true;
}

void index_free(struct index *index)
{
	arena_free(&index->arena);
	*index = (struct index){ .always = INDEX_END };
}

uint32_t index_find(const struct index *index, struct text name)
{
	if (!index->slot_count || !name.length)
		return INDEX_END;
	const struct index_slot *slot = find_slot(index, name, hash_name(name));
	return slot->name.length ? slot->first : INDEX_END;
}
