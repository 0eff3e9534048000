/* Copies lines without what is no text of theirs. */
#include "log/clean.h"

#include <stdint.h>
#include <string.h>

/* ECMA-48 (ISO 6429): ESC [ parameters final byte. */
static size_t control_sequence(struct text t)
{
	size_t i = 2;

	while (i < t.length && t.data[i] >= ' ' && t.data[i] <= '?')
		i++;
	return i < t.length ? i + 1 : i;
}

/* ESC ] text BEL, or ESC ] text ESC \, which sets a window's title. Without an end in the line, only the mark is taken. */
static size_t command_string(struct text t)
{
	for (size_t i = 2; i < t.length; i++) {
		if (t.data[i] == '\a')
			return i + 1;
		if (t.data[i] == '\033')
			return i + 1 < t.length && t.data[i + 1] == '\\' ? i + 2 : i;
	}
	return 2;
}

/* How long a terminal's escape sequence is; 0 where there is none. */
static size_t escape_sequence(struct text t)
{
	if (t.length < 2 || t.data[0] != '\033')
		return 0;
	switch (t.data[1]) {
	case '[':
		return control_sequence(t);
	case ']':
		return command_string(t);
	case '(': /* a character set */
	case ')':
		return t.length < 3 ? 2 : 3;
	default: /* keypad, cursor saved and restored, reset, index */
		return memchr("=>78cDEHM", t.data[1], 9) ? 2 : 0;
	}
}

static const struct {
	const char *name;
	char character;
} entities[] = { { "&lt;", '<' },   { "&gt;", '>' },   { "&amp;", '&' },   { "&quot;", '"' },
		 { "&nbsp;", ' ' }, { "&#39;", '\'' }, { "&#x27;", '\'' }, { "&#34;", '"' } };

/* Its row in the table, or SIZE_MAX. */
static size_t entity(struct text t)
{
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
		if (text_starts(t, entities[i].name))
			return i;
	return SIZE_MAX;
}

static bool has_entity(struct text line)
{
	for (;;) {
		size_t at = text_find_char(line, '&');
		if (at == SIZE_MAX)
			return false;
		line = text_from_offset(line, at);
		if (entity(line) != SIZE_MAX)
			return true;
		line = text_from_offset(line, 1);
	}
}

bool clean_is_plain(struct text line)
{
	unsigned odd = 0;

	/* Without branches, so that the compiler takes many bytes at once. */
	for (size_t i = 0; i < line.length; i++) {
		unsigned char c = (unsigned char)line.data[i];
		odd |= (unsigned)(c < ' ') & (unsigned)(c != '\t');
		odd |= (unsigned)(c == '&');
	}
	return !odd;
}

/* What is JSON escapes for itself. */
static bool is_json(struct text line)
{
	return text_starts(text_trim_start(line), "{\"");
}

bool clean_is_needed(struct text line)
{
	return text_find_char(line, '\033') != SIZE_MAX || text_find_char(line, '\b') != SIZE_MAX ||
	       (has_entity(line) && !is_json(line));
}

size_t clean_line(struct text line, char *to)
{
	bool json = is_json(line);
	size_t at = 0, length = 0; /* a backspace moves back and erases nothing */

	while (line.length) {
		size_t skip = escape_sequence(line), row = SIZE_MAX;
		if (!skip && line.data[0] == '&' && !json)
			row = entity(line);
		if (row != SIZE_MAX) {
			to[at++] = entities[row].character;
			skip = strlen(entities[row].name);
		} else if (line.data[0] == '\b') {
			at -= at > 0;
			skip = 1;
		} else if (!skip) {
			to[at++] = line.data[0];
			skip = 1;
		}
		length = at > length ? at : length;
		line = text_from_offset(line, skip);
	}
	return length;
}

static const char *const opening_tags[] = { "<pre>", "<code>" };
static const char *const closing_tags[] = { "<br>", "<br/>", "<br />", "</code>", "</pre>" };

static void eat_tags(struct text *line)
{
	for (size_t i = 0; i < sizeof opening_tags / sizeof *opening_tags; i++)
		text_eat(line, opening_tags[i]);
	for (size_t i = sizeof closing_tags / sizeof *closing_tags; i-- > 0;)
		if (text_ends(*line, closing_tags[i]))
			*line = text_first(*line, line->length - strlen(closing_tags[i]));
}

static bool is_residue(char c)
{
	return c == '\0' || c == '\r';
}

struct text clean_ends(struct text line)
{
	size_t i = 0;

	while (i < line.length && is_residue(line.data[i]))
		i++;
	line = text_from_offset(line, i);
	while (line.length && is_residue(line.data[line.length - 1]))
		line.length--;
	if (line.length && (line.data[0] == '<' || line.data[line.length - 1] == '>'))
		eat_tags(&line);
	return line;
}

size_t clean_find_break(struct text line)
{
	size_t back = text_find_char(line, '\r'), from = 0;

	line = text_first(line, back);
	while (from < line.length) {
		size_t hole = text_find_char(text_from_offset(line, from), '\0');
		if (hole == SIZE_MAX)
			break;
		from += hole + 1;
		if (from < line.length && line.data[from] == '\0')
			return from - 1;
	}
	return back;
}
