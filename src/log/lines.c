/* Takes lines apart and puts them together, as far as it is certain. */
#define _GNU_SOURCE /* memmem */
#include "log/lines.h"

#include "log/clean.h"
#include "log/kmsg.h"
#include "log/stamp.h"

#include <stdlib.h>
#include <string.h>

void lines_start(struct lines *lines, struct log_source *source)
{
	*lines = (struct lines){ 0 };
	reader_start(&lines->reader, source);
}

void lines_stop(struct lines *lines)
{
	free(lines->clean);
	free(lines->joined);
}

bool lines_are_given(const struct lines *lines)
{
	return !lines->has_rest && !lines->has_ahead;
}

static char *room(struct lines *lines, char **buffer)
{
	if (!*buffer)
		*buffer = malloc(READER_LINE_MOST);
	if (!*buffer) {
		lines->out_of_memory = lines->reader.failed = true;
		error_out_of_memory(&lines->reader.error);
	}
	return *buffer;
}

char *lines_room(struct lines *lines, struct text line)
{
	char *buffers[] = { lines->joined, lines->clean };

	/* In place: what lies in front of the text there (a host's name) stays. */
	for (size_t i = 0; i < 2; i++)
		if (buffers[i] && line.data >= buffers[i] && line.data < buffers[i] + READER_LINE_MOST)
			return buffers[i] + (line.data - buffers[i]);
	return room(lines, &lines->clean);
}

/* The line's text up to where another begins, which is kept for later. */
static void take_first(struct lines *lines, struct reader_line *line, bool plain)
{
	struct text trimmed = clean_ends(line->text);
	size_t end = plain ? SIZE_MAX : clean_find_break(trimmed);

	line->offset += trimmed.length ? (uint64_t)(trimmed.data - line->text.data) : 0;
	/* Behind a hole a line begins, wherever the hole's was cut for its length. */
	line->piece = line->piece && text_first(line->text, 1).length && line->text.data[0] != '\0';
	lines->has_rest = end != SIZE_MAX;
	if (lines->has_rest) {
		lines->rest = *line;
		lines->rest.piece = false;
		lines->rest.text = text_from_offset(trimmed, end);
		lines->rest.offset += end;
	}
	line->text = text_first(trimmed, end);
}

/* A byte order mark says UTF-8, which is what is expected. */
static void eat_mark(struct reader_line *line)
{
	if (line->number == 1 && !line->piece && text_eat(&line->text, "\xef\xbb\xbf"))
		line->offset += 3;
}

static bool next_piece(struct lines *lines, struct reader_line *line)
{
	if (lines->has_ahead) {
		*line = lines->ahead;
		lines->has_ahead = false;
		return true;
	}
	if (lines->has_rest)
		*line = lines->rest;
	else if (!reader_next(&lines->reader, line))
		return false;
	eat_mark(line);
	bool plain = clean_is_plain(line->text);
	take_first(lines, line, plain);
	if (!plain && clean_is_needed(line->text)) {
		if (!room(lines, &lines->clean))
			return false;
		line->text = clean_ends((struct text){ lines->clean, clean_line(line->text, lines->clean) });
	}
	return true;
}

/* Begins the joined line with this text. */
static bool begin_joined(struct lines *lines, struct reader_line *line)
{
	if (line->text.length > READER_LINE_MOST / 2 || !room(lines, &lines->joined))
		return false;
	if (line->text.length)
		memcpy(lines->joined, line->text.data, line->text.length);
	line->text.data = lines->joined;
	return true;
}

static bool append(struct lines *lines, struct reader_line *line, struct text text)
{
	if (text.length > READER_LINE_MOST - line->text.length)
		return false;
	if (text.length)
		memcpy(lines->joined + line->text.length, text.data, text.length);
	line->text.length += text.length;
	return true;
}

static void give_next(struct lines *lines, const struct reader_line *line)
{
	lines->ahead = *line;
	lines->has_ahead = true;
}

