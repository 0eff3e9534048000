/*
 * From where control may come to a function's instructions: its own jumps, those of its cold part, static keys, and the
 * landing places of exceptions. Where that cannot all be told, the code is not wholly known.
 */
#include "debuginfo/variables.h"
#include "touched/code.h"

enum { JUMPS_MOST = 512 };

/*
 * The function tracer's call is the first instruction, or behind endbr64, and changes no register: as compiled, or, in the
 * kernel proper, to a place that no symbol names, which the kernel has put in its stead.
 */
static void find_tracer_call(const struct code_sources *sources, struct code *code)
{
	static const char *const names[] = { "__fentry__", "ftrace_caller", "ftrace_regs_caller" };
	size_t at = code->own.count && code->own.items[0].is_landing ? 1 : 0;
	struct debuginfo_function function;

	if (at >= code->own.count || code->own.items[at].kind != INSTRUCTION_CALL || !code->own.items[at].has_target ||
	    code->own.items[at].leaves_module)
		return;
	if (!debuginfo_function_at(sources->debuginfo, code->own.items[at].target + code->moved, &function)) {
		if (code->begin >> 63)
			code->tracer_call = at;
		return;
	}
	for (size_t n = 0; n < sizeof names / sizeof *names; n++)
		if (text_is(function.name, names[n]))
			code->tracer_call = at;
}

static bool is_cold_name(struct text name, struct text function)
{
	return text_equal(text_first(name, function.length), function) &&
	       text_starts(text_from_offset(name, function.length), ".cold");
}

/* False: there is another already, or it cannot be read. */
static bool take_cold_part(const struct code_sources *sources, struct code *code, const struct debuginfo_function *part)
{
	if (code->cold.items)
		return code->cold_begin == part->address;
	code->cold_begin = part->address;
	code->cold_end = part->address + part->size;
	return code_decode_part(sources, code, code->cold_begin, code->cold_end, &code->cold);
}

/* A way out of the function's own text. False: to where is not known: it may come back at any place. */
static bool follow_out(const struct code_sources *sources, struct code *code, uint64_t target)
{
	struct debuginfo_function function;

	/* A module's text in the dump: what lies outside of it is where memory has it. */
	if (!debuginfo_function_at(sources->debuginfo, target, &function))
		return code->moved && debuginfo_function_at(sources->debuginfo, target + code->moved, &function) &&
		       target + code->moved == function.address;
	if (is_cold_name(function.name, code->function))
		return take_cold_part(sources, code, &function);
	/* Another function's beginning: this one goes on into it, or returns by it. */
	return target == function.address;
}

static bool take_way(const struct code_sources *sources, struct code *code, uint64_t target)
{
	if (target < code->begin || target >= code->end)
		return follow_out(sources, code, target);
	size_t at = code_at(code, target);
	if (at != SIZE_MAX)
		code->is_target[at] = true;
	return at != SIZE_MAX;
}

static bool take_jumps(const struct code_sources *sources, struct code *code, const struct instructions *from)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct instruction *instruction = &from->items[i];
		if ((instruction->kind != INSTRUCTION_JUMP && instruction->kind != INSTRUCTION_BRANCH) ||
		    instruction->leaves_module)
			continue;
		bool within_cold =
			code->cold.items && instruction->target >= code->cold_begin && instruction->target < code->cold_end;
		if (!instruction->has_target || (!within_cold && !take_way(sources, code, instruction->target)))
			return false;
	}
	return true;
}

static bool take_keys(const struct code_sources *sources, struct code *code, uint64_t begin, uint64_t end)
{
	uint64_t targets[JUMPS_MOST];
	size_t count;

	if (!debuginfo_jumps(sources->debuginfo, begin, end, targets, JUMPS_MOST, &count))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!take_way(sources, code, targets[i]))
			return false;
	return true;
}

/* An exception in an instruction that may have one goes on where the table says. */
static bool take_landings(const struct code_sources *sources, struct code *code)
{
	uint64_t places[JUMPS_MOST];
	size_t count;

	if (!debuginfo_landings(sources->debuginfo, code->begin, code->end, places, JUMPS_MOST, &count))
		return false;
	for (size_t i = 0; i < count; i++) {
		size_t at = code_at(code, places[i]);
		if (at != SIZE_MAX)
			code->is_target[at] = true;
	}
	return true;
}

static bool find_ways(const struct code_sources *sources, struct code *code)
{
	/* A cold part is entered where the function that it belongs to jumps. */
	if (text_find(code->function, ".cold") != SIZE_MAX)
		return false;
	if (!take_jumps(sources, code, &code->own) || !take_keys(sources, code, code->begin, code->end) ||
	    !take_landings(sources, code))
		return false;
	return !code->cold.items ||
	       (take_jumps(sources, code, &code->cold) && take_keys(sources, code, code->cold_begin, code->cold_end));
}

void code_find_ways(const struct code_sources *sources, struct code *code)
{
	find_tracer_call(sources, code);
	code->whole_known = find_ways(sources, code);
}
