/*
 * A page is what is to be written, gathered in memory: an output goes out whole or not at all. Running out of memory only
 * marks the page; page_write() tells.
 *
 * Every text that a page takes is made safe on the way in, but for page_raw().
 */
#ifndef OUTPUT_PAGE_H
#define OUTPUT_PAGE_H

#include "base/arena.h"
#include "base/text.h"
#include "output/output.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct page {
	struct arena arena; /* for what is made on the way; lives as long as the page */
	char *bytes;
	size_t length, capacity;
	size_t width;  /* columns */
	size_t column; /* filled so far in the last line */
	bool color;
	bool failed; /* out of memory */
};

enum { PAGE_NARROWEST = 40 };

enum page_color { COLOR_BOLD, COLOR_GREEN, COLOR_YELLOW, COLOR_RED };

struct page page_new(const struct output_style *style); /* NULL: no colour, no width: nothing is wrapped or cut */

/* Writes the page and frees it. False: it ran out of memory before, and nothing was written. */
bool page_write(struct page *page, FILE *out);

void page_raw(struct page *page, const char *bytes, size_t length); /* takes no column */
void page_text(struct page *page, struct text t);                   /* on this line, whatever its length */
void page_string(struct page *page, const char *string);
void page_print(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));
void page_indent(struct page *page, size_t columns); /* blanks up to that column */
void page_newline(struct page *page);                /* no line ends in a blank */
void page_gap(struct page *page);                    /* an empty line, where there is none yet and something stands above */
void page_color_on(struct page *page, enum page_color color);
void page_color_off(struct page *page);

/* wrap.c */

/*
 * Puts t where the line stands, word by word, and goes on at column hang of the next line when a word does not fit. A word
 * longer than a line is broken, but never a URL. A blank at the front of t is kept, other runs of blanks become one.
 */
void page_wrap(struct page *page, size_t hang, struct text t);
void page_wrap_apart(struct page *page, size_t hang, struct text t); /* a blank apart from what stands before */

/* Puts t on the rest of this line, with "..." where it had to be cut. */
void page_cut(struct page *page, struct text t);

/* A section's heading, in bold. */
void page_heading(struct page *page, struct text heading);

/* A label at column indent, and its text at column hang. */
void page_labelled(struct page *page, size_t indent, size_t hang, const char *label, struct text t);

#endif
