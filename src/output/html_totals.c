/* What the page is of, and the fleet in numbers. */
#include "output/html.h"
#include "output/html_fleet.h"

static void write_period(struct html_report *report)
{
	struct page *page = &report->page;
	const struct fleet_heading *heading = report->heading;
	bool since = heading->since != SIGHTING_NO_TIME, until = heading->until != SIGHTING_NO_TIME;

	html_markup(page, "<div><dt>Period</dt><dd>");
	if (since) {
		html_markup(page, until ? "" : "since ");
		html_time(page, heading->since, HTML_MINUTE);
	}
	if (until) {
		html_markup(page, since ? " to " : "until ");
		html_time(page, heading->until, HTML_MINUTE);
	}
	html_markup(page, since || until ? "</dd></div>\n" : "all that was ever seen</dd></div>\n");
}

void html_header(struct html_report *report)
{
	struct page *page = &report->page;

	html_markup(page, "<header>\n<h1>Kernel crashes</h1>\n<dl class=\"meta\">\n");
	html_element(page, "<div><dt>Source</dt><dd class=\"log\">", report->heading->source, "</dd></div>\n");
	write_period(report);
	html_markup(page, "<div><dt>Made</dt><dd>");
	html_time(page, report->heading->made_at, HTML_MINUTE);
	html_markup(page, "</dd></div>\n<div><dt>Times</dt><dd>in UTC</dd></div>\n</dl>\n</header>\n");
}

/* "37 %": never 0 of something, never 100 of less than all. */
static unsigned percent(size_t part, size_t whole)
{
	unsigned rounded = whole ? (unsigned)((double)part * 100.0 / (double)whole + 0.5) : 0;

	if (part && !rounded)
		return 1;
	return part < whole && rounded == 100 ? 99 : rounded;
}

static void begin_tile(struct page *page, const char *name, const char *mark, size_t number)
{
	html_print(page, "<div class=\"tile%s%s\"><dt>%s</dt><dd><b>", *mark ? " " : "", mark, name);
	html_number(page, number);
	html_markup(page, "</b> <span>");
}

static void end_tile(struct page *page)
{
	html_markup(page, "</span></dd></div>\n");
}

static void verdict_tile(struct html_report *report, enum sighting_verdict verdict, const char *noun)
{
	struct page *page = &report->page;
	const struct html_verdict *words = html_verdict(verdict);
	size_t groups = 0, count = report->fleet->verdict_counts[verdict];

	for (size_t i = 0; i < report->fleet->group_count; i++)
		groups += report->fleet->groups[i].verdict == verdict;
	begin_tile(page, words->word, words->name, count);
	html_print(page, "%u %%, ", percent(count, report->fleet->crash_count));
	html_count(page, groups, noun);
	end_tile(page);
}

static void write_input_tile(struct html_report *report)
{
	struct page *page = &report->page;

	begin_tile(page, "Not read", report->fleet->failure_count ? "failed" : "", report->fleet->failure_count);
	if (report->fleet->no_crash_count) {
		html_count(page, report->fleet->no_crash_count, "other input");
		html_markup(page, " without a crash");
	} else {
		html_markup(page, report->fleet->failure_count ? "see below why" : "all could be read");
	}
	end_tile(page);
}

void html_totals(struct html_report *report)
{
	struct page *page = &report->page;
	const struct fleet *fleet = report->fleet;

	html_markup(page,
		    "<section aria-labelledby=\"totals-title\">\n<h2 id=\"totals-title\" class=\"unseen\">Totals</h2>\n"
		    "<dl class=\"tiles\">\n");
	begin_tile(page, "Crashes", "", fleet->crash_count);
	if (fleet->copy_count) {
		html_markup(page, "and ");
		html_number(page, fleet->copy_count);
		html_markup(page, fleet->copy_count == 1 ? " copy" : " copies");
	} else {
		html_markup(page, "each counted once");
	}
	end_tile(page);
	if (fleet->crash_count) {
		verdict_tile(report, SIGHTING_KNOWN, "bug");
		verdict_tile(report, SIGHTING_SIMILAR, "bug");
		verdict_tile(report, SIGHTING_UNKNOWN, "fingerprint");
		begin_tile(page, "Fix at hand", "", report->mended);
		html_print(page, "%u %% of all crashes", percent(report->mended, fleet->crash_count));
		end_tile(page);
		begin_tile(page, "Hosts", "", fleet->host_count);
		html_count(page, fleet->release_count, "release");
		end_tile(page);
	}
	write_input_tile(report);
	html_markup(page, "</dl>\n</section>\n");
}
