/* The report on a fleet as text: fitted to the width; only paths, commands and URLs may be longer. */
#include "output/fleet.h"

#include "output/character.h"
#include "output/fleet_report.h"
#include "output/fleet_table.h"
#include "output/fleet_words.h"
#include "output/safe.h"

enum {
	INDENT = 2,
	FACT_COLUMN = INDENT + FACT_LABEL_LONGEST + 2, /* as in text.c */
	BAR_LONGEST = 50,
	NUMBER_LONGEST = 20, /* digits of a count */
	TIME_LENGTH = 19,    /* "2026-11-24 02:33:11" */
};

static void text_opening(struct page *page, struct text source)
{
	page_color_on(page, COLOR_BOLD);
	page_string(page, "Kernel crashes");
	page_color_off(page);
	page_string(page, source.length ? ": " : "");
	page_text(page, source);
	page_newline(page);
	page_gap(page);
}

static void text_section(struct page *page, const char *heading)
{
	page_heading(page, text_from(heading));
}

static size_t digits(size_t number)
{
	char bytes[NUMBER_LONGEST + 1];

	return (size_t)snprintf(bytes, sizeof bytes, "%zu", number);
}

/* How wide the numbers are, and what the longest bar stands for. */
struct scale {
	size_t width, most;
};

static void scale_add(struct scale *scale, size_t count)
{
	scale->most = count > scale->most ? count : scale->most;
	scale->width = digits(scale->most);
}

/* "  2026-11-24    12  ########": what is there has a mark at least. */
static void write_bar(struct page *page, const struct scale *scale, struct text label, size_t count)
{
	size_t room = page->width - (INDENT + FLEET_CHART_LABEL_LONGEST + 2 + scale->width + 2);
	size_t longest = room < BAR_LONGEST ? room : BAR_LONGEST;
	size_t length = (size_t)((double)count / (double)scale->most * (double)longest + 0.5);

	page_indent(page, INDENT);
	page_text(page, label);
	page_indent(page, INDENT + FLEET_CHART_LABEL_LONGEST + 2);
	page_print(page, "%*zu", (int)scale->width, count);
	page_indent(page, page->column + 2);
	for (size_t i = 0; i < length || (i == 0 && count); i++)
		page_string(page, "#");
	page_newline(page);
}

static void text_chart(struct page *page, const struct fleet_chart *chart)
{
	struct scale scale = { 0 };

	scale_add(&scale, chart->earlier);
	scale_add(&scale, chart->later);
	scale_add(&scale, chart->timeless);
	for (size_t i = 0; i < chart->bar_count; i++)
		scale_add(&scale, chart->bars[i].count);
	if (chart->earlier)
		write_bar(page, &scale, TEXT("earlier"), chart->earlier);
	for (size_t i = 0; i < chart->bar_count; i++)
		write_bar(page, &scale, chart->bars[i].label, chart->bars[i].count);
	if (chart->later)
		write_bar(page, &scale, TEXT("in future"), chart->later);
	if (chart->timeless)
		write_bar(page, &scale, TEXT("not known"), chart->timeless);
}

static void text_values(struct page *page, const struct fleet_values_list *list)
{
	struct scale scale = { 0 };

	scale_add(&scale, list->unknown);
	scale_add(&scale, list->count ? list->items->count : 0);
	size_t hang = INDENT + scale.width + 2;
	for (size_t i = 0; i < list->count; i++) {
		page_indent(page, INDENT);
		page_print(page, "%*zu", (int)scale.width, list->items[i].count);
		page_labelled(page, hang, hang, "", list->items[i].value);
	}
	if (list->left_out)
		page_labelled(page, hang, hang, "",
			      arena_print(&page->arena, "and %zu more %s%s", list->left_out, list->what,
					  list->left_out == 1 ? "" : "s"));
	if (list->unknown) {
		page_indent(page, INDENT);
		page_print(page, "%*zu", (int)scale.width, list->unknown);
		page_labelled(page, hang, hang, "", TEXT("not known"));
	}
}

static void text_group(struct page *page, size_t number, const struct fleet_group *group)
{
	struct text name = fleet_group_name(&page->arena, group);

	page_gap(page);
	page_color_on(page, fleet_color(group->verdict));
	page_print(page, "%zu. ", number);
	size_t hang = page->column;
	page_wrap(page, hang, name);
	page_color_off(page);
	page_newline(page);
}

static void text_label(struct page *page, const char *label)
{
	page_gap(page);
	page_indent(page, INDENT);
	page_color_on(page, COLOR_BOLD);
	page_wrap(page, INDENT, text_from(label));
	page_string(page, ":");
	page_color_off(page);
	page_newline(page);
}

static void text_path(struct page *page, const char *label, struct text path)
{
	page_indent(page, INDENT);
	page_string(page, label);
	page_indent(page, FACT_COLUMN);
	page_text(page, path);
	page_newline(page);
}

static void text_crashes(struct page *page, const struct fleet_group *group, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct fleet_crash *crash = group->crashes[i];
		const struct sighting *sighting = crash->sighting;
		page_indent(page, INDENT);
		page_text(page, fleet_time(&page->arena, sighting->crashed_at));
		page_indent(page, INDENT + TIME_LENGTH + 1);
		page_wrap_apart(page, 2 * INDENT, sighting->host.length ? sighting->host : TEXT("-"));
		page_wrap_apart(page, 2 * INDENT, sighting->release.length ? sighting->release : TEXT("-"));
		if (crash->copy_count) {
			struct text copies = fleet_plural(&page->arena, crash->copy_count, "copy", "copies");
			page_wrap_apart(page, 2 * INDENT, arena_print(&page->arena, "(and %.*s)", TEXT_ARGS(copies)));
		}
		page_newline(page);
		page_indent(page, 2 * INDENT);
		page_text(page, sighting->path);
		page_newline(page);
	}
}

static const struct fleet_form fleet_text_form = {
	.parts = &text_form,
	.opening = text_opening,
	.section = text_section,
	.chart = text_chart,
	.values = text_values,
	.overview = fleet_table_groups,
	.group = text_group,
	.label = text_label,
	.path = text_path,
	.crashes = text_crashes,
	.failures = fleet_table_failures,
};

bool output_fleet_text(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading,
		       const struct output_style *style)
{
	return fleet_report(out, &fleet_text_form, style, fleet, heading);
}
