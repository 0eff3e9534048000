/* Loads a function's instructions, and looks for the one that a register's value comes from. */
#include "touched/code.h"

#include "debuginfo/variables.h"

#include <stdlib.h>
#include <string.h>

enum { FUNCTION_BYTES_MOST = 64 * 1024, JUMPS_MOST = 512, BREAKPOINT = 0xcc };

/* What a call may change: all but rbx, rbp, rsp and r12 to r15 (System V psABI, 3.2.1). */
static const uint32_t changed_by_calls = ~(1U << 3 | 1U << 6 | 1U << 7 | 1U << 12 | 1U << 13 | 1U << 14 | 1U << 15);
/* What a function's arguments come in. */
static const uint32_t argument_registers = 1U << 5 | 1U << 4 | 1U << 1 | 1U << 2 | 1U << 8 | 1U << 9;

static const uint32_t stack_pointer = 1U << 7;

static bool read_text(const struct code_sources *sources, uint64_t address, void *buffer, size_t length)
{
	struct error ignored = { 0 };

	if (sources->dump && dump_read(sources->dump, address, buffer, length, &ignored) == MEMORY_OK)
		return true;
	return debuginfo_text(sources->debuginfo, address, buffer, length);
}

static bool decode(const struct code_sources *sources, const unsigned char *bytes, struct code *code)
{
	size_t length = code->end - code->begin, at = 0;

	while (at < length) {
		struct instruction *instruction = &code->items[code->count];
		bool follows_end = code->count && (code->items[code->count - 1].kind == INSTRUCTION_JUMP ||
						   code->items[code->count - 1].kind == INSTRUCTION_RETURN);
		/* Behind a return it keeps the processor from going on; elsewhere a probe has taken an instruction's place.
		 */
		if (bytes[at] == BREAKPOINT && !follows_end && code->count && bytes[at - 1] != BREAKPOINT)
			return false;
		if (!decoder_next(sources->decoder, bytes + at, length - at, code->begin + at, instruction))
			return false;
		at += instruction->length;
		code->count++;
	}
	return true;
}

