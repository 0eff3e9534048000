/* What lay at a fault's address, as a sentence. */
#include "crash/poison.h"
#include "output/describe.h"
#include "output/safe.h"

#include <inttypes.h>

static struct text value_in_words(struct arena *arena, uint64_t value)
{
	const char *poison = poison_words(value);
	int number;

	if (!value)
		return TEXT("NULL");
	if (is_error_pointer(value, &number))
		return error_name(number) ? arena_print(arena, "an error pointer, -%s (%d)", error_name(number), number)
					  : arena_print(arena, "an error pointer (%d)", number);
	if (poison)
		return arena_print(arena, "0x%" PRIx64 " (%s)", value, poison);
	return arena_print(arena, "0x%" PRIx64, value);
}

struct text describe_touched(struct arena *arena, const struct crash_touched *touched)
{
	if (!touched->structure.length)
		return TEXT_NONE;
	struct text structure = safe_text(arena, touched->structure), member = safe_text(arena, touched->member);
	struct text file = safe_text(arena, touched->file), function = safe_text(arena, touched->function);
	struct text pointer = safe_text(arena, touched->pointer);
	struct text value = value_in_words(arena, touched->value);
	struct text what = member.length
				   ? arena_print(arena, "%.*s in %.*s", TEXT_ARGS(member), TEXT_ARGS(structure))
				   : arena_print(arena, "byte %" PRIu64 " of %.*s", touched->offset, TEXT_ARGS(structure));
	struct text sentence = arena_print(arena, "0x%" PRIx64 " is %.*s: %.*s is %.*s in %.*s()", touched->address,
					   TEXT_ARGS(what), TEXT_ARGS(pointer), TEXT_ARGS(value), TEXT_ARGS(function));

	if (!file.length || !touched->line)
		return sentence;
	return arena_print(arena, "%.*s at %.*s:%" PRIu32, TEXT_ARGS(sentence), TEXT_ARGS(file), touched->line);
}
