/* Headlines as patterns: numbers and addresses made wide, all else quoted. */
#include "signature/headline_pattern.h"

#include "crash/headline.h"
#include "signature/pattern.h"

#include <stdio.h>
#include <string.h>

enum {
	PIECE_MOST = 16,
	TOTAL_MOST = 600,  /* bytes: far below PATTERN_LENGTH_MOST, and more than any headline needs */
	ADDRESS_LEAST = 8, /* digits of an address without 0x: a 32-bit one's */
};

_Static_assert((int)TOTAL_MOST + (int)PIECE_MOST < (int)PATTERN_LENGTH_MOST, "a pattern of a headline is not too long");

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static size_t span(struct text t, bool (*fits)(char c))
{
	size_t length = 0;

	while (length < t.length && fits(t.data[length]))
		length++;
	return length;
}

/* How many bytes of an address stand there: "0xffff8880", "ffffffff81000000". */
static size_t address_length(struct text t)
{
	size_t prefix = text_starts(t, "0x") ? 2 : 0;
	size_t digits = span(text_from_offset(t, prefix), is_hex);
	size_t word = span(t, is_word);

	if (prefix + digits != word || !digits)
		return 0;
	return prefix || digits >= ADDRESS_LEAST ? word : 0;
}

static void quote(char piece[PIECE_MOST], char c)
{
	if (c < ' ' || c > '~')
		snprintf(piece, PIECE_MOST, "\\x%02x", (unsigned)(unsigned char)c);
	else
		snprintf(piece, PIECE_MOST, "%s%c", strchr("\\^$.[]|()?*+{}/", c) ? "\\" : "", c);
}

/* The pattern's next piece; how many bytes of t it stands for. A number behind a letter ("ext4", "sda1") is part of a name.
 */
static size_t next_piece(struct text t, bool in_word, char piece[PIECE_MOST])
{
	size_t length = in_word ? 0 : address_length(t);

	if (length) {
		snprintf(piece, PIECE_MOST, "%s[0-9a-fA-F]+", text_starts(t, "0x") ? "0x" : "");
		return length;
	}
	length = in_word ? 0 : span(t, is_digit);
	if (length) {
		snprintf(piece, PIECE_MOST, "\\d+");
		return length;
	}
	quote(piece, t.data[0]);
	return 1;
}

static struct text generalise(struct arena *arena, struct text headline)
{
	char *pattern = arena_alloc(arena, TOTAL_MOST + PIECE_MOST);
	char piece[PIECE_MOST];
	size_t length = 0, taken;
	bool in_word = false;

	if (!pattern)
		return TEXT_NONE;
	for (struct text rest = headline; rest.length && length < TOTAL_MOST; rest = text_from_offset(rest, taken)) {
		taken = next_piece(rest, in_word, piece);
		in_word = is_word(rest.data[taken - 1]);
		size_t size = strlen(piece);
		memcpy(pattern + length, piece, size);
		length += size;
	}
	return (struct text){ pattern, length };
}

/* A panic gives its reason; a BUG and a warning name the source. All other first lines are the same for every bug. */
static bool says_more_than_kind(const struct crash *crash)
{
	switch (crash->kind) {
	case CRASH_PANIC:
		return crash->panic.length && !crash_panic_follows(crash->panic);
	case CRASH_KERNEL_BUG:
	case CRASH_WARNING:
		/* That of a check which everybody calls (lib/refcount.c) says nothing. */
		return !crash->instruction_pointer.canonical.length;
	default:
		return false;
	}
}

struct text headline_pattern(struct arena *arena, const struct crash *crash)
{
	return says_more_than_kind(crash) ? generalise(arena, crash->headline) : TEXT_NONE;
}