/*
 * Widths of terminals that break long lines. A line may have such a length by chance: but then, in a log of a kernel that
 * has reported anything, a longer one stands before it.
 */
static const size_t widths[] = { 80, 100, 120, 132, 160 };

static bool is_width(size_t length)
{
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (widths[i] == length)
			return true;
	return false;
}

/* Does it say on its own what it is: by a stamp, a level, a transport? */
static bool begins_record(struct text line, const struct wrappings *wrappings)
{
	struct wrappings known = *wrappings;
	struct record record = { 0 };
	const char *format;

	if (wrapping_strip(&line, &record, &known, &format) != WRAPPING_NONE || wrapping_eat_level(&line, &record))
		return true;
	return stamp_find_inside(line) != SIZE_MAX;
}

/* Lines of their own: what other programs write to the console, the journal's entries, quoted mail. */
static bool stands_alone(struct text line)
{
	static const char *const beginnings[] = { "[  OK  ]",       "[FAILED]", "[DEPEND]", "[ ***",  "[*",
						  "[ **",           "crash> ",  "-- ",      "------", "```",
						  "Linux version ", "{",        "> " };

	for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++)
		if (text_starts(line, beginnings[i]))
			return true;
	return false;
}

static void join_wrapped(struct lines *lines, const struct wrappings *wrappings, struct reader_line *line)
{
	size_t width = line->text.length, number = line->number;
	struct reader_line next = { .text = line->text };

	if (!begin_joined(lines, line))
		return;
	while (next.text.length == width && next_piece(lines, &next)) {
		bool rest = next.number == ++number && !next.piece && next.text.length && next.text.length <= width &&
			    !stands_alone(next.text) && !begins_record(next.text, wrappings);
		if (!rest || !append(lines, line, next.text)) {
			give_next(lines, &next);
			return;
		}
	}
}

/* Appends a fragment's text, which may hold further ones, each with its header. */
static bool append_fragments(struct lines *lines, struct reader_line *line, struct kmsg_fragment *fragment, struct text text)
{
	struct text after;
	size_t at;

	while ((at = kmsg_next_fragment(text, fragment, &after)) != SIZE_MAX) {
		fragment->offset += at;
		if (!append(lines, line, text_first(text, at)))
			return false;
		text = after;
	}
	fragment->offset += text.length;
	return append(lines, line, text);
}

/*
 * The pieces of a record that was too long for a datagram: each has a line where whoever received them wrote lines, or all
 * have one.
 */
static void join_fragments(struct lines *lines, struct reader_line *line)
{
	struct kmsg_fragment fragment;
	struct text text, whole = line->text;
	struct reader_line next;

	if (!kmsg_first_fragment(whole, &fragment, &text) || fragment.offset || !begin_joined(lines, line))
		return;
	line->text.length = fragment.header;
	if (!append(lines, line, TEXT(";")) || !append_fragments(lines, line, &fragment, text))
		return;
	/* The record's own line feed was counted as a part of it. */
	while (fragment.offset + 1 < fragment.total && next_piece(lines, &next)) {
		size_t at = next.piece ? SIZE_MAX : kmsg_find_fragment(next.text, &fragment, &text);
		if (at == SIZE_MAX || !append_fragments(lines, line, &fragment, text)) {
			give_next(lines, &next);
			return;
		}
	}
}

bool lines_next(struct lines *lines, const struct wrappings *wrappings, struct reader_line *line)
{
	if (!next_piece(lines, line))
		return false;
	size_t length = line->text.length;
	bool wrapped = is_width(length) && length >= lines->longest && !line->piece && !stands_alone(line->text) &&
		       begins_record(line->text, wrappings);
	if (length > lines->longest)
		lines->longest = length;
	if (wrapped)
		join_wrapped(lines, wrappings, line);
	else if (!line->piece && text_find_char(line->text, ';') != SIZE_MAX &&
		 text_find(line->text, KMSG_FRAGMENT) != SIZE_MAX)
		join_fragments(lines, line);
	return !lines->out_of_memory;
}
