/*
 * The report for people: what is said of a verdict, and in which order. How it looks is the form's: one for a terminal, one
 * for a ticket. A form's functions get texts as they are in the log; the page makes them safe, and the form escapes its own
 * markup.
 */
#ifndef OUTPUT_REPORT_H
#define OUTPUT_REPORT_H

#include "base/text.h"
#include "output/describe.h"
#include "output/page.h"
#include "signature/signature.h"
#include "triage/triage.h"

#include <stdbool.h>
#include <stddef.h>

/* The first line: "PATH: known bug, and this kernel has it" */
struct opening {
	struct text path;
	enum page_color color; /* of the word */
	const char *word;      /* "known bug" */
	const char *rest;      /* ", and this kernel has it" */
	bool incomplete;
};

/* A row of a list: "line 12: WARNING in foo: 3 more times" */
struct item {
	struct text place;   /* may be empty */
	struct text literal; /* words of a log, an id, a package: to be shown as they are */
	struct text remark;  /* prose; may be empty */
};

struct form {
	void (*opening)(struct page *page, const struct opening *opening);
	void (*heading)(struct page *page, const char *heading);
	void (*title)(struct page *page, struct text title);     /* of a crash: words of the log, on a line of their own */
	void (*paragraph)(struct page *page, struct text prose); /* our own words, or a signature's */
	void (*facts)(struct page *page, const struct fact_list *facts);
	void (*trace)(struct page *page, const struct text *lines, size_t count, size_t left_out);
	void (*evidence)(struct page *page, const struct evidence *evidence, size_t count);
	void (*remedy)(struct page *page, size_t number, const struct remedy *remedy, bool conditional);
	void (*item)(struct page *page, const struct item *item);
	void (*reference)(struct page *page, struct text url);
};

extern const struct form text_form;     /* text.c */
extern const struct form markdown_form; /* markdown.c */

/* The whole report. */
void report(struct page *page, const struct form *form, const struct verdict *verdict);

#endif
