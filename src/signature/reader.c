/* Reading by a schema: places of errors, and the checks that every schema needs. */
#include "signature/reader.h"

#include "signature/nearest.h"

#include <stdarg.h>
#include <stdio.h>

/* 0-based bytes. libyaml counts characters; an error's column is in bytes, as compilers have it. */
static size_t byte_column(struct text content, struct place place)
{
	struct text rest = content;
	size_t column = 0;

	for (size_t line = 0; line < place.line; line++) {
		size_t end = text_find_char(rest, '\n');
		if (end == SIZE_MAX)
			return place.column; /* other line ends than Unix's: libyaml's count must do */
		rest = text_from_offset(rest, end + 1);
	}
	for (size_t i = 0; i < rest.length && rest.data[i] != '\n'; i++) {
		bool begins = ((unsigned char)rest.data[i] & 0xc0) != 0x80;
		if (begins && column++ == place.column)
			return i;
	}
	return place.column;
}

static void add_error(struct reader *reader, struct place place, size_t offset, const char *message)
{
	if (reader->error_count++ < READER_ERRORS_MOST)
		error_list_add(reader->errors, reader->path, place.line + 1,
			       byte_column(reader->content, place) + offset + 1, "%s", message);
}

void reader_error(struct reader *reader, const struct node *node, const char *format, ...)
{
	char message[sizeof((struct error *)0)->message];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	add_error(reader, node->place, 0, message);
}

void reader_error_within(struct reader *reader, const struct node *node, size_t offset, const char *format, ...)
{
	char message[sizeof((struct error *)0)->message];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	add_error(reader, node->place, offset, message);
}

void reader_out_of_memory(struct reader *reader)
{
	reader->error_count++;
	error_list_add(reader->errors, reader->path, 0, 0, "out of memory");
}

bool reader_open(struct reader *reader)
{
	struct tree_fault fault;

	reader->root = tree_parse(&reader->scratch, reader->content, &fault);
	if (!reader->root)
		add_error(reader, fault.place, 0, fault.message);
	return reader->root != NULL;
}

void reader_close(struct reader *reader)
{
	arena_free(&reader->scratch);
	reader->root = NULL;
}

static const struct key *find_key(struct text name, const struct key *keys, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(name, keys[i].name))
			return &keys[i];
	return NULL;
}

static void unknown_key(struct reader *reader, const struct node *node, const char *what, const struct key *keys,
			size_t count)
{
	struct nearest nearest = { .wanted = node->text };

	for (size_t i = 0; i < count; i++)
		nearest_offer(&nearest, keys[i].name);
	if (nearest.name)
		reader_error(reader, node, "%s has no key '%.*s': did you mean '%s'?", what, QUOTED(nearest.wanted),
			     nearest.name);
	else
		reader_error(reader, node, "%s has no key '%.*s'", what, QUOTED(nearest.wanted));
}

void reader_mapping(struct reader *reader, const struct node *node, const char *what, const struct key *keys, size_t count,
		    void *object)
{
	uint64_t seen = 0; /* a bit a key */

	if (node->type != NODE_MAPPING) {
		reader_error(reader, node, "%s is a mapping (key: value), which this is not", what);
		return;
	}
	for (size_t i = 0; i + 1 < node->count; i += 2) {
		const struct node *name = node->items[i], *value = node->items[i + 1];
		const struct key *key = find_key(name->text, keys, count);
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

size_t reader_item_count(const struct node *node)
{
	return node->type == NODE_LIST ? node->count : 1;
}

const struct node *reader_item(const struct node *node, size_t index)
{
	return node->type == NODE_LIST ? node->items[index] : node;
}

bool reader_is_list(struct reader *reader, const struct node *node, const char *what)
{
	if (node->type != NODE_LIST)
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

bool reader_text(struct reader *reader, const struct node *node, struct text *text)
{
	struct text value = node->text;

	if (node->type != NODE_TEXT) {
		reader_error(reader, node, "a text was expected, not a %s", node->type == NODE_LIST ? "list" : "mapping");
		return false;
	}
	while (value.length && is_blank(value.data[0]))
		value = text_from_offset(value, 1);
	while (value.length && is_blank(value.data[value.length - 1]))
		value.length--;
	if (!value.length || (node->plain && (text_is(value, "~") || text_is(value, "null")))) {
		reader_error(reader, node, "a text was expected, and this is empty");
		return false;
	}
	*text = arena_copy(reader->arena, value);
	return text->length > 0; /* out of memory: arena->failed tells */
}

void reader_text_field(struct reader *reader, const struct node *node, void *field)
{
	reader_text(reader, node, field);
}

void reader_text_list_field(struct reader *reader, const struct node *node, void *field)
{
	struct text_list *list = field;
	size_t count = reader_item_count(node);

	if (node->type == NODE_LIST && !reader_is_list(reader, node, "texts"))
		return;
	list->items = arena_alloc(reader->arena, count * sizeof *list->items);
	for (size_t i = 0; list->items && i < count; i++)
		if (reader_text(reader, reader_item(node, i), &list->items[list->count]))
			list->count++;
}
