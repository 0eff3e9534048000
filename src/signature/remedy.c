/* Remedies: which hold, and the commands made from the release. */
#include "signature/remedy.h"

#include "signature/range.h"

#include <string.h>

/* What of a release the placeholders stand for: 4.19.91-22.2.al7.x86_64 */
static struct text whole(const struct release *release)
{
	return release->text; /* 4.19.91-22.2.al7.x86_64 */
}

static struct text version(const struct release *release)
{
	return text_first(release->text, text_find_char(release->text, '-')); /* 4.19.91 */
}

static struct text revision(const struct release *release)
{
	return release->revision; /* 22.2.al7.x86_64 */
}

static struct text arch(const struct release *release)
{
	return release->arch; /* x86_64 */
}

static const struct {
	const char *name;
	struct text (*value)(const struct release *release);
} placeholders[] = {
	{ "release", whole },
	{ "version", version },
	{ "revision", revision },
	{ "arch", arch },
};

const char *remedy_placeholder(size_t index)
{
	return index < sizeof placeholders / sizeof placeholders[0] ? placeholders[index].name : NULL;
}

/* A command is a row of pieces: bytes that stand for themselves, and placeholders. */
struct piece {
	struct text text; /* as it stands in the command */
	size_t placeholder;
	enum { PIECE_BYTES, PIECE_PLACEHOLDER, PIECE_BROKEN } type;
};

static size_t find_placeholder(struct text name)
{
	size_t i = 0;

	while (remedy_placeholder(i) && !text_is(name, remedy_placeholder(i)))
		i++;
	return i;
}

/* Takes the next piece off a command that is not empty. "{{" and "}}" stand for one brace. */
static struct piece eat_piece(struct text *command)
{
	struct text rest = *command;
	struct piece piece = { .type = PIECE_BYTES };
	size_t length = 0;

	while (length < rest.length && rest.data[length] != '{' && rest.data[length] != '}')
		length++;
	if (length == 0 && rest.length > 1 && rest.data[1] == rest.data[0]) {
		piece.text = text_first(rest, 1);
		*command = text_from_offset(rest, 2);
		return piece;
	}
	if (length == 0) {
		size_t end = rest.data[0] == '{' ? text_find_char(rest, '}') : 0;
		piece.text = text_first(rest, end == SIZE_MAX ? rest.length : end + 1);
		piece.placeholder = find_placeholder(text_first(text_from_offset(piece.text, 1), piece.text.length - 2));
		piece.type = end != SIZE_MAX && remedy_placeholder(piece.placeholder) ? PIECE_PLACEHOLDER : PIECE_BROKEN;
	} else {
		piece.text = text_first(rest, length);
	}
	*command = text_from_offset(rest, piece.text.length);
	return piece;
}

bool remedy_command_fault(struct text command, struct remedy_fault *fault)
{
	struct text rest = command;

	while (rest.length) {
		size_t offset = command.length - rest.length;
		struct piece piece = eat_piece(&rest);
		if (piece.type == PIECE_BROKEN) {
			*fault = (struct remedy_fault){ offset, piece.text };
			return true;
		}
	}
	return false;
}

/* The text of a piece for this release; *known false when the release does not give it. */
static struct text piece_value(const struct piece *piece, const struct release *release, bool certain, bool *known)
{
	struct text value = piece->text;

	if (piece->type != PIECE_BYTES) {
		value = piece->type == PIECE_PLACEHOLDER && certain ? placeholders[piece->placeholder].value(release)
								    : TEXT_NONE;
		*known = *known && value.length > 0;
	}
	return value;
}

/* Empty when a placeholder has no value: half a command is worse than none. */
static struct text make_command(struct arena *arena, struct text command, const struct release *release, bool certain)
{
	bool known = true;
	size_t length = 0;

	for (struct text rest = command; rest.length;) {
		struct piece piece = eat_piece(&rest);
		length += piece_value(&piece, release, certain, &known).length;
	}
	char *made = known && length ? arena_alloc(arena, length) : NULL;
	if (!made)
		return TEXT_NONE;
	length = 0;
	for (struct text rest = command; rest.length;) {
		struct piece piece = eat_piece(&rest);
		struct text value = piece_value(&piece, release, certain, &known);
		if (value.length)
			memcpy(made + length, value.data, value.length);
		length += value.length;
	}
	return (struct text){ made, length };
}

void remedy_add_all(struct arena *arena, const struct signature *signature, const struct release *release,
		    struct finding *finding)
{
	for (size_t i = 0; i < signature->remedy_count; i++) {
		const struct remedy_rule *rule = &signature->remedies[i];
		bool limited = rule->range.family.length > 0;
		enum affected holds = limited ? range_holds(&rule->range, release) : AFFECTED_YES;
		if (holds == AFFECTED_NO)
			continue;
		struct remedy *remedy = arena_push(arena, &finding->remedies, &finding->remedy_count, sizeof *remedy);
		if (!remedy)
			return;
		remedy->text = rule->text;
		remedy->certain = holds == AFFECTED_YES;
		remedy->condition = limited ? range_condition(arena, &rule->range) : TEXT_NONE;
		remedy->command = make_command(arena, rule->command, release, remedy->certain);
	}
}
