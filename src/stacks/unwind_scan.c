/*
 * A step up the stack where nothing tells the way: the next word that points behind a call in the kernel's code. It may be
 * a leftover of a call that has returned.
 */
#include "stacks/unwind_parts.h"
#include "vmcore/bytes.h"

enum { PAGE = 4096 };

/* The words from `at` on, in the page that it is in. */
static bool scan_page(const struct walk *walk, uint64_t at, uint64_t end, uint64_t *found, uint64_t *address)
{
	struct unwinder *unwinder = walk->unwinder;
	unsigned char bytes[PAGE];
	size_t length = PAGE - (at & (PAGE - 1));

	if (length > end - at)
		length = (size_t)(end - at);
	if (!unwind_read(unwinder, at, bytes, length))
		return false;
	for (size_t i = 0; i + 8 <= length; i += 8) {
		struct symbol symbol;
		uint64_t word = bytes_get(bytes + i, 8, unwinder->sources.dump->big_endian);
		if (unwind_maybe_code(unwinder, word) && unwinder->arch->is_after_call(unwinder, word) &&
		    unwind_in_code(unwinder, word - 1, &symbol) && symbol.name.length) {
			*address = word;
			*found = at + i;
			return true;
		}
	}
	return false;
}

static bool scan_range(const struct walk *walk, uint64_t at, uint64_t end, struct stack_registers *caller)
{
	const struct unwind_arch *arch = walk->unwinder->arch;
	uint64_t found, address;

	for (; at < end; at = (at | (PAGE - 1)) + 1)
		if (scan_page(walk, at, end, &found, &address)) {
			register_set(caller, arch->sp, found + 8);
			register_set(caller, arch->pc, address);
			return true;
		}
	return false;
}

enum step step_scan(const struct walk *walk, struct stack_registers *caller)
{
	uint64_t at = (walk->registers.values[walk->unwinder->arch->sp] + 7) & ~UINT64_C(7), before;
	const struct stack_range *range = walk_range(walk, at), *other;

	*caller = (struct stack_registers){ 0 };
	if (!range)
		return STEP_UNKNOWN;
	if (scan_range(walk, at, range->end, caller))
		return STEP_CALLER;
	/* The last word of an interrupt stack is where the stack pointer was before: see unwind_x86.c. */
	if (range->context != CRASH_IRQ || !unwind_read_word(walk->unwinder, range->end - 8, &before) || before & 7)
		return STEP_UNKNOWN;
	other = walk_range(walk, before);
	return other && other != range && scan_range(walk, before, other->end, caller) ? STEP_CALLER : STEP_UNKNOWN;
}
