/* The table of groups: a row each, and below it what opens. */
#include "output/html.h"
#include "output/html_fleet.h"

#include <string.h>

/* What can be sorted by, and how page/table.js finds it. */
static const struct {
	const char *key, *name;
	const char *class;
} columns[] = {
	{ "title", "Crash", "title" },   { "verdict", "Verdict", "verdict" },  { "count", "Crashes", "number" },
	{ "hosts", "Hosts", "number" },  { "releases", "Releases", "number" }, { "first", "First seen", "date" },
	{ "last", "Last seen", "date" }, { "fix", "Fix at hand", "fix" },
};
enum {
	COLUMN_COUNT = sizeof columns / sizeof *columns,
	GROUPS_SHOWN = 200, /* at first, where the script can show the others: page/table.js has the same number */
};

/*
 * The roles are those that the elements have anyhow: on a phone a row is laid out as a card, and browsers then forget that
 * it is one of a table.
 */
static void write_head(struct page *page)
{
	html_markup(page, "<thead role=\"rowgroup\"><tr role=\"row\">");
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		html_print(page, "<th role=\"columnheader\" scope=\"col\" class=\"%s\" data-key=\"%s\"%s>%s</th>",
			   columns[i].class, columns[i].key,
			   strcmp(columns[i].key, "count") == 0 ? " aria-sort=\"descending\"" : "", columns[i].name);
	html_markup(page, "</tr></thead>\n");
}

static void begin_cell(struct page *page, size_t column)
{
	html_print(page, "<td role=\"cell\" class=\"%s\" data-name=\"%s\">", columns[column].class, columns[column].name);
}

static void number_cell(struct page *page, size_t column, size_t number)
{
	begin_cell(page, column);
	html_markup(page, "<b>");
	html_number(page, number);
	html_markup(page, "</b></td>");
}

static void date_cell(struct page *page, size_t column, int64_t date)
{
	begin_cell(page, column);
	html_time(page, date, HTML_DAY);
	html_markup(page, "</td>");
}

static void write_row(struct page *page, const struct fleet_group *group, size_t number)
{
	const struct html_verdict *words = html_verdict(group->verdict);

	html_print(page,
		   "<tr role=\"row\" class=\"row\"><th role=\"rowheader\" scope=\"row\" class=\"title\"><span id=\"t%zu\" "
		   "class=\"log name\">",
		   number);
	html_element(page, "", group->title.length ? group->title : group->key, "</span>");
	if (group->key.length && group->title.length && !text_equal(group->key, group->title))
		html_element(page, " <span class=\"log key\">", group->key, "</span>");
	html_markup(page, "</th>\n");
	begin_cell(page, 1);
	html_print(page, "<span class=\"badge %s\">%s</span></td>", words->name, words->word);
	number_cell(page, 2, group->count);
	number_cell(page, 3, group->host_count);
	number_cell(page, 4, group->release_count);
	date_cell(page, 5, group->first);
	date_cell(page, 6, group->last);
	begin_cell(page, 7);
	/* A similar crash may be of another bug: what mends this one is no remedy yet. */
	if (group->fix.length)
		html_element(page,
			     group->verdict == SIGHTING_SIMILAR ? "<span class=\"clamp\">if it is this bug: "
								: "<span class=\"clamp\">",
			     group->fix, "</span></td></tr>\n");
	else
		html_markup(page, "<span class=\"none\">none known</span></td></tr>\n");
}

static void write_group(struct html_report *report, size_t number)
{
	struct page *page = &report->page;

	html_print(page, "<tbody role=\"rowgroup\" id=\"g%zu\"%s>\n", number,
		   number < GROUPS_SHOWN ? "" : " class=\"later\"");
	write_row(page, &report->fleet->groups[number], number);
	html_print(page, "<tr role=\"row\" class=\"below\" id=\"d%zu\"><td role=\"cell\" colspan=\"%d\">\n", number,
		   COLUMN_COUNT);
	html_group(report, number);
	html_markup(page, "</td></tr></tbody>\n");
}

void html_groups(struct html_report *report)
{
	struct page *page = &report->page;

	html_markup(page, "<section id=\"groups\" tabindex=\"-1\" aria-labelledby=\"groups-title\">\n"
			  "<h2 id=\"groups-title\">Known bugs and unknown crashes</h2>\n"
			  "<table id=\"table\" class=\"groups\" role=\"table\">\n<caption class=\"unseen\">Crashes of one "
			  "bug, or of one "
			  "fingerprint that no signature knows, are a group.</caption>\n");
	write_head(page);
	for (size_t i = 0; i < report->fleet->group_count; i++)
		write_group(report, i);
	html_markup(page, "</table>\n</section>\n");
}
