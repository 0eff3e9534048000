/* Memory errors: drivers/edac/edac_mc.c, and mm/memory-failure.c on what became of a page. */
#include "crash/draft.h"

/* Between " on " and " (", the label of the module: edac_ue_error(); older: labels "...". */
static struct text label_of(struct text t)
{
	static const struct {
		const char *before, *after;
	} forms[] = { { " error on ", " (" }, { " on ", " (" }, { "labels \"", "\"" } };

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		size_t at = text_find(t, forms[i].before);
		if (at == SIZE_MAX)
			continue;
		struct text label = text_from_offset(t, at + text_from(forms[i].before).length);
		return text_trim(text_first(label, text_find(label, forms[i].after)));
	}
	return TEXT_NONE;
}

/* Names for "which one is not known", and the empty ":". */
static bool says_nothing(struct text label)
{
	return text_starts(label, "unknown") || text_starts(label, "any memory") || text_is(label, ":");
}

/* "EDAC MC0: 1 UE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 page:0x...)" */
static bool take_edac(struct draft *draft, struct text t)
{
	uint64_t controller;

	if (!text_eat(&t, "EDAC MC") || !text_eat_decimal(&t, &controller) || !text_eat(&t, ":"))
		return false;
	bool uncorrected = text_find(t, " UE ") != SIZE_MAX;
	struct hardware_draft *hardware = &draft->hardware;
	struct text label = label_of(t);
	/* A corrected error near to it may be of another module than the one that the crash is of. */
	if (uncorrected && label.length && !says_nothing(label) && !hardware->dimm.length)
		hardware->dimm = arena_copy(&draft->crash->arena, label);
	struct hardware_error *entry = hardware_entry(draft);
	if (entry->source != HARDWARE_NO_SOURCE)
		return true;
	entry->source = HARDWARE_EDAC;
	entry->component = HARDWARE_MEMORY;
	entry->severity = uncorrected ? HARDWARE_UNCORRECTED : HARDWARE_CORRECTED;
	return true;
}

/* "Uncorrected hardware memory error in user-access at 3f5c5e000": a program touched it. */
static bool take_user_access(struct draft *draft, struct text t)
{
	struct hardware_error *entry = hardware_entry(draft);

	text_eat(&t, "mce: ");
	if (!text_eat(&t, "Uncorrected hardware memory error in user-access at "))
		return false;
	if (entry->source == HARDWARE_NO_SOURCE)
		entry->source = HARDWARE_MCE;
	entry->component = HARDWARE_MEMORY;
	if (entry->severity < HARDWARE_UNCORRECTED)
		entry->severity = HARDWARE_UNCORRECTED;
	if (!entry->has_address)
		entry->has_address = text_eat_hex(&t, &entry->address);
	return true;
}

/* "Memory failure: 0x3f5c5e: recovery action for dirty LRU page: Recovered"; a page's number. */
static bool take_page(struct draft *draft, struct text t)
{
	if (!text_starts(t, "Memory failure: 0x"))
		return false;
	struct hardware_error *entry = hardware_entry(draft);
	if (entry->component == HARDWARE_UNKNOWN_COMPONENT)
		entry->component = HARDWARE_MEMORY;
	if (entry->severity < HARDWARE_UNCORRECTED)
		entry->severity = HARDWARE_UNCORRECTED;
	return true;
}

bool hardware_memory_line(struct draft *draft, struct text text)
{
	return take_edac(draft, text) || take_user_access(draft, text) || take_page(draft, text);
}
