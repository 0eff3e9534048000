/* x86-64: its registers, which way of unwinding is asked first, and what a call looks like. */
#include "crash/registers_table.h"
#include "stacks/unwind_parts.h"
#include "vmcore/bytes.h"

/*
 * The CPU's interrupt stack is entered by the stack pointer of before being written to its uppermost word, and that taken up
 * (ENTER_IRQ_STACK of 4.14 to 5.7; since 5.8 within C functions, arch/x86/include/asm/irq_stack.h, of which the compiler's
 * CFI knows nothing). A frame whose own part of the interrupt stack is that word alone is the one that did it: it counts
 * from where it was.
 */
static struct stack_registers before_switch(const struct walk *walk)
{
	struct stack_registers registers = walk->registers;
	uint64_t sp = registers.values[X86_RSP], saved;
	const struct stack_range *range = walk_range(walk, sp), *other;

	if (!range || range->context != CRASH_IRQ || sp != range->end - 8 || !unwind_read_word(walk->unwinder, sp, &saved))
		return registers;
	other = walk_range(walk, saved);
	if (other && other != range && !(saved & 7))
		register_set(&registers, X86_RSP, saved);
	return registers;
}

/*
 * CFI gives all registers, but knows nothing of what assembly within C functions does to the stack; ORC knows that, and
 * gives rsp and rbp only. So CFI is believed where ORC agrees.
 */
static enum step step(const struct walk *walk, struct stack_registers *caller, unsigned int *by)
{
	struct stack_registers by_cfi, from = before_switch(walk);
	enum step orc = step_orc(walk, caller), cfi;

	*by = BY_ORC;
	if (orc != STEP_UNKNOWN && orc != STEP_CALLER)
		return orc;
	cfi = step_cfi(walk, &from, &by_cfi);
	if (cfi != STEP_UNKNOWN &&
	    (orc == STEP_UNKNOWN || (cfi == STEP_CALLER && by_cfi.values[X86_RSP] == caller->values[X86_RSP] &&
				     by_cfi.values[X86_RIP] == caller->values[X86_RIP]))) {
		*caller = by_cfi;
		*by = BY_CFI;
		return cfi;
	}
	if (orc != STEP_UNKNOWN)
		return orc;
	*by = 0;
	enum step entry = step_entry_x86(walk, caller);
	if (entry != STEP_UNKNOWN)
		return entry;
	/* A kernel with ORC keeps no frame pointers; programs of BPF do everywhere. */
	*by = BY_FRAME_POINTER;
	enum step frame =
		walk->unwinder->orc && walk->symbol.name.length ? STEP_UNKNOWN : step_frame_pointer_x86(walk, caller);
	if (frame != STEP_UNKNOWN)
		return frame;
	*by = BY_CALL;
	return step_direct_call_x86(walk, UINT64_MAX, caller);
}

/* As the kernel's own unwinder does (orc_null_entry): the call that led there has pushed its return address. */
static enum step step_wild(const struct walk *walk, struct stack_registers *caller)
{
	uint64_t sp = walk->registers.values[X86_RSP], pc = walk->registers.values[X86_RIP];
	unsigned char code;

	*caller = walk->registers;
	/* Generated code is no wild place. */
	if (pc >= X86_GENERATED && unwind_read(walk->unwinder, pc, &code, 1))
		return STEP_UNKNOWN;
	if (!register_known(&walk->registers, X86_RSP) || !unwind_read_word(walk->unwinder, sp, &pc))
		return STEP_UNKNOWN;
	register_set(caller, X86_RSP, sp + 8);
	register_set(caller, X86_RIP, pc);
	return STEP_CALLER;
}

/* Bytes of `call *r/m` behind its 0xff, by the ModRM byte and what follows. 0: that is no such call. */
static size_t indirect_length(unsigned char modrm, unsigned char sib)
{
	unsigned int mode = modrm >> 6, place = modrm & 7;

	if ((modrm >> 3 & 7) != 2)
		return 0;
	if (mode == 3)
		return 1;
	size_t length = 1 + (place == 4);
	if (mode == 1)
		return length + 1;
	if (mode == 2 || place == 5 || (place == 4 && (sib & 7) == 5))
		return length + 4;
	return length;
}

static bool is_after_call(struct unwinder *unwinder, uint64_t address)
{
	enum { LONGEST = 7 };
	unsigned char code[LONGEST + 1] = { 0 };

	if (!unwind_read(unwinder, address - LONGEST, code, LONGEST))
		return true;
	if (code[LONGEST - 5] == 0xe8)
		return true;
	for (size_t length = 2; length <= LONGEST; length++) {
		const unsigned char *at = code + LONGEST - length;
		if (at[0] == 0xff && indirect_length(at[1], at[2]) == length - 1)
			return true;
	}
	return false;
}

