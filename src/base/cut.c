/* Numbers that a log's end may have cut. */
#include "base/cut.h"

enum { DIGITS_MOST = 16 };

static bool is_hex_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool begins_number(char before)
{
	return before == ' ' || before == ':' || before == '<' || before == '#' || before == '=' || before == '(';
}

struct text cut_before_number(struct text text)
{
	size_t begin = text.length;

	while (begin > 0 && is_hex_digit(text.data[begin - 1]))
		begin--;
	if (begin == text.length || text.length - begin >= DIGITS_MOST)
		return text;
	if (begin >= 2 && text.data[begin - 1] == 'x' && text.data[begin - 2] == '0')
		begin -= 2;
	return begin > 0 && begins_number(text.data[begin - 1]) ? text_first(text, begin) : text;
}
