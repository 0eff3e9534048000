/* Lines out of a window that moves over the bytes. */
#define _GNU_SOURCE /* memrchr */
#include "log/reader.h"

#include <string.h>

void reader_start(struct reader *reader, struct log_source *source)
{
	*reader = (struct reader){ .source = source, .at = source->offset, .line = 1 };
}

/* What of the window lies behind the place reached. */
static struct text rest_of_window(const struct reader *reader)
{
	const struct log_source *source = reader->source;
	struct text window = { source->data, source->length };

	return text_from_offset(window, (size_t)(reader->at - source->offset));
}

static bool read_more(struct reader *reader, uint64_t keep)
{
	struct log_source *source = reader->source;

	if (source->ended)
		return false;
	if (!source->more(source, keep, &reader->error))
		reader->failed = true;
	return true;
}

static size_t number_of_next(struct reader *reader, size_t consumed, bool whole)
{
	size_t number = reader->line;

	reader->at += consumed;
	reader->inside = !whole;
	reader->line += whole;
	return number;
}

bool reader_next(struct reader *reader, struct reader_line *line)
{
	struct text rest = rest_of_window(reader);
	size_t end = text_find_char(text_first(rest, READER_LINE_MOST), '\n');

	while (end == SIZE_MAX && rest.length < READER_LINE_MOST && read_more(reader, reader->at)) {
		rest = rest_of_window(reader);
		end = text_find_char(text_first(rest, READER_LINE_MOST), '\n');
	}
	if (!rest.length)
		return false;
	bool whole = end != SIZE_MAX;
	size_t length = whole ? end : text_first(rest, READER_LINE_MOST).length;
	line->text = text_first(rest, length);
	line->offset = reader->at;
	line->piece = reader->inside;
	line->number = number_of_next(reader, length + whole, whole);
	if (line->text.length && line->text.data[line->text.length - 1] == '\r')
		line->text.length--;
	return true;
}

bool reader_take(struct reader *reader, size_t length, struct text *bytes)
{
	struct text rest = rest_of_window(reader);

	if (length > READER_LINE_MOST)
		return false;
	while (rest.length < length && read_more(reader, reader->at))
		rest = rest_of_window(reader);
	if (rest.length < length)
		return false;
	*bytes = text_first(rest, length);
	reader->line += scan_count_lines(*bytes);
	reader->at += length;
	reader->inside = length && bytes->data[length - 1] != '\n';
	return true;
}

/* The beginning of the LOG_CONTEXT_LINES-th line before `at`, but not before `from`; both are indexes into window. */
static size_t back_up(struct text window, size_t from, size_t at)
{
	size_t lowest = at - from > LOG_CONTEXT_BYTES ? at - LOG_CONTEXT_BYTES : from;
	size_t begin = at;

	for (int lines = 0; lines <= LOG_CONTEXT_LINES; lines++) {
		const char *feed = begin > lowest ? memrchr(window.data + lowest, '\n', begin - lowest) : NULL;
		if (!feed)
			return lowest == from ? from : begin < at ? begin + 1 : lowest;
		begin = (size_t)(feed - window.data);
	}
	return begin + 1;
}

/* Moves to an index of the window, with `lines` line feeds between the place reached and there. */
static void move_to(struct reader *reader, size_t index, size_t lines)
{
	struct log_source *source = reader->source;

	if (source->offset + index <= reader->at)
		return;
	reader->line += lines;
	reader->inside = source->data[index - 1] != '\n';
	reader->at = source->offset + index;
}

static size_t count_between(struct text window, size_t from, size_t to)
{
	return scan_count_lines(text_first(text_from_offset(window, from), to - from));
}

/* Moves to where the context of what lies at index `at` begins; `lines` lie between the place reached and `at`. */
static void move_to_context(struct reader *reader, struct text window, size_t at, size_t lines)
{
	size_t target = back_up(window, (size_t)(reader->at - reader->source->offset), at);

	move_to(reader, target, lines - count_between(window, target, at));
}

/* Scanned in pieces that fit a CPU's nearest cache: counting the lines of what was just scanned costs no second trip to
 * memory. */
enum { SCAN_PIECE = 32 * 1024 };

/* Scans what is unread of the window; true when a word was found. Moves to the context of the word, or of the window's end.
 */
static bool scan_window(struct reader *reader, const struct scanner *scanner)
{
	struct log_source *source = reader->source;
	struct text window = { source->data, source->length };
	size_t overlap = scanner_longest(scanner) - 1;
	size_t begin = (size_t)((reader->quiet_to > reader->at ? reader->quiet_to : reader->at) - source->offset);
	size_t lines = count_between(window, (size_t)(reader->at - source->offset), begin);

	while (begin < window.length) {
		struct text piece = text_first(text_from_offset(window, begin), SCAN_PIECE + overlap);
		size_t found = scanner_find(scanner, piece);
		if (found != SIZE_MAX) {
			lines += count_between(window, begin, begin + found);
			reader->quiet_to = source->offset + begin + found;
			reader->word_ahead = reader->quiet_to + 1;
			move_to_context(reader, window, begin + found, lines);
			return true;
		}
		bool last = piece.length < SCAN_PIECE + overlap;
		size_t done = last && source->ended ? piece.length : piece.length > overlap ? piece.length - overlap : 0;
		lines += count_between(window, begin, begin + done);
		begin += done;
		if (last)
			break; /* unless this is the end, a word may go on behind the window */
	}
	reader->quiet_to = source->offset + begin;
	move_to_context(reader, window, begin, lines);
	return false;
}

void reader_skip_quiet(struct reader *reader, const struct scanner *scanner)
{
	if (reader->at < reader->word_ahead)
		return;
	while (!scan_window(reader, scanner)) {
		struct log_source *source = reader->source;
		if (source->ended) {
			struct text rest = rest_of_window(reader);
			move_to(reader, source->length, scan_count_lines(rest));
			return;
		}
		read_more(reader, reader->at);
	}
}
