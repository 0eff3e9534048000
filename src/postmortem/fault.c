/* What the fault of the crash that decides touched: brings together instruction, registers and frames. */
#include "crash/kind.h"
#include "postmortem/examine.h"

#include <string.h>

enum { CODE_MOST = 64 };

/* x86-64's DWARF numbers: rax rdx rcx rbx rsi rdi rbp rsp, r8 to r15, rip (System V ABI, AMD64 supplement, figure 3.36). */
static const char *const x86_64_registers[] = { "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "r8",
						"r9",  "r10", "r11", "r12", "r13", "r14", "r15", "rip" };

static void take_registers(const struct crash *crash, struct stack_registers *registers)
{
	for (size_t i = 0; i < crash->register_count; i++)
		for (size_t r = 0; r < sizeof x86_64_registers / sizeof *x86_64_registers; r++)
			if (strcmp(crash->registers[i].name, x86_64_registers[r]) == 0) {
				registers->values[r] = crash->registers[i].value;
				registers->known |= UINT64_C(1) << r;
			}
}

/* The bytes of a Code: line from the one in <> on, which is where it faulted. */
static size_t take_code(struct text code, unsigned char *bytes)
{
	size_t mark = text_find_char(code, '<'), count = 0;
	uint64_t byte;

	if (mark == SIZE_MAX)
		return 0;
	code = text_from_offset(code, mark + 1);
	while (count < CODE_MOST && text_eat_hex(&code, &byte) && byte <= 0xff) {
		bytes[count++] = (unsigned char)byte;
		text_eat_char(&code, '>');
		text_eat_blanks(&code);
	}
	return count;
}

static bool find_function(struct examination *examination, const struct crash_location *location,
			  struct debuginfo_function *function)
{
	return location->has_offset && location->size &&
	       debuginfo_functions_named(examination->debuginfo, location->function, location->module, location->size,
					 function, 1) == 1;
}

/* A place of the log as a frame; false: where it is is not known. */
static bool place_frame(struct examination *examination, const struct crash_location *location, bool is_call,
			struct stack_frame *frame)
{
	struct debuginfo_function function;

	if (!find_function(examination, location, &function))
		return false;
	*frame = (struct stack_frame){
		.pc = function.address + location->offset,
		.is_call = is_call,
		.reliable = true,
		.symbol = { function.name, function.module, function.address, function.size },
	};
	return true;
}

/* The frames of the log: the place of the fault with its registers, and the first function that it was called by. */
static size_t frames_of_log(struct examination *examination, const struct crash *crash, struct stack_frame *frames)
{
	if (!place_frame(examination, &crash->instruction_pointer, false, &frames[0]))
		return 0;
	take_registers(crash, &frames[0].registers);
	frames[0].registers.values[16] = frames[0].pc;
	frames[0].registers.known |= UINT64_C(1) << 16;
	for (size_t i = 0; i < crash->frame_count; i++)
		if (crash->frames[i].reliable && !crash->frames[i].is_inline)
			return place_frame(examination, &crash->frames[i].location, true, &frames[1]) ? 2 : 1;
	return 1;
}

/* The stack of the CPU that crashed, if it is of this fault. */
static bool is_of_fault(const struct stack *stack, const struct crash *crash)
{
	const struct crash_location *place = &crash->instruction_pointer;

	return stack->count && place->has_offset && text_equal(stack->frames[0].symbol.name, place->function) &&
	       stack->frames[0].pc - stack->frames[0].symbol.address == place->offset;
}

void examine_fault(struct examination *examination)
{
	const struct crash_list *crashes = examination->request->crashes;
	struct postmortem *found = examination->found;
	struct stack_frame frames[2] = { 0 };
	unsigned char code[CODE_MOST];

	if (!crashes || crashes->deciding >= crashes->count)
		return;
	const struct crash *crash = crashes->items[crashes->deciding];
	const struct facts *facts = examination->request->facts;
	struct fault fault = {
		.arch = facts && facts->arch ? facts->arch : crash->arch,
		.address = crash->fault_address,
		.has_address = crash->has_fault_address,
		.code_length = take_code(crash->code, code),
		.frames = frames,
	};
	if (!(crash_kind_row(crash->kind)->flags & CRASH_IS_OOPS) || !fault.arch)
		return;
	fault.code = fault.code_length ? code : NULL;
	if (is_of_fault(&examination->crashed, crash)) {
		fault.frames = examination->crashed.frames;
		fault.frame_count = examination->crashed.count;
	} else {
		fault.frame_count = frames_of_log(examination, crash, frames);
	}
	if (fault.frame_count)
		touched_find(examination->debuginfo, examination->request->dump, &fault, &found->arena, &found->touched);
}
