/* Finds the first of many words in a block of bytes, several gigabytes a second. */
#ifndef LOG_SCAN_H
#define LOG_SCAN_H

#include "base/text.h"

#include <stddef.h>

struct scanner;

/*
 * words: `count` C strings of 4 bytes or more each, which must outlive the scanner. NULL when out of memory. Free with
 * scanner_free().
 */
struct scanner *scanner_new(const char *const *words, size_t count);
void scanner_free(struct scanner *scanner);

/* Where a word begins in t, or SIZE_MAX: the first, but for words that lie within each other. */
size_t scanner_find(const struct scanner *scanner, struct text t);

size_t scanner_longest(const struct scanner *scanner); /* length of the longest word, bytes */

/* How many line feeds t holds. */
size_t scan_count_lines(struct text t);

#endif
