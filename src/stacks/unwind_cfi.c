/* A step up the stack by call frame information. */
#include "stacks/unwind_cfi.h"

#include "stacks/unwind_parts.h"

#if HAVE_DEBUGINFO

#include "debuginfo/libdw.h"

#include <dwarf.h>
#include <stdlib.h>

struct cfi {
	Dwfl *dwfl;
	/*
	 * libdw before 0.192 takes the mark that arm64's functions sign their return addresses for SPARC's register windows,
	 * and is wrong about registers that a function does not save.
	 */
	bool misreads_arm64;
};

enum { OPERATIONS_MOST = 64, DEPTH_MOST = 16 };

/* An expression of DWARF, as far as CFI of compilers uses them: no branches. */
struct evaluation {
	const struct walk *walk;
	const struct stack_registers *registers;
	const uint64_t *cfa; /* NULL: this is about it */
	uint64_t stack[DEPTH_MOST];
	size_t depth;
	bool is_value; /* the result is the value itself, not where it lies */
};

static bool push(struct evaluation *e, uint64_t value)
{
	if (e->depth == DEPTH_MOST)
		return false;
	e->stack[e->depth++] = value;
	return true;
}

static bool push_register(struct evaluation *e, uint64_t number, uint64_t offset)
{
	return number < STACK_REGISTERS && register_known(e->registers, (unsigned int)number) &&
	       push(e, e->registers->values[number] + offset);
}

static bool binary(struct evaluation *e, unsigned int operation)
{
	if (e->depth < 2)
		return false;
	uint64_t right = e->stack[--e->depth], *left = &e->stack[e->depth - 1];

	switch (operation) {
	case DW_OP_plus:
		*left += right;
		return true;
	case DW_OP_minus:
		*left -= right;
		return true;
	case DW_OP_and:
		*left &= right;
		return true;
	case DW_OP_shl:
		*left = right < 64 ? *left << right : 0;
		return true;
	case DW_OP_ge:
		*left = (int64_t)*left >= (int64_t)right;
		return true;
	default: /* DW_OP_mul */
		*left *= right;
		return true;
	}
}

static bool operate(struct evaluation *e, const Dwarf_Op *op)
{
	unsigned int atom = op->atom;

	if (atom >= DW_OP_breg0 && atom <= DW_OP_breg31)
		return push_register(e, atom - DW_OP_breg0, op->number);
	if (atom >= DW_OP_lit0 && atom <= DW_OP_lit31)
		return push(e, atom - DW_OP_lit0);
	if (atom >= DW_OP_reg0 && atom <= DW_OP_reg31) {
		e->is_value = true;
		return push_register(e, atom - DW_OP_reg0, 0);
	}
	switch (atom) {
	case DW_OP_regx:
		e->is_value = true;
		return push_register(e, op->number, 0);
	case DW_OP_bregx:
		return push_register(e, op->number, op->number2);
	case DW_OP_const1u:
	case DW_OP_const1s:
	case DW_OP_const2u:
	case DW_OP_const2s:
	case DW_OP_const4u:
	case DW_OP_const4s:
	case DW_OP_const8u:
	case DW_OP_const8s:
	case DW_OP_constu:
	case DW_OP_consts:
		return push(e, op->number);
	case DW_OP_call_frame_cfa:
		return e->cfa && push(e, *e->cfa);
	case DW_OP_stack_value:
		e->is_value = true;
		return true;
	case DW_OP_nop:
		return true;
	case DW_OP_plus_uconst:
		if (!e->depth)
			return false;
		e->stack[e->depth - 1] += op->number;
		return true;
	case DW_OP_deref:
		return e->depth && unwind_read_word(e->walk->unwinder, e->stack[e->depth - 1], &e->stack[e->depth - 1]);
	case DW_OP_dup:
		return e->depth && push(e, e->stack[e->depth - 1]);
	case DW_OP_plus:
	case DW_OP_minus:
	case DW_OP_and:
	case DW_OP_shl:
	case DW_OP_ge:
	case DW_OP_mul:
		return binary(e, atom);
	default:
		return false;
	}
}

static bool evaluate(struct evaluation *e, const Dwarf_Op *operations, size_t count, uint64_t *value)
{
	if (!count || count > OPERATIONS_MOST)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!operate(e, &operations[i]))
			return false;
	if (!e->depth)
		return false;
	*value = e->stack[e->depth - 1];
	return true;
}

