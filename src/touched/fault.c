/* What a fault was, where no log says it: by the instruction that was about to run, and the registers that it had. */
#include "touched/address.h"
#include "touched/instruction.h"
#include "touched/registers.h"
#include "touched/touched.h"

static bool address_of(const struct touched_machine *machine, const struct instruction_memory *memory, uint64_t *address)
{
	uint64_t base = 0, index = 0;

	if (memory->elsewhere)
		return false;
	if (memory->base != NO_REGISTER && !register_value(machine->registers, machine->register_count, memory->base, &base))
		return false;
	if (memory->index != NO_REGISTER &&
	    !register_value(machine->registers, machine->register_count, memory->index, &index))
		return false;
	*address = base + index * memory->scale + (uint64_t)memory->displacement;
	return true;
}

/* What the page tables say of it. A page that the dump left out, or lost, was there. */
static bool is_unmapped(struct dump *dump, uint64_t address)
{
	struct error ignored = { 0 };
	unsigned char byte;

	return dump_read(dump, address, &byte, 1, &ignored) == MEMORY_UNMAPPED;
}

/* Of the operands, the one that cannot have been there. Where that is none, or each of two, nothing is known. */
static bool judge(const struct touched_machine *machine, const struct instruction *instruction, struct touched_fault *fault)
{
	size_t bad = 0;

	for (size_t i = 0; i < instruction->memory_count; i++) {
		uint64_t address;
		if (!address_of(machine, &instruction->memory[i], &address))
			return false;
		enum address_form form = address_form(address);
		if (form == ADDRESS_UNSURE)
			return false;
		if (form == ADDRESS_CANONICAL && address >= FIRST_PAGE && !is_unmapped(machine->dump, address))
			continue;
		bad++;
		*fault = (struct touched_fault){ .has_address = true, .address = address };
		fault->kind = form == ADDRESS_NOT_CANONICAL ? CRASH_GENERAL_PROTECTION_FAULT
			      : address < FIRST_PAGE        ? CRASH_NULL_POINTER_DEREFERENCE
							    : CRASH_PAGE_FAULT;
	}
	return bad == 1;
}

bool touched_fault(const struct touched_machine *machine, struct touched_fault *fault)
{
	unsigned char bytes[INSTRUCTION_BYTES_MOST];
	struct error ignored = { 0 };
	struct instruction instruction;
	bool found = false;

	*fault = (struct touched_fault){ 0 };
	struct decoder *decoder = decoder_open(machine->arch, &ignored);
	if (!decoder)
		return false;
	if (dump_read(machine->dump, machine->pc, bytes, sizeof bytes, &ignored) != MEMORY_OK) {
		/* Nothing could be fetched either: a call or a jump through a pointer that was wrong. */
		fault->kind = machine->pc < FIRST_PAGE ? CRASH_NULL_POINTER_DEREFERENCE : CRASH_PAGE_FAULT;
		fault->has_address = found = machine->pc < FIRST_PAGE;
		fault->address = machine->pc;
	} else if (bytes[0] == 0x0f && bytes[1] == 0x0b) { /* ud2: BUG() */
		fault->kind = CRASH_KERNEL_BUG;
		found = true;
	} else if (decoder_next(decoder, bytes, sizeof bytes, machine->pc, &instruction)) {
		found = judge(machine, &instruction, fault);
	}
	decoder_close(decoder);
	return found;
}
