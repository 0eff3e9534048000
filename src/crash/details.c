/* What a headline says besides the kind: the address, the CPU, the task, the place. */
#include "crash/details.h"

#include "crash/location.h"

struct text details_behind(struct text t, const char *mark)
{
	size_t at = text_find(t, mark);

	return at == SIZE_MAX ? TEXT_NONE : text_from_offset(t, at + text_from(mark).length);
}

void details_set_fault_address(struct draft *draft, struct text address, size_t record)
{
	struct crash *crash = draft->crash;
	uint64_t value = 0;

	text_eat_blanks(&address);
	/* "(null)" is how %p printed 0 up to v4.14. */
	if (crash->has_fault_address || (!text_starts(address, "(null)") && !text_eat_hex(&address, &value)))
		return;
	crash->fault_address = value;
	crash->has_fault_address = true;
	crash->fault_address_record = record;
}

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
	static const char *const marks[] = { " at virtual kernel address ", " at virtual address ", " at address ", " address: ",
	                                     " at " };

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
 * [#1]" (arm64: ESR), "Oops: 17 [#1]" (arm: FSR), "Oops: 0038 ilc:3 [#1]" (s390: with the instruction's length). Powerpc's "sig:
 * 11" is a signal's number, and none.
 */
static void take_code(struct crash *crash, struct text before)
{
	size_t length = text_find(before, " ilc:");
	uint64_t code;

	before = text_first(before, length);
	for (length = before.length; length > 0 && before.data[length - 1] != ' ' && before.data[length - 1] != ':'; length--)
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
static void take_protection_fault(struct draft *draft, struct text text, size_t record)
{
	details_set_fault_address(draft, details_behind(text, " address "), record);
	take_die(draft, text);
}

static void take_oops(struct draft *draft, struct text text, size_t record)
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
static void take_fault(struct draft *draft, struct text text, size_t record)
{
	draft->place_follows = text_ends(text_trim(text), " RIP:");
	take_place_of_headline(draft, text, record);
	take_fault_address(draft, text, record);
	take_die(draft, text);
}

/* "Kernel attempted to read user page (10c) - exploit attempt? (uid: 0)" */
static void take_user_page(struct draft *draft, struct text text, size_t record)
{
	details_set_fault_address(draft, details_behind(text, " page ("), record);
}

/* "SError Interrupt on CPU0, code 0x00000000bf000002 -- SError", "Unhandled fault: external abort on non-linefetch (0x1008) at
 * 0xf0a42000" */
static void take_abort(struct draft *draft, struct text text, size_t record)
{
	struct text cpu_text = details_behind(text, " on CPU"), code = details_behind(text, " (0x");
	uint64_t number;

	if (text_eat_decimal(&cpu_text, &number))
		draft_set_cpu(draft, number);
	code = code.length ? code : details_behind(text, ", code 0x");
	code = code.length ? code : details_behind(text, ", ESR 0x");
	if (!draft->crash->has_error_code && text_eat_hex(&code, &number)) {
		draft->crash->error_code = number;
		draft->crash->has_error_code = true;
	}
	take_fault(draft, text, record);
}

/* "traps: Missing ENDBR: f+0x0/0x10": the exception's own handler, which BUG() names, is not what is at fault. */
static void take_control_protection(struct draft *draft, struct text text, size_t record)
{
	details_take_place(draft, details_behind(text, "Missing ENDBR: "), false, record);
	take_die(draft, text);
}

void details_take_task(struct draft *draft, struct text t, char between, size_t record)
{
	for (size_t at = t.length; at-- > 0;) {
		struct text digits = text_from_offset(t, at + 1);
		uint64_t pid;
		if (t.data[at] == between && text_eat_decimal(&digits, &pid) && !digits.length) {
			draft_set_task(draft, text_first(t, at), pid, record);
			return;
		}
	}
}

/* "... - CPU#3 stuck for 22s! [nginx:1242]" */
static void take_soft_lockup(struct draft *draft, struct text text, size_t record)
{
	struct text cpu_text = details_behind(text, "CPU#"), task = text_trim(details_behind(text, "! ["));
	uint64_t cpu;

	if (text_eat_decimal(&cpu_text, &cpu))
		draft_set_cpu(draft, cpu);
	if (text_ends(task, "]"))
		details_take_task(draft, text_first(task, task.length - 1), ':', record);
}

/* "INFO: task nginx:1242 blocked for more than 120 seconds." */
static void take_hung_task(struct draft *draft, struct text text, size_t record)
{
	struct text task = details_behind(text, "INFO: task ");

	details_take_task(draft, text_first(task, text_find(task, " blocked ")), ':', record);
}

/* "BUG: scheduling while atomic: sh/110/0x00000002" */
static void take_atomic(struct draft *draft, struct text text, size_t record)
{
	struct text rest = details_behind(text, "scheduling while atomic: ");

	for (size_t at = rest.length; at-- > 0;) {
		struct text pid_text = text_from_offset(rest, at + 1);
		uint64_t pid;
		if (rest.data[at] == '/' && text_eat_decimal(&pid_text, &pid) && text_starts(pid_text, "/0x")) {
			draft_set_task(draft, text_first(rest, at), pid, record);
			return;
		}
	}
}

/*
 * "... hard LOCKUP on cpu 3"; powerpc's "CPU 3 self-detected hard LOCKUP @ f+0x1/0x2", "CPU 3 Hard LOCKUP", "CPU 3 detected
 * hard LOCKUP on other CPUs 4", where the number behind is that of the one that is locked up.
 */
static void take_hard_lockup(struct draft *draft, struct text text, size_t record)
{
	static const char *const marks[] = { "on cpu ", "on CPU", "other CPUs ", "other CPUS:", "CPU ", "CPU:" };
	uint64_t cpu;

	details_take_place(draft, details_behind(text, " LOCKUP @ "), true, record);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		struct text cpu_text = details_behind(text, marks[i]);
		if (!text_eat_decimal(&cpu_text, &cpu))
			continue;
		draft_set_cpu(draft, cpu);
		return;
	}
}

/* "WARNING: CPU: 0 PID: 1 at fs/foo.c:12 foo+0x1/0x2 [m]()", "WARNING: fs/foo.c:12 at foo+0x1/0x2, CPU#0: comm/12": the
 * place that warns. */
static void take_warning(struct draft *draft, struct text text, size_t record)
{
	struct crash *crash = draft->crash;

	if (text_starts(text, "BUG: using ")) {
		details_preemptible(draft, text, record);
		return;
	}
	struct text rest = details_behind(text, "WARNING: "), word, task = details_behind(text, ", CPU#");
	struct crash_location location;
	uint64_t number;
	bool reliable;

	if (text_eat(&rest, "CPU: ") && text_eat_decimal(&rest, &number))
		draft_set_cpu(draft, number);
	text_eat_blanks(&rest);
	if (text_eat(&rest, "PID: ") && text_eat_decimal(&rest, &number))
		draft_set_task(draft, TEXT_NONE, number, record);
	if (text_eat_decimal(&task, &number)) {
		draft_set_cpu(draft, number);
		if (text_eat(&task, ": "))
			details_take_task(draft, task, '/', record);
	}
	for (text_eat_blanks(&rest); text_eat_word(&rest, &word); text_eat_blanks(&rest)) {
		struct text place = { word.data, word.length + rest.length };
		place = text_first(place, text_find_char(place, ','));
		if (text_find(word, "+0x") == SIZE_MAX || !location_eat(&place, &location, &reliable))
			continue;
		crash->instruction_pointer = location;
		location_keep(&crash->arena, &crash->instruction_pointer);
		crash->instruction_pointer_record = record;
		draft->summary_place = true;
		return;
	}
}

static void take_rcu(struct draft *draft, struct text text, size_t record)
{
	draft->other_cpu = text_find(text, "self-detected") == SIZE_MAX;
	part_rcu(draft, text, record);
}

static void take_hardware(struct draft *draft, struct text text, size_t record)
{
	part_hardware(draft, text, record);
}

static void take_out_of_memory(struct draft *draft, struct text text, size_t record)
{
	part_out_of_memory(draft, text, record);
}

static const struct {
	enum crash_kind kind;
	void (*take)(struct draft *draft, struct text text, size_t record);
} details[] = {
	{ CRASH_UNKNOWN_KIND, take_user_page },
	{ CRASH_NULL_POINTER_DEREFERENCE, take_fault },
	{ CRASH_PAGE_FAULT, take_fault },
	{ CRASH_ALIGNMENT_FAULT, take_abort },
	{ CRASH_EXTERNAL_ABORT, take_abort },
	{ CRASH_UNEXPECTED_EXCEPTION, take_abort },
	{ CRASH_CONTROL_PROTECTION, take_control_protection },
	{ CRASH_UNDEFINED_INSTRUCTION, take_oops },
	{ CRASH_STACK_SEGMENT, take_oops },
	{ CRASH_BOUNDS, take_oops },
	{ CRASH_KERNEL_BUG, take_oops },
	{ CRASH_STACK_OVERFLOW, take_oops },
	{ CRASH_MACHINE_CHECK, take_oops },
	{ CRASH_GENERAL_PROTECTION_FAULT, take_protection_fault },
	{ CRASH_DIVIDE_ERROR, take_oops },
	{ CRASH_INVALID_OPCODE, take_oops },
	{ CRASH_DOUBLE_FAULT, take_oops },
	{ CRASH_SOFT_LOCKUP, take_soft_lockup },
	{ CRASH_HARD_LOCKUP, take_hard_lockup },
	{ CRASH_SLEEPING_IN_ATOMIC, take_atomic },
	{ CRASH_HUNG_TASK, take_hung_task },
	{ CRASH_WARNING, take_warning },
	{ CRASH_RCU_STALL, take_rcu },
	{ CRASH_KASAN, details_kasan },
	{ CRASH_KFENCE, details_kfence },
	{ CRASH_KMSAN, details_kmsan },
	{ CRASH_KCSAN, details_kcsan },
	{ CRASH_UBSAN, details_ubsan },
	{ CRASH_LOCKDEP, details_lockdep },
	{ CRASH_BAD_PAGE, details_bad_page },
	{ CRASH_SLAB_CORRUPTION, details_slab },
	{ CRASH_SPINLOCK, details_spinlock },
	{ CRASH_STACK_CORRUPTION, details_stack_corruption },
	{ CRASH_WORKQUEUE_LOCKUP, details_workqueue_lockup },
	{ CRASH_MACHINE_CHECK, take_hardware },
	{ CRASH_HARDWARE_ERROR, take_hardware },
	{ CRASH_NMI_RECEIVED, take_hardware },
	{ CRASH_OUT_OF_MEMORY, take_out_of_memory },
};

void headline_details(struct draft *draft, enum crash_kind kind, struct text text, size_t record)
{
	for (size_t i = 0; i < sizeof details / sizeof *details; i++)
		if (details[i].kind == kind)
			details[i].take(draft, text, record);
}

bool part_oops(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim_start(text);
	uint64_t code;
	size_t digits;

	if (!text_starts(rest, "Oops: "))
		return false;
	take_oops(draft, text, record);
	draft->proven = true;
	while (text_eat(&rest, "Oops: ")) /* twice since v6.9 */
		;
	draft->page_fault_oops |= text_eat_hex_digits(&rest, &code, &digits) && digits == 4;
	return true;
}