/*
 * Where no table knows a function (those that objtool is told to leave alone, __crash_kexec() being one), but its name is
 * known: the first word from the stack pointer up to `end` that a call of this very function has left.
 */
enum step step_direct_call_x86(const struct walk *walk, uint64_t end, struct stack_registers *caller)
{
	enum { CALL = 0xe8, CALL_SIZE = 5, WORDS_MOST = 128 };
	struct unwinder *unwinder = walk->unwinder;
	uint64_t sp = walk->registers.values[X86_RSP], word;
	unsigned char call[CALL_SIZE];

	*caller = (struct stack_registers){ 0 };
	for (uint64_t at = sp; walk->symbol.name.length && at < end && at - sp < WORDS_MOST * 8; at += 8) {
		if (!unwind_read_word(unwinder, at, &word))
			return STEP_UNKNOWN;
		if (!unwind_maybe_code(unwinder, word) || !unwind_read(unwinder, word - CALL_SIZE, call, CALL_SIZE) ||
		    call[0] != CALL ||
		    word + (uint64_t)(int64_t)(int32_t)bytes_get(call + 1, 4, false) != walk->symbol.address)
			continue;
		register_set(caller, X86_RSP, at + 8);
		register_set(caller, X86_RIP, word);
		caller->values[X86_RBP] = walk->registers.values[X86_RBP]; /* perhaps: so it is not known */
		return STEP_CALLER;
	}
	return STEP_UNKNOWN;
}

static bool is_user(const struct dump_cpu *cpu, const struct stack_registers *registers)
{
	for (size_t i = 0; cpu && i < cpu->register_count; i++)
		if (!strcmp(cpu->registers[i].name, "cs"))
			return (cpu->registers[i].value & 3) == 3;
	return !(registers->values[X86_RIP] >> 56) && register_known(registers, X86_RSP) &&
	       !(registers->values[X86_RSP] >> 56);
}

/*
 * thread.sp of a task that does not run points to struct inactive_task_frame (arch/x86/include/asm/switch_to.h, since 4.9):
 * r15 r14 r13 r12 bx bp and the address that __switch_to_asm() returns to; with flags in front from 5.1 to 5.7. Before, to
 * rbp and flags, and it goes on at thread_return.
 */
static bool sleeping(struct unwinder *unwinder, uint64_t task, struct stack_registers *registers)
{
	static const unsigned int saved[] = { 15, 14, 13, 12, X86_RBX, X86_RBP };
	enum { COUNT = sizeof saved / sizeof *saved };
	struct type_member thread, at = { 0 };
	struct symbol symbol;
	uint64_t sp, value;

	if (!unwinder->sources.types || !types_member(unwinder->sources.types, "task_struct", "thread.sp", &thread) ||
	    !unwind_read_word(unwinder, task + thread.offset, &sp) || sp & 7)
		return false;
	if (!types_member(unwinder->sources.types, "inactive_task_frame", "r15", &at)) {
		uint64_t pc = unwinder->sources.symbols ? symbols_find_one(unwinder->sources.symbols, "thread_return") : 0;
		if (!pc || !unwind_read_word(unwinder, sp, &value))
			return false;
		register_set(registers, X86_RBP, value);
		register_set(registers, X86_RSP, sp + 16);
		register_set(registers, X86_RIP, pc);
		return true;
	}
	sp += at.offset;
	for (size_t i = 0; i < COUNT; i++) {
		if (!unwind_read_word(unwinder, sp + i * 8, &value))
			return false;
		register_set(registers, saved[i], value);
	}
	if (!unwind_read_word(unwinder, sp + COUNT * 8, &value) || !unwind_in_code(unwinder, value, &symbol))
		return false;
	register_set(registers, X86_RSP, sp + (COUNT + 1) * 8);
	register_set(registers, X86_RIP, value);
	return true;
}

const struct unwind_arch unwind_x86 = {
	.arch = ARCH_X86_64,
	.pc = X86_RIP,
	.sp = X86_RSP,
	.register_count = X86_64_REGISTERS,
	.names = x86_64_registers,
	.step = step,
	.step_wild = step_wild,
	.is_after_call = is_after_call,
	.is_user = is_user,
	.sleeping = sleeping,
	.is_interrupt = x86_is_interrupt,
};
