/* Advice, as tables: for hardware errors by component and source, for a lack of memory by whose it is. */
#include "output/advice.h"

#include "crash/kind.h"

#include <inttypes.h>

#define OF(component) (1U << (component))
#define ANY           (~0U)
/* An NMI may be sent on purpose, and by software. */
#define NOT_NMI (ANY & ~OF(HARDWARE_NMI))
/* What lies within the processor's package. */
#define IN_PROCESSOR (OF(HARDWARE_PROCESSOR) | OF(HARDWARE_CACHE))

/* What a row speaks of, and puts behind its words; a row whose value the crash has not is left out. */
enum value { NO_VALUE, LOCATION, NO_LOCATION, SOCKET, NO_SOCKET, TIMER, DEVICE, NO_DEVICE, TIMEOUT, VIRTUAL, ON_PURPOSE };

struct hardware_row {
	unsigned components, sources; /* sets: OF(...) */
	enum value value;
	const char *text;
	const char *behind; /* the value; NULL: nothing */
	const char *command;
};

static const struct hardware_row hardware_rows[] = {
	{ ANY, ANY, VIRTUAL,
	  "This machine is a virtual one: what failed is its host's, or the hypervisor reports it for a reason of its own. "
	  "Who "
	  "runs the host finds more in the host's logs",
	  NULL, NULL },
	{ OF(HARDWARE_MEMORY), ANY, LOCATION, "Replace the memory module that the log names, ",
	  "; or move it to another slot first, and see whether the error moves with it", NULL },
	{ OF(HARDWARE_MEMORY), ANY, NO_LOCATION,
	  "The log does not name the memory module: the event log of the management controller, or the firmware's, may do "
	  "so",
	  NULL, NULL },
	{ OF(HARDWARE_MEMORY), ANY, NO_VALUE,
	  "Run the hardware vendor's memory diagnostics, or memtest86+, over the whole memory before the machine is used "
	  "again",
	  NULL, NULL },
	{ IN_PROCESSOR, ANY, SOCKET, "The error was within the processor in socket ",
	  ": where it comes back in the same socket, have that processor replaced", NULL },
	{ IN_PROCESSOR, ANY, NO_SOCKET,
	  "The error was within a processor: where it comes back on the same one, have that processor replaced", NULL,
	  NULL },
	{ IN_PROCESSOR, ANY, TIMER,
	  "An instruction did not end in time: a card, memory or firmware that does not answer makes such errors as well as "
	  "the processor itself, and the errors just before, in the event log of the management controller, may tell which",
	  NULL, NULL },
	{ IN_PROCESSOR, ANY, NO_VALUE,
	  "See that nothing is overclocked, and that cooling and power supplies are in order: heat and low voltage make "
	  "such errors",
	  NULL, NULL },
	{ OF(HARDWARE_PCIE_DEVICE), ANY, DEVICE, "See which card it is that failed", NULL, "sudo lspci -vv -s " },
	{ OF(HARDWARE_PCIE_DEVICE), ANY, NO_DEVICE,
	  "The log does not name the device: the event log of the management controller may name its slot", NULL, NULL },
	{ OF(HARDWARE_PCIE_DEVICE), ANY, NO_VALUE,
	  "Update the firmware of the card, seat it anew, try it in another slot; where the error comes back, replace it",
	  NULL, NULL },
	{ OF(HARDWARE_BUS), ANY, NO_VALUE,
	  "The error was on the way between processors, memory and devices: seat processors, memory and cards anew; the log "
	  "does not tell which of them, or the mainboard, is at fault",
	  NULL, NULL },
	{ ANY, OF(HARDWARE_MCE), TIMEOUT,
	  "Some processors did not answer to the machine check: a processor, the mainboard or the firmware is at fault, and "
	  "the "
	  "processor that printed the panic is not necessarily the one that failed",
	  NULL, NULL },
	{ ANY, OF(HARDWARE_NMI), ON_PURPOSE,
	  "Ask first whether somebody sent the NMI on purpose: virsh inject-nmi, ipmitool chassis power diag, or the NMI "
	  "button "
	  "of the management controller do so to make a dump",
	  NULL, NULL },
	{ ANY, ANY, NO_VALUE,
	  "Look into the event log of the management controller (BMC, iLO, iDRAC): it names the part that failed, as a rule",
	  NULL, "sudo ipmitool sel elist" },
	{ ANY, NOT_NMI, NO_VALUE, "Where rasdaemon runs, see what it recorded before: corrected errors often come first",
	  NULL, "sudo ras-mc-ctl --errors" },
	{ ANY, ANY, NO_VALUE, "Update the firmware (BIOS, UEFI) and the processors' microcode", NULL, NULL },
	{ ANY, NOT_NMI, NO_VALUE,
	  "Call the hardware vendor's support, with this report and that event log; no change of software mends this", NULL,
	  NULL },
	{ ANY, OF(HARDWARE_NMI), NO_VALUE,
	  "Where nobody sent it and the event log names a part, call the hardware vendor's support with both", NULL, NULL },
};

/* What "Hardware name:" says of machines that hypervisors make. */
static bool is_virtual(struct text hardware)
{
	static const char *const names[] = {
		"QEMU", "KVM", "VMware", "VirtualBox", "Virtual Machine", "HVM domU", "OpenStack", "Google Compute Engine"
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_find(hardware, names[i]) != SIZE_MAX)
			return true;
	return false;
}

