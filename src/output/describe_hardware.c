/* A hardware error, and a lack of memory, in words. */
#include "output/describe.h"

#include "output/advice.h"
#include "output/safe.h"

#include <inttypes.h>

static struct text hex(struct arena *arena, bool known, uint64_t value)
{
	return known ? arena_print(arena, "0x%016" PRIx64, value) : TEXT_NONE;
}

/* "CPU 2, socket 1, bank 4", as much of it as is known. */
static struct text reporter(struct arena *arena, const struct hardware_error *error)
{
	const struct {
		const char *name;
		int64_t number;
	} parts[] = { { "CPU", error->cpu }, { "socket", error->socket }, { "bank", error->bank } };
	struct text line = TEXT_NONE;

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].number >= 0)
			line = arena_print(arena, "%.*s%s%s %" PRId64, TEXT_ARGS(line), line.length ? ", " : "",
					   parts[i].name, parts[i].number);
	return line;
}

/* How the log tells of it, for people. */
static const char *source_words(enum hardware_source source)
{
	static const char *const words[] = {
		[HARDWARE_NO_SOURCE] = NULL,
		[HARDWARE_MCE] = "machine check",
		[HARDWARE_APEI] = "the firmware (ACPI APEI)",
		[HARDWARE_BERT] = "the firmware, of the boot before (BERT)",
		[HARDWARE_EDAC] = "the memory controller's driver (EDAC)",
		[HARDWARE_AER] = "PCI Express (AER)",
		[HARDWARE_NMI] = "a non-maskable interrupt",
	};

	return words[source];
}

static struct text component_words(enum hardware_component component)
{
	switch (component) {
	case HARDWARE_UNKNOWN_COMPONENT:
		return TEXT("not told by the log");
	case HARDWARE_PCIE_DEVICE:
		return TEXT("PCIe device");
	default:
		return text_from(hardware_component_name(component));
	}
}

void describe_hardware(struct arena *arena, const struct crash *crash, struct fact_list *facts)
{
	const struct hardware_error *error = &crash->hardware_error;

	facts_add(facts, "component", component_words(error->component));
	facts_add(facts, "module", safe_text(arena, error->location));
	facts_add(facts, "device", safe_text(arena, error->device));
	facts_add(facts, "severity", text_from(hardware_severity_name(error->severity)));
	facts_add(facts, "reported by", text_from(source_words(error->source)));
	facts_add(facts, "reported on", reporter(arena, error));
	facts_add(facts, "status", hex(arena, error->has_status, error->status));
	facts_add(facts, "meaning", safe_text(arena, error->meaning));
	facts_add(facts, "address", hex(arena, error->has_address, error->address));
}

void describe_out_of_memory(struct arena *arena, const struct crash *crash, struct fact_list *facts)
{
	static const char *const where[] = {
		[OOM_NOT_SAID] = NULL,
		[OOM_GLOBAL] = "the whole machine's memory",
		[OOM_CGROUP] = "the limit of a control group",
		[OOM_CPUSET] = "the memory of a cpuset",
		[OOM_MEMORY_POLICY] = "the memory that a policy allows",
	};
	const struct out_of_memory *oom = &crash->out_of_memory;

	facts_add(facts, "ran out", text_from(where[oom->constraint]));
	facts_add(facts, "group", safe_text(arena, oom->cgroup));
	if (oom->killed_pid >= 0)
		facts_add(facts, "killed",
			  arena_print(arena, "%.*s (pid %" PRId64 ")", TEXT_ARGS(safe_text(arena, oom->killed_comm)),
				      oom->killed_pid));
	if (out_of_memory_is_kernels(oom))
		facts_add(facts, "most of it", TEXT("the kernel's own (unreclaimable slab)"));
}
