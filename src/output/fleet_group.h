/* One group of the report on a fleet. Private to the report. */
#ifndef OUTPUT_FLEET_GROUP_H
#define OUTPUT_FLEET_GROUP_H

#include "output/fleet_report.h"

/* Heading, facts, the latest crash of which there is a detail, what to do, and its crashes. number: from 1. */
void fleet_report_group(struct page *page, const struct fleet_form *form, size_t number, const struct fleet_group *group);

#endif
