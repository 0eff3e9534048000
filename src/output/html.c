/* The small change of HTML. */
#define _POSIX_C_SOURCE 200809L
#include "output/html.h"

#include "history/sighting.h"
#include "output/safe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void html_markup(struct page *page, const char *markup)
{
	page_raw(page, markup, strlen(markup));
}

void html_print(struct page *page, const char *format, ...)
{
	char piece[512];
	va_list arguments;

	va_start(arguments, format);
	int length = vsnprintf(piece, sizeof piece, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= sizeof piece)
		page->failed = true;
	else
		page_raw(page, piece, (size_t)length);
}

/* What stands for a character of a safe text; NULL: the character itself. */
typedef const char *replacement(char c);

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

/* Of JSON, and what would end or change a script element. U+2028 and U+2029 are escaped in every safe text. */
static const char *json_escape(char c)
{
	switch (c) {
	case '"':
		return "\\\"";
	case '\\':
		return "\\\\";
	case '\n':
		return "\\n";
	case '&':
		return "\\u0026";
	case '<':
		return "\\u003c";
	case '>':
		return "\\u003e";
	default:
		return NULL;
	}
}

static void put_replaced(struct page *page, struct text safe, replacement *replace)
{
	size_t begin = 0;

	for (size_t i = 0; i < safe.length; i++) {
		const char *instead = replace(safe.data[i]);
		if (!instead)
			continue;
		page_raw(page, safe.data + begin, i - begin);
		html_markup(page, instead);
		begin = i + 1;
	}
	if (begin < safe.length)
		page_raw(page, safe.data + begin, safe.length - begin);
}

void html_text(struct page *page, struct text t)
{
	put_replaced(page, safe_text(&page->arena, t), entity);
}

void html_lines(struct page *page, struct text t)
{
	put_replaced(page, safe_lines(&page->arena, t), entity);
}

void html_element(struct page *page, const char *begin, struct text t, const char *end)
{
	html_markup(page, begin);
	html_text(page, t);
	html_markup(page, end);
}

void html_json_string(struct page *page, struct text t)
{
	html_markup(page, "\"");
	put_replaced(page, safe_lines(&page->arena, t), json_escape);
	html_markup(page, "\"");
}

void html_number(struct page *page, size_t number)
{
	if (number >= 1000) {
		html_number(page, number / 1000);
		html_print(page, ",%03zu", number % 1000);
	} else {
		html_print(page, "%zu", number);
	}
}

void html_count(struct page *page, size_t number, const char *noun)
{
	html_number(page, number);
	html_print(page, " %s%s", noun, number == 1 ? "" : strcmp(noun, "crash") == 0 ? "es" : "s");
}

void html_time(struct page *page, int64_t seconds, enum html_time form)
{
	time_t when = (time_t)seconds;
	struct tm parts;
	char exact[64], shown[64];

	if (seconds == SIGHTING_NO_TIME || !gmtime_r(&when, &parts) || parts.tm_year < -1900 ||
	    parts.tm_year > 9999 - 1900) {
		html_markup(page, "<span class=\"none\">not known</span>");
		return;
	}
	strftime(exact, sizeof exact, "%Y-%m-%dT%H:%M:%SZ", &parts);
	strftime(shown, sizeof shown, form == HTML_DAY ? "%Y-%m-%d" : "%Y-%m-%d %H:%M", &parts);
	html_print(page, "<time datetime=\"%s\">%s</time>", exact, shown);
}

static bool is_web_link(struct text safe)
{
	if (!text_starts(safe, "https://") && !text_starts(safe, "http://"))
		return false;
	for (size_t i = 0; i < safe.length; i++)
		if (strchr(" <>\"\\", safe.data[i]))
			return false;
	return true;
}

void html_reference(struct page *page, struct text t)
{
	struct text safe = safe_text(&page->arena, t);

	if (!is_web_link(safe)) {
		html_text(page, safe);
		return;
	}
	html_element(page, "<a rel=\"noreferrer\" href=\"", safe, "\">");
	html_element(page, "", safe, "</a>");
}
