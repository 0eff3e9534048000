/* Hardware errors: from the lines of each source to the one error that the crash is. */
#include "crash/draft.h"
#include "crash/kind.h"

struct hardware_error *hardware_entry(struct draft *draft)
{
	struct hardware_error *entry = &draft->hardware.entry;

	if (!entry->told)
		*entry = (struct hardware_error){ .told = true, .cpu = -1, .socket = -1, .bank = -1 };
	return entry;
}

/*
 * Of entries that are as bad the first counts; but of a machine check's the last: mce_panic() of
 * arch/x86/kernel/cpu/mce/core.c prints the one that it panics of behind the others.
 */
static bool is_better(const struct hardware_error *entry, const struct hardware_error *kept)
{
	if (!kept->told || entry->severity != kept->severity)
		return !kept->told || entry->severity > kept->severity;
	if (kept->source == HARDWARE_NO_SOURCE)
		return true;
	return entry->source == HARDWARE_MCE && entry->has_status;
}

static void keep_entry(struct draft *draft)
{
	struct hardware_draft *hardware = &draft->hardware;
	struct crash *crash = draft->crash;

	if (hardware->entry.told && is_better(&hardware->entry, &crash->hardware_error)) {
		crash->hardware_error = hardware->entry;
		if (hardware->has_place) {
			crash->instruction_pointer = hardware->place;
			crash->instruction_pointer_record = hardware->place_record;
		}
	}
	hardware->entry = (struct hardware_error){ .told = false };
	hardware->has_place = false;
}

struct hardware_error *hardware_next_entry(struct draft *draft)
{
	keep_entry(draft);
	return hardware_entry(draft);
}

bool hardware_eat_mark(struct text *text)
{
	struct text rest = text_trim_start(*text);
	uint64_t number;

	if (!text_eat(&rest, "mce: "))
		text_eat(&rest, "MCE: ");
	/* The number of the record: drivers/acpi/apei/ghes.c, __ghes_print_estatus(). */
	if (text_eat_char(&rest, '{') && !(text_eat_decimal(&rest, &number) && text_eat_char(&rest, '}')))
		return false;
	if (!text_eat(&rest, "[Hardware Error]:"))
		return false;
	*text = text_trim(rest);
	return true;
}

/* Each kind of digit group, with what must stand behind it: domain, bus, device, function. */
bool hardware_eat_pci_address(struct text *text, struct text *address)
{
	static const struct {
		size_t digits;
		char behind; /* 0: nothing */
	} groups[] = { { 4, ':' }, { 2, ':' }, { 2, '.' }, { 1, 0 } };
	struct text rest = *text;

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		uint64_t value;
		size_t digits;
		if (!text_eat_hex_digits(&rest, &value, &digits) || digits != groups[i].digits ||
		    (groups[i].behind && !text_eat_char(&rest, groups[i].behind)))
			return false;
	}
	*address = text_first(*text, text->length - rest.length);
	*text = rest;
	return true;
}

static bool is_hardware(const struct draft *draft)
{
	return draft->has_headline && crash_kind_row(draft->crash->kind)->flags & CRASH_IS_HARDWARE;
}

bool part_hardware(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim(text);

	if (!is_hardware(draft))
		return false;
	bool marked = hardware_eat_mark(&rest);
	return hardware_machine_check_line(draft, rest, record) || hardware_memory_line(draft, rest) ||
	       hardware_pcie_line(draft, rest) || hardware_nmi_line(draft, rest) ||
	       hardware_previous_boot_line(draft, rest) ||
	       (marked && (hardware_amd_line(draft, rest) || hardware_firmware_line(draft, rest))) || marked;
}

/* What the driver of the memory controller says of the same event. */
static void take_dimm(struct draft *draft)
{
	struct hardware_error *error = &draft->crash->hardware_error;
	struct text dimm = draft->hardware.dimm;

	if (!dimm.length || error->location.length)
		return;
	if (error->component == HARDWARE_UNKNOWN_COMPONENT)
		error->component = HARDWARE_MEMORY;
	if (error->component == HARDWARE_MEMORY)
		error->location = dimm;
}

/* Where only the headline is known. */
static enum hardware_source source_of(enum crash_kind kind)
{
	return kind == CRASH_MACHINE_CHECK ? HARDWARE_MCE : kind == CRASH_NMI_RECEIVED ? HARDWARE_NMI : HARDWARE_NO_SOURCE;
}

static const char *title_words(enum hardware_component component)
{
	static const char *const words[] = {
		[HARDWARE_MEMORY] = "memory", [HARDWARE_PROCESSOR] = "processor",     [HARDWARE_CACHE] = "processor cache",
		[HARDWARE_BUS] = "bus",       [HARDWARE_PCIE_DEVICE] = "PCIe device", [HARDWARE_UNKNOWN_COMPONENT] = NULL,
	};

	return words[component];
}

bool hardware_close(struct draft *draft)
{
	struct crash *crash = draft->crash;
	struct hardware_error *error = &crash->hardware_error;

	if (!(crash_kind_row(crash->kind)->flags & CRASH_IS_HARDWARE))
		return true;
	if (!error->told)
		hardware_entry(draft);
	keep_entry(draft);
	take_dimm(draft);
	if (crash->panic.length)
		error->severity = HARDWARE_FATAL;
	if (error->severity == HARDWARE_CORRECTED)
		return false;
	if (error->source == HARDWARE_NO_SOURCE)
		error->source = source_of(crash->kind);
	if (error->has_status && !error->meaning.length)
		error->meaning = hardware_status_meaning(&crash->arena, error->status);
	if (crash->cpu < 0)
		crash->cpu = error->cpu;
	const char *component = title_words(error->component);
	if (component)
		draft->title = arena_print(&crash->arena, "%s: %s", crash_kind_row(crash->kind)->title, component).data;
	if (error->component != HARDWARE_UNKNOWN_COMPONENT)
		crash->subkind = text_from(hardware_component_name(error->component));
	return true;
}
