/* Quoting for YAML. */
#include "signature/yaml_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void yaml_line(struct yaml_lines *lines, struct text line)
{
	struct text *place = arena_push(lines->arena, &lines->items, &lines->count, sizeof *place);

	if (place)
		*place = line;
}

struct text yaml_join(const struct yaml_lines *lines)
{
	size_t length = 0, at = 0;

	for (size_t i = 0; i < lines->count; i++)
		length += lines->items[i].length + 1;
	char *bytes = arena_alloc(lines->arena, length + 1);
	if (!bytes)
		return TEXT_NONE;
	for (size_t i = 0; i < lines->count; i++) {
		struct text line = lines->items[i];
		if (line.length)
			memcpy(bytes + at, line.data, line.length);
		at += line.length;
		bytes[at++] = '\n';
	}
	return (struct text){ bytes, length };
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* What a plain scalar may be taken for in place of a text: YAML 1.1's null and booleans. */
static bool is_word_of_yaml(struct text value)
{
	static const char *const words[] = { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (value.length == strlen(words[i]) && strncasecmp(value.data, words[i], value.length) == 0)
			return true;
	return false;
}

/* Narrower than YAML: what begins with a letter and has neither indicators nor blanks at its ends. */
static bool is_plain(struct text value)
{
	if (!value.length || !is_letter(value.data[0]) || value.data[value.length - 1] == ' ')
		return false;
	for (size_t i = 0; i < value.length; i++)
		if (!is_letter(value.data[i]) && !(value.data[i] >= '0' && value.data[i] <= '9') &&
		    text_find_char(TEXT(" .-$/"), value.data[i]) == SIZE_MAX)
			return false;
	return !is_word_of_yaml(value);
}

/* What stands for a byte within double quotes: at most 5 bytes. */
static size_t write_byte(char out[8], char byte)
{
	if (byte == '\t')
		byte = ' ';
	if (byte < ' ' || byte > '~')
		return (size_t)snprintf(out, 8, "\\\\x%02x", (unsigned)(unsigned char)byte);
	if (byte == '"' || byte == '\\')
		return (size_t)snprintf(out, 8, "\\%c", byte);
	out[0] = byte;
	return 1;
}

struct text yaml_value(struct arena *arena, struct text value)
{
	char piece[8];
	size_t length = 0;

	if (is_plain(value))
		return value;
	for (size_t i = 0; i < value.length; i++)
		length += write_byte(piece, value.data[i]);
	char *quoted = arena_alloc(arena, length + 2);
	if (!quoted)
		return TEXT_NONE;
	size_t at = 0;
	quoted[at++] = '"';
	for (size_t i = 0; i < value.length; i++) {
		size_t size = write_byte(piece, value.data[i]);
		memcpy(quoted + at, piece, size);
		at += size;
	}
	quoted[at++] = '"';
	return (struct text){ quoted, at };
}

struct text yaml_pattern(struct arena *arena, struct text pattern)
{
	char *quoted = arena_alloc(arena, pattern.length * 2 + 4);
	size_t at = 0;

	if (!quoted)
		return TEXT_NONE;
	quoted[at++] = '\'';
	quoted[at++] = '/';
	for (size_t i = 0; i < pattern.length; i++) {
		if (pattern.data[i] == '\'')
			quoted[at++] = '\'';
		quoted[at++] = pattern.data[i];
	}
	quoted[at++] = '/';
	quoted[at++] = '\'';
	return (struct text){ quoted, at };
}
