/* Why a signature matched or did not: for each crash, each symptom, each clause what was asked for and what there is. */
#include "output/output.h"

#include "output/advice.h"
#include "output/describe.h"
#include "output/page.h"
#include "output/safe.h"

enum { SYMPTOM_COLUMN = 2, CLAUSE_COLUMN = 4, DETAIL_COLUMN = 8, VALUE_COLUMN = 18 };

static void write_clause(struct page *page, const struct explained_clause *clause)
{
	page_indent(page, CLAUSE_COLUMN);
	page_string(page, clause->holds ? "ok  " : "no  ");
	page_string(page, clause->clause);
	if (clause->line)
		page_print(page, ", line %zu", clause->line);
	page_newline(page);
	page_labelled(page, DETAIL_COLUMN, VALUE_COLUMN, "expected", clause->expected);
	page_labelled(page, DETAIL_COLUMN, VALUE_COLUMN, "found", clause->found.length ? clause->found : TEXT("nothing"));
}

static void write_symptom(struct page *page, const struct explained_symptom *symptom)
{
	page_indent(page, SYMPTOM_COLUMN);
	page_string(page, symptom->matches ? "matches:" : "does not match:");
	page_wrap_apart(page, CLAUSE_COLUMN, symptom->name);
	page_newline(page);
	for (size_t i = 0; i < symptom->clause_count; i++)
		write_clause(page, &symptom->clauses[i]);
}

static void write_crash(struct page *page, const struct crash *crash, const struct explanation *explanation)
{
	struct text reason = safe_text(&page->arena, explanation->affected_reason);
	struct text title = describe_title(&page->arena, crash), origin = describe_origin(&page->arena, crash);

	page_heading(page, arena_print(&page->arena, "Crash %s%.*s: %.*s", crash->line ? "at " : "", TEXT_ARGS(origin),
				       TEXT_ARGS(title)));
	if (is_hardware_crash(crash))
		page_labelled(page, 0, SYMPTOM_COLUMN, "", TEXT("a hardware error: no signature is matched to it"));
	for (size_t i = 0; i < explanation->symptom_count && !is_hardware_crash(crash); i++)
		write_symptom(page, &explanation->symptoms[i]);
	page_indent(page, SYMPTOM_COLUMN);
	page_wrap(page, CLAUSE_COLUMN,
		  arena_print(&page->arena, "affected: %s%s%.*s", affected_name(explanation->affected),
			      reason.length ? ": " : "", TEXT_ARGS(reason)));
	page_newline(page);
}

bool output_explanation(FILE *out, const struct verdict *verdict, const struct signature *signature,
			const struct explanation *explanations, const struct output_style *style)
{
	struct page page = page_new(style);

	page_wrap(&page, SYMPTOM_COLUMN, verdict->path);
	page_wrap(&page, SYMPTOM_COLUMN, TEXT(": against the signature"));
	page_wrap_apart(&page, SYMPTOM_COLUMN, signature_id(signature));
	page_wrap(&page, SYMPTOM_COLUMN, TEXT(":"));
	page_wrap_apart(&page, SYMPTOM_COLUMN, signature_title(signature));
	page_newline(&page);
	if (!verdict->crashes.count)
		page_labelled(&page, 0, SYMPTOM_COLUMN, "", TEXT("no crash found: there is nothing to match"));
	for (size_t i = 0; i < verdict->crashes.count; i++)
		write_crash(&page, verdict->crashes.items[i], &explanations[i]);
	return page_write(&page, out);
}
