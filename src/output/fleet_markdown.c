/* The report on a fleet as Markdown, for a ticket or a wiki: CommonMark, and the tables of GitHub and its kin. */
#include "output/fleet.h"

#include "output/fleet_report.h"
#include "output/fleet_table.h"
#include "output/fleet_words.h"
#include "output/markdown_words.h"
#include "output/safe.h"

enum cells {
	WORDS,   /* of a history, as prose */
	LITERAL, /* of a history, to be copied: a path, a name */
	OWN,     /* digits, and this program's own words */
	NUMBERS,
};

struct column {
	const char *heading;
	enum cells cells;
};

static void begin_table(struct page *page, const struct column *columns, size_t count)
{
	page_gap(page);
	for (size_t i = 0; i < count; i++)
		page_print(page, "| %s ", columns[i].heading);
	page_string(page, "|");
	page_newline(page);
	for (size_t i = 0; i < count; i++)
		page_string(page, columns[i].cells == NUMBERS ? "| ---: " : "| --- ");
	page_string(page, "|");
	page_newline(page);
}

/* No text of a history can end its cell: a '|' is escaped in prose, and would not be in a code span. */
static void put_cell(struct page *page, enum cells cells, struct text t)
{
	if (cells == WORDS || (cells == LITERAL && text_find_char(t, '|') != SIZE_MAX))
		markdown_prose(page, t);
	else if (cells == LITERAL)
		markdown_code(page, t);
	else
		page_text(page, t);
}

static void put_row(struct page *page, const struct column *columns, size_t count, const struct text *cells)
{
	for (size_t i = 0; i < count; i++) {
		page_string(page, "| ");
		put_cell(page, columns[i].cells, cells[i]);
		page_string(page, " ");
	}
	page_string(page, "|");
	page_newline(page);
}

static struct text number(struct page *page, size_t value)
{
	return arena_print(&page->arena, "%zu", value);
}

static void markdown_opening(struct page *page, struct text source)
{
	page_string(page, "# Kernel crashes");
	page_string(page, source.length ? ": " : "");
	markdown_code(page, source);
	page_newline(page);
}

static void markdown_section(struct page *page, const char *heading)
{
	page_gap(page);
	page_print(page, "## %s", heading);
	page_newline(page);
}

/* A row of two: something, and how often. */
static void put_count(struct page *page, const struct column *columns, struct text label, size_t count)
{
	struct text cells[] = { label, number(page, count) };

	put_row(page, columns, 2, cells);
}

static void markdown_chart(struct page *page, const struct fleet_chart *chart)
{
	const struct column columns[] = { { chart->unit, OWN }, { "crashes", NUMBERS } };

	begin_table(page, columns, 2);
	if (chart->earlier)
		put_count(page, columns, TEXT("earlier"), chart->earlier);
	for (size_t i = 0; i < chart->bar_count; i++)
		put_count(page, columns, chart->bars[i].label, chart->bars[i].count);
	if (chart->later)
		put_count(page, columns, TEXT("in future"), chart->later);
	if (chart->timeless)
		put_count(page, columns, TEXT("not known"), chart->timeless);
}

static void markdown_values(struct page *page, const struct fleet_values_list *list)
{
	const struct column columns[] = { { list->what, LITERAL }, { "crashes", NUMBERS } };
	const struct column rest[] = { { "", OWN }, { "", NUMBERS } };

	begin_table(page, columns, 2);
	for (size_t i = 0; i < list->count; i++)
		put_count(page, columns, list->items[i].value, list->items[i].count);
	if (list->left_out) {
		struct text cells[] = { arena_print(&page->arena, "and %zu more", list->left_out), TEXT_NONE };
		put_row(page, rest, 2, cells);
	}
	if (list->unknown)
		put_count(page, rest, TEXT("not known"), list->unknown);
}

