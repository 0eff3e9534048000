/* Putting texts into CommonMark so that none of them becomes markup. All take texts as they are in the log. */
#ifndef OUTPUT_MARKDOWN_WORDS_H
#define OUTPUT_MARKDOWN_WORDS_H

#include "base/text.h"
#include "output/page.h"

#include <stddef.h>

/* A code span; nothing, where there is nothing to see in t. Not for a table: there a '|' would end the cell. */
void markdown_code(struct page *page, struct text t);

/* One paragraph's worth of words, or a cell's of a table: line feeds become blanks. */
void markdown_prose(struct page *page, struct text t);

/* A block of lines as they are; indented when it belongs to an item of a list. */
void markdown_fenced(struct page *page, size_t indent, const char *language, struct text lines);

#endif
