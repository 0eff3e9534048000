/* Takes the faulting instruction, finds its memory operand, and names what was there. */
#include "touched/touched.h"

#include "crash/kind.h"
#include "crash/poison.h"
#include "touched/address.h"
#include "touched/follow.h"
#include "touched/registers.h"

struct finding_out {
	struct following following; /* first: accept() gets it */
	uint64_t address;           /* of the fault */
	struct crash_touched *touched;
	bool found; /* something that will do, if nothing better comes */
};

static void fill(struct finding_out *out, const struct followed *followed, const struct debuginfo_field *field)
{
	struct debuginfo_line levels[32];
	struct crash_touched *touched = out->touched;
	struct debuginfo *debuginfo = out->following.sources.debuginfo;

	*touched = (struct crash_touched){
		.address = out->address,
		.structure = field->structure,
		.member = field->path,
		.offset = (uint64_t)followed->offset,
		.pointer = followed->path,
		.value = out->address - (uint64_t)followed->offset,
		.function = followed->function,
	};
	size_t count = debuginfo_lines(debuginfo, followed->at, levels, sizeof levels / sizeof *levels);
	for (size_t i = 0; i < count; i++) {
		if (!text_equal(levels[i].function, followed->function))
			continue;
		touched->file = levels[i].file;
		touched->line = levels[i].line;
	}
}

/*
 * container_of() of NULL is small and negative, and no error: a list that ends in NULL is walked so. Where the structure has
 * a structure at just that distance, either may be meant.
 */
static bool is_error(struct finding_out *out, const struct followed *followed, uint64_t value)
{
	struct debuginfo_field field;
	int number;

	if (!is_error_pointer(value, &number) || !is_error_number(-number))
		return false;
	return !debuginfo_field(out->following.sources.debuginfo, followed->type, (uint64_t)-number, &field) ||
	       !field.may_be_structure;
}

/*
 * A pointer that is NULL, an error or poison is what went wrong. One that is small but not 0 was made from such a one, and
 * is passed over, as is one that is just below 0 and no error; any other will do if none of these comes.
 */
static bool accept(struct following *following, const struct followed *followed)
{
	struct finding_out *out = (struct finding_out *)following;
	uint64_t value = out->address - (uint64_t)followed->offset;
	struct debuginfo_field field;
	int number;

	if (followed->offset < 0 || (value && value < FIRST_PAGE) ||
	    !debuginfo_field(following->sources.debuginfo, followed->type, (uint64_t)followed->offset, &field))
		return false;
	bool error = is_error(out, followed, value);
	if (is_error_pointer(value, &number) && !error)
		return false;
	bool plain = !value || error || poison_words(value);
	if (plain || !out->found)
		fill(out, followed, &field);
	out->found = true;
	return plain;
}

/* The operand that the crash's registers and fault address agree with. */
static const struct instruction_memory *faulting_memory(const struct crash *crash, const struct instruction *instruction,
							uint64_t *address)
{
	const struct instruction_memory *found = NULL;
	uint64_t base;

	for (size_t i = 0; i < instruction->memory_count; i++) {
		const struct instruction_memory *memory = &instruction->memory[i];
		if (memory->elsewhere || memory->index != NO_REGISTER ||
		    !register_value(crash->registers, crash->register_count, memory->base, &base))
			continue;
		uint64_t at = base + (uint64_t)memory->displacement;
		/* An access that goes over a page's end may fault at its later bytes. */
		if (crash->has_fault_address ? crash->fault_address != at : instruction->memory_count > 1)
			continue;
		*address = at;
		found = memory;
	}
	return found;
}

/*
 * A general protection fault at an address that can be was none of that memory: what was loaded from there and jumped to, an
 * operand that must be aligned.
 */
static bool can_be_of(const struct crash *crash, uint64_t address)
{
	bool of_protection = crash->kind == CRASH_GENERAL_PROTECTION_FAULT || crash->kind == CRASH_STACK_SEGMENT;

	return !of_protection || address_form(address) == ADDRESS_NOT_CANONICAL;
}

/* The bytes of the Code: line from the mark on; gives how many. */
static size_t marked_bytes(const struct crash *crash, unsigned char *bytes, size_t most)
{
	size_t mark = text_find_char(crash->code, '<'), count = 0;
	struct text rest = mark == SIZE_MAX ? TEXT_NONE : text_from_offset(crash->code, mark + 1);
	uint64_t value;
	size_t digits;

	while (count < most && text_eat_hex_digits(&rest, &value, &digits) && digits == 2) {
		bytes[count++] = (unsigned char)value;
		text_eat_char(&rest, '>');
		text_eat_blanks(&rest);
	}
	return count;
}

static bool is_same_memory(const struct instruction_memory *a, const struct instruction_memory *b)
{
	return a->base == b->base && a->index == b->index && a->scale == b->scale && a->size == b->size &&
	       a->displacement == b->displacement && a->elsewhere == b->elsewhere;
}

/* Is what the log shows of the instruction the one that is looked at? Where it shows none, there is nothing to compare. */
static bool is_the_one(struct finding_out *out, const struct crash *crash, const struct instruction *instruction)
{
	unsigned char bytes[INSTRUCTION_BYTES_MOST];
	struct instruction shown;
	size_t count = marked_bytes(crash, bytes, sizeof bytes);

	if (!count)
		return true;
	if (!decoder_next(out->following.sources.decoder, bytes, count, instruction->address, &shown))
		return false;
	bool same = shown.length == instruction->length && shown.kind == instruction->kind && shown.to == instruction->to &&
		    shown.from == instruction->from && shown.memory_count == instruction->memory_count &&
		    shown.writes == instruction->writes;
	for (size_t i = 0; same && i < shown.memory_count; i++)
		same = is_same_memory(&shown.memory[i], &instruction->memory[i]);
	return same;
}

static bool find(struct finding_out *out, const struct code *code)
{
	const struct crash *crash = out->following.request->crash;
	size_t at = code_at(code, out->following.request->places[0]);

	if (at == SIZE_MAX || !is_the_one(out, crash, &code->own.items[at]))
		return false;
	const struct instruction_memory *memory = faulting_memory(crash, &code->own.items[at], &out->address);
	if (!memory || !can_be_of(crash, out->address))
		return false;
	struct follow_place place = { 0, code, at, memory->base, memory->displacement };
	return follow(&out->following, place) || out->found;
}

bool touched_find(const struct touched_request *request, struct arena *arena, struct crash_touched *touched)
{
	struct error ignored = { 0 };
	struct code code;

	if (!request->place_count || !crash_kind_is_memory_fault(request->crash->kind))
		return false;
	struct finding_out out = {
		.following = { .request = request,
			       .sources = { request->debuginfo, request->dump, decoder_open(request->arch, &ignored) },
			       .arena = arena,
			       .accept = accept },
		.touched = touched,
	};
	if (!out.following.sources.decoder)
		return false;
	bool found = code_load(&out.following.sources, request->places[0], touched_memory(request, 0), &code) &&
		     find(&out, &code);
	code_free(&code);
	decoder_close(out.following.sources.decoder);
	return found;
}
