/* The report as CommonMark, for a ticket. */
#include "output/output.h"

#include "output/markdown_words.h"
#include "output/page.h"
#include "output/report.h"
#include "output/safe.h"

#include <string.h>

static void markdown_opening(struct page *page, const struct opening *opening)
{
	page_string(page, "## ");
	markdown_code(page, opening->path);
	page_string(page, ": ");
	page_string(page, opening->word);
	page_string(page, opening->rest);
	page_string(page, opening->incomplete ? " (the input could be read only in part)" : "");
	page_newline(page);
}

static void markdown_heading(struct page *page, const char *heading)
{
	page_gap(page);
	page_string(page, "### ");
	page_string(page, heading);
	page_newline(page);
	page_gap(page);
}

static void markdown_title(struct page *page, struct text title)
{
	page_gap(page);
	markdown_code(page, title);
	page_newline(page);
}

static void markdown_paragraph(struct page *page, struct text prose)
{
	page_gap(page);
	markdown_prose(page, prose);
	page_newline(page);
}

static void markdown_facts(struct page *page, const struct fact_list *facts)
{
	page_gap(page);
	for (size_t i = 0; i < facts->count; i++) {
		page_print(page, "- %s: ", facts->items[i].label);
		markdown_code(page, facts->items[i].value);
		page_newline(page);
	}
}

static void markdown_trace(struct page *page, const struct text *lines, size_t count, size_t left_out)
{
	struct arena *arena = &page->arena;
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < count; i++)
		all = arena_print(arena, "%.*s%.*s\n", TEXT_ARGS(all), TEXT_ARGS(lines[i]));
	if (left_out)
		all = arena_print(arena, "%.*s(and %zu more)\n", TEXT_ARGS(all), left_out);
	markdown_paragraph(page, TEXT("Call trace:"));
	markdown_fenced(page, 0, "", all);
}

static void markdown_evidence(struct page *page, const struct evidence *evidence, size_t count)
{
	struct arena *arena = &page->arena;
	struct text all = TEXT_NONE;

	for (size_t i = 0; i < count; i++) {
		struct text line = evidence[i].line ? arena_print(arena, "line %zu: ", evidence[i].line) : TEXT_NONE;
		struct text shown = safe_text(arena, evidence[i].text);
		all = arena_print(arena, "%.*s%.*s%s: %.*s\n", TEXT_ARGS(all), TEXT_ARGS(line), evidence[i].clause,
				  TEXT_ARGS(shown));
	}
	markdown_fenced(page, 0, "", all);
}

static void markdown_remedy(struct page *page, size_t number, const struct remedy *remedy, bool conditional)
{
	page_gap(page);
	page_print(page, "%zu. ", number);
	size_t indent = page->column;
	markdown_prose(page, remedy->text);
	if (conditional && remedy->condition.length) {
		page_string(page, " (only for kernels ");
		markdown_code(page, remedy->condition);
		page_string(page, ")");
	}
	page_newline(page);
	if (remedy->command.length)
		markdown_fenced(page, indent, "sh", safe_lines(&page->arena, remedy->command));
}

static void markdown_item(struct page *page, const struct item *item)
{
	page_string(page, "- ");
	markdown_prose(page, item->place);
	page_string(page, item->place.length ? ": " : "");
	markdown_code(page, item->literal);
	page_string(page, item->literal.length && item->remark.length ? ": " : "");
	markdown_prose(page, item->remark);
	page_newline(page);
}

/* Only the web's own schemes become links. */
static void markdown_reference(struct page *page, struct text url)
{
	struct text safe = safe_text(&page->arena, url);
	bool link = text_starts(safe, "https://") || text_starts(safe, "http://");

	for (size_t i = 0; i < safe.length; i++)
		link = link && !strchr(" <>\\", safe.data[i]);
	page_string(page, "- ");
	if (link) {
		page_string(page, "<");
		page_text(page, safe);
		page_string(page, ">");
	} else {
		markdown_prose(page, safe);
	}
	page_newline(page);
}

const struct form markdown_form = {
	.opening = markdown_opening,
	.heading = markdown_heading,
	.title = markdown_title,
	.paragraph = markdown_paragraph,
	.facts = markdown_facts,
	.trace = markdown_trace,
	.evidence = markdown_evidence,
	.remedy = markdown_remedy,
	.item = markdown_item,
	.reference = markdown_reference,
};

bool output_markdown(FILE *out, const struct verdict *verdict)
{
	struct page page = page_new(NULL);

	report(&page, &markdown_form, verdict);
	return page_write(&page, out);
}
