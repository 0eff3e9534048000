/* YAML documents: parsing, places, and the checks that every schema needs. */
#include "signature/reader.h"

#include "signature/nearest.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 0-based bytes. libyaml counts characters; an error's column is in bytes, as compilers have it. */
static size_t byte_column(struct text content, yaml_mark_t mark)
{
	struct text rest = content;
	size_t column = 0;

	for (size_t line = 0; line < mark.line; line++) {
		size_t end = text_find_char(rest, '\n');
		if (end == SIZE_MAX)
			return mark.column; /* other line ends than Unix's: libyaml's count must do */
		rest = text_from_offset(rest, end + 1);
	}
	for (size_t i = 0; i < rest.length && rest.data[i] != '\n'; i++) {
		bool begins = ((unsigned char)rest.data[i] & 0xc0) != 0x80;
		if (begins && column++ == mark.column)
			return i;
	}
	return mark.column;
}

static void add_error(struct reader *reader, yaml_mark_t mark, size_t offset, const char *message)
{
	reader->failed = true;
	error_list_add(reader->errors, reader->path, mark.line + 1, byte_column(reader->content, mark) + offset + 1, "%s", message);
}

void reader_error(struct reader *reader, const yaml_node_t *node, const char *format, ...)
{
	char message[sizeof((struct error *)0)->message];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	add_error(reader, node->start_mark, 0, message);
}

void reader_error_within(struct reader *reader, const yaml_node_t *node, size_t offset, const char *format, ...)
{
	char message[sizeof((struct error *)0)->message];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	add_error(reader, node->start_mark, offset, message);
}

void reader_out_of_memory(struct reader *reader)
{
	reader->failed = true;
	error_list_add(reader->errors, reader->path, 0, 0, "out of memory");
}

/* Where libyaml could not even read the bytes, it gives an offset and no mark. */
static void encoding_error(struct reader *reader, const yaml_parser_t *parser)
{
	struct text before = text_first(reader->content, parser->problem_offset);
	size_t line = 1, begin = 0;

	for (size_t i = 0; i < before.length; i++)
		if (before.data[i] == '\n') {
			line++;
			begin = i + 1;
		}
	reader->failed = true;
	error_list_add(reader->errors, reader->path, line, before.length - begin + 1, "not UTF-8 text: %s",
	               parser->problem ? parser->problem : "unreadable bytes");
}

static void syntax_error(struct reader *reader, const yaml_parser_t *parser)
{
	char message[200];

	if (parser->error == YAML_MEMORY_ERROR) {
		reader_out_of_memory(reader);
		return;
	}
	if (parser->error == YAML_READER_ERROR) {
		encoding_error(reader, parser);
		return;
	}
	snprintf(message, sizeof message, "not YAML: %s%s%s", parser->context ? parser->context : "", parser->context ? ", " : "",
	         parser->problem ? parser->problem : "cannot be parsed");
	add_error(reader, parser->problem_mark, 0, message);
}

/*
 * A node that two places refer to was made by an alias. A signature needs none, and without them nothing in a file can
 * be in a circle, or be larger than the file.
 */
static void refuse_aliases(struct reader *reader)
{
	size_t count = (size_t)(reader->document.nodes.top - reader->document.nodes.start);
	unsigned char *seen = calloc(count + 1, 1);

	if (!seen) {
		reader_out_of_memory(reader);
		return;
	}
	if (count)
		seen[1] = 1; /* the root, which the document itself refers to */
	for (yaml_node_t *node = reader->document.nodes.start; node < reader->document.nodes.top; node++) {
		bool pairs = node->type == YAML_MAPPING_NODE;
		int *item = pairs ? (int *)node->data.mapping.pairs.start : node->data.sequence.items.start;
		int *end = pairs ? (int *)node->data.mapping.pairs.top : node->data.sequence.items.top;
		if (node->type != YAML_MAPPING_NODE && node->type != YAML_SEQUENCE_NODE)
			continue;
		for (; item < end; item++)
			if (seen[*item] < 2 && ++seen[*item] == 2)
				reader_error(reader, &reader->document.nodes.start[*item - 1],
				             "an alias stands for this: write it out, aliases are not read here");
	}
	free(seen);
}

static void refuse_second_document(struct reader *reader, yaml_parser_t *parser)
{
	yaml_document_t second;

	if (!yaml_parser_load(parser, &second)) {
		syntax_error(reader, parser);
		return;
	}
	yaml_node_t *root = yaml_document_get_root_node(&second);
	if (root)
		reader_error(reader, root, "a second document begins here: one signature a file");
	yaml_document_delete(&second);
}

