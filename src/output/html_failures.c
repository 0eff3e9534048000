/* What could not be read and why: by reason, as a disk that is broken or a kernel that cannot be read spoils many at once.
 */
#include "output/html.h"
#include "output/html_fleet.h"

#include "output/text_table.h"

#include <stdlib.h>

enum { PATHS_MOST = 2000, PATHS_SHOWN = 5 }; /* in all; of one reason, without opening it */

struct reason {
	struct text text;
	size_t number; /* in the order of coming */
	size_t count;
	const struct sighting **failures;
	size_t shown; /* how many fit on the page */
};

static int more_first(const void *a, const void *b)
{
	const struct reason *left = a, *right = b;

	if (left->count != right->count)
		return left->count < right->count ? 1 : -1;
	return (left->number > right->number) - (left->number < right->number);
}

/* The reasons, the most frequent first. */
static struct reason *gather_reasons(struct html_report *report, size_t *count)
{
	struct arena *arena = &report->page.arena;
	struct text_table table = { 0 };
	struct reason *reasons = NULL;
	size_t shown = 0;

	*count = 0;
	for (size_t i = 0; i < report->fleet->failure_count && !arena->failed; i++) {
		const struct sighting *failure = report->fleet->failures[i];
		size_t number = text_table_add(arena, &table, failure->failure);
		if (number == *count) {
			struct reason *added = arena_push(arena, &reasons, count, sizeof *added);
			if (!added)
				break;
			*added = (struct reason){ .text = failure->failure, .number = number };
		}
		struct reason *reason = &reasons[number];
		reason->count++;
		if (shown >= PATHS_MOST)
			continue;
		const struct sighting **place = arena_push(arena, &reason->failures, &reason->shown, sizeof *place);
		if (!place)
			break;
		*place = failure;
		shown++;
	}
	if (*count)
		qsort(reasons, *count, sizeof *reasons, more_first);
	return reasons;
}

static void write_paths(struct page *page, const struct reason *reason)
{
	html_markup(page, "<ul class=\"log\">\n");
	for (size_t i = 0; i < reason->shown; i++) {
		const struct sighting *failure = reason->failures[i];
		html_element(page, "<li>", failure->path.length ? failure->path : failure->source.file, "</li>\n");
	}
	html_markup(page, "</ul>\n");
	if (reason->count > reason->shown) {
		html_markup(page, "<p>and ");
		html_number(page, reason->count - reason->shown);
		html_markup(page, " more: the JSON report has them all.</p>\n");
	}
}

static void write_reason(struct page *page, const struct reason *reason)
{
	html_element(page, "<li><h3>", reason->text, "</h3>\n");
	if (reason->count <= PATHS_SHOWN) {
		write_paths(page, reason);
	} else {
		html_markup(page, "<details><summary>");
		html_count(page, reason->count, "input");
		html_markup(page, "</summary>\n");
		write_paths(page, reason);
		html_markup(page, "</details>\n");
	}
	html_markup(page, "</li>\n");
}

void html_failures(struct html_report *report)
{
	struct page *page = &report->page;
	size_t count;

	if (!report->fleet->failure_count)
		return;
	struct reason *reasons = gather_reasons(report, &count);
	html_markup(page,
		    "<section aria-labelledby=\"failures-title\">\n<h2 id=\"failures-title\">What could not be read</h2>\n"
		    "<ol class=\"failures\">\n");
	for (size_t i = 0; i < count; i++)
		write_reason(page, &reasons[i]);
	html_markup(page, "</ol>\n</section>\n");
}
