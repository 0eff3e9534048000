/* From a CPU's stack to a crash. */
#include "triage/from_stack.h"

#include "crash/culprit.h"
#include "crash/list.h"

#include <inttypes.h>
#include <stdlib.h>

size_t from_stack_record(struct crash *crash, struct text text)
{
	struct crash_record *record = arena_push(&crash->arena, &crash->records, &crash->record_count, sizeof *record);

	if (!record)
		return CRASH_NO_RECORD;
	record->text = text;
	return crash->record_count - 1;
}

struct text from_stack_task(struct arena *arena, const struct postmortem_cpu *cpu)
{
	if (cpu->pid < 0)
		return TEXT("a task");
	return arena_print(arena, "task %.*s (pid %" PRId64 ")", TEXT_ARGS(cpu->comm), cpu->pid);
}

static size_t add_place(struct crash *crash, const struct crash_location *place)
{
	struct arena *arena = &crash->arena;
	struct text text;

	if (place->has_offset)
		text = arena_print(arena, "CPU %" PRId64 ": %.*s+0x%" PRIx64 "/0x%" PRIx64 "%s%.*s%s", crash->cpu,
				   TEXT_ARGS(place->function), place->offset, place->size, place->module.length ? " [" : "",
				   TEXT_ARGS(place->module), place->module.length ? "]" : "");
	else
		text = arena_print(arena, "CPU %" PRId64 ": 0x%" PRIx64, crash->cpu, place->address);
	return from_stack_record(crash, text);
}

static struct crash_location keep_location(struct arena *arena, struct crash_location location)
{
	location.function = arena_copy(arena, location.function);
	location.canonical = TEXT_NONE;
	location.module = arena_copy(arena, location.module);
	location.file = arena_copy(arena, location.file);
	return location;
}

void from_stack_take(struct crash *crash, const struct postmortem_cpu *cpu, size_t from)
{
	bool placed =
		crash->frame_count || crash->instruction_pointer.function.length || crash->instruction_pointer.has_address;

	for (size_t i = from; i < cpu->frame_count && crash->frame_count < CRASH_FRAMES_MOST; i++) {
		const struct crash_frame *told = &cpu->frames[i];
		if (told->is_inline)
			continue;
		struct crash_location location = keep_location(&crash->arena, told->location);
		size_t record = add_place(crash, &location);
		if (!placed) {
			placed = true;
			crash->instruction_pointer = location;
			crash->instruction_pointer_record = record;
			continue;
		}
		struct crash_frame *frame = arena_push(&crash->arena, &crash->frames, &crash->frame_count, sizeof *frame);
		if (!frame)
			return;
		*frame = *told;
		frame->location = location;
		frame->record = record;
	}
}

struct crash *from_stack_start(const struct verdict *verdict, const struct postmortem_cpu *cpu, enum crash_kind kind)
{
	const struct facts *facts = &verdict->dump.facts;
	struct crash *crash = calloc(1, sizeof *crash);

	if (!crash)
		return NULL;
	*crash = (struct crash){
		.kind = kind,
		.from_stacks = true,
		.time_ns = RECORD_NO_TIME,
		.wall_time = RECORD_NO_TIME,
		.cpu = cpu->cpu,
		.pid = cpu->pid,
		.arch = facts->arch,
		.consequence_of = SIZE_MAX,
		.culprit_record = CRASH_NO_RECORD,
		.caller_record = CRASH_NO_RECORD,
		.fault_address_record = CRASH_NO_RECORD,
		.taint_record = CRASH_NO_RECORD,
		.panic_record = CRASH_NO_RECORD,
	};
	crash->comm = arena_copy(&crash->arena, cpu->comm);
	crash->release = arena_copy(&crash->arena, facts->release);
	crash->version = arena_copy(&crash->arena, facts->version);
	return crash;
}

struct crash *from_stack_finish(struct crash *crash)
{
	crash_name(crash, NULL);
	if (!crash->arena.failed)
		return crash;
	crash_free(crash);
	return NULL;
}
