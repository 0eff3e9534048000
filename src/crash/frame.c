/* Lines of a call trace: what each architecture puts around the places in them. */
#include "crash/location.h"

/* powerpc, show_stack() of arch/powerpc/kernel/process.c: "[c0000001f4b07a20] [c0000000001a2b3c] f+0x14/0x90 (unreliable)",
 * the frame's address and the place's. */
static bool eat_stack_pointer(struct text *t, uint64_t *address)
{
	struct text rest = *t;
	uint64_t stack;
	size_t digits;

	if (!text_eat_char(&rest, '[') || !text_eat_hex_digits(&rest, &stack, &digits) || digits < 8 ||
	    !text_eat(&rest, "] [") || !text_eat_hex_digits(&rest, address, &digits) || digits < 8 || !text_eat(&rest, "] "))
		return false;
	text_eat_blanks(&rest);
	*t = rest;
	return true;
}

bool frame_eat(struct text *t, struct crash_location *location, bool *reliable)
{
	struct text rest = *t;
	uint64_t address;
	bool powerpc = eat_stack_pointer(&rest, &address);
	/* s390, show_stack() of arch/s390/kernel/dumpstack.c: in parentheses what was found without frame or unwind data. */
	bool parentheses = !powerpc && text_starts(rest, "([<") && text_eat_char(&rest, '(');

	if (!location_eat(&rest, location, reliable))
		return false;
	if (powerpc) {
		location->has_address = true;
		location->address = address;
		text_eat_blanks(&rest);
		*reliable &= !text_eat(&rest, "(unreliable)");
	}
	if (parentheses) {
		text_eat_char(&rest, ')');
		*reliable = false;
	}
	*t = rest;
	return true;
}

/* "(f+0x0/0x20)", "(f)", and since v5.18 without parentheses. */
static bool eat_arm_place(struct text *t, struct crash_location *location)
{
	struct text rest = *t;
	bool reliable;
	bool bracketed = location_eat_address(&rest, location);
	struct crash_location named = *location;

	text_eat_char(&rest, '(');
	struct text place = rest;
	if (location_eat(&place, &named, &reliable)) {
		named.has_address |= bracketed;
		named.address = bracketed ? location->address : named.address;
		rest = place;
	} else if (!location_eat_name(&rest, &named) && !bracketed) {
		return false;
	}
	text_eat_char(&rest, ')');
	text_eat_blanks(&rest);
	*location = named;
	*t = rest;
	return true;
}

bool frame_eat_from(struct text line, struct crash_location *callee, struct crash_location *caller)
{
	struct text rest = text_trim(line);

	*callee = *caller = (struct crash_location){ 0 };
	return eat_arm_place(&rest, callee) && text_eat(&rest, "from ") && eat_arm_place(&rest, caller) &&
	       (caller->has_offset || caller->has_address) && !rest.length;
}

bool frame_eat_exception(struct text line, struct crash_location *location)
{
	struct text rest = text_trim_start(line);
	bool reliable;
	size_t at;

	if (!text_eat(&rest, "--- interrupt: ") && !text_eat(&rest, "--- Exception: "))
		return false;
	at = text_find(rest, " at ");
	*location = (struct crash_location){ 0 };
	if (at != SIZE_MAX) {
		rest = text_from_offset(rest, at + 4);
		location_eat(&rest, location, &reliable);
	}
	return true;
}