/* The caller's register, by what the table says of it. False: it is not known any more. *lost: the table says so itself. */
static bool caller_register(const struct walk *walk, const struct stack_registers *registers, Dwarf_Frame *frame,
			    uint64_t cfa, unsigned int number, uint64_t *value, bool *lost)
{
	Dwarf_Op memory[3], *operations;
	size_t count;

	*lost = false;
	if (libdw.dwarf_frame_register(frame, (int)number, memory, &operations, &count) != 0)
		return false;
	if (!count && operations == memory) {
		*lost = true;
		return false;
	}
	if (!count) { /* it is what it was */
		*value = registers->values[number];
		return register_known(registers, number);
	}
	struct evaluation e = { .walk = walk, .registers = registers, .cfa = &cfa };
	return evaluate(&e, operations, count, value) && (e.is_value || unwind_read_word(walk->unwinder, *value, value));
}

static Dwarf_Frame *find_frame(struct cfi *cfi, uint64_t address)
{
	Dwfl_Module *module = libdw.dwfl_addrmodule(cfi->dwfl, address);
	Dwarf_Frame *frame = NULL;
	Dwarf_Addr bias;
	Dwarf_CFI *table = module ? libdw.dwfl_module_dwarf_cfi(module, &bias) : NULL;

	if (table && libdw.dwarf_cfi_addrframe(table, address - bias, &frame) == 0)
		return frame;
	table = module ? libdw.dwfl_module_eh_cfi(module, &bias) : NULL;
	return table && libdw.dwarf_cfi_addrframe(table, address - bias, &frame) == 0 ? frame : NULL;
}

static bool is_told(const struct cfi *cfi, const struct unwind_arch *arch, unsigned int number)
{
	return !(arch->arch == ARCH_AARCH64 && cfi->misreads_arm64) || number >= ARM64_FP;
}

static enum step step_frame(const struct walk *walk, const struct stack_registers *registers, Dwarf_Frame *frame,
			    struct stack_registers *caller)
{
	const struct unwind_arch *arch = walk->unwinder->arch;
	struct evaluation e = { .walk = walk, .registers = registers };
	Dwarf_Op *operations;
	size_t count;
	uint64_t cfa, pc;
	bool is_signal = false, lost;
	int return_register = libdw.dwarf_frame_info(frame, NULL, NULL, &is_signal);

	if (return_register < 0 || return_register >= STACK_REGISTERS ||
	    libdw.dwarf_frame_cfa(frame, &operations, &count) != 0 || !evaluate(&e, operations, count, &cfa))
		return STEP_UNKNOWN;
	if (!caller_register(walk, registers, frame, cfa, (unsigned int)return_register, &pc, &lost))
		return lost ? STEP_END : STEP_UNKNOWN;
	for (unsigned int i = 0; i < arch->register_count; i++) {
		uint64_t value;
		if (is_told(walk->unwinder->cfi, arch, i) && caller_register(walk, registers, frame, cfa, i, &value, &lost))
			register_set(caller, i, value);
	}
	if (!register_known(caller, arch->sp))
		register_set(caller, arch->sp, cfa);
	register_set(caller, arch->pc, pc);
	return is_signal ? STEP_SAVED : STEP_CALLER;
}

enum step step_cfi(const struct walk *walk, const struct stack_registers *registers, struct stack_registers *caller)
{
	struct cfi *cfi = walk->unwinder->cfi;
	Dwarf_Frame *frame = cfi ? find_frame(cfi, registers->values[walk->unwinder->arch->pc] - walk->is_call) : NULL;

	*caller = (struct stack_registers){ 0 };
	if (!frame)
		return STEP_UNKNOWN;
	enum step step = step_frame(walk, registers, frame, caller);
	free(frame);
	return step;
}

struct cfi *cfi_open(struct debuginfo *debuginfo)
{
	struct Dwfl *dwfl = debuginfo ? debuginfo_dwfl(debuginfo) : NULL;
	struct cfi *cfi = dwfl ? calloc(1, sizeof *cfi) : NULL;
	struct text version;
	uint64_t major = 0, minor = 0;

	if (!cfi)
		return NULL;
	version = text_from(libdw.dwfl_version(dwfl));
	cfi->dwfl = dwfl;
	cfi->misreads_arm64 = !text_eat_decimal(&version, &major) || !text_eat_char(&version, '.') ||
			      !text_eat_decimal(&version, &minor) || (!major && minor < 192);
	return cfi;
}

void cfi_close(struct cfi *cfi)
{
	free(cfi);
}

#else

struct cfi *cfi_open(struct debuginfo *debuginfo)
{
	(void)debuginfo;
	return NULL;
}

void cfi_close(struct cfi *cfi)
{
	(void)cfi;
}

enum step step_cfi(const struct walk *walk, const struct stack_registers *registers, struct stack_registers *caller)
{
	(void)walk;
	(void)registers;
	*caller = (struct stack_registers){ 0 };
	return STEP_UNKNOWN;
}

#endif
