/* Explanations: why a signature matched a crash or did not, clause by clause. */
#include "signature/signature.h"

#include "signature/clause.h"
#include "signature/range.h"

static bool explain_symptom(struct trial *trial, const struct symptom *symptom, struct arena *arena,
			    struct explained_symptom *explained)
{
	explained->name = symptom->name;
	explained->matches = true;
	for (size_t type = 0; type < CLAUSE_TYPE_COUNT; type++) {
		const struct clause *clause = symptom->clauses[type];
		size_t count = clause ? clause_row_count(clause) : 0;
		struct clause_row *rows = clause ? arena_alloc(arena, count * sizeof *rows) : NULL;
		if (rows && !clause_test(trial, clause, (enum clause_type)type, rows))
			explained->matches = false;
		for (size_t i = 0; rows && i < count; i++) {
			struct explained_clause *row =
				arena_push(arena, &explained->clauses, &explained->clause_count, sizeof *row);
			if (!row)
				return false;
			row->clause = clause_name((enum clause_type)type);
			row->expected = clause_expected(arena, clause, (enum clause_type)type, i);
			row->found = clause_found(arena, trial->crash, (enum clause_type)type, &rows[i]);
			row->holds = rows[i].holds;
			if (rows[i].record < trial->crash->record_count)
				row->line = trial->crash->records[rows[i].record].line;
		}
	}
	return !arena->failed;
}

bool signature_explain(struct catalogue *catalogue, const struct signature *signature, const struct crash *crash,
		       const struct release *release, struct explanation *explanation, struct error *error)
{
	if (!catalogue_prepare(catalogue))
		return error_out_of_memory(error);
	struct trial trial = { .crash = crash, .patterns = catalogue->patterns };
	size_t count = signature->symptom_count;
	explanation->symptoms = arena_alloc(&explanation->arena, count * sizeof *explanation->symptoms);
	if (!explanation->symptoms)
		return error_out_of_memory(error);
	for (size_t i = 0; i < count; i++) {
		explanation->symptom_count++;
		if (!explain_symptom(&trial, &signature->symptoms[i], &explanation->arena, &explanation->symptoms[i]))
			return error_out_of_memory(error);
	}
	explanation->affected = range_judge(signature, release, &explanation->arena, &explanation->affected_reason);
	if (trial.out_of_memory || explanation->arena.failed)
		return error_out_of_memory(error);
	return true;
}

void explanation_free(struct explanation *explanation)
{
	arena_free(&explanation->arena);
	*explanation = (struct explanation){ 0 };
}
