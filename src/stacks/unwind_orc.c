/* A step up the stack by ORC: see orc.h for what its entries say. */
#include "stacks/unwind_parts.h"

/* The register that the caller's stack pointer is counted from. False: it is none, or not known here. */
static bool base(const struct walk *walk, enum orc_register which, uint64_t *value)
{
	static const signed char numbers[] = {
		[ORC_UNDEFINED] = -1,        [ORC_PREV_SP] = -1,          [ORC_DX] = X86_RDX,  [ORC_DI] = X86_RDI,
		[ORC_BP] = X86_RBP,          [ORC_SP] = X86_RSP,          [ORC_R10] = X86_R10, [ORC_R13] = X86_R13,
		[ORC_BP_INDIRECT] = X86_RBP, [ORC_SP_INDIRECT] = X86_RSP, [ORC_AX] = X86_RAX,
	};
	if ((size_t)which >= sizeof numbers || numbers[which] < 0)
		return false;
	*value = walk->registers.values[numbers[which]];
	if (register_known(&walk->registers, (unsigned int)numbers[which]))
		return true;
	/* What rbp was a frame before may do, if it is a place on the stack: the step is checked anyway. */
	return numbers[which] == X86_RBP && *value > walk->registers.values[X86_RSP] && walk_range(walk, *value) &&
	       walk_range(walk, *value) == walk_range(walk, walk->registers.values[X86_RSP]);
}

static bool caller_stack_pointer(const struct walk *walk, const struct orc_entry *entry, uint64_t *sp)
{
	struct unwinder *unwinder = walk->unwinder;
	uint64_t offset = (uint64_t)(int64_t)entry->sp_offset;

	if (!base(walk, entry->sp, sp))
		return false;
	switch (entry->sp) {
	case ORC_SP:
	case ORC_BP:
		*sp += offset;
		return true;
	case ORC_BP_INDIRECT:
		return unwind_read_word(unwinder, *sp + offset, sp);
	case ORC_SP_INDIRECT:
		if (!orc_indirect_is_new(unwinder->orc))
			return unwind_read_word(unwinder, *sp + offset, sp);
		if (!unwind_read_word(unwinder, *sp, sp))
			return false;
		*sp += offset;
		return true;
	default: /* R10, R13, DI, DX, AX: as they are, the kernel counts no offset either */
		return true;
	}
}

static void caller_frame_pointer(const struct walk *walk, const struct orc_entry *entry, uint64_t sp,
				 struct stack_registers *caller)
{
	uint64_t offset = (uint64_t)(int64_t)entry->bp_offset, rbp = walk->registers.values[X86_RBP], value;
	bool known = register_known(&walk->registers, X86_RBP);

	if (entry->bp == ORC_UNDEFINED && known)
		register_set(caller, X86_RBP, rbp);
	else if ((entry->bp == ORC_PREV_SP && unwind_read_word(walk->unwinder, sp + offset, &value)) ||
		 (entry->bp == ORC_BP && known && unwind_read_word(walk->unwinder, rbp + offset, &value)))
		register_set(caller, X86_RBP, value);
}

/*
 * Where nothing lies on the stack yet but the return address, nothing has been saved, and what a function does not save it
 * may not change. For assembly, which has no CFI to tell.
 */
static void keep_callee_saved(const struct walk *walk, struct stack_registers *caller)
{
	static const unsigned int saved[] = { X86_RBX, X86_R12, X86_R13, X86_R12 + 2, X86_R15 };

	for (size_t i = 0; i < sizeof saved / sizeof *saved; i++)
		if (register_known(&walk->registers, saved[i]))
			register_set(caller, saved[i], walk->registers.values[saved[i]]);
}

static bool find_entry(struct unwinder *unwinder, uint64_t address, struct orc_entry *entry)
{
	return unwinder->orc &&
	       (orc_find(unwinder->orc, address, entry) ||
		(unwind_trampoline(unwinder, address, &address) && orc_find(unwinder->orc, address, entry)));
}

enum step step_orc(const struct walk *walk, struct stack_registers *caller)
{
	struct unwinder *unwinder = walk->unwinder;
	uint64_t address = walk->registers.values[X86_RIP] - walk->is_call, sp, pc;
	struct orc_entry entry;

	*caller = (struct stack_registers){ 0 };
	if (!find_entry(unwinder, address, &entry) || entry.type == ORC_TYPE_UNDEFINED)
		return STEP_UNKNOWN;
	if (entry.type == ORC_TYPE_END)
		return STEP_END;
	if (!caller_stack_pointer(walk, &entry, &sp))
		return STEP_UNKNOWN;
	if (entry.type == ORC_TYPE_REGS)
		return x86_saved_registers(unwinder, sp, caller);
	if (entry.type == ORC_TYPE_REGS_PARTIAL) {
		enum step step = x86_saved_frame(unwinder, sp, caller);
		if (step == STEP_SAVED)
			caller_frame_pointer(walk, &entry, sp, caller);
		return step;
	}
	if (!unwind_read_word(unwinder, sp - 8, &pc))
		return STEP_UNKNOWN;
	caller_frame_pointer(walk, &entry, sp, caller);
	if (entry.sp == ORC_SP && entry.sp_offset == 8 && entry.bp == ORC_UNDEFINED)
		keep_callee_saved(walk, caller);
	register_set(caller, X86_RSP, sp);
	register_set(caller, X86_RIP, pc);
	return STEP_CALLER;
}
