/* Machine checks: what arch/x86/kernel/cpu/mce/core.c (mcheck/mce.c before v5.1) prints, and the decoders of it. */
#include "crash/draft.h"
#include "crash/location.h"

/* Selectors of kernel code: __KERNEL_CS of x86-64, of 32-bit kernels. */
enum { KERNEL_CS_64 = 0x10, KERNEL_CS_32 = 0x60 };

static void take_status(struct hardware_error *entry, uint64_t status)
{
	entry->source = HARDWARE_MCE;
	entry->status = status;
	entry->has_status = true;
	entry->severity = hardware_status_severity(status);
	if (hardware_status_component(status) != HARDWARE_UNKNOWN_COMPONENT)
		entry->component = hardware_status_component(status);
}

static bool is_same(const struct hardware_error *entry, uint64_t cpu, uint64_t bank, uint64_t status)
{
	return entry->told && entry->has_status && entry->cpu == (int64_t)cpu && entry->bank == (int64_t)bank &&
	       entry->status == status;
}

/*
 * "CPU 2: Machine Check Exception: 5 Bank 4: be00000000800400", "CPU 2: Machine Check: 0 Bank 4: ..." where no exception was
 * raised, "Machine Check Event" by EDAC's drivers; "CPU 0: Machine Check Exception: 0000000000000004" by the oldest, which
 * have a line "Bank 4: b200000000070f0f" for each bank behind it.
 */
static bool take_bank(struct draft *draft, struct text t)
{
	uint64_t cpu, global, bank, status;

	if (!text_eat(&t, "CPU ") || !text_eat_decimal(&t, &cpu) || cpu > INT32_MAX || !text_eat(&t, ": Machine Check"))
		return false;
	if (!text_eat(&t, " Exception"))
		text_eat(&t, " Event");
	if (!text_eat(&t, ":"))
		return false;
	text_eat_blanks(&t);
	bool has_bank = text_eat_hex(&t, &global) && text_eat(&t, " Bank ") && text_eat_decimal(&t, &bank) &&
			bank <= INT32_MAX && text_eat(&t, ": ") && text_eat_hex(&t, &status);
	if (has_bank && is_same(&draft->hardware.entry, cpu, bank, status))
		return true;
	struct hardware_error *entry = hardware_next_entry(draft);
	entry->source = HARDWARE_MCE;
	entry->cpu = (int64_t)cpu;
	if (has_bank) {
		entry->bank = (int64_t)bank;
		take_status(entry, status);
	}
	return true;
}

static bool take_bank_alone(struct draft *draft, struct text t)
{
	uint64_t bank, status;
	size_t digits;

	if (draft->crash->kind != CRASH_MACHINE_CHECK || !text_eat(&t, "Bank ") || !text_eat_decimal(&t, &bank) ||
	    bank > INT32_MAX || !text_eat(&t, ": ") || !text_eat_hex_digits(&t, &status, &digits) || digits != 16)
		return false;
	int64_t cpu = hardware_entry(draft)->cpu;
	struct hardware_error *entry = hardware_entry(draft);
	if (entry->has_status)
		entry = hardware_next_entry(draft);
	entry->cpu = cpu;
	entry->bank = (int64_t)bank;
	take_status(entry, status);
	return true;
}

/* "RIP !INEXACT! 10:<ffffffff8100b3c6> {mwait_idle+0x55/0x70}": where the processor was; INEXACT: near to it. */
static bool take_place(struct draft *draft, struct text t, size_t record)
{
	struct hardware_draft *hardware = &draft->hardware;
	struct crash_location location = { 0 };
	uint64_t selector, address;
	bool reliable;

	if (!text_eat(&t, "RIP"))
		return false;
	text_eat(&t, " !INEXACT!");
	if (!text_eat(&t, " ") || !text_eat_hex(&t, &selector) || !text_eat(&t, ":<") || !text_eat_hex(&t, &address) ||
	    !text_eat(&t, ">"))
		return false;
	if (selector != KERNEL_CS_64 && selector != KERNEL_CS_32)
		return true;
	text_eat_blanks(&t);
	if (text_eat(&t, "{")) {
		t = text_first(t, text_find_char(t, '}'));
		location_eat(&t, &location, &reliable);
	}
	location.address = address;
	location.has_address = true;
	location.function = arena_copy(&draft->crash->arena, location.function);
	location.module = arena_copy(&draft->crash->arena, location.module);
	hardware->place = location;
	hardware->place_record = record;
	hardware->has_place = true;
	return true;
}

/* The value behind a label, anywhere on the line. */
static bool value_behind(struct text t, const char *label, uint64_t *value)
{
	size_t at = text_find(t, label);
	struct text rest = text_from_offset(t, at == SIZE_MAX ? at : at + text_from(label).length);

	return at != SIZE_MAX && text_eat_hex(&rest, value);
}

