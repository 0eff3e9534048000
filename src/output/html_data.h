/*
 * The crashes of a report as data: gathered before the page is written, as the groups need what is in the crashes' details;
 * written at the page's end, for its script.
 */
#ifndef OUTPUT_HTML_DATA_H
#define OUTPUT_HTML_DATA_H

#include "fleet/fleet.h"
#include "output/page.h"
#include "output/periods.h"
#include "output/text_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADVICE_REMEDIES_MOST = 24, ADVICE_REFERENCES_MOST = 48, ADVICE_RELEASES_NAMED = 3 };

/* A remedy that crashes of a group have; texts are numbers of strings. */
struct html_remedy {
	size_t text, command, condition;
	size_t count;                           /* crashes that have it */
	size_t releases[ADVICE_RELEASES_NAMED]; /* of these, the first different ones */
	size_t release_count;                   /* how many of them are filled in */
	bool more_releases;
};

/* A list of strings, each once. */
struct html_list {
	size_t *items;
	size_t count;
};

/* What the crashes of a group say together of what to do: not every release has the same remedies. */
struct html_advice {
	struct html_remedy *remedies;
	size_t remedy_count;
	bool more_remedies;
	struct html_list fixed, references;
};

struct html_data {
	struct arena arena;
	struct text_table strings; /* as they came: made safe when they are written. 0 is the empty text */
	struct text_table lists;   /* JSON arrays of numbers of strings. 0 is the empty list */
	int64_t *rows;             /* of each crash, in the order of the groups, its columns */
	size_t row_count;
	struct html_advice *advice; /* one a group */
};

/* False: out of memory. html_data_free() in every case. */
bool html_data_gather(struct html_data *data, const struct fleet *fleet);

struct text html_data_string(const struct html_data *data, size_t number);

/* The element for the script. */
void html_data_write(struct page *page, const struct html_data *data, const struct fleet *fleet,
		     const struct periods *periods);

void html_data_free(struct html_data *data);

#endif
