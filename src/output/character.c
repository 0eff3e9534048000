/* UTF-8 as RFC 3629 has it, and the wide characters of Unicode's East Asian Width. */
#include "output/character.h"

/* By the first byte: what it may be, how many bytes follow, and the least code that needs as many (less is overlong). */
static const struct {
	unsigned char mask, lead;
	size_t length;
	uint32_t least;
} forms[] = {
	{ 0x80, 0x00, 1, 0 },
	{ 0xe0, 0xc0, 2, 0x80 },
	{ 0xf0, 0xe0, 3, 0x800 },
	{ 0xf8, 0xf0, 4, 0x10000 },
};

/* Two columns each. Whatever is missing here counts as one: a line comes out too wide, no more. */
static const struct {
	uint32_t first, last;
} wide[] = {
	{ 0x1100, 0x115f },   /* Hangul Jamo */
	{ 0x2e80, 0x303e },   /* CJK radicals and punctuation */
	{ 0x3041, 0xa4cf },   /* kana, CJK ideographs, Yi */
	{ 0xa960, 0xa97f },   /* Hangul Jamo, extended */
	{ 0xac00, 0xd7a3 },   /* Hangul syllables */
	{ 0xf900, 0xfaff },   /* CJK compatibility ideographs */
	{ 0xfe30, 0xfe6f },   /* CJK compatibility forms */
	{ 0xff00, 0xff60 },   /* full-width forms */
	{ 0xffe0, 0xffe6 },   /* full-width signs */
	{ 0x16fe0, 0x1b2ff }, /* Tangut, Kana supplement */
	{ 0x1f300, 0x1faff }, /* pictographs */
	{ 0x20000, 0x3fffd }, /* CJK extensions */
};

size_t character_decode(struct text t, uint32_t *code)
{
	for (size_t i = 0; t.length && i < sizeof forms / sizeof *forms; i++) {
		unsigned char first = (unsigned char)t.data[0];
		if ((first & forms[i].mask) != forms[i].lead)
			continue;
		if (t.length < forms[i].length)
			return 0;
		uint32_t value = first & (unsigned char)~forms[i].mask;
		for (size_t k = 1; k < forms[i].length; k++) {
			unsigned char next = (unsigned char)t.data[k];
			if ((next & 0xc0) != 0x80)
				return 0;
			value = value << 6 | (next & 0x3f);
		}
		if (value < forms[i].least || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
			return 0;
		*code = value;
		return forms[i].length;
	}
	return 0;
}

size_t character_columns(struct text t, size_t *length)
{
	uint32_t code;

	*length = character_decode(t, &code);
	if (!*length)
		*length = 1;
	else
		for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
			if (code >= wide[i].first && code <= wide[i].last)
				return 2;
	return 1;
}

size_t text_columns(struct text t)
{
	size_t columns = 0, length;

	for (; t.length; t = text_from_offset(t, length))
		columns += character_columns(t, &length);
	return columns;
}
