/* Searching a dump's memory for the log by its own marks. Inside of kernel_log*.c only. */
#ifndef VMCORE_KERNEL_LOG_SEARCH_H
#define VMCORE_KERNEL_LOG_SEARCH_H

#include "vmcore/kernel_log_format.h"

/* Of the records and of the lines of a log that is found; fewer records will do where the first says "Linux version". */
enum { SEARCH_PAGE = 4096, SEARCH_RECORDS_LEAST = 20 };

/* A page, or what there is of it; its address is a multiple of 4, as are its bytes. */
struct search_page {
	uint64_t address; /* physical */
	const unsigned char *bytes;
	size_t length; /* at most SEARCH_PAGE */
};

/* What searching may still cost. A remark is made where that ends it. */
struct search_budget {
	uint64_t bytes; /* of memory, for a walk and what follows it */
	uint64_t reads; /* single ones, to look whether something is what it looks like; a walk adds one for each page */
};

/* All memory of the dump that can be read, page by page, while the budget lasts. `visit` returns false to end it. */
bool search_walk(struct dump *dump, struct search_budget *budget, bool (*visit)(void *state, const struct search_page *page),
		 void *state, struct error *error);

/* Pages one behind the other, or nearly so, that look alike. */
struct extent {
	uint64_t begin, end; /* physical */
	uint64_t weight;     /* how many marks were seen in it */
	unsigned int kind;
};

enum { EXTENTS_MOST = 16 };

struct extents {
	struct extent items[EXTENTS_MOST];
	size_t count;
};

/* Adds a page with `weight` marks to the extent that ends shortly before it, or as an extent of its own; the lightest is
 * dropped where there are too many. */
void extents_add(struct extents *extents, const struct search_page *page, uint64_t weight, unsigned int kind);
const struct extent *extents_heaviest(const struct extents *extents); /* NULL: there is none */

/* An extent with the pages around it, whose marks may have been too few. */
void extent_surroundings(const struct extent *extent, uint64_t *begin, uint64_t *size);

/* Where arrays of the ring buffer were seen: numbers that count up at a fixed distance. */
struct numbered {
	uint64_t origin;  /* address - number * distance, which all of an array share */
	uint64_t count;   /* items seen */
	uint64_t newest;  /* the highest number */
	uint64_t address; /* of that item */
	uint64_t size;    /* of an item, the distance */
};

enum { NUMBERED_MOST = 32 };

struct numbered_list {
	struct numbered items[NUMBERED_MOST];
	size_t count;
};

struct ring_marks {
	struct numbered_list descs, infos; /* by id, by sequence number */
};

/* Notes what of the ring buffer is in a page. */
void search_ring_page(const struct dump *dump, const struct search_page *page, struct ring_marks *marks);
void search_records_page(const struct dump *dump, const struct search_page *page, struct extents *extents);
void search_characters_page(const struct search_page *page, struct extents *extents);

/* Opens what was noted. NULL: *error. */
struct log_reader *search_ring_open(struct dump *dump, struct search_budget *budget, const struct ring_marks *marks,
				    struct kernel_log_report *report, struct error *error);
struct log_reader *search_records_open(struct dump *dump, const struct extents *extents, struct kernel_log_report *report,
				       struct error *error);
struct log_reader *search_characters_open(struct dump *dump, const struct extents *extents, struct kernel_log_report *report,
					  struct error *error);

/* Words of a page in the order of the host; how many. `words` has room for SEARCH_PAGE / 4. */
size_t search_load_words(const struct dump *dump, const struct search_page *page, uint64_t *words);

#endif
