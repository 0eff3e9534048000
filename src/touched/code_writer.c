/* Which instruction a register's value comes from. */
#include "touched/code.h"

/* What a call keeps: rbx, rbp, rsp and r12 to r15 (System V psABI, 3.2.1). */
static const uint32_t kept_by_calls = 1U << 3 | 1U << 6 | 1U << 7 | 1U << 12 | 1U << 13 | 1U << 14 | 1U << 15;
/* What a function's arguments come in. */
static const uint32_t argument_registers = 1U << 5 | 1U << 4 | 1U << 1 | 1U << 2 | 1U << 8 | 1U << 9;
static const uint32_t stack_pointer = 1U << 7;

static bool changes(const struct code *code, size_t at, int reg)
{
	const struct instruction *instruction = &code->own.items[at];
	uint32_t writes = instruction->writes;

	if (instruction->kind == INSTRUCTION_CALL && at != code->tracer_call)
		writes |= ~kept_by_calls;
	return writes >> reg & 1;
}

/* A pop that gives the caller its register back: nothing but more of them, and the end, comes behind it. */
static bool is_restore(const struct instructions *part, size_t at)
{
	for (size_t i = at; i < part->count; i++) {
		const struct instruction *instruction = &part->items[i];
		if (instruction->kind == INSTRUCTION_RETURN || instruction->kind == INSTRUCTION_JUMP)
			return true;
		if (instruction->kind != INSTRUCTION_POP && (instruction->writes & ~stack_pointer))
			return false;
	}
	return false;
}

static size_t count_writers(const struct instructions *part, int reg, size_t *last)
{
	size_t count = 0;

	for (size_t i = 0; i < part->count; i++) {
		const struct instruction *instruction = &part->items[i];
		if (!(instruction->writes >> reg & 1) || (instruction->kind == INSTRUCTION_POP && is_restore(part, i)))
			continue;
		*last = i;
		count++;
	}
	return count;
}

/* Where no more can be said by what runs straight to the instruction: only one instruction ever writes the register. */
static bool only_writer(const struct code *code, size_t before, int reg, size_t *writer)
{
	size_t ignored;

	/* What comes in an argument's register may still be what is in it; the accumulator is any call's result. */
	if ((argument_registers >> reg & 1) || reg == 0)
		return false;
	return count_writers(&code->own, reg, writer) == 1 && *writer < before &&
	       count_writers(&code->cold, reg, &ignored) == 0;
}

bool code_writer(const struct code *code, size_t at, int reg, size_t *writer, bool *from_entry)
{
	*from_entry = false;
	if (!code->whole_known || reg < 0 || at >= code->own.count)
		return false;
	for (size_t i = at;; i--) {
		if (code->is_target[i])
			break;
		if (i == 0) {
			*from_entry = (argument_registers | kept_by_calls) >> reg & 1;
			return false;
		}
		enum instruction_kind kind = code->own.items[i - 1].kind;
		if (kind == INSTRUCTION_JUMP || kind == INSTRUCTION_RETURN)
			break;
		if (changes(code, i - 1, reg)) {
			*writer = i - 1;
			return kind != INSTRUCTION_CALL;
		}
	}
	return only_writer(code, at, reg, writer);
}
