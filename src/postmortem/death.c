/* From a dying CPU's stack to what it died of, with registers and fault. */
#include "postmortem/death.h"

#include "crash/kind.h"
#include "crash/registers_table.h"
#include "touched/touched.h"

#include <string.h>

enum { PLACES_MOST = 10 };

/* x86-64's, by their DWARF numbers. */
static void take_registers(struct examination *examination, const struct stack_registers *from,
			   struct postmortem_death *death)
{
	const char *arch = examine_arch(examination);

	for (size_t i = 0; arch && strcmp(arch, "x86_64") == 0 && i < X86_64_REGISTERS - 1; i++) {
		if (!(from->known >> i & 1))
			continue;
		struct crash_register *item =
			arena_push(&examination->found->arena, &death->registers, &death->register_count, sizeof *item);
		if (item)
			*item = (struct crash_register){ x86_64_registers[i], from->values[i], CRASH_NO_RECORD };
	}
}

static void judge_fault(struct examination *examination, const struct stack_frame *frame, bool kind_known,
			struct postmortem_death *death)
{
	struct touched_machine machine = {
		.dump = examination->request->dump,
		.arch = examine_arch(examination),
		.pc = frame->pc,
		.registers = death->registers,
		.register_count = death->register_count,
	};
	struct touched_fault fault;

	if (frame->is_call || (kind_known && !crash_kind_is_memory_fault(death->kind)) || !touched_fault(&machine, &fault))
		return;
	if (!kind_known || (death->kind == CRASH_PAGE_FAULT && fault.kind == CRASH_NULL_POINTER_DEREFERENCE))
		death->kind = fault.kind;
	if (!crash_kind_is_memory_fault(death->kind) || !fault.has_address)
		return;
	death->has_fault_address = true;
	death->fault_address = fault.address;
}

static void find_touched(struct examination *examination, const struct stack *stack, size_t first,
			 struct postmortem_death *death)
{
	uint64_t places[PLACES_MOST], memory[PLACES_MOST];
	struct crash crash = {
		.kind = death->kind,
		.registers = death->registers,
		.register_count = death->register_count,
		.fault_address = death->fault_address,
		.has_fault_address = death->has_fault_address,
	};
	struct touched_request request = {
		.debuginfo = examination->debuginfo,
		.dump = examination->request->dump,
		.arch = examine_arch(examination),
		.crash = &crash,
		.places = places,
		.memory = memory,
	};

	if (!examination->debuginfo || !death->has_fault_address)
		return;
	for (size_t i = first; i < stack->count && request.place_count < PLACES_MOST; i++) {
		const struct stack_frame *frame = &stack->frames[i];
		struct crash_frame told = examine_frame(examination, frame);
		if (!frame->reliable || (i > first && !frame->is_call) ||
		    !examine_source_address(examination, &told.location, &places[request.place_count]))
			break;
		memory[request.place_count++] = frame->pc;
	}
	examine_touched(examination, &request, &death->touched);
}

void death_tell(struct examination *examination, const struct stack *stack, struct postmortem_death *death, size_t *first)
{
	death->known = death_read_stack(&examination->found->arena, stack, &death->kind, first);
	if (!death->known)
		return;
	take_registers(examination, &stack->frames[*first].registers, death);
	judge_fault(examination, &stack->frames[*first], death->kind != CRASH_UNKNOWN_KIND, death);
	find_touched(examination, stack, *first, death);
}
