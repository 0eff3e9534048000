/* UTF-16 and lone carriage returns, a window at a time. */
#include "input/transcode.h"

#include <stdlib.h>
#include <string.h>

struct transcoding {
	struct log_source *raw;
	enum transcode_form form;
	uint64_t at; /* in the raw bytes */
	/* What was written where there was no room for a character. */
	char spare[64];
	size_t spare_length, spare_given;
};

static unsigned unit_at(struct text t, size_t at, enum transcode_form form)
{
	unsigned first = (unsigned char)t.data[at], second = (unsigned char)t.data[at + 1];

	return form == TRANSCODE_UTF16_LE ? first | second << 8 : first << 8 | second;
}

/* Two bytes are no proof: a log is mostly ASCII. */
static bool is_utf16(struct text t, enum transcode_form form)
{
	size_t ascii = 0, units = t.length / 2;

	if (!units || unit_at(t, 0, form) != 0xfeff)
		return false;
	for (size_t i = 1; i < units; i++) {
		unsigned unit = unit_at(t, 2 * i, form);
		ascii += (unit >= ' ' && unit < 0x7f) || unit == '\n' || unit == '\r' || unit == '\t';
	}
	return units > 1 && ascii > units / 2;
}

static bool ends_lines_in_returns(struct text t)
{
	size_t lines = 0;

	if (text_find_char(t, '\n') != SIZE_MAX)
		return false;
	for (size_t i = 1; i + 1 < t.length; i++)
		lines += t.data[i] == '\r' && t.data[i - 1] != '\r' && t.data[i + 1] != '\r';
	return lines > 1;
}

enum transcode_form transcode_form_of(struct text beginning)
{
	if (is_utf16(beginning, TRANSCODE_UTF16_LE))
		return TRANSCODE_UTF16_LE;
	if (is_utf16(beginning, TRANSCODE_UTF16_BE))
		return TRANSCODE_UTF16_BE;
	return ends_lines_in_returns(beginning) ? TRANSCODE_LINE_ENDS : TRANSCODE_NOTHING;
}

static size_t put_utf8(char *to, unsigned character)
{
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (size_t i = length; i-- > 1; character >>= 6)
		to[i] = (char)(0x80 | (character & 0x3f));
	to[0] = (char)(leads[length == 1 ? 0 : length] | character);
	return length;
}

enum { REPLACEMENT = 0xfffd, MARK = 0xfeff, UTF8_MOST = 4 };

static bool is_high(unsigned unit)
{
	return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low(unsigned unit)
{
	return unit >= 0xdc00 && unit < 0xe000;
}

/* As much as is whole and fits; how many raw bytes were taken. `last`: nothing comes behind t. */
static size_t decode_utf16(const struct transcoding *transcoding, struct text t, bool last, char *to, size_t size,
			   size_t *written)
{
	size_t i = 0;

	while (i + 2 <= t.length && size - *written >= UTF8_MOST) {
		unsigned character = unit_at(t, i, transcoding->form);
		bool pair = is_high(character) && i + 4 <= t.length;
		if (is_high(character) && !pair && !last)
			break;
		unsigned low = pair ? unit_at(t, i + 2, transcoding->form) : 0;
		i += 2;
		if (is_low(low)) {
			character = 0x10000 + ((character - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		} else if (is_high(character) || is_low(character)) {
			character = REPLACEMENT;
		}
		if (character != MARK)
			*written += put_utf8(to + *written, character);
	}
	return last && i + 1 == t.length ? t.length : i; /* half a unit at the end is none */
}

/* A line feed for each carriage return that has none behind it. */
static size_t copy_lines(struct text t, bool last, char *to, size_t size, size_t *written)
{
	size_t i = 0;

	for (; i < t.length && *written < size; i++) {
		if (t.data[i] == '\r' && i + 1 == t.length && !last)
			break;
		bool lone = t.data[i] == '\r' && (i + 1 == t.length || t.data[i + 1] != '\n');
		to[(*written)++] = lone ? '\n' : t.data[i];
	}
	return i;
}

/* As a stream's read(), but for that there must be room for a character. */
static ssize_t transcode(struct transcoding *transcoding, char *buffer, size_t size, struct error *error)
{
	struct log_source *raw = transcoding->raw;
	size_t written = 0;

	/* What is left of the window may be a piece of a character: then more is read behind it. */
	while (!written) {
		struct text window = { raw->data, raw->length };
		struct text rest = text_from_offset(window, (size_t)(transcoding->at - raw->offset));
		size_t taken = transcoding->form == TRANSCODE_LINE_ENDS
				       ? copy_lines(rest, raw->ended, buffer, size, &written)
				       : decode_utf16(transcoding, rest, raw->ended, buffer, size, &written);
		transcoding->at += taken;
		if (written || taken)
			continue;
		if (raw->ended)
			return 0;
		if (!raw->more(raw, transcoding->at, error))
			return -1;
	}
	return (ssize_t)written;
}

static ssize_t read_text(struct stream *stream, char *buffer, size_t size, struct error *error)
{
	struct transcoding *transcoding = stream->state;
	size_t left = transcoding->spare_length - transcoding->spare_given;

	if (!left && size >= UTF8_MOST)
		return transcode(transcoding, buffer, size, error);
	if (!left) {
		ssize_t got = transcode(transcoding, transcoding->spare, sizeof transcoding->spare, error);
		if (got <= 0)
			return got;
		transcoding->spare_given = 0;
		left = transcoding->spare_length = (size_t)got;
	}
	if (size > left)
		size = left;
	memcpy(buffer, transcoding->spare + transcoding->spare_given, size);
	transcoding->spare_given += size;
	return (ssize_t)size;
}

struct transcoding *transcode_start(struct stream *text, struct stream *raw, enum transcode_form form, struct error *error)
{
	struct transcoding *transcoding = malloc(sizeof *transcoding);

	if (!transcoding) {
		error_out_of_memory(error);
		return NULL;
	}
	*transcoding = (struct transcoding){ .raw = &raw->source, .form = form, .at = raw->source.offset };
	if (stream_start(text, read_text, transcoding, error))
		return transcoding;
	stream_stop(text);
	free(transcoding);
	return NULL;
}

void transcode_stop(struct transcoding *transcoding)
{
	free(transcoding);
}
