/*
 * Crashes over time, as bars; by bug, release and host, as rankings. All of it stands on the page without a script, which
 * makes it answer to the filters: page/chart.js, page/ranking.js.
 */
#include "output/html.h"
#include "output/html_fleet.h"

enum {
	SLOTS_LEAST = 16, /* a single period is not as wide as the page */
	DATES_MOST = 5,   /* below the bars: what fits on a phone */
	RANKS_SHOWN = 6,
	DAY = 24 * 60 * 60,
	FIRST_KDUMP =
		1104537600, /* 2005-01-01: Linux 2.6.13 brought kdump; a crash before that is of a clock that was not set */
};

/* From the bottom up, and of what the legend says. */
static const enum sighting_verdict stacked[] = { SIGHTING_KNOWN, SIGHTING_SIMILAR, SIGHTING_UNKNOWN };
enum { STACKED = sizeof stacked / sizeof *stacked };

typedef void crash_visitor(struct html_report *report, const struct fleet_group *group, const struct sighting *sighting);

static void each_crash(struct html_report *report, crash_visitor *visit)
{
	for (size_t g = 0; g < report->fleet->group_count; g++) {
		const struct fleet_group *group = &report->fleet->groups[g];
		for (size_t i = 0; i < group->count; i++)
			visit(report, group, group->crashes[i]->sighting);
	}
}

static void count_crash(struct html_report *report, const struct fleet_group *group, const struct sighting *sighting)
{
	report->mended += sighting->fix.length > 0 && sighting->verdict == SIGHTING_KNOWN;
	if (sighting->crashed_at == SIGHTING_NO_TIME) {
		report->undated++;
		return;
	}
	size_t period = periods_find(&report->periods, sighting->crashed_at);
	if (period == SIZE_MAX) {
		report->outside++;
		return;
	}
	report->bars[period].counts[group->verdict <= SIGHTING_KNOWN ? group->verdict : SIGHTING_UNKNOWN]++;
	report->bars[period].all++;
}

/* Of the crashes' times, but for those that no crash can have. */
static void find_span(const struct html_report *report, int64_t latest, int64_t *first, int64_t *last)
{
	*first = INT64_MAX;
	*last = INT64_MIN;
	for (size_t g = 0; g < report->fleet->group_count; g++) {
		const struct fleet_group *group = &report->fleet->groups[g];
		for (size_t i = 0; i < group->count; i++) {
			int64_t at = group->crashes[i]->sighting->crashed_at;
			if (at == SIGHTING_NO_TIME || at < FIRST_KDUMP || at > latest)
				continue;
			*first = at < *first ? at : *first;
			*last = at > *last ? at : *last;
		}
	}
}

/* What was asked for, where the bars do not become much coarser by that; else what there is. */
void html_count_periods(struct html_report *report)
{
	const struct fleet_heading *heading = report->heading;
	int64_t latest = heading->made_at < INT64_MAX - DAY ? heading->made_at + DAY : INT64_MAX;
	int64_t first, last;

	find_span(report, latest, &first, &last);
	report->periods = periods_between(first, last);
	if (report->periods.count) {
		if (heading->since >= FIRST_KDUMP && heading->since < first)
			first = heading->since;
		if (heading->until != SIGHTING_NO_TIME && heading->until <= latest && heading->until > last)
			last = heading->until - 1;
		struct periods asked = periods_between(first, last);
		if (asked.unit <= PERIOD_WEEK || asked.unit == report->periods.unit)
			report->periods = asked;
	}
	each_crash(report, count_crash);
}

/* ---- over time ---- */

static size_t tallest(const struct html_report *report)
{
	size_t most = 0;

	for (size_t i = 0; i < report->periods.count; i++)
		if (report->bars[i].all > most)
			most = report->bars[i].all;
	return most;
}

static double slot_width(const struct html_report *report)
{
	size_t slots = report->periods.count < SLOTS_LEAST ? SLOTS_LEAST : report->periods.count;

	return 100.0 / (double)slots;
}