static void markdown_overview(struct page *page, const struct fleet *fleet)
{
	static const struct column columns[] = {
		{ "number", NUMBERS }, { "crashes", NUMBERS }, { "verdict", OWN }, { "what", WORDS }, { "hosts", WORDS },
		{ "releases", WORDS }, { "first", OWN },       { "last", OWN },    { "fix", OWN },
	};
	struct arena *arena = &page->arena;

	begin_table(page, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < fleet->group_count && i < FLEET_GROUPS_MOST; i++) {
		const struct fleet_group *group = &fleet->groups[i];
		struct text cells[] = {
			number(page, i + 1),
			number(page, group->count),
			text_from(sighting_verdict_name(group->verdict)),
			fleet_group_name(arena, group),
			fleet_values(arena, group->hosts, group->host_count, 1),
			fleet_values(arena, group->releases, group->release_count, 1),
			fleet_date(arena, group->first),
			fleet_date(arena, group->last),
			text_from(fleet_fix_word(group)),
		};
		put_row(page, columns, sizeof columns / sizeof *columns, cells);
	}
}

static void markdown_group(struct page *page, size_t number_of_group, const struct fleet_group *group)
{
	page_gap(page);
	page_print(page, "## %zu: ", number_of_group);
	if (group->verdict == SIGHTING_UNKNOWN)
		markdown_code(page, fleet_group_name(&page->arena, group));
	else
		markdown_prose(page, fleet_group_name(&page->arena, group));
	page_newline(page);
}

static void markdown_label(struct page *page, const char *label)
{
	page_gap(page);
	page_print(page, "### %s", label);
	page_newline(page);
	page_gap(page);
}

static void markdown_path(struct page *page, const char *label, struct text path)
{
	page_print(page, "- %s: ", label);
	markdown_code(page, path);
	page_newline(page);
}

static void markdown_crashes(struct page *page, const struct fleet_group *group, size_t count)
{
	static const struct column columns[] = {
		{ "time (UTC)", OWN }, { "host", LITERAL },   { "release", LITERAL },
		{ "path", LITERAL },   { "copies", NUMBERS },
	};

	begin_table(page, columns, sizeof columns / sizeof *columns);
	for (size_t i = 0; i < count; i++) {
		const struct sighting *sighting = group->crashes[i]->sighting;
		struct text cells[] = {
			fleet_time(&page->arena, sighting->crashed_at), sighting->host, sighting->release, sighting->path,
			number(page, group->crashes[i]->copy_count),
		};
		put_row(page, columns, sizeof columns / sizeof *columns, cells);
	}
}

static void markdown_failures(struct page *page, const struct fleet_reasons *reasons)
{
	page_gap(page);
	for (size_t i = 0; i < reasons->count; i++) {
		const struct fleet_reason *reason = &reasons->items[i];
		page_string(page, "- ");
		markdown_prose(page, reason->reason.length ? reason->reason : TEXT("the reason is not known"));
		page_string(page, ":");
		page_newline(page);
		for (size_t k = 0; k < reason->shown; k++) {
			page_string(page, "  - ");
			markdown_code(page, reason->paths[k]);
			page_newline(page);
		}
		if (reason->count > reason->shown) {
			page_print(page, "  - and %zu more", reason->count - reason->shown);
			page_newline(page);
		}
	}
	if (reasons->left_out) {
		page_print(page, "- and %zu more, for other reasons", reasons->left_out);
		page_newline(page);
	}
}

static const struct fleet_form fleet_markdown_form = {
	.parts = &markdown_form,
	.opening = markdown_opening,
	.section = markdown_section,
	.chart = markdown_chart,
	.values = markdown_values,
	.overview = markdown_overview,
	.group = markdown_group,
	.label = markdown_label,
	.path = markdown_path,
	.crashes = markdown_crashes,
	.failures = markdown_failures,
};

bool output_fleet_markdown(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading)
{
	return fleet_report(out, &fleet_markdown_form, NULL, fleet, heading);
}
