/* Follows a value back: through the instructions that made it, into the caller that handed it on. */
#include "touched/follow.h"

enum { STEPS_MOST = 64, LOADS_MOST = 3, LEVELS_MOST = 8, POINTERS_MOST = 64, STACK_POINTER = 7 };

struct search {
	struct following *following;
	unsigned int loads; /* how many the value was loaded through, as seen from the fault */
	bool (*accept)(struct search *search, const struct followed *followed);
	/* Of a search for what a load went through: the member that was loaded. */
	struct followed loaded;
};

static bool seek(struct search *search, struct follow_place place);

/* The function's own variables go before those of what is inlined into it: they are nearer to what people read. */
static bool offer_variables(struct search *search, const struct follow_place *place)
{
	struct debuginfo_pointer pointers[POINTERS_MOST];
	uint64_t at = place->code->own.items[place->at].address;
	size_t count = debuginfo_pointers(search->following->sources.debuginfo, at, pointers, POINTERS_MOST);

	for (size_t i = count; i > 0; i--) {
		const struct debuginfo_pointer *pointer = &pointers[i - 1];
		if (pointer->value.kind != VALUE_REGISTER || (int)pointer->value.reg != place->reg)
			continue;
		struct followed followed = {
			.path = pointer->name,
			.type = pointer->type,
			.offset = (int64_t)((uint64_t)place->offset - (uint64_t)pointer->value.offset),
			.function = pointer->function,
			.at = at,
		};
		if (search->accept(search, &followed))
			return true;
	}
	return false;
}

/* The pointer that a load goes through must have, at just that place, a pointer to a structure. */
static bool accept_loaded(struct search *search, const struct followed *followed)
{
	struct following *following = search->following;
	struct debuginfo_field field;

	if (followed->offset < 0 ||
	    !debuginfo_field(following->sources.debuginfo, followed->type, (uint64_t)followed->offset, &field) ||
	    !field.exact || !field.to)
		return false;
	search->loaded = *followed;
	search->loaded.path = arena_print(following->arena, "%.*s->%.*s", TEXT_ARGS(followed->path), TEXT_ARGS(field.path));
	search->loaded.type = field.to;
	return search->loaded.path.length > 0;
}

static bool seek_through_load(struct search *search, const struct follow_place *place, size_t load)
{
	const struct instruction_memory *memory = &place->code->own.items[load].memory[0];
	struct search inner = { .following = search->following, .loads = search->loads + 1, .accept = accept_loaded };

	if (search->loads >= LOADS_MOST || memory->elsewhere || memory->index != NO_REGISTER || memory->base == NO_REGISTER)
		return false;
	struct follow_place base = { place->level, place->code, load, memory->base, memory->displacement };
	if (!seek(&inner, base))
		return false;
	struct followed followed = inner.loaded;
	followed.offset = place->offset;
	return search->accept(search, &followed);
}

/*
 * The caller's registers are those that the function began with, if it is what the caller calls there: not by a pointer, and
 * not another function that went on into this one.
 */
static bool calls(const struct code *caller, size_t call, const struct code *callee)
{
	const struct instruction *instruction = &caller->own.items[call];

	return instruction->kind == INSTRUCTION_CALL && instruction->has_target && !instruction->leaves_module &&
	       instruction->target + caller->moved == callee->begin + callee->moved;
}

uint64_t touched_memory(const struct touched_request *request, size_t level)
{
	if (request->memory)
		return request->memory[level];
	return request->dump && request->places[level] >> 63 ? request->places[level] : 0;
}

static bool seek_in_caller(struct search *search, const struct follow_place *place)
{
	const struct touched_request *request = search->following->request;
	size_t level = place->level + 1;
	struct debuginfo_value value;
	struct code caller;
	bool found = false;

	if (level >= request->place_count || level > LEVELS_MOST)
		return false;
	uint64_t back = request->places[level];
	uint64_t memory = touched_memory(request, level);
	bool loaded = code_load(&search->following->sources, back - 1, memory ? memory - 1 : 0, &caller);
	size_t call = loaded ? code_before(&caller, back) : SIZE_MAX;
	if (call != SIZE_MAX && calls(&caller, call, place->code)) {
		struct follow_place there = { level, &caller, call, place->reg, place->offset };
		found = seek(search, there);
		if (!found &&
		    debuginfo_argument(search->following->sources.debuginfo, back, (unsigned int)place->reg, &value)) {
			there.reg = (int)value.reg;
			there.offset = (int64_t)((uint64_t)place->offset + (uint64_t)value.offset);
			found = value.kind == VALUE_AT_ENTRY ? seek_in_caller(search, &there)
							     : (there.reg != place->reg && seek(search, there));
		}
	}
	code_free(&caller);
	return found;
}

static bool seek(struct search *search, struct follow_place place)
{
	size_t writer = 0;
	bool from_entry;

	for (int step = 0; step < STEPS_MOST && place.reg >= 0 && place.reg != STACK_POINTER; step++) {
		if (offer_variables(search, &place))
			return true;
		if (!code_writer(place.code, place.at, place.reg, &writer, &from_entry))
			return from_entry && seek_in_caller(search, &place);
		const struct instruction *instruction = &place.code->own.items[writer];
		if (instruction->to != place.reg)
			return false;
		if (instruction->kind == INSTRUCTION_LOAD)
			return seek_through_load(search, &place, writer);
		if (instruction->kind != INSTRUCTION_MOVE && instruction->kind != INSTRUCTION_ADDRESS)
			return false;
		place.at = writer;
		place.reg = instruction->from;
		place.offset = (int64_t)((uint64_t)place.offset + (uint64_t)instruction->displacement);
	}
	return false;
}

static bool accept_final(struct search *search, const struct followed *followed)
{
	return search->following->accept(search->following, followed);
}

bool follow(struct following *following, struct follow_place place)
{
	struct search search = { .following = following, .accept = accept_final };

	return seek(&search, place);
}
