/* Machine checks in the words of AMD's decoder: drivers/edac/mce_amd.c. */
#include "crash/draft.h"

/* decode_error_status(), error_severity() before. */
static const struct {
	const char *words;
	enum hardware_severity severity;
} severities[] = {
	{ "System Fatal error", HARDWARE_FATAL },
	{ "Uncorrected, software", HARDWARE_UNCORRECTED },
	{ "Deferred error", HARDWARE_UNCORRECTED },
	{ "Corrected error", HARDWARE_CORRECTED },
};

/* The units of a processor as the decoder names them; the first that is found counts. */
static const struct {
	const char *words;
	enum hardware_component component;
} units[] = {
	{ "DRAM", HARDWARE_MEMORY },
	{ "Unified Memory Controller", HARDWARE_MEMORY },
	{ "TLB", HARDWARE_PROCESSOR },
	{ "L3 Cache", HARDWARE_CACHE },
	{ "L2 Cache", HARDWARE_CACHE },
	{ "Data Cache", HARDWARE_CACHE },
	{ "Instruction Cache", HARDWARE_CACHE },
	{ "Load Store Unit", HARDWARE_PROCESSOR },
	{ "Load-Store Unit", HARDWARE_PROCESSOR },
	{ "Instruction Fetch Unit", HARDWARE_PROCESSOR },
	{ "Decode Unit", HARDWARE_PROCESSOR },
	{ "Execution Unit", HARDWARE_PROCESSOR },
	{ "Floating Point Unit", HARDWARE_PROCESSOR },
	{ "link", HARDWARE_BUS },
	{ "Link", HARDWARE_BUS },
};

static bool take_severity(struct draft *draft, struct text t)
{
	text_eat(&t, "Error Status: "); /* before v4.1 or so */
	for (size_t i = 0; i < sizeof severities / sizeof *severities; i++) {
		if (text_starts(t, severities[i].words)) {
			struct hardware_error *entry = hardware_entry(draft);
			entry->source = HARDWARE_MCE;
			if (!entry->has_status)
				entry->severity = severities[i].severity;
			return true;
		}
	}
	return false;
}

/*
 * AMD's own bits, of which the decoder prints the names: Deferred is an uncorrected error that nobody has used yet (the
 * status says neither corrected nor UC); Poison is one that was found before, in what was loaded now.
 */
static void take_flags(struct hardware_error *entry, struct text flags)
{
	if (text_find(flags, "|Deferred") != SIZE_MAX && entry->severity < HARDWARE_UNCORRECTED)
		entry->severity = HARDWARE_UNCORRECTED;
	if (text_find(flags, "|UE|") != SIZE_MAX && text_find(flags, "|Poison") != SIZE_MAX)
		entry->component = HARDWARE_MEMORY;
}

/* "CPU:0 (15:2:0) MC4_STATUS[-|UE|MiscV|PCC|AddrV|-|-|UECC]: 0xbe..." */
static bool take_status(struct draft *draft, struct text t)
{
	struct hardware_error *entry = hardware_entry(draft);
	size_t bank_at = text_find(t, "MC"), value_at = text_find(t, "]: 0x");
	struct text bank_text = text_from_offset(t, bank_at == SIZE_MAX ? bank_at : bank_at + 2);
	struct text value = text_from_offset(t, value_at == SIZE_MAX ? value_at : value_at + 3);
	uint64_t cpu, bank, status;

	if (!text_eat(&t, "CPU:") || !text_eat_decimal(&t, &cpu) || cpu > INT32_MAX ||
	    !text_eat_decimal(&bank_text, &bank) || bank > INT32_MAX || !text_starts(bank_text, "_STATUS[") ||
	    !text_eat_hex(&value, &status))
		return false;
	if (entry->has_status && entry->status != status)
		entry = hardware_next_entry(draft);
	if (entry->has_status)
		return true;
	entry->source = HARDWARE_MCE;
	entry->cpu = (int64_t)cpu;
	entry->bank = (int64_t)bank;
	entry->status = status;
	entry->has_status = true;
	entry->severity = hardware_status_severity(status);
	if (entry->component == HARDWARE_UNKNOWN_COMPONENT)
		entry->component = hardware_status_component(status);
	take_flags(entry, text_first(bank_text, text_find(bank_text, "]:")));
	return true;
}

/* "Error Addr: 0x0000000abcdef000", "MC4 Error Address: 0x...", "MC4_ADDR: 0x..." */
static bool take_address(struct draft *draft, struct text t)
{
	struct hardware_error *entry = hardware_entry(draft);
	size_t at = text_find(t, ": 0x");
	struct text value = text_from_offset(t, at == SIZE_MAX ? at : at + 2);
	uint64_t address;
	bool is_address = text_starts(t, "Error Addr: ") || text_find(t, " Error Address: ") != SIZE_MAX ||
			  text_find(t, "_ADDR: ") != SIZE_MAX;

	if (!is_address || !text_eat_hex(&value, &address))
		return false;
	if (!entry->has_address) {
		entry->address = address;
		entry->has_address = true;
	}
	return true;
}

/* What is wrong, behind the unit: "DRAM ECC error detected on the NB"; the whole where there is a number in between. */
static struct text words_of(struct text t)
{
	size_t colon = text_find(t, ": ");

	if (text_find(t, "Ext. Error Code: ") == SIZE_MAX && colon != SIZE_MAX)
		t = text_from_offset(t, colon + 2);
	return text_ends(t, ".") ? text_first(t, t.length - 1) : t;
}

/* "MC4 Error (node 0): DRAM ECC error detected on the NB.", "Unified Memory Controller Ext. Error Code: 0, DRAM ECC error."
 */
static bool take_unit(struct draft *draft, struct text t)
{
	struct text rest = t;
	uint64_t bank;
	bool numbered = text_eat(&rest, "MC") && text_eat_decimal(&rest, &bank) && text_starts(rest, " Error");

	if (!numbered && text_find(t, "Ext. Error Code: ") == SIZE_MAX && !text_starts(t, "Northbridge Error"))
		return false;
	struct hardware_error *entry = hardware_entry(draft);
	entry->source = HARDWARE_MCE;
	if (!entry->meaning.length)
		entry->meaning = arena_copy(&draft->crash->arena, words_of(t));
	/* Poison: the unit only received what memory had lost. */
	for (size_t i = 0; i < sizeof units / sizeof *units && entry->component != HARDWARE_MEMORY; i++) {
		if (text_find(t, units[i].words) != SIZE_MAX) {
			entry->component = units[i].component;
			break;
		}
	}
	return true;
}

bool hardware_amd_line(struct draft *draft, struct text text)
{
	return draft->crash->kind == CRASH_MACHINE_CHECK && (take_severity(draft, text) || take_status(draft, text) ||
							     take_address(draft, text) || take_unit(draft, text));
}
