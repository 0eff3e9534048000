/* What the headlines of faults and the lines of die() say: the address, the error code, how many times the kernel has died.
 */
#include "crash/details.h"

/* Digits, and nothing but digits up to the word's end; or the "(null)" that %p printed 0 as. */
static bool is_number(struct text t)
{
	struct text word;
	uint64_t value;

	text_eat_blanks(&t);
	if (text_starts(t, "(null)"))
		return true;
	if (!text_eat_word(&t, &word) || !text_eat_hex(&word, &value))
		return false;
	return !word.length || word.data[0] == ',' || word.data[0] == ':' || word.data[0] == ';' || word.data[0] == '.';
}

/* "... at ffff899600000000", "... at virtual address 00000010", "... address: 0000000000000088" */
static void take_fault_address(struct draft *draft, struct text text, size_t record)
{
	static const char *const marks[] = { " at virtual kernel address ", " at virtual address ", " at address ",
					     " address: ", " at " };

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct text address = details_behind(text, marks[i]);
		if (address.length) {
			/* "exception at EL1" holds none. */
			if (is_number(address))
				details_set_fault_address(draft, address, record);
			return;
		}
	}
}

/*
 * The code is what stands between the last colon and the counter: "Oops: 0002 [#1]" (x86), "Internal error: Oops: 96000004
 * [#1]" (arm64: ESR), "Oops: 17 [#1]" (arm: FSR), "Oops: 0038 ilc:3 [#1]" (s390: with the instruction's length). Powerpc's
 * "sig: 11" is a signal's number, and none.
 */
static void take_code(struct crash *crash, struct text before)
{
	size_t length = text_find(before, " ilc:");
	uint64_t code;

	before = text_first(before, length);
	for (length = before.length; length > 0 && before.data[length - 1] != ' ' && before.data[length - 1] != ':';
	     length--)
		;
	struct text digits = text_from_offset(before, length);
	before = text_first(before, length);
	if (crash->has_error_code || !text_ends(text_trim(before), ":") || text_ends(text_trim(before), "sig:") ||
	    !text_eat_hex(&digits, &code) || digits.length)
		return;
	crash->error_code = code;
	crash->has_error_code = true;
}

/* ": 0000 [#1]", "Oops[#1]:": error code and how many times this kernel has died. */
static void take_die(struct draft *draft, struct text text)
{
	struct crash *crash = draft->crash;
	size_t at = text_find(text, "[#");
	at = at == SIZE_MAX && text_starts(text, "Oops: ") ? text_find(text, "[") : at; /* "[1]" up to v2.6.25 or so */
	struct text number = text_from_offset(text, at == SIZE_MAX ? at : at + 1);

	if (at == SIZE_MAX)
		return;
	text_eat_char(&number, '#');
	if (!crash->dies)
		text_eat_decimal(&number, &crash->dies);
	take_code(crash, text_trim(text_first(text, at)));
}

/* "general protection fault, probably for non-canonical address 0xf000ff53f000ff53: 0000 [#1]" */
void details_protection_fault(struct draft *draft, struct text text, size_t record)
{
	details_set_fault_address(draft, details_behind(text, " address "), record);
	take_die(draft, text);
}

void details_oops(struct draft *draft, struct text text, size_t record)
{
	(void)record;
	take_die(draft, text);
}

/* mips: "... at virtual address 0000000c, epc == 80101234, ra == 80101200"; loongarch: "era == 9000000000223344" */
static void take_place_of_headline(struct draft *draft, struct text text, size_t record)
{
	struct text mips = details_behind(text, ", epc == "), loongarch = details_behind(text, ", era == ");
	uint64_t address;
	size_t digits;

	if (!text_eat_hex_digits(mips.length ? &mips : &loongarch, &address, &digits))
		return;
	draft_saw_arch(draft, mips.length ? CRASH_ARCH_MIPS : CRASH_ARCH_LOONGARCH, digits);
	draft->seen.narrow |= digits == 8;
	if (!draft->crash->instruction_pointer.function.length && !draft->crash->instruction_pointer.has_address) {
		draft->crash->instruction_pointer.address = address;
		draft->crash->instruction_pointer.has_address = true;
		draft->crash->instruction_pointer_record = record;
		draft->summary_place = true;
	}
}

/* "BUG: unable to handle page fault for address: ...", "Internal error: Oops: 96000004 [#1] SMP" */
void details_fault(struct draft *draft, struct text text, size_t record)
{
	draft->place_follows = text_ends(text_trim(text), " RIP:");
	take_place_of_headline(draft, text, record);
	take_fault_address(draft, text, record);
	take_die(draft, text);
}

/* "Kernel attempted to read user page (10c) - exploit attempt? (uid: 0)" */
void details_user_page(struct draft *draft, struct text text, size_t record)
{
	details_set_fault_address(draft, details_behind(text, " page ("), record);
}

/*
 * "Unhandled 32-bit el1h sync exception on CPU0, ESR 0x... -- ..."; powerpc's "Unrecoverable FP Unavailable Exception 800 at
 * c000000000101234", which is where the processor was, and no address that was refused.
 */
void details_exception(struct draft *draft, struct text text, size_t record)
{
	struct text cpu_text = details_behind(text, " on CPU"), code = details_behind(text, " (0x");
	uint64_t number;

	(void)record;
	if (text_eat_decimal(&cpu_text, &number))
		draft_set_cpu(draft, number);
	code = code.length ? code : details_behind(text, ", code 0x");
	code = code.length ? code : details_behind(text, ", ESR 0x");
	if (!draft->crash->has_error_code && text_eat_hex(&code, &number)) {
		draft->crash->error_code = number;
		draft->crash->has_error_code = true;
	}
	take_die(draft, text);
}

/* "SError Interrupt on CPU0, code 0x00000000bf000002 -- SError", "Unhandled fault: external abort on non-linefetch (0x1008)
 * at 0xf0a42000" */
void details_abort(struct draft *draft, struct text text, size_t record)
{
	details_exception(draft, text, record);
	details_fault(draft, text, record);
}

/*
 * "traps: Missing ENDBR: f+0x0/0x10": the exception's own handler, which BUG() names, is not what is at fault. "CFI failure
 * at f+0x44/0xb0 (target: g+0x0/0x20; expected type: 0xa540670c)".
 */
void details_control_protection(struct draft *draft, struct text text, size_t record)
{
	details_take_place(draft, details_behind(text, "Missing ENDBR: "), false, record);
	details_take_place(draft, details_behind(text, "CFI failure at "), true, record);
	take_die(draft, text);
}
