/*
 * The report as CommonMark, for a ticket. Words of the log stand in code spans and fenced blocks, where no markup, HTML,
 * link or mention takes effect; in prose every character that could begin markup gets a backslash.
 */
#include "output/output.h"

#include "output/page.h"
#include "output/report.h"
#include "output/safe.h"

#include <string.h>

/* The longest run of backticks in t: a code span or fence around t needs one more. */
static size_t longest_run(struct text t)
{
	size_t longest = 0, run = 0;

	for (size_t i = 0; i < t.length; i++) {
		run = t.data[i] == '`' ? run + 1 : 0;
		if (run > longest)
			longest = run;
	}
	return longest;
}

static void backticks(struct page *page, size_t count)
{
	while (count--)
		page_raw(page, "`", 1);
}

/* Blanks keep the mark apart from backticks of the text, and stay out of the span when there is one at both ends. */
static void put_code(struct page *page, struct text t)
{
	struct text code = text_trim(safe_text(&page->arena, t));
	size_t mark = longest_run(code) + 1;

	if (!code.length)
		return;
	backticks(page, mark);
	page_string(page, mark > 1 ? " " : "");
	page_text(page, code);
	page_string(page, mark > 1 ? " " : "");
	backticks(page, mark);
}

static bool at_word_end(struct text t, size_t i)
{
	return i + 1 >= t.length || t.data[i + 1] == ' ' || t.data[i + 1] == '\n';
}

/* Would this character of prose begin markup, a link, an emoji or a list? */
static bool is_markup(struct text t, size_t i)
{
	char c = t.data[i];

	if (strchr("\\`*_{}[]<>#|~&!@$", c))
		return true;
	if (c == ':') /* "http://", ":emoji:" */
		return !at_word_end(t, i);
	if (c == '.' && i && (t.data[i - 1] == 'w' || t.data[i - 1] == 'W')) /* "www.", a link without a scheme */
		return true;
	if (strchr("+-=", c))
		return i == 0;
	if (c == '.' || c == ')') { /* "12. " begins a list */
		size_t first = i;
		while (first && t.data[first - 1] >= '0' && t.data[first - 1] <= '9')
			first--;
		return first == 0 && i > 0;
	}
	return false;
}

/* One paragraph's worth of words: line feeds become blanks. */
static void put_prose(struct page *page, struct text t)
{
	struct text prose = text_trim(safe_lines(&page->arena, t));

	while (text_eat_char(&prose, '\n'))
		text_eat_blanks(&prose);
	size_t begin = 0;
	for (size_t i = 0; i < prose.length; i++) {
		bool markup = is_markup(prose, i);
		if (!markup && prose.data[i] != '\n')
			continue;
		page_raw(page, prose.data + begin, i - begin);
		page_raw(page, markup ? "\\" : " ", 1);
		begin = markup ? i : i + 1;
	}
	if (begin < prose.length)
		page_raw(page, prose.data + begin, prose.length - begin);
}

/* A block of lines as they are, its fence longer than any in them; indented when it belongs to an item of a list. */
static void put_fenced(struct page *page, size_t indent, const char *language, struct text lines)
{
	struct text rest = lines;
	size_t run = longest_run(lines), mark = run < 3 ? 3 : run + 1;

	page_gap(page);
	page_indent(page, indent);
	backticks(page, mark);
	page_string(page, language);
	page_newline(page);
	while (rest.length) {
		struct text line = text_first(rest, text_find_char(rest, '\n'));
		rest = text_from_offset(rest, line.length + 1);
		page_indent(page, indent);
		page_text(page, line);
		page_newline(page);
	}
	page_indent(page, indent);
	backticks(page, mark);
	page_newline(page);
}

static void markdown_opening(struct page *page, const struct opening *opening)
{
	page_string(page, "## ");
	put_code(page, opening->path);
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
	put_code(page, title);
	page_newline(page);
}

static void markdown_paragraph(struct page *page, struct text prose)
{
	page_gap(page);
	put_prose(page, prose);
	page_newline(page);
}

static void markdown_facts(struct page *page, const struct fact_list *facts)
{
	page_gap(page);
	for (size_t i = 0; i < facts->count; i++) {
		page_print(page, "- %s: ", facts->items[i].label);
		put_code(page, facts->items[i].value);
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
	put_fenced(page, 0, "", all);
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
	put_fenced(page, 0, "", all);
}

static void markdown_remedy(struct page *page, size_t number, const struct remedy *remedy, bool conditional)
{
	page_gap(page);
	page_print(page, "%zu. ", number);
	size_t indent = page->column;
	put_prose(page, remedy->text);
	if (conditional && remedy->condition.length) {
		page_string(page, " (only for kernels ");
		put_code(page, remedy->condition);
		page_string(page, ")");
	}
	page_newline(page);
	if (remedy->command.length)
		put_fenced(page, indent, "sh", safe_lines(&page->arena, remedy->command));
}

static void markdown_item(struct page *page, const struct item *item)
{
	page_string(page, "- ");
	put_prose(page, item->place);
	page_string(page, item->place.length ? ": " : "");
	put_code(page, item->literal);
	page_string(page, item->literal.length && item->remark.length ? ": " : "");
	put_prose(page, item->remark);
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
		put_prose(page, safe);
	}
	page_newline(page);
}

static const struct form markdown_form = {
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
