/* What may go out as it is, and what is shown as \xNN. */
#include "output/safe.h"

#include "output/character.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Valid UTF-8 that must not reach a reader: each byte of it is escaped. */
static const struct {
	uint32_t first, last;
} unsafe[] = {
	{ 0x0000, 0x001f }, /* C0 controls, ESC among them */
	{ 0x007f, 0x009f }, /* DEL, and C1 controls: U+009B begins a terminal's control sequence as ESC [ does */
	{ 0x061c, 0x061c }, /* Arabic letter mark */
	{ 0x200e, 0x200f }, /* left-to-right and right-to-left marks */
	{ 0x2028, 0x202e }, /* line and paragraph separator; bidirectional embeddings and overrides */
	{ 0x2066, 0x2069 }, /* bidirectional isolates */
	{ 0xfdd0, 0xfdef }, /* noncharacters; the last two of each plane are, too */
};

static bool is_safe(uint32_t code)
{
	for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe; i++)
		if (code >= unsafe[i].first && code <= unsafe[i].last)
			return false;
	return (code & 0xfffe) != 0xfffe;
}

/* The safe form of the character at the front of t, in out; its length, and how many bytes of t it stands for. */
static size_t escape_character(struct text t, bool keep_lines, char out[16], size_t *taken)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t code = 0;
	size_t length = character_decode(t, &code);

	*taken = length ? length : 1;
	if (length && code == '\t') {
		out[0] = ' ';
		return 1;
	}
	if (length && (is_safe(code) || (code == '\n' && keep_lines))) {
		memcpy(out, t.data, length);
		return length;
	}
	for (size_t i = 0; i < *taken; i++) {
		unsigned char byte = (unsigned char)t.data[i];
		out[4 * i] = '\\';
		out[4 * i + 1] = 'x';
		out[4 * i + 2] = digits[byte >> 4];
		out[4 * i + 3] = digits[byte & 15];
	}
	return *taken * 4;
}

/* Nearly every text is: printable ASCII, as it stands. */
static bool is_plain(struct text t)
{
	bool plain = true;

	for (size_t i = 0; i < t.length; i++)
		plain &= t.data[i] >= ' ' && t.data[i] <= '~';
	return plain;
}

static struct text make_safe(struct arena *arena, struct text t, bool keep_lines)
{
	char piece[16];
	size_t length = 0, taken;

	if (is_plain(t))
		return arena_copy(arena, t);
	for (struct text rest = t; rest.length; rest = text_from_offset(rest, taken))
		length += escape_character(rest, keep_lines, piece, &taken);
	char *copy = arena_alloc(arena, length + 1);
	if (!copy)
		return TEXT_NONE;
	size_t at = 0;
	for (struct text rest = t; rest.length; rest = text_from_offset(rest, taken)) {
		size_t size = escape_character(rest, keep_lines, piece, &taken);
		memcpy(copy + at, piece, size);
		at += size;
	}
	return (struct text){ copy, length };
}

struct text safe_text(struct arena *arena, struct text t)
{
	return make_safe(arena, t, false);
}

struct text safe_lines(struct arena *arena, struct text t)
{
	return make_safe(arena, t, true);
}
