/*
 * Records of the firmware, in UEFI's Common Platform Error Record: drivers/firmware/efi/cper.c (drivers/acpi/apei/cper.c
 * before v3.16), for drivers/acpi/apei/ghes.c and bert.c.
 */
#include "crash/draft.h"

typedef void taker(struct draft *draft, struct text value);

static const struct {
	const char *words;
	enum hardware_severity severity;
} severities[] = {
	{ "fatal", HARDWARE_FATAL },
	{ "recoverable", HARDWARE_UNCORRECTED },
	{ "corrected", HARDWARE_CORRECTED },
	{ "info", HARDWARE_CORRECTED },
};

static const struct {
	const char *words;
	enum hardware_component component;
} sections[] = {
	{ "memory error", HARDWARE_MEMORY },
	{ "PCIe error", HARDWARE_PCIE_DEVICE },
	{ "general processor error", HARDWARE_PROCESSOR },
	{ "IA32/X64 processor error", HARDWARE_PROCESSOR },
	{ "ARM processor error", HARDWARE_PROCESSOR },
};

/* What kind of error of a processor: proc_error_type_strs, ARM's and x86's names of the same. */
static const struct {
	const char *words;
	enum hardware_component component;
} processor_errors[] = {
	{ "cache error", HARDWARE_CACHE },
	{ "bus error", HARDWARE_BUS },
};

static void take_severity(struct draft *draft, struct text value)
{
	struct hardware_error *entry = hardware_entry(draft);
	size_t comma = text_find(value, ", "); /* "severity: 2, corrected", before v3.13 */

	if (comma != SIZE_MAX)
		value = text_from_offset(value, comma + 2);
	/* A section may be less bad than the event that it is of. */
	for (size_t i = 0; i < sizeof severities / sizeof *severities; i++)
		if (text_starts(value, severities[i].words) && severities[i].severity > entry->severity)
			entry->severity = severities[i].severity;
}

/* The head of an event; BERT's may have several. */
static void take_event(struct draft *draft, struct text value)
{
	enum hardware_source source = hardware_entry(draft)->source;

	if (hardware_entry(draft)->severity != HARDWARE_UNKNOWN_SEVERITY)
		hardware_next_entry(draft)->source = source;
	take_severity(draft, value);
}

/* "Error 0, type: fatal", up to v3.12 "section: 0, severity: 1, fatal": another entry, unless nothing but the event's own
 * head was read.
 */
static void take_section(struct draft *draft, struct text value)
{
	enum hardware_source source = hardware_entry(draft)->source;
	size_t colon = text_find(value, ": ");

	if (hardware_entry(draft)->component != HARDWARE_UNKNOWN_COMPONENT)
		hardware_next_entry(draft)->source = source;
	if (colon != SIZE_MAX)
		take_severity(draft, text_from_offset(value, colon + 2));
}

static void take_section_type(struct draft *draft, struct text value)
{
	struct hardware_error *entry = hardware_entry(draft);

	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		if (text_starts(value, sections[i].words))
			entry->component = sections[i].component;
	if (entry->component != HARDWARE_MEMORY)
		entry->location = TEXT_NONE; /* the FRU's name was of something else */
}

static void take_address(struct draft *draft, struct text value)
{
	struct hardware_error *entry = hardware_entry(draft);

	if (!entry->has_address)
		entry->has_address = text_eat_hex(&value, &entry->address);
}

static void take_device(struct draft *draft, struct text value)
{
	struct hardware_error *entry = hardware_entry(draft);
	struct text device;

	if (!entry->device.length && hardware_eat_pci_address(&value, &device))
		entry->device = arena_copy(&draft->crash->arena, device);
}

/* "PROC 1 DIMM 4"; "not present. DMI handle: 0x0012" names none. */
static void take_location(struct draft *draft, struct text value)
{
	struct hardware_error *entry = hardware_entry(draft);

	if (!text_starts(value, "not present"))
		entry->location = arena_copy(&draft->crash->arena, text_trim(value));
}

/*
 * "fru_text: A1", "Card03, ChnB, DIMM0": the part that can be replaced, in the firmware's words, before the line that tells
 * what it is of. Words without a number ("MemoryError") name no single one.
 */
static void take_fru(struct draft *draft, struct text value)
{
	bool numbered = false;

	for (size_t i = 0; i < value.length; i++)
		numbered |= value.data[i] >= '0' && value.data[i] <= '9';
	if (numbered)
		hardware_entry(draft)->location = arena_copy(&draft->crash->arena, text_trim(value));
}

/* "3, multi-bit ECC" of memory; "0x01" or "0, cache error" of a processor. */
static void take_error_type(struct draft *draft, struct text value)
{
	struct hardware_error *entry = hardware_entry(draft);

	if (entry->component != HARDWARE_PROCESSOR)
		return;
	for (size_t i = 0; i < sizeof processor_errors / sizeof *processor_errors; i++)
		if (text_find(value, processor_errors[i].words) != SIZE_MAX)
			entry->component = processor_errors[i].component;
}

static void take_source(struct draft *draft, struct text value)
{
	(void)value;
	hardware_entry(draft)->source = HARDWARE_APEI;
}

static const struct {
	const char *label;
	taker *take;
} labels[] = {
	{ "Hardware error from APEI", take_source },
	{ "event severity: ", take_event },
	{ "severity: ", take_event },
	{ "section: ", take_section },
	{ "fru_text: ", take_fru },
	{ "section_type: ", take_section_type },
	{ "physical_address: ", take_address },
	{ "physical fault address: ", take_address }, /* cper-arm.c */
	{ "device_id: ", take_device },
	{ "DIMM location: ", take_location },
	{ "error_type: ", take_error_type },
	{ "Error Structure Type: ", take_error_type },
	/* cper_print_bits() has the names on a line of their own. */
	{ "cache error", NULL },
	{ "bus error", NULL },
};

/* "Error 0, type: fatal"; a processor's section goes on with "Error info structure 0:", which begins no other. */
static bool is_section(struct text t)
{
	uint64_t number;

	return text_eat(&t, "Error ") && text_eat_decimal(&t, &number) && text_starts(t, ", type: ");
}

bool hardware_previous_boot_line(struct draft *draft, struct text text)
{
	if (!text_starts(text, "BERT: "))
		return false;
	hardware_entry(draft)->source = HARDWARE_BERT;
	return true;
}

bool hardware_firmware_line(struct draft *draft, struct text text)
{
	if (draft->crash->kind != CRASH_HARDWARE_ERROR)
		return false;
	if (is_section(text)) {
		take_section(draft, text);
		return true;
	}
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		struct text value = text;
		if (!text_eat(&value, labels[i].label))
			continue;
		if (labels[i].take)
			labels[i].take(draft, value);
		else
			take_error_type(draft, text);
		return true;
	}
	return false;
}
