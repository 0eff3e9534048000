/* PCI Express errors: drivers/pci/pcie/aer.c. Corrected and non-fatal ones bring no machine down. */
#include "crash/draft.h"

/* "Uncorrected (Fatal)" up to v6.9, "Uncorrectable (Fatal)" since. */
static bool is_fatal(struct text t)
{
	return text_find(t, "Uncorrected (Fatal)") != SIZE_MAX || text_find(t, "Uncorrectable (Fatal)") != SIZE_MAX;
}

static void set_device(struct draft *draft, struct hardware_error *entry, struct text t)
{
	struct text device;

	if (hardware_eat_pci_address(&t, &device))
		entry->device = arena_copy(&draft->crash->arena, device);
}

/* Behind the driver's name. */
static struct text behind_word(struct text t)
{
	struct text word;

	text_eat_word(&t, &word);
	text_eat_blanks(&t);
	return t;
}

/*
 * "pcieport 0000:00:03.0: AER: Uncorrected (Fatal) error received: 0000:3b:00.0" ("id=0018" before v5.1; "error message
 * received from" since v6.10): who had it is told at the end.
 */
static bool take_received(struct draft *draft, struct text t)
{
	size_t received = text_find(t, "received");

	if (text_find(t, ": AER: ") == SIZE_MAX || received == SIZE_MAX || !is_fatal(t))
		return false;
	struct hardware_error *entry = hardware_entry(draft);
	entry->source = HARDWARE_AER;
	entry->severity = HARDWARE_FATAL;
	entry->component = HARDWARE_PCIE_DEVICE;
	struct text rest = text_from_offset(t, received + sizeof "received" - 1);
	text_eat(&rest, " from");
	text_eat(&rest, ":");
	text_eat_blanks(&rest);
	set_device(draft, entry, rest);
	return true;
}

/* "nvme 0000:3b:00.0: PCIe Bus Error: severity=Uncorrected (Fatal), type=Transaction Layer, ..." */
static bool take_bus_error(struct draft *draft, struct text t)
{
	if (text_find(t, "PCIe Bus Error: severity=") == SIZE_MAX || !is_fatal(t))
		return false;
	struct hardware_error *entry = hardware_entry(draft);
	entry->source = HARDWARE_AER;
	entry->severity = HARDWARE_FATAL;
	entry->component = HARDWARE_PCIE_DEVICE;
	if (!entry->device.length)
		set_device(draft, entry, behind_word(t));
	return true;
}

/* The lines of the device behind it: "device [8086:0953] error status/mask=...", "[18] MalfTLP (First)", "TLP Header: ...".
 */
static bool is_detail(struct text t)
{
	t = behind_word(t);
	struct text device;
	if (hardware_eat_pci_address(&t, &device))
		text_eat(&t, ":");
	t = text_trim_start(t);
	text_eat(&t, "AER:");
	t = text_trim_start(t);
	return text_starts(t, "device [") || text_starts(t, "[") || text_starts(t, "TLP Header:") ||
	       text_starts(t, "broadcast error_detected") || text_starts(t, "device recovery failed");
}

bool hardware_pcie_line(struct draft *draft, struct text text)
{
	if (draft->crash->kind != CRASH_HARDWARE_ERROR)
		return false;
	return take_received(draft, text) || take_bus_error(draft, text) ||
	       (hardware_entry(draft)->source == HARDWARE_AER && is_detail(text));
}
