/* The order of the report: the fleet as a whole, then group by group, the most frequent first, then what could not be read.
 */
#include "output/fleet_report.h"

#include "output/fleet_group.h"
#include "output/fleet_table.h"
#include "output/fleet_words.h"

enum { VALUES_MOST = 10 };

static void write_totals(struct page *page, const struct fleet_form *form, const struct fleet *fleet,
			 const struct fleet_heading *heading)
{
	struct arena *arena = &page->arena;
	struct text made_at = fleet_time(arena, heading->made_at);
	struct fact_list facts = { .count = 0 };

	form->opening(page, heading->source);
	facts_add(&facts, "made", arena_print(arena, "%.*s UTC", TEXT_ARGS(made_at)));
	facts_add(&facts, "period", fleet_period(arena, heading));
	facts_add(&facts, "found", fleet_totals(arena, fleet));
	form->parts->facts(page, &facts);
}

static void write_chart(struct page *page, const struct fleet_form *form, const struct fleet *fleet, int64_t made_at)
{
	static const struct {
		const char *unit, *heading;
	} headings[] = {
		{ "day", "Crashes by day (UTC)" },
		{ "week", "Crashes by week (from its Monday on, UTC)" },
		{ "month", "Crashes by month (UTC)" },
		{ "year", "Crashes by year (UTC)" },
	};
	struct fleet_chart chart = fleet_chart(&page->arena, fleet, made_at);

	for (size_t i = 0; i < sizeof headings / sizeof *headings; i++)
		if (text_is(text_from(chart.unit), headings[i].unit))
			form->section(page, headings[i].heading);
	form->chart(page, &chart);
}

static void write_values(struct page *page, const struct fleet_form *form, const char *heading,
			 struct fleet_values_list list)
{
	if (list.count > VALUES_MOST) {
		list.left_out = list.count - VALUES_MOST;
		list.count = VALUES_MOST;
	}
	form->section(page, heading);
	form->values(page, &list);
}

static void write_overview(struct page *page, const struct fleet_form *form, const struct fleet *fleet)
{
	form->section(page, "Groups");
	form->overview(page, fleet);
	if (fleet->group_count > FLEET_GROUPS_MOST)
		form->parts->paragraph(
			page, arena_print(&page->arena, "and %zu more, told below", fleet->group_count - FLEET_GROUPS_MOST));
}

/* What is said of the fleet as a whole. */
static bool write_whole(FILE *out, const struct fleet_form *form, const struct output_style *style,
			const struct fleet *fleet, const struct fleet_heading *heading)
{
	struct page page = page_new(style);

	write_totals(&page, form, fleet, heading);
	if (fleet->crash_count) {
		write_chart(&page, form, fleet, heading->made_at);
		write_values(&page, form, "By release",
			     (struct fleet_values_list){
				     "release", fleet->releases, fleet->release_count, 0,
				     fleet_valueless(fleet->releases, fleet->release_count, fleet->crash_count) });
		write_values(
			&page, form, "By host",
			(struct fleet_values_list){ "host", fleet->hosts, fleet->host_count, 0,
						    fleet_valueless(fleet->hosts, fleet->host_count, fleet->crash_count) });
		write_overview(&page, form, fleet);
	}
	return page_write(&page, out);
}

static bool write_failures(FILE *out, const struct fleet_form *form, const struct output_style *style,
			   const struct fleet *fleet)
{
	struct page page = page_new(style);
	struct fleet_reasons reasons = fleet_reasons(&page.arena, fleet);

	if (reasons.count) {
		page_newline(&page);
		form->section(&page, "Could not be read");
		form->failures(&page, &reasons);
	}
	return page_write(&page, out);
}

bool fleet_report(FILE *out, const struct fleet_form *form, const struct output_style *style, const struct fleet *fleet,
		  const struct fleet_heading *heading)
{
	bool whole = write_whole(out, form, style, fleet, heading);

	for (size_t i = 0; whole && i < fleet->group_count; i++) {
		struct page page = page_new(style);
		page_newline(&page);
		fleet_report_group(&page, form, i + 1, &fleet->groups[i]);
		whole = page_write(&page, out);
	}
	return whole && write_failures(out, form, style, fleet);
}
