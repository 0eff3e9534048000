/*
 * Words of the log stand in code spans and fenced blocks, where no markup, HTML, link or mention takes effect; in prose
 * every character that could begin markup gets a backslash.
 */
#include "output/markdown_words.h"

#include "output/safe.h"

#include <stdbool.h>
#include <stddef.h>
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
void markdown_code(struct page *page, struct text t)
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
void markdown_prose(struct page *page, struct text t)
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
void markdown_fenced(struct page *page, size_t indent, const char *language, struct text lines)
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
