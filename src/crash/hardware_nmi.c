/* Non-maskable interrupts: arch/x86/kernel/nmi.c (traps.c before v3.2), drivers/watchdog/hpwdt.c. */
#include "crash/draft.h"

static const struct {
	const char *begins;
	enum hardware_severity severity;
	enum hardware_component component;
} reasons[] = {
	{ "Uhhuh. NMI received for unknown reason", HARDWARE_UNKNOWN_SEVERITY, HARDWARE_UNKNOWN_COMPONENT },
	{ "NMI: PCI system error (SERR)", HARDWARE_UNCORRECTED, HARDWARE_BUS },
	{ "NMI: IOCK error", HARDWARE_UNCORRECTED, HARDWARE_BUS },
	{ "NMI: memory parity error", HARDWARE_UNCORRECTED, HARDWARE_MEMORY },
	{ "NMI: Memory parity error", HARDWARE_UNCORRECTED, HARDWARE_MEMORY },
};

static const char *const other_lines[] = {
	"Do you have a strange power saving mode enabled?",
	"Dazed and confused, but trying to continue",
	"You have some hardware problem, likely on the PCI bus.",
	"You probably have a hardware problem with your RAM chips",
	/* What hpwdt's panic goes on with. */
	"1. Integrated Management Log (IML)",
	"2. OA Syslog",
	"3. OA Forward Progress Log",
	"4. iLO Event Log",
	"INFO: NMI handler",
};

bool hardware_nmi_line(struct draft *draft, struct text text)
{
	size_t cpu_at = text_find(text, "CPU ");
	struct text cpu_text = text_from_offset(text, cpu_at == SIZE_MAX ? cpu_at : cpu_at + 4);
	uint64_t cpu;

	if (draft->crash->kind != CRASH_NMI_RECEIVED)
		return false;
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		if (!text_starts(text, reasons[i].begins))
			continue;
		struct hardware_error *entry = hardware_entry(draft);
		entry->source = HARDWARE_NMI;
		entry->severity = reasons[i].severity;
		entry->component = reasons[i].component;
		if (text_eat_decimal(&cpu_text, &cpu) && cpu <= INT32_MAX)
			entry->cpu = (int64_t)cpu;
		return true;
	}
	for (size_t i = 0; i < sizeof other_lines / sizeof *other_lines; i++)
		if (text_starts(text, other_lines[i]))
			return true;
	return false;
}