static bool is_timer(const struct hardware_error *error)
{
	return error->has_status && hardware_status_is_timer(error->status);
}

/* The value's text; false: the crash has none, and the row does not hold. */
static bool value_text(struct arena *arena, const struct crash *crash, enum value value, struct text *text)
{
	const struct hardware_error *error = &crash->hardware_error;

	*text = TEXT_NONE;
	switch (value) {
	case NO_VALUE:
	case ON_PURPOSE:
		return true;
	case LOCATION:
		*text = error->location;
		return error->location.length > 0;
	case NO_LOCATION:
		return !error->location.length;
	case SOCKET:
		*text = arena_print(arena, "%" PRId64, error->socket);
		return error->socket >= 0 && !is_timer(error);
	case NO_SOCKET:
		return error->socket < 0 && !is_timer(error);
	case TIMER:
		return is_timer(error);
	case DEVICE:
		*text = error->device;
		return error->device.length > 0;
	case NO_DEVICE:
		return !error->device.length;
	case TIMEOUT:
		return text_starts(crash->panic, "Timeout");
	case VIRTUAL:
		return is_virtual(crash->hardware);
	}
	return false;
}

/* A guest has no parts, no management controller, and no firmware that its administrator could update. */
static bool holds_for_guests(const struct hardware_row *row)
{
	return row->value == VIRTUAL || row->value == ON_PURPOSE;
}

static size_t advise_hardware(struct arena *arena, const struct crash *crash, struct advice *advice)
{
	const struct hardware_error *error = &crash->hardware_error;
	bool is_guest = is_virtual(crash->hardware);
	size_t count = 0;

	for (size_t i = 0; i < sizeof hardware_rows / sizeof *hardware_rows && count < ADVICE_MOST; i++) {
		const struct hardware_row *row = &hardware_rows[i];
		struct text value;
		if ((is_guest && !holds_for_guests(row)) || !(row->components & OF(error->component)) ||
		    !(row->sources & OF(error->source)) || !value_text(arena, crash, row->value, &value))
			continue;
		advice[count].text = row->behind ? arena_print(arena, "%s%.*s%s", row->text, TEXT_ARGS(value), row->behind)
						 : text_from(row->text);
		advice[count++].command =
			row->command ? arena_print(arena, "%s%.*s", row->command, TEXT_ARGS(value)) : TEXT_NONE;
	}
	return count;
}

/* Of a lack of memory: whom a row is for. */
enum shortage { IN_GROUP = 1, IN_SET = 2, IN_MACHINE = 4, OF_KERNEL = 8, OF_PROGRAMS = 16 };

static const struct {
	unsigned when; /* all of these */
	const char *text, *command;
} memory_rows[] = {
	{ OF_KERNEL,
	  "Most of memory was the kernel's own, which killing programs does not free: find which cache grew, and report it "
	  "as a "
	  "leak in the kernel",
	  "sudo slabtop -o -s c" },
	{ IN_GROUP,
	  "A control group (a container or a service) reached its limit of memory, the machine did not: raise the limit "
	  "(memory.max, MemoryMax=, the container's own), or give the program less to do",
	  NULL },
	{ IN_SET,
	  "The memory that the task was bound to (cpuset, memory policy) was full, the machine's was not: allow it more "
	  "nodes",
	  NULL },
	{ IN_MACHINE | OF_PROGRAMS,
	  "The report lists the tasks and their memory (column rss, in pages): see which one had the most, and whether it "
	  "grows "
	  "without end, as a leak does",
	  NULL },
	{ IN_MACHINE | OF_PROGRAMS,
	  "Give the machine more memory or swap, or the big programs a limit of their own (MemoryMax= of their services)",
	  NULL },
};

static unsigned shortage_of(const struct out_of_memory *oom)
{
	unsigned kernels = out_of_memory_is_kernels(oom) ? OF_KERNEL : OF_PROGRAMS;

	switch (oom->constraint) {
	case OOM_CGROUP:
		return IN_GROUP | kernels;
	case OOM_CPUSET:
	case OOM_MEMORY_POLICY:
		return IN_SET | kernels;
	default:
		return IN_MACHINE | kernels;
	}
}

static size_t advise_memory(const struct crash *crash, struct advice *advice)
{
	unsigned shortage = shortage_of(&crash->out_of_memory);
	size_t count = 0;

	for (size_t i = 0; i < sizeof memory_rows / sizeof *memory_rows && count < ADVICE_MOST; i++)
		if ((memory_rows[i].when & shortage) == memory_rows[i].when)
			advice[count++] =
				(struct advice){ text_from(memory_rows[i].text), text_from(memory_rows[i].command) };
	return count;
}

bool is_hardware_crash(const struct crash *crash)
{
	return crash_kind_row(crash->kind)->flags & CRASH_IS_HARDWARE;
}

size_t advise(struct arena *arena, const struct crash *crash, struct advice advice[ADVICE_MOST])
{
	if (is_hardware_crash(crash))
		return advise_hardware(arena, crash, advice);
	return crash->kind == CRASH_OUT_OF_MEMORY ? advise_memory(crash, advice) : 0;
}

struct text advice_sentence(struct arena *arena, const struct advice *advice)
{
	if (!advice->command.length)
		return arena_print(arena, "%.*s.", TEXT_ARGS(advice->text));
	return arena_print(arena, "%.*s: %.*s", TEXT_ARGS(advice->text), TEXT_ARGS(advice->command));
}