static void write_bar(struct html_report *report, size_t period, size_t most)
{
	struct page *page = &report->page;
	const struct html_bar *bar = &report->bars[period];
	double width = slot_width(report), left = (double)period * width, below = 100;

	html_print(page, "<g class=\"bar\"><rect class=\"back\" x=\"%.3f%%\" y=\"0\" width=\"%.3f%%\" height=\"100%%\"/>",
		   left, width);
	for (size_t v = 0; v < STACKED; v++) {
		double height = most ? 100.0 * (double)bar->counts[stacked[v]] / (double)most : 0;
		below -= height;
		html_print(page, "<rect class=\"%s\" x=\"%.3f%%\" y=\"%.3f%%\" width=\"%.3f%%\" height=\"%.3f%%\"/>",
			   html_verdict(stacked[v])->name, left + width * 0.12, below, width * 0.76, height);
	}
	html_markup(page, "</g>\n");
}

static void write_dates(struct html_report *report)
{
	struct page *page = &report->page;
	size_t step = (report->periods.count + DATES_MOST - 1) / DATES_MOST;

	html_markup(page, "<svg class=\"dates\" aria-hidden=\"true\">");
	for (size_t i = 0; i + step * 3 / 4 <= report->periods.count && i < report->periods.count; i += step) {
		char date[PERIOD_NAME_SIZE];
		html_print(page, "<text x=\"%.3f%%\" y=\"75%%\">%s</text>", (double)i * slot_width(report),
			   period_name(&report->periods, i, date));
	}
	html_markup(page, "</svg>\n");
}

static void write_scale(struct page *page, size_t most)
{
	html_markup(page, "<div class=\"scale\" aria-hidden=\"true\"><span>");
	html_number(page, most);
	html_markup(page, "</span><span>0</span></div>\n");
}

static void write_legend(struct page *page)
{
	html_markup(page, "<ul class=\"legend\">");
	for (size_t v = 0; v < STACKED; v++) {
		const struct html_verdict *words = html_verdict(stacked[v]);
		html_print(page,
			   "<li><svg class=\"sample\" aria-hidden=\"true\"><rect class=\"%s\" width=\"100%%\" "
			   "height=\"100%%\"/></svg> "
			   "%s</li>",
			   words->name, words->word);
	}
	html_markup(page, "</ul>\n");
}

/* The same in numbers, for who cannot see the bars or wants to know exactly. */
static void write_numbers(struct html_report *report)
{
	struct page *page = &report->page;

	html_print(page,
		   "<details class=\"numbers\"><summary>The same as a table</summary>\n<div class=\"scroll\" tabindex=\"0\" "
		   "role=\"region\" "
		   "aria-label=\"Crashes over time, as a table\"><table><caption class=\"unseen\">Crashes by %s</caption>\n"
		   "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">Crashes</th>",
		   period_unit_name(report->periods.unit), period_unit_title(report->periods.unit));
	for (size_t v = 0; v < STACKED; v++)
		html_print(page, "<th scope=\"col\">%s</th>", html_verdict(stacked[v])->word);
	html_markup(page, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < report->periods.count; i++) {
		char date[PERIOD_NAME_SIZE];
		html_print(page, "<tr><th scope=\"row\">%s</th><td>%zu</td>", period_name(&report->periods, i, date),
			   report->bars[i].all);
		for (size_t v = 0; v < STACKED; v++)
			html_print(page, "<td>%zu</td>", report->bars[i].counts[stacked[v]]);
		html_markup(page, "</tr>\n");
	}
	html_markup(page, "</tbody></table></div></details>\n");
}

/* How many crashes the bars do not show. */
static void write_left_out(struct html_report *report)
{
	struct page *page = &report->page;

	if (report->undated) {
		html_markup(page, "<p class=\"remark\">Not in the chart: ");
		html_count(page, report->undated, "crash");
		html_markup(page, " of which nobody knows the time.</p>\n");
	}
	if (report->outside) {
		html_markup(page, "<p class=\"remark\">Not in the chart: ");
		html_count(page, report->outside, "crash");
		html_markup(page, " that lie outside of it, or on machines whose clocks were wrong.</p>\n");
	}
}

