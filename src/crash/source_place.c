/* Places as tools rewrite them that have looked them up in the debuginfo. */
#include "crash/source_place.h"

enum { SOURCE_PLACES_LENGTH_MOST = 4096 };

/* "fs/foo.c:123", "fs/foo.c:?"; addr2line's "??:0" and "??:?" say that it did not find it. */
static bool is_source_place(struct text word, struct text *file, uint32_t *line)
{
	size_t colon = word.length;
	uint64_t number = 0;

	while (colon > 0 && word.data[colon - 1] != ':')
		colon--;
	if (colon < 2)
		return false;
	struct text path = text_first(word, colon - 1), digits = text_from_offset(word, colon);
	if (!text_is(digits, "?") && (!text_eat_decimal(&digits, &number) || digits.length || number > UINT32_MAX))
		return false;
	*file = text_is(path, "??") ? TEXT_NONE : path;
	*line = text_is(path, "??") ? 0 : (uint32_t)number;
	return text_find_char(path, '.') != SIZE_MAX || text_is(path, "??");
}

/* Where the bracket that t begins with is closed, or SIZE_MAX. */
static size_t closing(struct text t)
{
	size_t depth = 0;

	for (size_t i = 0; i < t.length && i < SOURCE_PLACES_LENGTH_MOST; i++) {
		depth += t.data[i] == '(';
		if (t.data[i] == ')' && --depth == 0)
			return i;
	}
	return SIZE_MAX;
}

/* "fs/foo.c:12 (discriminator 2) fs/bar.c:34": what was inlined comes first, the function's own place last. */
static bool take_places(struct text inside, struct text *file, uint32_t *line)
{
	struct text word;
	bool any = false;

	for (text_eat_blanks(&inside); text_eat_word(&inside, &word); text_eat_blanks(&inside)) {
		if (text_is(word, "(discriminator")) {
			text_eat_word((text_eat_blanks(&inside), &inside), &word);
			continue;
		}
		if (!is_source_place(word, file, line))
			return false;
		any = true;
	}
	return any;
}

bool source_place_eat(struct text *t, struct text *file, uint32_t *line)
{
	struct text rest = *t, word, found = TEXT_NONE;
	uint32_t number = 0;

	text_eat_blanks(&rest);
	if (rest.length && rest.data[0] == '(') {
		size_t end = closing(rest);
		if (end == SIZE_MAX || !take_places(text_from_offset(text_first(rest, end), 1), &found, &number))
			return false;
		rest = text_from_offset(rest, end + 1);
	} else if (!text_eat_word(&rest, &word) || !is_source_place(word, &found, &number)) {
		return false;
	}
	*file = found;
	*line = number;
	*t = rest;
	return true;
}
