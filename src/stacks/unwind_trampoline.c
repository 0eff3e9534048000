/*
 * ftrace's trampolines of x86: for each tracer that is called by itself (kprobes, live patches) the kernel makes a copy of
 * ftrace_caller() or ftrace_regs_caller(), with the tracer's own call in it. What ORC says of the original holds for the
 * copy (orc_ftrace_find() of arch/x86/kernel/unwind_orc.c); it is known by its beginning.
 */
#include "stacks/unwind_parts.h"

bool unwind_trampoline(struct unwinder *unwinder, uint64_t address, uint64_t *original)
{
	enum { LONGEST = 1024, PAGE = 4096, SIGN = 16 };
	unsigned char code[LONGEST + SIGN], sign[SIGN];
	uint64_t start = address - LONGEST;

	if (address < X86_GENERATED)
		return false;
	/* It may begin its page, with nothing before it. */
	if (!unwind_read(unwinder, start, code, sizeof code)) {
		start = address & ~(uint64_t)(PAGE - 1);
		if (address - start > LONGEST || !unwind_read(unwinder, start, code, (size_t)(address - start) + SIGN))
			return false;
	}
	/* The beginning without saving the flags is in the other's, too: so that comes first. */
	const uint64_t originals[] = { unwinder->ftrace_regs_caller, unwinder->ftrace_caller };
	for (size_t i = 0; i < sizeof originals / sizeof *originals; i++) {
		if (!originals[i] || !unwind_read(unwinder, originals[i], sign, sizeof sign))
			continue;
		for (uint64_t at = address; at-- > start;)
			if (!memcmp(code + (at - start), sign, sizeof sign)) {
				*original = originals[i] + (address - at);
				return true;
			}
	}
	return false;
}
