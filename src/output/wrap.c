/* Fitting texts into the columns of a terminal. */
#include "output/page.h"

#include "output/character.h"
#include "output/safe.h"

static const struct text ellipsis = { "...", 3 };

/* The longest piece of t that fits the columns; at least one character, so that who breaks a text gets to its end. */
static struct text fitting(struct text t, size_t columns)
{
	size_t used = 0, bytes = 0, length;

	while (bytes < t.length) {
		used += character_columns(text_from_offset(t, bytes), &length);
		if (used > columns && bytes)
			break;
		bytes += length;
	}
	return text_first(t, bytes);
}

/* A word that no line holds: over as many lines as it takes. */
static void put_long_word(struct page *page, size_t hang, struct text word)
{
	for (;;) {
		struct text piece = fitting(word, page->width > page->column ? page->width - page->column : 1);
		page_text(page, piece);
		word = text_from_offset(word, piece.length);
		if (!word.length)
			return;
		page_newline(page);
		page_indent(page, hang);
	}
}

static void put_word(struct page *page, size_t hang, struct text word, bool apart)
{
	size_t columns = text_columns(word), room = page->width > page->column ? page->width - page->column : 0;

	if (columns + apart <= room) {
		page_indent(page, page->column + apart);
		page_text(page, word);
		return;
	}
	if (apart || page->column > hang) {
		page_newline(page);
		page_indent(page, hang);
	}
	if (columns > page->width - hang && text_find(word, "://") == SIZE_MAX)
		put_long_word(page, hang, word);
	else
		page_text(page, word);
}

/* Does a word, not a blank, stand before? */
static bool follows_word(const struct page *page)
{
	char last = page->length ? page->bytes[page->length - 1] : '\n';

	return last != ' ' && last != '\n';
}

static void put_words(struct page *page, size_t hang, struct text t, bool apart)
{
	struct text rest = safe_lines(&page->arena, t); /* a line feed is as good as a blank, in a signature's prose */

	apart = (apart || text_starts(rest, " ")) && follows_word(page);
	while (rest.length) {
		size_t end = 0;
		while (end < rest.length && rest.data[end] != ' ' && rest.data[end] != '\n')
			end++;
		if (end) {
			put_word(page, hang, text_first(rest, end), apart);
			apart = true;
		}
		rest = text_from_offset(rest, end + 1);
	}
}

void page_wrap(struct page *page, size_t hang, struct text t)
{
	put_words(page, hang, t, false);
}

void page_wrap_apart(struct page *page, size_t hang, struct text t)
{
	put_words(page, hang, t, true);
}

void page_cut(struct page *page, struct text t)
{
	struct text safe = safe_text(&page->arena, t);
	size_t room = page->width > page->column ? page->width - page->column : 0;

	if (text_columns(safe) <= room) {
		page_text(page, safe);
	} else if (room > ellipsis.length + 1) { /* a character may be two columns wide */
		page_text(page, fitting(safe, room - ellipsis.length));
		page_text(page, ellipsis);
	}
}

void page_heading(struct page *page, struct text heading)
{
	page_gap(page);
	page_color_on(page, COLOR_BOLD);
	page_wrap(page, 2, heading);
	page_color_off(page);
	page_newline(page);
}

void page_labelled(struct page *page, size_t indent, size_t hang, const char *label, struct text t)
{
	page_indent(page, indent);
	page_string(page, label);
	page_indent(page, hang);
	page_wrap(page, hang, t);
	page_newline(page);
}
