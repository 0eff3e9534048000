/*
 * arm64: every function keeps a record of two words, the caller's frame pointer and the return address, which x29 points to
 * (AAPCS64; CONFIG_FRAME_POINTER is always on). Entry code puts such a record into the struct pt_regs that it saves, so the
 * chain leads through it.
 */
#include "stacks/unwind_parts.h"
#include "vmcore/bytes.h"

static const char *const names[] = { "x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10",
				     "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21",
				     "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp",  "pc" };

/*
 * struct pt_regs (arch/arm64/include/asm/ptrace.h) begins with x0 ... x30, sp, pc, pstate. The record in it, `stackframe`,
 * lies at 304 since 4.15, at 296 with a third word since 6.14 (struct frame_record_meta: record of zeros, type), at 288 in
 * 4.10 to 4.14.
 */
enum { REGS = 33, PSTATE = 33, PT_REGS_SIZE = 34 * 8, META_AT = 296, META_FINAL = 1, META_REGS = 2 };

/* Return addresses may be signed (ARMv8.3 pointer authentication): the kernel's have all of these bits set. */
static uint64_t without_signature(const struct unwinder *unwinder, uint64_t address)
{
	return address >> 55 & 1 ? address | unwinder->pac_mask : address;
}

/* pstate: the mode is EL0t for programs (0), EL1 or EL2 for the kernel; bit 4 is set for 32-bit programs. */
static bool is_user_mode(uint64_t pstate)
{
	return !(pstate & 0xf);
}

static enum step saved_registers(struct unwinder *unwinder, uint64_t address, struct stack_registers *registers)
{
	unsigned char words[PT_REGS_SIZE];
	bool big_endian = unwinder->sources.dump->big_endian;

	*registers = (struct stack_registers){ 0 };
	if (!unwind_read(unwinder, address, words, sizeof words))
		return STEP_UNKNOWN;
	uint64_t pstate = bytes_get(words + PSTATE * 8, 8, big_endian);
	for (unsigned int i = 0; i < REGS; i++)
		register_set(registers, i, bytes_get(words + (size_t)i * 8, 8, big_endian));
	if (pstate >> 32)
		return STEP_UNKNOWN;
	if (is_user_mode(pstate))
		return registers->values[ARM64_PC] >> 55 & 1 ? STEP_UNKNOWN : STEP_USER;
	return registers->values[ARM64_SP] >> 55 & 1 ? STEP_SAVED : STEP_UNKNOWN;
}

/* Of the record at fp, which names `lr` as where it goes on, with x29 `saved`: is it the one in a struct pt_regs? */
static enum step in_saved_registers(struct unwinder *unwinder, uint64_t fp, uint64_t saved, uint64_t lr,
				    struct stack_registers *registers)
{
	static const uint64_t places[] = { 304, 288 };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		enum step step = saved_registers(unwinder, fp - places[i], registers);
		if (step == STEP_SAVED && registers->values[ARM64_PC] == lr && registers->values[ARM64_FP] == saved)
			return step;
	}
	return STEP_UNKNOWN;
}

/* A record of zeros: the last of a task, or the one in a struct pt_regs whose third word tells what it is. */
static enum step last_record(struct unwinder *unwinder, uint64_t fp, struct stack_registers *registers)
{
	uint64_t type;

	if (!unwind_read_word(unwinder, fp + 16, &type) || type != META_REGS)
		return STEP_END;
	enum step step = saved_registers(unwinder, fp - META_AT, registers);
	return step == STEP_UNKNOWN ? STEP_END : step;
}

static enum step step_frame_record(const struct walk *walk, struct stack_registers *caller)
{
	struct unwinder *unwinder = walk->unwinder;
	uint64_t fp = walk->registers.values[ARM64_FP], saved, lr;

	*caller = (struct stack_registers){ 0 };
	if (!register_known(&walk->registers, ARM64_FP) || fp & 7 || !unwind_read_word(unwinder, fp, &saved) ||
	    !unwind_read_word(unwinder, fp + 8, &lr))
		return STEP_UNKNOWN;
	if (!saved && !lr)
		return last_record(unwinder, fp, caller);
	enum step step = in_saved_registers(unwinder, fp, saved, lr, caller);
	if (step != STEP_UNKNOWN)
		return step;
	*caller = (struct stack_registers){ 0 };
	register_set(caller, ARM64_FP, saved);
	caller->values[ARM64_SP] = fp + 16; /* or above, the record does not say: so it is not known */
	register_set(caller, ARM64_PC, without_signature(unwinder, lr));
	return STEP_CALLER;
}

