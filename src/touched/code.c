/* Loads a function's instructions. */
#include "touched/code.h"

#include "debuginfo/variables.h"

#include <stdlib.h>
#include <string.h>

enum { FUNCTION_BYTES_MOST = 64 * 1024, BREAKPOINT = 0xcc, RELOCATIONS_MOST = 2048 };

/* Text of a module's file has no call's target and no other module's address filled in: what moved stays 0. */
static bool read_text(const struct code_sources *sources, uint64_t begin, uint64_t moved, bool from_dump, void *buffer,
		      size_t length)
{
	struct error ignored = { 0 };

	if (from_dump)
		return dump_read(sources->dump, begin + moved, buffer, length, &ignored) == MEMORY_OK;
	return debuginfo_text(sources->debuginfo, begin, buffer, length);
}

/* Behind a return a breakpoint keeps the processor from going on; elsewhere a probe has taken an instruction's place. */
static bool is_probe(const unsigned char *bytes, size_t at, const struct instructions *before)
{
	if (bytes[at] != BREAKPOINT || !before->count)
		return false;
	enum instruction_kind last = before->items[before->count - 1].kind;
	return last != INSTRUCTION_JUMP && last != INSTRUCTION_RETURN && bytes[at - 1] != BREAKPOINT;
}

static bool decode(struct decoder *decoder, const unsigned char *bytes, uint64_t begin, size_t length,
		   struct instructions *instructions)
{
	for (size_t at = 0; at < length;) {
		struct instruction *instruction = &instructions->items[instructions->count];
		if (is_probe(bytes, at, instructions) ||
		    !decoder_next(decoder, bytes + at, length - at, begin + at, instruction))
			return false;
		at += instruction->length;
		instructions->count++;
	}
	return true;
}

/* Calls and jumps of a module's file: where to is in its relocations, counted from behind the four bytes. */
static bool link_branches(const struct code_sources *sources, uint64_t begin, uint64_t end,
			  struct instructions *instructions)
{
	struct debuginfo_relocation items[RELOCATIONS_MOST];
	size_t count;

	if (!debuginfo_relocations(sources->debuginfo, begin, end, items, RELOCATIONS_MOST, &count))
		return false;
	for (size_t i = 0; i < instructions->count; i++) {
		struct instruction *instruction = &instructions->items[i];
		for (size_t n = 0; instruction->has_target && n < count; n++) {
			if (items[n].place < instruction->address ||
			    items[n].place >= instruction->address + instruction->length)
				continue;
			instruction->leaves_module = !items[n].defined;
			instruction->target = items[n].value + 4;
		}
	}
	return true;
}

static bool load(const struct code_sources *sources, uint64_t begin, uint64_t end, uint64_t moved, bool from_dump,
		 struct instructions *instructions, bool *whole)
{
	size_t length = end - begin;
	unsigned char *bytes = malloc(length);

	instructions->items = calloc(length, sizeof *instructions->items);
	bool good = bytes && instructions->items && read_text(sources, begin, moved, from_dump, bytes, length);
	if (good)
		*whole = decode(sources->decoder, bytes, begin, length, instructions) &&
			 (from_dump || begin >> 63 || link_branches(sources, begin, end, instructions));
	free(bytes);
	return good;
}

bool code_decode_part(const struct code_sources *sources, const struct code *of, uint64_t begin, uint64_t end,
		      struct instructions *instructions)
{
	bool whole = false;

	return end > begin && end - begin <= FUNCTION_BYTES_MOST &&
	       load(sources, begin, end, of->moved, of->from_dump, instructions, &whole) && whole;
}

bool code_load(const struct code_sources *sources, uint64_t address, uint64_t memory, struct code *code)
{
	struct debuginfo_function function;
	bool whole = false;

	*code = (struct code){ .tracer_call = SIZE_MAX };
	if (!debuginfo_function_at(sources->debuginfo, address, &function) || !function.size ||
	    function.size > FUNCTION_BYTES_MOST)
		return false;
	code->function = function.name;
	code->begin = function.address;
	code->end = function.address + function.size;
	code->moved = sources->dump && memory ? memory - address : 0;
	code->is_target = calloc(function.size, sizeof *code->is_target);
	code->from_dump = sources->dump && memory;
	bool good = code->is_target && code->from_dump &&
		    load(sources, code->begin, code->end, code->moved, true, &code->own, &whole);
	if (!good) {
		free(code->own.items);
		code->own = (struct instructions){ 0 };
		code->moved = 0;
		code->from_dump = false;
		good = code->is_target && load(sources, code->begin, code->end, 0, false, &code->own, &whole);
	}
	code->whole_known = good && whole;
	if (code->whole_known)
		code_find_ways(sources, code);
	return good && code->own.count;
}

void code_free(struct code *code)
{
	free(code->own.items);
	free(code->cold.items);
	free(code->is_target);
	*code = (struct code){ 0 };
}

size_t code_at(const struct code *code, uint64_t address)
{
	const struct instruction *items = code->own.items;
	size_t low = 0, high = code->own.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (items[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < code->own.count && items[low].address == address ? low : SIZE_MAX;
}

size_t code_before(const struct code *code, uint64_t address)
{
	const struct instruction *items = code->own.items;

	for (size_t i = 0; i < code->own.count; i++)
		if (items[i].address + items[i].length == address)
			return i;
	return SIZE_MAX;
}
