/* What a worker does with one item, and how it tells the parent. For scan.c. */
#ifndef SCAN_WORK_H
#define SCAN_WORK_H

#include "scan/find.h"
#include "scan/pool.h"
#include "scan/scan.h"

/* The state of the workers: as it was when they were forked. */
struct work {
	const struct scan_options *options;
	const struct find_result *found;
	struct link_roots link_roots;
};

/* A request is an item's index, a size_t. */
void work_on_item(void *work, struct text request, struct pool_reply *reply);

/* A message is a verdict's JSON, or a failure: the path that failed, and why. */
enum work_message { WORK_VERDICT = 'V', WORK_FAILURE = 'F' };

/* Takes a message apart; path and why are of a failure. False: it is none. */
bool work_read_message(struct text message, enum work_message *type, struct text *json, struct text *path, struct text *why);

#endif
