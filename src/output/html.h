/*
 * Writing HTML into a page. Markup is the program's own; every text is made safe and escaped. The page's rules (no style
 * attributes, no scripts in attributes) are those of its Content-Security-Policy.
 */
#ifndef OUTPUT_HTML_H
#define OUTPUT_HTML_H

#include "base/text.h"
#include "output/page.h"

#include <stddef.h>
#include <stdint.h>

void html_markup(struct page *page, const char *markup);
/* Markup with numbers and own words in it, at most 500 bytes: texts have html_text(). */
void html_print(struct page *page, const char *format, ...) __attribute__((format(printf, 2, 3)));

void html_text(struct page *page, struct text t);  /* good in an element and in a quoted attribute; one line */
void html_lines(struct page *page, struct text t); /* the same, but line feeds stay: for what stands in a pre */
void html_element(struct page *page, const char *begin, struct text t, const char *end); /* begin and end are markup */

void html_number(struct page *page, size_t number); /* "10,000" */
/* "10,000 crashes"; the plural has an s, but for "crash" */
void html_count(struct page *page, size_t number, const char *noun);

enum html_time { HTML_DAY, HTML_MINUTE };
/* A time element in UTC, "2025-01-31" or "2025-01-31 17:04"; "not known" for SIGHTING_NO_TIME and what no calendar has. */
void html_time(struct page *page, int64_t seconds, enum html_time form);

/* A link where it is one of the web's own, else the text alone. */
void html_reference(struct page *page, struct text t);

/* A string of JSON, quoted, that may stand in a script element. */
void html_json_string(struct page *page, struct text t);

#endif
