/* Details of a fault that stand on lines of their own between its headline and its registers; and dumps of memory. */
#include "crash/draft.h"

/* s390: "Failing address: 0305e098835de000 TEID: 0305e098835de803"; the offset within the page is not known. */
static bool take_failing_address(struct draft *draft, struct text rest, size_t record)
{
	struct crash *crash = draft->crash;
	uint64_t address;

	if (!text_eat(&rest, "Failing address: "))
		return false;
	draft_saw_arch(draft, CRASH_ARCH_S390, rest.length > 16 && rest.data[16] == ' ' ? 16 : 0);
	if (!crash->has_fault_address && text_eat_hex(&rest, &address)) {
		crash->fault_address = address;
		crash->fault_address_record = record;
		crash->has_fault_address = true;
	}
	return true;
}

/* "ESR = 0x0000000096000004" of mem_abort_decode(), "ESR: 0x0000000096000047 -- DABT (current EL)" of an overflow. */
static bool take_esr(struct draft *draft, struct text rest, size_t record)
{
	struct crash *crash = draft->crash;
	uint64_t esr;

	if ((!text_eat(&rest, "ESR = 0x") && !text_eat(&rest, "ESR: 0x")) || !text_eat_hex(&rest, &esr))
		return false;
	draft_saw_arch(draft, CRASH_ARCH_ARM64, 0);
	if (!crash->has_error_code) {
		crash->error_code = esr;
		crash->has_error_code = true;
		draft_keep_register(draft, "esr", esr, record);
	}
	return true;
}

/* "FAR: 0xffff80000a5dfff0", handle_bad_stack() of arch/arm64/kernel/traps.c */
static bool take_far(struct draft *draft, struct text rest, size_t record)
{
	uint64_t far;

	if (!text_eat(&rest, "FAR: 0x") || !text_eat_hex(&rest, &far))
		return false;
	draft_keep_register(draft, "far", far, record);
	return true;
}

/* powerpc: where instructions could not be fetched from, that is what was refused. Else the place says it. */
static bool take_instruction_address(struct draft *draft, struct text rest, size_t record)
{
	struct crash *crash = draft->crash;
	uint64_t address;

	if (!text_eat(&rest, "Faulting instruction address: "))
		return false;
	draft_saw_arch(draft, CRASH_ARCH_POWERPC, 0);
	if (!crash->has_fault_address && text_find(crash->headline, "instruction fetch") != SIZE_MAX &&
	    text_eat_hex(&rest, &address)) {
		crash->fault_address = address;
		crash->fault_address_record = record;
		crash->has_fault_address = true;
	}
	return true;
}

/* "LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=2048 NUMA pSeries", __die() of arch/powerpc/kernel/traps.c since v5.1 */
static bool take_endianness(struct draft *draft, struct text rest)
{
	bool little = text_starts(rest, "LE PAGE_SIZE=");

	if (!little && !text_starts(rest, "BE PAGE_SIZE="))
		return false;
	draft_saw_arch(draft, CRASH_ARCH_POWERPC, 0);
	draft->seen.little |= little;
	return true;
}

/* "[0000000000000088] pgd=..." (arm64), "[00000010] *pgd=00000000" (arm) */
static bool is_page_table(struct text rest)
{
	uint64_t address;

	return text_eat_char(&rest, '[') && text_eat_hex(&rest, &address) && text_eat(&rest, "] ") &&
	       (text_starts(rest, "pgd=") || text_starts(rest, "*pgd=") || text_starts(rest, "user address") ||
		text_starts(rest, "address between"));
}

static bool is_memory_word(struct text word)
{
	size_t digits = 0;
	uint64_t value;

	if (word.length > 1 && (word.data[0] == '<' || word.data[0] == '('))
		word = text_first(text_from_offset(word, 1), word.length - 2);
	return text_is(word, "XXXXXXXX") ||
	       (text_eat_hex_digits(&word, &value, &digits) && !word.length && (digits == 8 || digits == 16));
}

/*
 * Stacks and instructions as words of 8 or 16 digits, perhaps with an address in front: "9d40:          000000c0 00000001"
 * (arm), "Stack : ..." and what follows it (mips, loongarch), "Instruction dump:" (powerpc). Too many to be passed over
 * as lines of something else: the trace stands behind them.
 */
static bool is_dump(struct text rest)
{
	struct text behind = rest, word;
	uint64_t address;
	size_t digits, words = 0;

	if (text_eat_hex_digits(&behind, &address, &digits) && digits >= 3 && text_eat_char(&behind, ':'))
		rest = behind;
	for (text_eat_blanks(&rest); text_eat_word(&rest, &word); text_eat_blanks(&rest), words++)
		if (!is_memory_word(word))
			return false;
	return words >= 1;
}

bool part_fault(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);

	return take_failing_address(draft, rest, record) || take_esr(draft, rest, record) || take_far(draft, rest, record) ||
	       take_instruction_address(draft, rest, record) || take_endianness(draft, rest) || is_page_table(rest) ||
	       is_dump(rest);
}
