/*
 * A fleet, written: the table at the end of a scan, and the report. A failed write shows in ferror(out). False: out of
 * memory; of the table nothing was written then, while a report, which may be larger than memory, is cut short.
 */
#ifndef OUTPUT_FLEET_H
#define OUTPUT_FLEET_H

#include "fleet/fleet.h"
#include "output/output.h"

#include <stdbool.h>
#include <stdio.h>

/* What a report says of itself. */
struct fleet_heading {
	struct text source;   /* where from: the history's path, or the directories of a scan */
	int64_t made_at;      /* seconds since 1970 */
	int64_t since, until; /* of a report; SIGHTING_NO_TIME: open */
};

/* At the end of a scan, for a terminal or a pipe: the groups as a table, then what could not be read and why. */
bool output_fleet_table(FILE *out, const struct fleet *fleet, const struct output_style *style);

/* The report: the same, and each group down to its crashes. */
bool output_fleet_text(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading,
		       const struct output_style *style);
bool output_fleet_markdown(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading);
bool output_fleet_json(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading); /* one object */
bool output_fleet_html(FILE *out, const struct fleet *fleet, const struct fleet_heading *heading); /* one page */

#endif
