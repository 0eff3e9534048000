/* A growing run of bytes that remembers in which column its last line ends. */
#include "output/page.h"

#include "output/character.h"
#include "output/safe.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 4096 };

static const char *const color_codes[] = {
	[COLOR_BOLD] = "\033[1m",
	[COLOR_GREEN] = "\033[1;32m",
	[COLOR_YELLOW] = "\033[1;33m",
	[COLOR_RED] = "\033[1;31m",
};

struct page page_new(const struct output_style *style)
{
	struct page page = { .width = SIZE_MAX };

	if (style) {
		page.color = style->color;
		page.width = style->width < PAGE_NARROWEST ? PAGE_NARROWEST : style->width;
	}
	return page;
}

bool page_write(struct page *page, FILE *out)
{
	bool whole = !page->failed && !page->arena.failed;

	if (whole && page->length)
		fwrite(page->bytes, 1, page->length, out);
	free(page->bytes);
	arena_free(&page->arena);
	*page = (struct page){ 0 };
	return whole;
}

static bool make_room(struct page *page, size_t length)
{
	size_t capacity = page->capacity ? page->capacity : FIRST_CAPACITY;

	if (page->failed || length > SIZE_MAX / 4) {
		page->failed = true;
		return false;
	}
	while (capacity - page->length < length)
		capacity *= 2;
	if (capacity == page->capacity)
		return true;
	char *grown = realloc(page->bytes, capacity);
	if (!grown) {
		page->failed = true;
		return false;
	}
	page->bytes = grown;
	page->capacity = capacity;
	return true;
}

void page_raw(struct page *page, const char *bytes, size_t length)
{
	if (!length || !make_room(page, length))
		return;
	memcpy(page->bytes + page->length, bytes, length);
	page->length += length;
}

void page_text(struct page *page, struct text t)
{
	struct text safe = safe_text(&page->arena, t);

	page_raw(page, safe.data, safe.length);
	page->column += text_columns(safe);
}

void page_string(struct page *page, const char *string)
{
	page_text(page, text_from(string));
}

void page_print(struct page *page, const char *format, ...)
{
	char line[256]; /* for numbers and the program's own words: texts have page_text() */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	page_string(page, line);
}

void page_indent(struct page *page, size_t columns)
{
	while (page->column < columns) {
		page_raw(page, " ", 1);
		page->column++;
	}
}

void page_newline(struct page *page)
{
	while (page->length && page->bytes[page->length - 1] == ' ')
		page->length--;
	page_raw(page, "\n", 1);
	page->column = 0;
}

void page_gap(struct page *page)
{
	if (!page->length)
		return;
	if (page->bytes[page->length - 1] != '\n')
		page_newline(page);
	if (page->length > 1 && page->bytes[page->length - 2] != '\n')
		page_newline(page);
}

void page_color_on(struct page *page, enum page_color color)
{
	if (page->color)
		page_raw(page, color_codes[color], strlen(color_codes[color]));
}

void page_color_off(struct page *page)
{
	if (page->color)
		page_raw(page, "\033[0m", 4);
}
