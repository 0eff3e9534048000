/* Matching: from a crash to the signatures that know it. */
#include "signature/signature.h"

#include "crash/kind.h"
#include "signature/clause.h"
#include "signature/range.h"
#include "signature/remedy.h"

#include <stdlib.h>

/* What one call works on. */
struct matching {
	struct catalogue *catalogue;
	struct trial trial;
	const struct release *release;
	size_t crash_index;
	struct finding_list *findings;
	struct arena scratch;
	struct index_entry *candidates; /* symptoms that the index offered, perhaps twice */
	size_t candidate_count;
};

static void add_candidates(struct matching *matching, uint32_t entry)
{
	const struct index *index = &matching->catalogue->index;

	for (; entry != INDEX_END; entry = index->entries[entry].next) {
		struct index_entry *candidate =
			arena_push(&matching->scratch, &matching->candidates, &matching->candidate_count, sizeof *candidate);
		if (!candidate)
			return;
		*candidate = index->entries[entry];
	}
}

static bool was_seen(const struct crash *crash, size_t frame)
{
	for (size_t i = 0; i < frame; i++)
		if (crash->frames[i].reliable &&
		    text_equal(crash->frames[i].location.canonical, crash->frames[frame].location.canonical))
			return true;
	return false;
}

static void collect_candidates(struct matching *matching)
{
	const struct crash *crash = matching->trial.crash;
	const struct index *index = &matching->catalogue->index;

	add_candidates(matching, index->always);
	add_candidates(matching, index_find(index, crash->instruction_pointer.canonical));
	add_candidates(matching, index_find(index, crash->culprit));
	for (size_t i = 0; i < crash->frame_count; i++)
		if (crash->frames[i].reliable && !was_seen(crash, i))
			add_candidates(matching, index_find(index, crash->frames[i].location.canonical));
}

static int compare_candidates(const void *a, const void *b)
{
	const struct index_entry *left = a, *right = b;

	if (left->signature != right->signature)
		return left->signature < right->signature ? -1 : 1;
	return (left->symptom > right->symptom) - (left->symptom < right->symptom);
}

/* Cheap clauses come first in the order of types, so most symptoms are out before a pattern is tried. */
static bool symptom_holds(struct matching *matching, const struct symptom *symptom)
{
	for (size_t type = 0; type < CLAUSE_TYPE_COUNT; type++) {
		const struct clause *clause = symptom->clauses[type];
		if (!clause)
			continue;
		struct clause_row *rows = arena_alloc(&matching->scratch, clause_row_count(clause) * sizeof *rows);
		if (!rows || !clause_test(&matching->trial, clause, (enum clause_type)type, rows))
			return false;
	}
	return true;
}

static void add_evidence(struct matching *matching, const struct symptom *symptom, struct finding *finding)
{
	const struct crash *crash = matching->trial.crash;
	struct arena *arena = &matching->findings->arena;

	for (size_t type = 0; type < CLAUSE_TYPE_COUNT; type++) {
		const struct clause *clause = symptom->clauses[type];
		size_t count = clause ? clause_row_count(clause) : 0;
		struct clause_row *rows = clause ? arena_alloc(&matching->scratch, count * sizeof *rows) : NULL;
		if (!rows)
			continue;
		clause_test(&matching->trial, clause, (enum clause_type)type, rows);
		for (size_t i = 0; i < count; i++) {
			struct evidence *evidence =
				arena_push(arena, &finding->evidence, &finding->evidence_count, sizeof *evidence);
			if (!evidence)
				return;
			evidence->clause = clause_name((enum clause_type)type);
			if (rows[i].record < crash->record_count) {
				evidence->line = crash->records[rows[i].record].line;
				evidence->text = crash->records[rows[i].record].text;
			}
		}
	}
}

static void add_finding(struct matching *matching, const struct signature *signature, const struct symptom *symptom)
{
	struct arena *arena = &matching->findings->arena;
	struct finding *finding = arena_push(arena, &matching->findings->items, &matching->findings->count, sizeof *finding);

	if (!finding)
		return;
	finding->signature = signature;
	finding->symptom = symptom->name;
	finding->crash = matching->crash_index;
	finding->affected = range_judge(signature, matching->release, arena, &finding->affected_reason);
	finding->fixed = signature->fixed.items;
	finding->fixed_count = signature->fixed.count;
	finding->references = signature->references.items;
	finding->reference_count = signature->references.count;
	add_evidence(matching, symptom, finding);
	remedy_add_all(arena, signature, matching->release, finding);
}

static void try_candidates(struct matching *matching)
{
	struct signature *found = NULL;

	if (matching->candidate_count)
		qsort(matching->candidates, matching->candidate_count, sizeof *matching->candidates, compare_candidates);
	for (size_t i = 0; i < matching->candidate_count && !matching->trial.out_of_memory; i++) {
		const struct index_entry *candidate = &matching->candidates[i];
		struct signature *signature = matching->catalogue->items[candidate->signature];
		if (signature == found || !symptom_holds(matching, &signature->symptoms[candidate->symptom]))
			continue;
		found = signature;
		add_finding(matching, signature, &signature->symptoms[candidate->symptom]);
	}
}

static int affected_rank(enum affected affected)
{
	static const int ranks[] = { [AFFECTED_YES] = 0, [AFFECTED_UNKNOWN] = 1, [AFFECTED_NO] = 2 };

	return ranks[affected];
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *left = a, *right = b;
	int order = affected_rank(left->affected) - affected_rank(right->affected);

	if (order)
		return order;
	if (left->evidence_count != right->evidence_count)
		return left->evidence_count > right->evidence_count ? -1 : 1;
	return text_compare(left->signature->id, right->signature->id);
}

bool signature_match(struct catalogue *catalogue, const struct crash *crash, size_t crash_index,
		     const struct release *release, struct finding_list *findings, struct error *error)
{
	struct matching matching = {
		.catalogue = catalogue,
		.release = release,
		.crash_index = crash_index,
		.findings = findings,
	};
	size_t before = findings->count;

	/* What the machine did to the kernel is no bug of the kernel's, whatever ran then. */
	if (crash_kind_row(crash->kind)->flags & CRASH_IS_HARDWARE)
		return true;
	if (!catalogue_prepare(catalogue))
		return error_out_of_memory(error);
	matching.trial = (struct trial){ .crash = crash, .patterns = catalogue->patterns };
	collect_candidates(&matching);
	try_candidates(&matching);
	if (findings->count > before)
		qsort(findings->items + before, findings->count - before, sizeof *findings->items, compare_findings);
	bool complete = !matching.scratch.failed && !matching.trial.out_of_memory && !findings->arena.failed;
	arena_free(&matching.scratch);
	return complete || error_out_of_memory(error);
}

void finding_list_free(struct finding_list *list)
{
	arena_free(&list->arena);
	*list = (struct finding_list){ 0 };
}
