/* Places in the kernel's text: "function+offset/size [module]" and its older forms. */
#include "crash/location.h"

#include "crash/source_place.h"

/* What a symbol may be made of: C names, gcc's and Rust's additions. */
static bool is_symbol_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
	       c == '$';
}

struct text location_eat_symbol(struct text *t)
{
	size_t i = 0;

	while (i < t->length && is_symbol_char(t->data[i]))
		i++;
	struct text symbol = text_first(*t, i);
	*t = text_from_offset(*t, i);
	return symbol;
}

/* "[module]", "[module(OE)]", or since v5.14 with a build id behind the name, "[module 1a2b...]". */
static void eat_module(struct text *t, struct text *module)
{
	struct text rest = *t;

	text_eat_blanks(&rest);
	if (!text_eat_char(&rest, '['))
		return;
	size_t end = text_find_char(rest, ']');
	if (end == SIZE_MAX || end > 128)
		return;
	struct text inside = text_first(rest, end);
	struct text name = location_eat_symbol(&inside);
	if (!name.length || text_is(name, "inline") || (inside.length && inside.data[0] != ' ' && inside.data[0] != '('))
		return;
	*module = name;
	*t = text_from_offset(rest, end + 1);
}

/* "[<ffffffff9c3f7254>]", "[<          (null)>]" */
bool location_eat_address(struct text *t, struct crash_location *location)
{
	struct text rest = *t;
	size_t digits = 0;

	if (!text_eat(&rest, "[<"))
		return false;
	text_eat_blanks(&rest);
	if (text_eat(&rest, "(null)"))
		location->address = 0;
	else if (!text_eat_hex_digits(&rest, &location->address, &digits))
		return false;
	if (!text_eat(&rest, ">]"))
		return false;
	/* "[<0>]": since v4.15 or so the kernel prints no addresses, and where it keeps the brackets, this. */
	location->has_address = digits != 1;
	text_eat_blanks(&rest);
	*t = rest;
	return true;
}

/* ":module:" in front of the name. */
static void eat_leading_module(struct text *t, struct text *module)
{
	struct text rest = *t;

	if (!text_eat_char(&rest, ':'))
		return;
	struct text name = location_eat_symbol(&rest);
	if (name.length && text_eat_char(&rest, ':')) {
		*module = name;
		*t = rest;
	}
}

static bool eat_function(struct text *t, struct crash_location *location)
{
	struct text rest = *t, name;
	struct crash_location found = *location;

	eat_leading_module(&rest, &found.module);
	name = location_eat_symbol(&rest);
	if (!name.length || (name.data[0] >= '0' && name.data[0] <= '9') || !text_eat(&rest, "+0x"))
		return false;
	if (!text_eat_hex(&rest, &found.offset) || !text_eat(&rest, "/0x") || !text_eat_hex(&rest, &found.size))
		return false;
	found.function = name;
	found.has_offset = true;
	eat_module(&rest, &found.module);
	if (source_place_eat(&rest, &found.file, &found.line))
		eat_module(&rest, &found.module);
	*location = found;
	*t = rest;
	return true;
}

/* decode_stacktrace.sh puts the module behind, without its brackets. */
static void eat_bare_module(struct text *t, struct text *module)
{
	struct text rest = text_trim(*t);
	struct text name = location_eat_symbol(&rest);

	if (name.length && !rest.length && !module->length) {
		*module = name;
		*t = TEXT_NONE;
	}
}

/* "f (fs/foo.c:123) [module]", "f (fs/foo.c:123) module" */
static bool eat_decoded_function(struct text *t, struct crash_location *location)
{
	struct text rest = *t;
	struct crash_location found = *location;

	eat_leading_module(&rest, &found.module);
	found.function = location_eat_symbol(&rest);
	if (!found.function.length || !text_starts(rest, " (") || !source_place_eat(&rest, &found.file, &found.line))
		return false;
	eat_module(&rest, &found.module);
	eat_bare_module(&rest, &found.module);
	*location = found;
	*t = rest;
	return true;
}

bool location_eat_name(struct text *t, struct crash_location *location)
{
	struct text rest = *t, name = location_eat_symbol(&rest);

	if (!name.length || (name.data[0] >= '0' && name.data[0] <= '9'))
		return false;
	location->function = name;
	eat_module(&rest, &location->module);
	*t = rest;
	return true;
}

static bool at_word_end(struct text t)
{
	return !t.length || t.data[0] == ' ' || t.data[0] == '\t' || t.data[0] == '\r' || t.data[0] == '[' ||
	       t.data[0] == '(' || t.data[0] == ')';
}

bool location_eat(struct text *t, struct crash_location *location, bool *reliable)
{
	struct crash_location found = { 0 };
	struct text rest = *t;
	bool bracketed = location_eat_address(&rest, &found);

	*reliable = !text_eat(&rest, "? ");

	if (eat_function(&rest, &found) || eat_decoded_function(&rest, &found)) {
		if (!at_word_end(rest))
			return false;
	} else {
		struct text bare = rest;
		if (text_starts(bare, "0x") && text_eat_hex(&bare, &found.address) && at_word_end(bare)) {
			found.has_address = true;
			eat_module(&bare, &found.module);
			rest = bare;
		} else if (!bracketed) {
			return false;
		}
	}
	*location = found;
	*t = rest;
	return true;
}

void location_keep(struct arena *arena, struct crash_location *location)
{
	location->function = arena_copy(arena, location->function);
	location->canonical = arena_copy(arena, location->canonical);
	location->module = arena_copy(arena, location->module);
	location->file = arena_copy(arena, location->file);
}