static void write_bars(struct html_report *report)
{
	struct page *page = &report->page;
	const struct periods *periods = &report->periods;
	char first[PERIOD_NAME_SIZE], last[PERIOD_NAME_SIZE], peak[PERIOD_NAME_SIZE];
	size_t most = tallest(report), highest = 0;

	for (size_t i = 0; i < periods->count; i++)
		if (report->bars[i].all > report->bars[highest].all)
			highest = i;
	html_markup(page, "<div class=\"chart\">\n");
	write_scale(page, most);
	html_print(page,
		   "<svg id=\"bars\" class=\"bars\" role=\"img\" aria-label=\"Bars, one a %s, from %s to %s. "
		   "The most: %zu crash%s in the %s of %s.\">\n",
		   period_unit_name(periods->unit), period_name(periods, 0, first),
		   period_name(periods, periods->count - 1, last), most, most == 1 ? "" : "es",
		   period_unit_name(periods->unit), period_name(periods, highest, peak));
	/* Stripes tell unknown crashes from the others without their colour. */
	html_markup(page, "<defs><pattern id=\"stripes\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
			  "patternTransform=\"rotate(45)\"><rect class=\"stripe-back\" width=\"5\" height=\"5\"/>"
			  "<rect class=\"stripe\" width=\"2.5\" height=\"5\"/></pattern></defs>\n");
	for (size_t i = 0; i < periods->count; i++)
		write_bar(report, i, most);
	html_markup(page, "</svg>\n");
	write_dates(report);
	html_markup(page, "</div>\n");
	write_numbers(report);
}

void html_chart(struct html_report *report)
{
	struct page *page = &report->page;

	html_markup(page, "<section class=\"panel\" aria-labelledby=\"chart-title\">\n<div class=\"head\"><h2 "
			  "id=\"chart-title\">Crashes ");
	html_print(page, report->periods.count ? "by %s</h2>" : "over time</h2>", period_unit_name(report->periods.unit));
	write_legend(page);
	html_markup(page, "</div>\n");
	if (report->periods.count)
		write_bars(report);
	write_left_out(report);
	html_markup(page, "</section>\n");
}

/* ---- rankings ---- */

static void write_rank(struct page *page, struct text name, size_t count, size_t most)
{
	html_element(page, "<li><span class=\"rank\"><span class=\"name log\">", name, "</span><span class=\"count\">");
	html_number(page, count);
	html_print(page,
		   "</span><svg class=\"gauge\" aria-hidden=\"true\"><rect width=\"%.2f%%\" "
		   "height=\"100%%\"/></svg></span></li>\n",
		   most ? 100.0 * (double)count / (double)most : 0);
}

static void begin_ranking(struct page *page, const char *id, const char *title)
{
	html_print(page,
		   "<section class=\"panel\" aria-labelledby=\"%s-title\">\n<h2 id=\"%s-title\">%s</h2>\n<ol id=\"%s\" "
		   "class=\"ranking\">\n",
		   id, id, title, id);
}

static void end_ranking(struct page *page, size_t count, const char *noun)
{
	html_markup(page, "</ol>\n");
	if (!count)
		html_print(page, "<p class=\"remark\">No %s is known.</p>\n", noun);
	if (count > RANKS_SHOWN) {
		html_markup(page, "<p class=\"remark more\">and ");
		html_number(page, count - RANKS_SHOWN);
		html_print(page, " other %s%s</p>\n", noun, count - RANKS_SHOWN == 1 ? "" : "s");
	}
	html_markup(page, "</section>\n");
}

static void write_counts(struct page *page, const struct fleet_count *counts, size_t count)
{
	for (size_t i = 0; i < count && i < RANKS_SHOWN; i++)
		write_rank(page, counts[i].value, counts[i].count, counts[0].count);
}

void html_rankings(struct html_report *report)
{
	struct page *page = &report->page;
	const struct fleet *fleet = report->fleet;

	html_markup(page, "<div class=\"rankings\">\n");
	begin_ranking(page, "by-bug", "By bug");
	for (size_t i = 0; i < fleet->group_count && i < RANKS_SHOWN; i++)
		write_rank(page, fleet->groups[i].title, fleet->groups[i].count, fleet->groups[0].count);
	end_ranking(page, fleet->group_count, "group");
	begin_ranking(page, "by-release", "By release");
	write_counts(page, fleet->releases, fleet->release_count);
	end_ranking(page, fleet->release_count, "release");
	begin_ranking(page, "by-host", "By host");
	write_counts(page, fleet->hosts, fleet->host_count);
	end_ranking(page, fleet->host_count, "host");
	html_markup(page, "</div>\n");
}
