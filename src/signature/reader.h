/*
 * Reads one YAML document by a schema: tables of keys, each with the function that reads its value. Everything wrong is
 * added to the list of errors with its place, and reading goes on. Private to signature/; the one header that knows libyaml.
 */
#ifndef SIGNATURE_READER_H
#define SIGNATURE_READER_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <yaml.h>

#include <stdbool.h>
#include <stddef.h>

struct reader {
	struct text content; /* the file's bytes */
	const char *path;
	struct arena *arena; /* where what is read lives */
	struct error_list *errors;
	bool failed; /* something was wrong with this file */
	yaml_document_t document;
	const yaml_node_t *remedies; /* kept back: they are read when the affected families are known */
};

/* One key of a mapping. read: takes the value, writes to the field; reports what is wrong through the reader. */
struct key {
	const char *name;
	bool required;
	void (*read)(struct reader *reader, const yaml_node_t *value, void *field);
	size_t field; /* offset in the object that the mapping is read into */
};

/* Parses content into reader->document; false when that failed (the errors are added). Else the caller ends with reader_close(). */
bool reader_open(struct reader *reader);
void reader_close(struct reader *reader);

const yaml_node_t *reader_root(struct reader *reader);

/* An error at the node's beginning, or `offset` bytes behind it. */
void reader_error(struct reader *reader, const yaml_node_t *node, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void reader_error_within(struct reader *reader, const yaml_node_t *node, size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void reader_out_of_memory(struct reader *reader);

/* Reads a mapping into object by a table of keys. what: "a symptom", for the errors. */
void reader_mapping(struct reader *reader, const yaml_node_t *node, const char *what, const struct key *keys, size_t count,
                    void *object);

/* A list's items; anything else is a list of itself, as one name is where several may stand. */
size_t reader_item_count(const yaml_node_t *node);
const yaml_node_t *reader_item(struct reader *reader, const yaml_node_t *node, size_t index);

/* False, and an error, when the node is no list, or an empty one. */
bool reader_is_list(struct reader *reader, const yaml_node_t *node, const char *what);

/* A text without blanks and line ends around it. False, and an error, when it is no text or an empty one. Lives in the arena. */
bool reader_text(struct reader *reader, const yaml_node_t *node, struct text *text);
/* The scalar as it stands in the document, for the short; empty when it is none. */
struct text reader_scalar(const yaml_node_t *node);

/* For tables of keys: field is a struct text; a struct text_list. */
struct text_list {
	struct text *items;
	size_t count;
};
void reader_text_field(struct reader *reader, const yaml_node_t *node, void *field);
void reader_text_list_field(struct reader *reader, const yaml_node_t *node, void *field);

/* Quotes in error messages are cut at this length: printf("%.*s", QUOTED(t)). */
#define QUOTED(t) TEXT_ARGS(text_first((t), 60))

#endif
