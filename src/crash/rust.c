/* Rust's names of functions: the "v0" mangling of the Rust reference, its identifiers only. */
#include "crash/rust.h"

#include <string.h>

enum { PATH_MOST = 512 }; /* KSYM_NAME_LEN, include/linux/kallsyms.h since v6.1 */

bool rust_is_mangled(struct text name)
{
	return name.length > 3 && text_starts(name, "_R") && strchr("NMXYICB", name.data[2]) != NULL;
}

/* Disambiguators, back references, lifetimes and constants end in '_'. What is read over may hold digits. */
static bool eat_number(struct text *t)
{
	size_t end = text_find_char(*t, '_');

	if (end == SIZE_MAX)
		return false;
	*t = text_from_offset(*t, end + 1);
	return true;
}

/* "6kernel"; an '_' lies between where the name itself begins with a digit or an '_'. */
static bool eat_identifier(struct text *t, struct text *identifier)
{
	uint64_t length;

	if (!text_eat_decimal(t, &length))
		return false;
	if (length)
		text_eat_char(t, '_');
	if (length > t->length)
		return false;
	*identifier = text_first(*t, (size_t)length);
	*t = text_from_offset(*t, (size_t)length);
	return true;
}

static bool add(char *path, size_t *length, struct text identifier)
{
	if (!identifier.length)
		return true;
	if (*length + identifier.length + 2 > PATH_MOST)
		return false;
	if (*length) {
		memcpy(path + *length, "::", 2);
		*length += 2;
	}
	memcpy(path + *length, identifier.data, identifier.length);
	*length += identifier.length;
	return true;
}

struct text rust_path(struct arena *arena, struct text name)
{
	struct text rest = text_from_offset(name, 2), identifier;
	char path[PATH_MOST];
	size_t length = 0;

	while (rest.length) {
		char c = rest.data[0];
		if (c >= '0' && c <= '9') {
			if (!eat_identifier(&rest, &identifier) || !add(path, &length, identifier))
				return name;
			continue;
		}
		rest = text_from_offset(rest, 1);
		if (strchr("sBLGK", c) && !eat_number(&rest))
			return name;
		/* The namespace of a nested path: 't', 'v', 'C'losure, 'S'him. */
		if (c == 'N')
			rest = text_from_offset(rest, 1);
	}
	return length ? arena_copy(arena, (struct text){ path, length }) : name;
}
