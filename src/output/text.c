/* The report on a terminal: sections indented by two, fitted to the width; only commands and URLs may be longer. */
#include "output/output.h"

#include "output/page.h"
#include "output/report.h"
#include "output/safe.h"

enum {
	INDENT = 2,
	FACT_COLUMN = INDENT + FACT_LABEL_LONGEST + 2,
	COMMAND_COLUMN = 7,
	EVIDENCE_TEXT_LEAST = 24, /* columns: with less left on the line, the text goes on a line of its own */
};

static void text_opening(struct page *page, const struct opening *opening)
{
	page_wrap(page, INDENT, opening->path);
	page_wrap(page, INDENT, TEXT(":"));
	page_color_on(page, opening->color);
	page_wrap_apart(page, INDENT, text_from(opening->word));
	page_color_off(page);
	page_wrap(page, INDENT, text_from(opening->rest));
	if (opening->incomplete)
		page_wrap_apart(page, INDENT, TEXT("(the input could be read only in part)"));
	page_newline(page);
}

static void text_heading(struct page *page, const char *heading)
{
	page_heading(page, text_from(heading));
}

static void text_paragraph(struct page *page, struct text prose)
{
	page_indent(page, INDENT);
	page_wrap(page, INDENT, prose);
	page_newline(page);
}

static void text_facts(struct page *page, const struct fact_list *facts)
{
	for (size_t i = 0; i < facts->count; i++)
		page_labelled(page, INDENT, FACT_COLUMN, facts->items[i].label, facts->items[i].value);
}

static void text_trace(struct page *page, const struct text *lines, size_t count, size_t left_out)
{
	for (size_t i = 0; i < count; i++)
		page_labelled(page, INDENT, FACT_COLUMN, i ? "" : "call trace", lines[i]);
	if (left_out)
		page_labelled(page, INDENT, FACT_COLUMN, "", arena_print(&page->arena, "(and %zu more)", left_out));
}

static size_t digits(size_t number)
{
	size_t count = 1;

	for (; number >= 10; number /= 10)
		count++;
	return count;
}

/* "  line 10  instruction_pointer  RIP: 0010:kmem_cache_alloc+0x74/0x1f0": columns as wide as they need to be. */
static void text_evidence(struct page *page, const struct evidence *evidence, size_t count)
{
	size_t line_width = 0, clause_width = 0;

	for (size_t i = 0; i < count; i++) {
		size_t clause = text_from(evidence[i].clause).length;
		if (evidence[i].line && digits(evidence[i].line) > line_width)
			line_width = digits(evidence[i].line);
		if (clause > clause_width)
			clause_width = clause;
	}
	size_t clause_column = line_width ? INDENT + 5 + line_width + 2 : INDENT;
	size_t text_column = clause_column + clause_width + 2;
	for (size_t i = 0; i < count; i++) {
		page_indent(page, INDENT);
		if (evidence[i].line)
			page_print(page, "line %*zu", (int)line_width, evidence[i].line);
		page_indent(page, clause_column);
		page_string(page, evidence[i].clause);
		if (text_column + EVIDENCE_TEXT_LEAST > page->width) {
			page_newline(page);
			page_indent(page, 2 * INDENT);
		} else {
			page_indent(page, text_column);
		}
		page_cut(page, text_trim(evidence[i].text));
		page_newline(page);
	}
}

/* Each line of a command is whole and stands alone, so that it can be copied. */
static void text_command(struct page *page, struct text command)
{
	struct text rest = safe_lines(&page->arena, command);

	while (rest.length) {
		struct text line = text_first(rest, text_find_char(rest, '\n'));
		rest = text_from_offset(rest, line.length + 1);
		page_indent(page, COMMAND_COLUMN);
		page_text(page, line);
		page_newline(page);
	}
}

static void text_remedy(struct page *page, size_t number, const struct remedy *remedy, bool conditional)
{
	page_indent(page, INDENT);
	page_print(page, "%zu. ", number);
	size_t hang = page->column;
	page_wrap(page, hang, remedy->text);
	if (conditional && remedy->condition.length) {
		page_wrap_apart(page, hang, TEXT("(only for kernels"));
		page_wrap_apart(page, hang, remedy->condition);
		page_wrap(page, hang, TEXT(")"));
	}
	page_newline(page);
	text_command(page, remedy->command);
}

static void text_item(struct page *page, const struct item *item)
{
	page_indent(page, INDENT);
	if (item->place.length) {
		page_text(page, item->place);
		page_indent(page, page->column + 2);
	}
	size_t hang = item->place.length ? 2 * INDENT : INDENT;
	page_wrap(page, hang, item->literal);
	if (item->literal.length && item->remark.length)
		page_wrap(page, hang, TEXT(":"));
	page_wrap_apart(page, hang, item->remark);
	page_newline(page);
}

const struct form text_form = {
	.opening = text_opening,
	.heading = text_heading,
	.title = text_paragraph,
	.paragraph = text_paragraph,
	.facts = text_facts,
	.trace = text_trace,
	.evidence = text_evidence,
	.remedy = text_remedy,
	.item = text_item,
	.reference = text_paragraph,
};

bool output_text(FILE *out, const struct verdict *verdict, const struct output_style *style)
{
	struct page page = page_new(style);

	report(&page, &text_form, verdict);
	return page_write(&page, out);
}