size_t code_at(const struct code *code, uint64_t address)
{
	size_t low = 0, high = code->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (code->items[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < code->count && code->items[low].address == address ? low : SIZE_MAX;
}

size_t code_before(const struct code *code, uint64_t address)
{
	size_t low = 0;

	while (low < code->count && code->items[low].address + code->items[low].length < address)
		low++;
	return low < code->count && code->items[low].address + code->items[low].length == address ? low : SIZE_MAX;
}

/*
 * The function tracer's call is the first instruction, or behind endbr64, and changes no register: as compiled, or to what
 * the kernel has put in its place, which no symbol names.
 */
static void find_tracer_call(const struct code_sources *sources, struct code *code)
{
	static const char *const names[] = { "__fentry__", "ftrace_caller", "ftrace_regs_caller" };
	struct debuginfo_function function;

	code->tracer_call = SIZE_MAX;
	for (size_t i = 0; i < code->count && i < 2 && code->tracer_call == SIZE_MAX; i++) {
		if (code->items[i].kind != INSTRUCTION_CALL || !code->items[i].has_target)
			continue;
		bool known = debuginfo_function_at(sources->debuginfo, code->items[i].target, &function);
		for (size_t n = 0; n < sizeof names / sizeof *names; n++)
			if (!known || text_is(function.name, names[n]))
				code->tracer_call = i;
	}
}

/* What the compiler put elsewhere because it is unlikely: "f.cold", "f.cold.12". */
static bool is_cold_part(const struct code_sources *sources, const struct code *code, uint64_t target)
{
	struct debuginfo_function function;

	return debuginfo_function_at(sources->debuginfo, target, &function) &&
	       text_equal(text_first(function.name, code->function.length), code->function) &&
	       text_starts(text_from_offset(function.name, code->function.length), ".cold");
}

/* False: it jumps into the middle of an instruction, or there is no telling where to. */
static bool mark_target(struct code *code, uint64_t target)
{
	if (target < code->begin || target >= code->end)
		return true;
	size_t at = code_at(code, target);
	if (at != SIZE_MAX)
		code->is_target[at] = true;
	return at != SIZE_MAX;
}

/* A jump to where a register says: a table of a switch, or another function's end. */
static bool mark_targets(const struct code_sources *sources, struct code *code)
{
	uint64_t targets[JUMPS_MOST];
	size_t count;

	for (size_t i = 0; i < code->count; i++) {
		const struct instruction *instruction = &code->items[i];
		if (instruction->kind != INSTRUCTION_JUMP && instruction->kind != INSTRUCTION_BRANCH)
			continue;
		if (!instruction->has_target || !mark_target(code, instruction->target))
			return false;
		code->has_cold_part |= is_cold_part(sources, code, instruction->target);
	}
	/* Of a kernel without static keys, or a module: what the instructions show is all there is. */
	if (!debuginfo_jumps(sources->debuginfo, code->begin, code->end, targets, JUMPS_MOST, &count))
		return count < JUMPS_MOST;
	for (size_t i = 0; i < count; i++)
		if (!mark_target(code, targets[i]))
			return false;
	return true;
}

bool code_load(const struct code_sources *sources, uint64_t address, struct code *code)
{
	struct debuginfo_function function;

	*code = (struct code){ 0 };
	if (!debuginfo_function_at(sources->debuginfo, address, &function) || !function.size ||
	    function.size > FUNCTION_BYTES_MOST)
		return false;
	code->function = function.name;
	code->begin = function.address;
	code->end = function.address + function.size;
	unsigned char *bytes = malloc(function.size);
	code->items = calloc(function.size, sizeof *code->items);
	code->is_target = calloc(function.size, sizeof *code->is_target);
	bool good = bytes && code->items && code->is_target &&
		    read_text(sources, function.address, bytes, (size_t)function.size);
	if (good)
		code->whole_known = decode(sources, bytes, code) && mark_targets(sources, code);
	find_tracer_call(sources, code);
	free(bytes);
	return good && code->count;
}

void code_free(struct code *code)
{
	free(code->items);
	free(code->is_target);
	*code = (struct code){ 0 };
}

static bool changes(const struct code *code, size_t at, int reg)
{
	const struct instruction *instruction = &code->items[at];
	uint32_t writes = instruction->writes;

	if (instruction->kind == INSTRUCTION_CALL && at != code->tracer_call)
		writes |= changed_by_calls;
	return writes >> reg & 1;
}

/* A pop that gives the caller its register back: nothing but more of them, and the end, comes behind it. */
static bool is_restore(const struct code *code, size_t at)
{
	for (size_t i = at; i < code->count; i++) {
		const struct instruction *instruction = &code->items[i];
		if (instruction->kind == INSTRUCTION_RETURN || instruction->kind == INSTRUCTION_JUMP)
			return true;
		if (instruction->kind != INSTRUCTION_POP && (instruction->writes & ~stack_pointer))
			return false;
	}
	return false;
}

/* Where no more can be said by what runs straight to the instruction: only one instruction ever writes the register. */
static bool only_writer(const struct code *code, size_t before, int reg, size_t *writer)
{
	size_t count = 0;

	/* What comes in an argument's register may still be what is in it; the accumulator is any call's result. */
	if ((argument_registers >> reg & 1) || reg == 0)
		return false;
	for (size_t i = 0; i < code->count; i++) {
		const struct instruction *instruction = &code->items[i];
		if (!(instruction->writes >> reg & 1) || (instruction->kind == INSTRUCTION_POP && is_restore(code, i)))
			continue;
		*writer = i;
		count++;
	}
	return count == 1 && *writer < before;
}

bool code_writer(const struct code *code, size_t at, int reg, size_t *writer, bool *from_entry)
{
	*from_entry = false;
	if (!code->whole_known || reg < 0 || at >= code->count)
		return false;
	for (size_t i = at;; i--) {
		if (code->is_target[i])
			break;
		if (i == 0) {
			*from_entry = true;
			return false;
		}
		enum instruction_kind kind = code->items[i - 1].kind;
		if (kind == INSTRUCTION_JUMP || kind == INSTRUCTION_RETURN)
			break;
		if (changes(code, i - 1, reg)) {
			*writer = i - 1;
			return code->items[i - 1].kind != INSTRUCTION_CALL;
		}
	}
	return !code->has_cold_part && only_writer(code, at, reg, writer);
}