/* A function that was interrupted may have no record: it calls nothing, or has just begun. Then x30 names its caller. */
static bool has_no_record(const struct walk *walk, uint64_t *lr)
{
	struct unwinder *unwinder = walk->unwinder;
	uint64_t address, next = 0;

	if (walk->is_call || !register_known(&walk->registers, ARM64_LR))
		return false;
	*lr = without_signature(unwinder, walk->registers.values[ARM64_LR]);
	if (!unwind_maybe_code(unwinder, *lr) || (unwind_read_word(unwinder, walk->registers.values[ARM64_FP] + 8, &next) &&
						  without_signature(unwinder, next) == *lr))
		return false;
	/* `stp x29, x30, [sp, ...]!` at its begin, and behind that: it has one. The first 8 instructions are looked at. */
	for (address = walk->symbol.address;
	     address < walk->registers.values[ARM64_PC] && address < walk->symbol.address + 32; address += 4) {
		unsigned char code[4];
		if (!unwind_read(unwinder, address, code, sizeof code))
			return false;
		uint32_t instruction = (uint32_t)bytes_get(code, 4, false); /* little endian whatever the data are */
		if ((instruction & 0xfe407fff) == 0xa8007bfd) /* stp x29, x30, [sp ...], in any of its three forms */
			return false;
	}
	return walk->symbol.name.length && unwinder->arch->is_after_call(unwinder, *lr);
}

static enum step step(const struct walk *walk, struct stack_registers *caller, unsigned int *by)
{
	uint64_t lr;
	enum step cfi = step_cfi(walk, &walk->registers, caller);

	*by = BY_CFI;
	if (cfi == STEP_CALLER)
		register_set(caller, ARM64_PC, without_signature(walk->unwinder, caller->values[ARM64_PC]));
	if (cfi != STEP_UNKNOWN)
		return cfi;
	*by = BY_FRAME_POINTER;
	if (!has_no_record(walk, &lr))
		return step_frame_record(walk, caller);
	*caller = (struct stack_registers){ 0 };
	register_set(caller, ARM64_FP, walk->registers.values[ARM64_FP]);
	caller->values[ARM64_SP] = walk->registers.values[ARM64_SP]; /* or above */
	register_set(caller, ARM64_PC, lr);
	return STEP_CALLER;
}

static enum step step_wild(const struct walk *walk, struct stack_registers *caller)
{
	*caller = walk->registers;
	if (!register_known(&walk->registers, ARM64_LR))
		return STEP_UNKNOWN;
	register_set(caller, ARM64_PC, without_signature(walk->unwinder, walk->registers.values[ARM64_LR]));
	return STEP_CALLER;
}

/* bl, blr, and blr with authentication (blraa and its like). */
static bool is_after_call(struct unwinder *unwinder, uint64_t address)
{
	unsigned char code[4];

	if (address & 3)
		return false;
	if (!unwind_read(unwinder, address - 4, code, sizeof code))
		return true;
	uint32_t instruction = (uint32_t)bytes_get(code, 4, false);
	return instruction >> 26 == 0x25 || (instruction & 0xfefff000) == 0xd63f0000;
}

static bool is_user(const struct dump_cpu *cpu, const struct stack_registers *registers)
{
	for (size_t i = 0; cpu && i < cpu->register_count; i++)
		if (!strcmp(cpu->registers[i].name, "pstate"))
			return is_user_mode(cpu->registers[i].value);
	return !(registers->values[ARM64_PC] >> 55 & 1) && register_known(registers, ARM64_SP) &&
	       !(registers->values[ARM64_SP] >> 55 & 1);
}

/* struct cpu_context (arch/arm64/include/asm/processor.h): x19 ... x28, fp, sp, pc. */
static bool sleeping(struct unwinder *unwinder, uint64_t task, struct stack_registers *registers)
{
	struct type_member context;
	uint64_t value;

	if (!unwinder->sources.types ||
	    !types_member(unwinder->sources.types, "task_struct", "thread.cpu_context", &context))
		return false;
	for (unsigned int i = 0; i <= ARM64_PC - ARM64_X19; i++) {
		unsigned int number = ARM64_X19 + i;
		if (number > ARM64_FP) /* no x30 */
			number++;
		if (number > ARM64_PC)
			break;
		if (!unwind_read_word(unwinder, task + context.offset + (uint64_t)i * 8, &value))
			return false;
		register_set(registers, number, value);
	}
	return true;
}

/* Entry code: el1h_64_irq, el0t_64_irq ... since 5.14, el1_irq, el0_irq before. */
static bool is_interrupt(struct text function)
{
	return text_starts(function, "el") && (text_ends(function, "_irq") || text_ends(function, "_fiq"));
}

const struct unwind_arch unwind_arm64 = {
	.arch = ARCH_AARCH64,
	.pc = ARM64_PC,
	.sp = ARM64_SP,
	.register_count = sizeof names / sizeof *names,
	.names = names,
	.step = step,
	.step_wild = step_wild,
	.is_after_call = is_after_call,
	.is_user = is_user,
	.sleeping = sleeping,
	.is_interrupt = is_interrupt,
};
