/*
 * The report as a page that needs nothing else: no network, no server. What counts is there before any script runs; the
 * script sorts, filters, and shows the single crashes, which are data at the page's end.
 */
#include "output/fleet.h"

#include "output/html.h"
#include "output/html_assets.h"
#include "output/html_fleet.h"

const struct html_verdict *html_verdict(enum sighting_verdict verdict)
{
	static const struct html_verdict verdicts[] = {
		[SIGHTING_FAILED] = { "failed", "Not read", "could not be read" },
		[SIGHTING_NO_CRASH] = { "no-crash", "No crash", "holds no crash" },
		[SIGHTING_UNKNOWN] = { "unknown", "Unknown", "no signature knows this crash" },
		[SIGHTING_SIMILAR] = { "similar", "Similar",
				       "it has the face of a known bug, on a release that should not have it" },
		[SIGHTING_KNOWN] = { "known", "Known", "a known bug" },
	};

	return &verdicts[verdict <= SIGHTING_KNOWN ? verdict : SIGHTING_UNKNOWN];
}

static void write_asset(struct page *page, const char *begin, struct text asset, const char *end)
{
	html_markup(page, begin);
	page_raw(page, asset.data, asset.length);
	html_markup(page, end);
}

static void write_head(struct html_report *report)
{
	struct page *page = &report->page;

	html_markup(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	html_element(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"", text_from(html_policy), "\">\n");
	html_markup(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			  "<meta name=\"referrer\" content=\"no-referrer\">\n"
			  "<meta name=\"color-scheme\" content=\"light dark\">\n"
			  "<meta name=\"generator\" content=\"kdump-triage " VERSION "\">\n");
	html_element(page, "<title>Kernel crashes: ", report->heading->source, "</title>\n");
	write_asset(page, "<style>", html_style, "</style>\n");
	write_asset(page, "<script>", html_start, "</script>\n</head>\n");
}

/* Filled in by the script; without it, nothing of this is shown. */
static void write_filters(struct page *page)
{
	html_markup(page, "<div id=\"filters\" class=\"filters\" role=\"search\" aria-labelledby=\"filters-title\">\n"
			  "<h2 id=\"filters-title\" class=\"unseen\">Filter</h2>\n"
			  "<label class=\"wide\">Text <input id=\"filter-text\" type=\"search\" autocomplete=\"off\" "
			  "spellcheck=\"false\" "
			  "placeholder=\"title, function, path, ...\"></label>\n"
			  "<label>Verdict <select id=\"filter-verdict\"><option value=\"\">all</option>"
			  "<option value=\"known\">Known</option><option value=\"similar\">Similar</option>"
			  "<option value=\"unknown\">Unknown</option></select></label>\n"
			  "<label>Release <select id=\"filter-release\"><option value=\"\">all</option></select></label>\n"
			  "<label>Host <input id=\"filter-host\" type=\"search\" list=\"hosts\" autocomplete=\"off\" "
			  "spellcheck=\"false\" placeholder=\"all\"></label>\n"
			  "<datalist id=\"hosts\"></datalist>\n"
			  "<button type=\"button\" id=\"filter-clear\">Clear</button>\n"
			  "<div id=\"filter-chips\" class=\"chips\"></div>\n"
			  "<p id=\"status\" role=\"status\"></p>\n</div>\n");
}

static void write_nothing(struct html_report *report)
{
	struct page *page = &report->page;
	const struct fleet *fleet = report->fleet;

	html_markup(page, "<section class=\"nothing\">\n<h2>No crashes</h2>\n");
	if (fleet->no_crash_count) {
		html_markup(page, "<p>Good news: ");
		html_count(page, fleet->no_crash_count, "input");
		html_markup(page, " could be read, and no kernel crashed in any of them.</p>\n");
	} else if (fleet->failure_count) {
		html_markup(page, "<p>Nothing could be read; see below why.</p>\n");
	} else {
		html_markup(
			page,
			"<p>Nothing is here yet: no dump and no log was seen in this period. Once a machine has crashed and "
			"left a dump, <code>kdump-triage scan</code> finds it, and the next report has it.</p>\n");
	}
	html_markup(page, "</section>\n");
}

static void write_crashes(struct html_report *report)
{
	struct page *page = &report->page;

	html_markup(page,
		    "<noscript><p class=\"notice\">Filters, sorting, and the single dumps of each group need JavaScript. "
		    "All else is on this page without it.</p></noscript>\n");
	write_filters(page);
	html_chart(report);
	html_rankings(report);
	html_groups(report);
}

static void write_body(struct html_report *report)
{
	struct page *page = &report->page;
	bool crashes = report->fleet->group_count;

	html_markup(page, "<body>\n");
	if (crashes)
		html_markup(page, "<a class=\"skip\" href=\"#groups\">To the table of crashes</a>\n");
	html_header(report);
	html_markup(page, "<main>\n");
	html_totals(report);
	if (crashes)
		write_crashes(report);
	else
		write_nothing(report);
	html_failures(report);
	html_markup(page, "</main>\n<footer><p>Made by kdump-triage " VERSION ".</p></footer>\n");
	if (crashes) {
		html_data_write(page, &report->data, report->fleet, &report->periods);
		write_asset(page, "<script>", html_script, "</script>\n");
	}
	html_markup(page, "</body>\n</html>\n");
}

bool output_fleet_html(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading)
{
	struct html_report report = { .page = page_new(NULL), .fleet = fleet, .heading = heading };

	if (html_data_gather(&report.data, fleet)) {
		html_count_periods(&report);
		write_head(&report);
		write_body(&report);
	} else {
		report.page.failed = true;
	}
	html_data_free(&report.data);
	return page_write(&report.page, out);
}
