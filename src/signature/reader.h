/*
 * Reads a file's tree by a schema: tables of keys, each with the function that reads its value. Everything wrong is
 * added to the list of errors with its place, and reading goes on. Private to signature/.
 */
#ifndef SIGNATURE_READER_H
#define SIGNATURE_READER_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "signature/tree.h"

#include <stdbool.h>
#include <stddef.h>

struct reader {
	struct text content; /* the file's bytes */
	const char *path;
	struct arena *arena; /* where what is read lives */
	struct error_list *errors;
	size_t error_count;   /* what was wrong with this file, however many of it were added to errors */
	struct arena scratch; /* of the tree */
	struct node *root;
	const struct node *remedies; /* kept back: they are read when the affected families are known */
};

/* One key of a mapping. read: takes the value, writes to the field; reports what is wrong through the reader. */
struct key {
	const char *name;
	bool required;
	void (*read)(struct reader *reader, const struct node *value, void *field);
	size_t field; /* offset in the object that the mapping is read into */
};

enum { READER_ERRORS_MOST = 100 }; /* of one file */

/*
 * Parses content into reader->root; false when that failed (an error is added). Either way the caller ends with
 * reader_close().
 */
bool reader_open(struct reader *reader);
void reader_close(struct reader *reader);

/* An error at the node's beginning, or `offset` bytes behind it. */
void reader_error(struct reader *reader, const struct node *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void reader_error_within(struct reader *reader, const struct node *node, size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void reader_out_of_memory(struct reader *reader);

/* Reads a mapping into object by a table of keys. what: "a symptom", for the errors. */
void reader_mapping(struct reader *reader, const struct node *node, const char *what, const struct key *keys, size_t count,
		    void *object);

/* A list's items; anything else is a list of itself, as one name is where several may stand. */
size_t reader_item_count(const struct node *node);
const struct node *reader_item(const struct node *node, size_t index);

/* False, and an error, when the node is no list, or an empty one. */
bool reader_is_list(struct reader *reader, const struct node *node, const char *what);

/*
 * A text without blanks and line ends around it. False, and an error, when it is no text or an empty one. Lives in the
 * arena.
 */
bool reader_text(struct reader *reader, const struct node *node, struct text *text);

/* For tables of keys: field is a struct text; a struct text_list. */
struct text_list {
	struct text *items;
	size_t count;
};
void reader_text_field(struct reader *reader, const struct node *node, void *field);
void reader_text_list_field(struct reader *reader, const struct node *node, void *field);

/* Quotes in error messages are cut at this length: printf("%.*s", QUOTED(t)). */
#define QUOTED(t) TEXT_ARGS(text_first((t), 60))

#endif
