/* Pieces of the table that the report has too. */
#ifndef OUTPUT_FLEET_TABLE_H
#define OUTPUT_FLEET_TABLE_H

#include "fleet/fleet.h"
#include "output/fleet_reasons.h"
#include "output/page.h"

#include <stddef.h>

enum { FLEET_GROUPS_MOST = 50 }; /* rows of a table of groups */

/* The groups as a table, without a word on those that are left out. */
void fleet_table_groups(struct page *page, const struct fleet *fleet);

/* Under a heading: reasons and paths. A path stands on a line of its own, and whole. */
void fleet_table_failures(struct page *page, const struct fleet_reasons *reasons);

#endif
