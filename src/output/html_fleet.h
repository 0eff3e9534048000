/* The parts of a fleet's page, in the order in which they stand on it. */
#ifndef OUTPUT_HTML_FLEET_H
#define OUTPUT_HTML_FLEET_H

#include "fleet/fleet.h"
#include "output/fleet.h"
#include "output/html_data.h"
#include "output/page.h"
#include "output/periods.h"

#include <stddef.h>

/* Crashes in a period, by verdict. */
struct html_bar {
	size_t counts[SIGHTING_KNOWN + 1];
	size_t all;
};

struct html_report {
	struct page page;
	const struct fleet *fleet;
	const struct fleet_heading *heading;
	struct html_data data;
	struct periods periods;
	struct html_bar bars[PERIODS_MOST];
	size_t undated,
		outside; /* crashes that are in none of the bars: without a time; with one that the chart leaves out */
	size_t mended;   /* crashes of a known bug for which a fix is known */
};

struct html_verdict {
	const char *name; /* of classes, and in the script */
	const char *word; /* for people */
	const char *meaning;
};

/* Of known, similar and unknown crashes. */
const struct html_verdict *html_verdict(enum sighting_verdict verdict);

/* html_totals.c: the heading, and the fleet in numbers. */
void html_header(struct html_report *report);
void html_totals(struct html_report *report);

/* html_chart.c */
void html_count_periods(struct html_report *report); /* first: fills periods and bars */
void html_chart(struct html_report *report);         /* crashes over time */
void html_rankings(struct html_report *report);      /* by bug, by release, by host */

/* html_groups.c: the table; html_group.c: what opens below a row of it. */
void html_groups(struct html_report *report);
void html_group(struct html_report *report, size_t number);

/* html_failures.c: what could not be read. */
void html_failures(struct html_report *report);

#endif
