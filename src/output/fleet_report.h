/*
 * The report on a fleet for people: what is said, and in which order. How it looks is the form's: one for a terminal or a
 * pipe, one for a ticket. A form's functions get texts as they are in the history; the page makes them safe, and the form
 * escapes its own markup.
 */
#ifndef OUTPUT_FLEET_REPORT_H
#define OUTPUT_FLEET_REPORT_H

#include "base/text.h"
#include "fleet/fleet.h"
#include "output/fleet.h"
#include "output/fleet_chart.h"
#include "output/fleet_reasons.h"
#include "output/page.h"
#include "output/report.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* How often each value of something occurs. */
struct fleet_values_list {
	const char *what; /* "release" */
	const struct fleet_count *items;
	size_t count;    /* that are to be shown */
	size_t left_out; /* other values */
	size_t unknown;  /* crashes without one */
};

struct fleet_form {
	const struct form *parts; /* of one crash: they look as in the report on one input */
	void (*opening)(struct page *page, struct text source);
	void (*section)(struct page *page, const char *heading);
	void (*chart)(struct page *page, const struct fleet_chart *chart);
	void (*values)(struct page *page, const struct fleet_values_list *list);
	void (*overview)(struct page *page, const struct fleet *fleet); /* the first FLEET_GROUPS_MOST groups */
	void (*group)(struct page *page, size_t number, const struct fleet_group *group);  /* its heading */
	void (*label)(struct page *page, const char *label);                               /* of a part of a group */
	void (*path)(struct page *page, const char *label, struct text path);              /* a fact, behind others */
	void (*crashes)(struct page *page, const struct fleet_group *group, size_t count); /* the first of them */
	void (*failures)(struct page *page, const struct fleet_reasons *reasons);
};

/*
 * The whole report, written group by group: its memory does not grow with the number of groups. style: NULL as for
 * page_new(). False: out of memory; what was written is cut short.
 */
bool fleet_report(FILE *out, const struct fleet_form *form, const struct output_style *style, const struct fleet *fleet,
		  const struct fleet_heading *heading);

#endif
