/*
 * A step up the stack of x86-64 by the chain of frame pointers (CONFIG_FRAME_POINTER): rbp points to the caller's rbp, the
 * return address lies above it. Entry code has rbp point to struct pt_regs, with bit 0 set as a mark (since 4.10,
 * ENCODE_FRAME_POINTER of arch/x86/include/asm/frame.h).
 */
#include "stacks/unwind_parts.h"

/* The frame of a function that has just begun, or is about to return, is not, or no longer, in the chain. */
enum code { CODE_OTHER, CODE_NO_FRAME, CODE_PUSHED };

static size_t skip_hooks(const unsigned char *code, size_t length)
{
	static const unsigned char endbr64[] = { 0xf3, 0x0f, 0x1e, 0xfa }, nop5[] = { 0x0f, 0x1f, 0x44, 0x00, 0x00 };
	size_t at = 0;

	if (length >= sizeof endbr64 && !memcmp(code, endbr64, sizeof endbr64))
		at = sizeof endbr64;
	/* __fentry__: a call, or the five bytes that it is patched to */
	if (length >= at + 5 && (code[at] == 0xe8 || !memcmp(code + at, nop5, sizeof nop5)))
		at += 5;
	return at;
}

/* What the function has done to the stack before the address. */
static enum code code_before(const struct walk *walk, uint64_t address)
{
	enum { PROLOGUE_MOST = 10, PUSH_RBP = 0x55, RET = 0xc3 };
	unsigned char code[PROLOGUE_MOST] = { 0 };
	uint64_t begin = walk->symbol.address, done = address - begin;

	if (!walk->symbol.name.length || !unwind_read(walk->unwinder, begin, code, sizeof code))
		return CODE_OTHER;
	size_t hooks = skip_hooks(code, sizeof code);
	if (done <= hooks)
		return CODE_NO_FRAME;
	if (done == hooks + 1 && code[hooks] == PUSH_RBP)
		return CODE_PUSHED;
	return unwind_read(walk->unwinder, address, code, 1) && code[0] == RET ? CODE_NO_FRAME : CODE_OTHER;
}

static enum step without_frame(const struct walk *walk, uint64_t offset, struct stack_registers *caller)
{
	uint64_t sp = walk->registers.values[X86_RSP] + offset, pc;

	if (!unwind_read_word(walk->unwinder, sp, &pc))
		return STEP_UNKNOWN;
	register_set(caller, X86_RBP, walk->registers.values[X86_RBP]);
	register_set(caller, X86_RSP, sp + 8);
	register_set(caller, X86_RIP, pc);
	return STEP_CALLER;
}

/* Whether a function keeps a frame: `mov %rsp,%rbp` is among its first instructions. Of generated code that is not known. */
static bool keeps_frame(struct unwinder *unwinder, const struct symbol *symbol)
{
	enum { LOOKED_AT = 48 };
	static const unsigned char move[] = { 0x48, 0x89, 0xe5 };
	unsigned char code[LOOKED_AT];

	if (!unwind_read(unwinder, symbol->address, code, sizeof code))
		return false;
	for (size_t i = 0; i + sizeof move <= sizeof code; i++)
		if (!memcmp(code + i, move, sizeof move))
			return true;
	return false;
}

/* rbp is that of a frame of the caller's, for the function where it stands keeps none: assembly, if its caller keeps one. */
static bool is_callers_frame(const struct walk *walk, uint64_t return_address)
{
	struct symbol symbol;

	return !walk->is_call && unwind_in_code(walk->unwinder, return_address - 1, &symbol) && symbol.name.length &&
	       keeps_frame(walk->unwinder, &symbol);
}

enum step step_frame_pointer_x86(const struct walk *walk, struct stack_registers *caller)
{
	struct unwinder *unwinder = walk->unwinder;
	uint64_t rbp = walk->registers.values[X86_RBP], sp = walk->registers.values[X86_RSP], saved, pc;

	*caller = (struct stack_registers){ 0 };
	if (!register_known(&walk->registers, X86_RBP) || !register_known(&walk->registers, X86_RSP))
		return STEP_UNKNOWN;
	if (rbp & 1)
		return rbp - 1 >= sp ? x86_saved_registers(unwinder, rbp - 1, caller) : STEP_UNKNOWN;
	const struct stack_range *range = walk_range(walk, rbp);
	if (rbp & 7 || rbp < sp || !range || range != walk_range(walk, sp) || !unwind_read_word(unwinder, rbp, &saved) ||
	    !unwind_read_word(unwinder, rbp + 8, &pc))
		return STEP_UNKNOWN;
	if (walk->symbol.name.length && !keeps_frame(unwinder, &walk->symbol)) {
		/* Below the caller's frame lies the return address to it. */
		if (!is_callers_frame(walk, pc))
			return STEP_UNKNOWN;
		if (step_direct_call_x86(walk, rbp, caller) == STEP_CALLER) {
			register_set(caller, X86_RBP, rbp);
			return STEP_CALLER;
		}
	} else if (!walk->is_call) {
		enum code code = code_before(walk, walk->registers.values[X86_RIP]);
		if (code != CODE_OTHER)
			return without_frame(walk, code == CODE_PUSHED ? 8 : 0, caller);
	}
	register_set(caller, X86_RBP, saved);
	register_set(caller, X86_RSP, rbp + 16);
	register_set(caller, X86_RIP, pc);
	return STEP_CALLER;
}
