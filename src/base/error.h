/* What went wrong, as a value: where, and what was expected. Steps return it up; only command/ prints it. */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

struct error {
	const char *path;  /* the file; NULL when the error has none. Owned by the caller or by the list's arena */
	size_t line;       /* 1-based; 0 when the error has no line */
	size_t column;     /* 1-based, in bytes; 0 when unknown */
	char message[400]; /* what is wrong and what was expected, without the place; may hold bytes of a hostile file */
};

/* Fills the error (place: what the caller set in the struct is kept) and returns false, for `return error_set(...)`. */
bool error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Sets "out of memory" and returns false. */
bool error_out_of_memory(struct error *error);

/* All that is wrong with something. Zero-initialised is ready for use. */
struct error_list {
	struct arena arena;
	struct error *items;
	size_t count;
	bool overflow; /* more than ERROR_LIST_MOST: the rest was dropped */
};

enum { ERROR_LIST_MOST = 1000 };

/* Adds an error; path is copied. */
void error_list_add(struct error_list *list, const char *path, size_t line, size_t column, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void error_list_free(struct error_list *list);

#endif