bool reader_open(struct reader *reader)
{
	yaml_parser_t parser;

	reader->failed = false;
	if (!yaml_parser_initialize(&parser)) {
		reader_out_of_memory(reader);
		return false;
	}
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(reader->content.data ? reader->content.data : ""),
	                             reader->content.length);
	if (!yaml_parser_load(&parser, &reader->document)) {
		syntax_error(reader, &parser);
		yaml_parser_delete(&parser);
		return false;
	}
	if (!yaml_document_get_root_node(&reader->document)) {
		reader->failed = true;
		error_list_add(reader->errors, reader->path, 1, 1, "the file is empty: a signature was expected");
	} else {
		refuse_second_document(reader, &parser);
		refuse_aliases(reader);
	}
	yaml_parser_delete(&parser);
	if (reader->failed)
		reader_close(reader);
	return !reader->failed;
}

void reader_close(struct reader *reader)
{
	yaml_document_delete(&reader->document);
}

const yaml_node_t *reader_root(struct reader *reader)
{
	return yaml_document_get_root_node(&reader->document);
}

static const yaml_node_t *node_at(struct reader *reader, int index)
{
	return yaml_document_get_node(&reader->document, index);
}

struct text reader_scalar(const yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		return TEXT_NONE;
	return (struct text){ (const char *)node->data.scalar.value, node->data.scalar.length };
}

static const struct key *find_key(struct text name, const struct key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(name, keys[i].name))
			return &keys[i];
	return NULL;
}

static void unknown_key(struct reader *reader, const yaml_node_t *node, const char *what, const struct key *keys, size_t count)
{
	struct nearest nearest = { .wanted = reader_scalar(node) };

	for (size_t i = 0; i < count; i++)
		nearest_offer(&nearest, keys[i].name);
	if (nearest.name)
		reader_error(reader, node, "%s has no key '%.*s': did you mean '%s'?", what, QUOTED(nearest.wanted), nearest.name);
	else
		reader_error(reader, node, "%s has no key '%.*s'", what, QUOTED(nearest.wanted));
}

void reader_mapping(struct reader *reader, const yaml_node_t *node, const char *what, const struct key *keys, size_t count,
                    void *object)
{
	uint64_t seen = 0; /* a bit a key */

	if (node->type != YAML_MAPPING_NODE) {
		reader_error(reader, node, "%s is a mapping (key: value), which this is not", what);
		return;
	}
	for (yaml_node_pair_t *pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top; pair++) {
		const yaml_node_t *name = node_at(reader, pair->key), *value = node_at(reader, pair->value);
		const struct key *key = find_key(reader_scalar(name), keys, count);
		uint64_t bit = key ? UINT64_C(1) << (key - keys) : 0;
		if (!key)
			unknown_key(reader, name, what, keys, count);
		else if (seen & bit)
			reader_error(reader, name, "'%s' stands here a second time", key->name);
		else
			key->read(reader, value, (char *)object + key->field);
		seen |= bit;
	}
	for (size_t i = 0; i < count; i++)
		if (keys[i].required && !(seen & UINT64_C(1) << i))
			reader_error(reader, node, "%s needs '%s'", what, keys[i].name);
}

size_t reader_item_count(const yaml_node_t *node)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return 1;
	return (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
}

const yaml_node_t *reader_item(struct reader *reader, const yaml_node_t *node, size_t index)
{
	if (node->type != YAML_SEQUENCE_NODE)
		return node;
	return node_at(reader, node->data.sequence.items.start[index]);
}

bool reader_is_list(struct reader *reader, const yaml_node_t *node, const char *what)
{
	if (node->type != YAML_SEQUENCE_NODE)
		reader_error(reader, node, "a list of %s was expected", what);
	else if (!reader_item_count(node))
		reader_error(reader, node, "the list of %s is empty", what);
	else
		return true;
	return false;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool reader_text(struct reader *reader, const yaml_node_t *node, struct text *text)
{
	struct text scalar = reader_scalar(node);
	bool plain = node->type == YAML_SCALAR_NODE && node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;

	if (node->type != YAML_SCALAR_NODE) {
		reader_error(reader, node, "a text was expected, not a %s", node->type == YAML_SEQUENCE_NODE ? "list" : "mapping");
		return false;
	}
	while (scalar.length && is_blank(scalar.data[0]))
		scalar = text_from_offset(scalar, 1);
	while (scalar.length && is_blank(scalar.data[scalar.length - 1]))
		scalar.length--;
	if (!scalar.length || (plain && (text_is(scalar, "~") || text_is(scalar, "null")))) {
		reader_error(reader, node, "a text was expected, and this is empty");
		return false;
	}
	*text = arena_copy(reader->arena, scalar);
	return text->length > 0; /* out of memory: arena->failed tells */
}

void reader_text_field(struct reader *reader, const yaml_node_t *node, void *field)
{
	reader_text(reader, node, field);
}

void reader_text_list_field(struct reader *reader, const yaml_node_t *node, void *field)
{
	struct text_list *list = field;
	size_t count = reader_item_count(node);

	if (node->type == YAML_SEQUENCE_NODE && !reader_is_list(reader, node, "texts"))
		return;
	list->items = arena_alloc(reader->arena, count * sizeof *list->items);
	for (size_t i = 0; list->items && i < count; i++)
		if (reader_text(reader, reader_item(reader, node, i), &list->items[list->count]))
			list->count++;
}