/* "TSC 8bd9fa2b84 ADDR 7f9a8e8000 MISC 86": on one line, or in pieces where each became a record. */
static bool take_address(struct draft *draft, struct text t)
{
	struct hardware_error *entry = hardware_entry(draft);
	uint64_t address;

	if (!text_starts(t, "TSC ") && !text_starts(t, "ADDR ") && !text_starts(t, "MISC "))
		return false;
	if (!entry->has_address && (text_starts(t, "ADDR ") || text_find(t, " ADDR ") != SIZE_MAX) &&
	    value_behind(t, "ADDR ", &address)) {
		entry->address = address;
		entry->has_address = true;
	}
	return true;
}

/* "PROCESSOR 0:206d7 TIME 1398880347 SOCKET 1 APIC 20 microcode 710" */
static bool take_processor(struct draft *draft, struct text t)
{
	size_t at = text_find(t, " SOCKET ");
	struct text rest = text_from_offset(t, at == SIZE_MAX ? at : at + 8);
	uint64_t socket;

	if (!text_starts(t, "PROCESSOR "))
		return false;
	if (text_eat_decimal(&rest, &socket) && socket <= INT32_MAX)
		hardware_entry(draft)->socket = (int64_t)socket;
	return true;
}

/* "CPUs not responding to MCE broadcast (may include false positives): 12-13", since v5.12. */
static bool take_silent(struct draft *draft, struct text t)
{
	text_eat(&t, "mce: ");
	if (!text_starts(t, "CPUs not responding to MCE broadcast"))
		return false;
	struct hardware_error *entry = hardware_entry(draft);
	entry->source = HARDWARE_MCE;
	if (!entry->meaning.length)
		entry->meaning = arena_copy(&draft->crash->arena, t);
	return true;
}

/* Lines that say nothing more of an entry: mce_panic(), print_mce_tail(). */
static const char *const other_lines[] = {
	"Machine check:",
	"Machine check events logged",
	"Some CPUs didn't answer in synchronization",
	"This is not a software problem!",
	"Run the above through 'mcelog --ascii'",
	"Run through mcelog --ascii",
	"HARDWARE ERROR",
	"No human readable MCE decoding support on this CPU type",
};

/*
 * "Severe Machine check interrupt [Not recovered]" (arch/powerpc/kernel/mce.c up to v5.0) and "MCE: CPU4: machine check
 * (Severe) Host UE Load/Store [Not recovered]" since.
 */
static bool take_powerpc(struct draft *draft, struct text t)
{
	uint64_t cpu;
	bool old = text_find(t, " Machine check interrupt [") != SIZE_MAX;

	if (!old && !(text_eat(&t, "MCE: CPU") && text_eat_decimal(&t, &cpu) && text_eat(&t, ": ")))
		return false;
	struct hardware_error *entry = hardware_entry(draft);
	entry->source = HARDWARE_MCE;
	if (!old && cpu <= INT32_MAX)
		entry->cpu = (int64_t)cpu;
	if (text_find(t, "[Not recovered") != SIZE_MAX)
		entry->severity = HARDWARE_UNCORRECTED;
	if (text_find(t, " UE ") != SIZE_MAX)
		entry->component = HARDWARE_MEMORY;
	return true;
}

/* "Error type: UE [Load/Store]", "SLB [Multihit]": what the line behind the old headline says. */
static bool take_powerpc_type(struct draft *draft, struct text t)
{
	static const struct {
		const char *type;
		enum hardware_component component;
	} types[] = {
		{ "UE", HARDWARE_MEMORY },
		{ "SLB", HARDWARE_PROCESSOR },
		{ "ERAT", HARDWARE_PROCESSOR },
		{ "TLB", HARDWARE_PROCESSOR },
	};

	if (!text_eat(&t, "Error type: "))
		return text_starts(t, "Initiator: ") || text_starts(t, "Effective address: ") ||
		       text_starts(t, "Physical address: ");
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (text_starts(t, types[i].type))
			hardware_entry(draft)->component = types[i].component;
	return true;
}

bool hardware_machine_check_line(struct draft *draft, struct text text, size_t record)
{
	/* EDAC's drivers repeat the lines: "EDAC sbridge MC0: CPU 0: Machine Check Event: 0 Bank 7: ...". */
	if (text_starts(text, "EDAC ") && text_find(text, ": Machine Check") != SIZE_MAX)
		text = text_from_offset(text, text_find(text, ": ") + 2);
	if (take_bank(draft, text) || take_bank_alone(draft, text) || take_place(draft, text, record) ||
	    take_address(draft, text) || take_processor(draft, text) || take_powerpc(draft, text) ||
	    take_powerpc_type(draft, text) || take_silent(draft, text))
		return true;
	for (size_t i = 0; i < sizeof other_lines / sizeof *other_lines; i++)
		if (text_starts(text, other_lines[i]))
			return true;
	return false;
}
