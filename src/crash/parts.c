/* The lines of a crash's report: who takes which. */
#include "crash/draft.h"

#include "crash/location.h"

bool draft_has_no_place(const struct draft *draft)
{
	const crash_kinds kinds = CRASH_KIND_BIT(CRASH_HUNG_TASK) | CRASH_KIND_BIT(CRASH_SLEEPING_IN_ATOMIC) |
				  CRASH_KIND_BIT(CRASH_PANIC) | CRASH_KIND_BIT(CRASH_KASAN) | CRASH_KIND_BIT(CRASH_KFENCE) |
				  CRASH_KIND_BIT(CRASH_KMSAN) | CRASH_KIND_BIT(CRASH_KCSAN) | CRASH_KIND_BIT(CRASH_UBSAN) |
				  CRASH_KIND_BIT(CRASH_LOCKDEP) | CRASH_KIND_BIT(CRASH_BAD_PAGE) |
				  CRASH_KIND_BIT(CRASH_SLAB_CORRUPTION) | CRASH_KIND_BIT(CRASH_SPINLOCK) |
				  CRASH_KIND_BIT(CRASH_STACK_CORRUPTION) | CRASH_KIND_BIT(CRASH_OUT_OF_MEMORY);

	/* Unless the kernel died of it: then the exception's registers are the crash's. */
	return draft->has_headline && !draft->crash->dies && crash_kinds_hold(kinds, draft->crash->kind);
}

/* The bare place on the line behind "... at 0000000000000010 RIP: ". */
static bool is_place_that_follows(struct draft *draft, struct text text, struct crash_place *place)
{
	struct text rest = text_trim_start(text);
	bool follows = draft->place_follows, reliable;

	draft->place_follows = false;
	*place = (struct crash_place){ .arch = CRASH_ARCH_X86_64, .summary = true };
	return follows && location_eat(&rest, &place->location, &reliable);
}

static void keep_place(struct draft *draft, const struct crash_place *place, size_t record)
{
	struct crash *crash = draft->crash;
	struct crash_location *known = &crash->instruction_pointer;
	const struct crash_location *found = &place->location;
	bool named = known->function.length > 0;
	/*
	 * An address alone says less than a name, whichever line it stands on: 32-bit kernels before v4.15 have three such
	 * lines. Behind the report's end x86 repeats the place of the kernel's first oops, which may be another.
	 */
	bool better = (!named && !known->has_address) ||
		      (found->function.length && !draft->ended && (!named || (draft->summary_place && !place->summary)));

	if (better) {
		*known = *found;
		location_keep(&crash->arena, known);
		crash->instruction_pointer_record = record;
		draft->summary_place = place->summary;
	} else if (!place->summary && (place->arch == CRASH_ARCH_X86_64 || place->arch == CRASH_ARCH_I386)) {
		trace_keep_interrupted(draft, found, record);
	}
}

enum { NEIGHBOURS = 16 }; /* powerpc: "NIP: " and "NIP [" stand around all registers */

/* riscv, arm and powerpc give name and address on neighbouring lines. */
static void keep_address(struct draft *draft, const struct crash_place *place, struct crash_location before, size_t record)
{
	struct crash_location *known = &draft->crash->instruction_pointer;
	size_t since = record - draft->crash->instruction_pointer_record;
	if (since > NEIGHBOURS || place->summary)
		return;
	if (!known->has_address && place->location.has_address && !place->location.function.length) {
		known->has_address = true;
		known->address = place->location.address;
	} else if (!known->has_address && before.has_address && !before.function.length) {
		known->has_address = true;
		known->address = before.address;
	}
}

/* "EIP: 0060:[<c0101234>] EFLAGS: 00010246 CPU: 0", i386 up to v3.10 or so. */
static void take_cpu_of_place(struct draft *draft, struct text text)
{
	static const char mark[] = " CPU: ";
	size_t at = text_find(text, mark);
	uint64_t cpu;

	text = text_from_offset(text, at == SIZE_MAX ? at : at + sizeof mark - 1);
	if (text_eat_decimal(&text, &cpu) && !text.length)
		draft_set_cpu(draft, cpu);
}

/* Beside the crash's own place: at most as far from it as powerpc's "LR [...]" from "NIP: ". */
static void keep_caller(struct draft *draft, const struct crash_place *place, size_t record)
{
	struct crash *crash = draft->crash;

	if (!place->caller.function.length || crash->caller.function.length ||
	    crash->instruction_pointer_record == CRASH_NO_RECORD || record - crash->instruction_pointer_record > NEIGHBOURS)
		return;
	crash->caller = place->caller;
	location_keep(&crash->arena, &crash->caller);
	crash->caller_record = record;
}

bool part_place(struct draft *draft, struct text text, size_t record)
{
	struct crash_place place;
	struct crash_location before = draft->crash->instruction_pointer;

	if (!is_place_that_follows(draft, text, &place) && !place_of_line(text, &place))
		return false;
	draft_saw_arch(draft, place.arch, 0);
	/* First, as their status tells whether this is a program's. */
	if (place.registers)
		part_registers(draft, text, record);
	else if (place.arch != CRASH_ARCH_POWERPC)
		draft->user_registers = place.user || draft_has_no_place(draft);
	if (draft->user_registers || place.user || draft->block.other)
		return true;
	keep_caller(draft, &place, record);
	draft_saw_address(draft, place.location.address);
	if (place.arch == CRASH_ARCH_I386)
		take_cpu_of_place(draft, text);
	keep_place(draft, &place, record);
	if (place.registers || place.arch == CRASH_ARCH_POWERPC)
		keep_address(draft, &place, before, record);
	return true;
}

static bool part_code(struct draft *draft, struct text text, size_t record)
{
	struct crash *crash = draft->crash;
	struct text rest = text_trim(text);

	(void)record;
	if (!text_eat(&rest, "Code: "))
		return false;
	if (!crash->code.length && !draft->user_registers)
		crash->code = arena_copy(&crash->arena, rest);
	return true;
}

static bool part_end(struct draft *draft, struct text text, size_t record)
{
	(void)record;
	if (text_find(text_first(text, 16), "---[ end ") == SIZE_MAX)
		return false;
	draft->ended = true;
	draft->user_registers = false;
	draft->proven = true;
	draft->trace_done = true;
	draft->in_trace = false;
	return true;
}

/* "  2a:*	48 8b 40 28 ...": what scripts/decodecode makes of the Code: line, which decode_stacktrace.sh calls. */
static bool is_disassembly(struct text line)
{
	uint64_t offset;
	size_t digits;

	if (!text_eat_hex_digits(&line, &offset, &digits) || digits > 4 || !text_eat_char(&line, ':'))
		return false;
	text_eat_char(&line, '*');
	return text_eat_char(&line, '\t');
}

/* Lines that belong to a report and say nothing that is asked for. */
static const char *const other_lines[] = {
	"All code",
	"Code starting with the faulting instruction",
	"========",
	"------------[ cut here ]",
	"stack guard page: ",
	"8<--- cut here ---",
	"KASAN: ",
	"Thread overran stack, or stack corrupted",
	"printing eip:",
	"Mem abort info:",
	"Data abort info:",
	"EC = ",
	"SET = ",
	"FSC = ",
	"ISV = ",
	"CM = ",
	"GCS = ",
	"user pgtable: ",
	"swapper pgtable: ",
	"pgd = ",
	"Flags: ",
	"Control: ",
	"Register r",
	"Exception stack(",
	"Task stack: ",
	"IRQ stack: ",
	"Overflow stack: ",
	"Alignment trap: ",
	"Instruction dump:",
	"Fault in ",
	"AS:",
	"R:0 T:",
	"R:1 T:",
	"Krnl Code:",
	"User Code:",
	"Current ",
	"Stack :",
	"SMP: stopping secondary CPUs",
	"PGD ",
	"#PF: ",
	"*pde",
	"*pdpt",
	"task: ",
	"task:",
	"Stack:",
	"Workqueue: ",
	"Kernel Offset:",
	"Dumping ftrace",
	"Process ",
	"Rebooting in",
	"kdump: ",
	"Sending NMI",
	"NMI backtrace",
	"Kernel panic - not syncing: ",
	"Shutting down cpus",
	"\"echo 0 > /proc/sys/kernel/hung_task",
	"Future hung task reports",
	"Last Breaking",
	"Unloaded tainted modules",
	"note: ",
	"Fixing recursive fault",
	"irq event stamp",
	"hardirqs last",
	"softirqs last",
	"Bad RIP value",
	"last sysfs file",
};

static bool part_other(struct draft *draft, struct text text, size_t record)
{
	struct text rest = text_trim_start(text);

	(void)draft;
	(void)record;
	for (size_t i = 0; i < sizeof other_lines / sizeof *other_lines; i++)
		if (text_starts(rest, other_lines[i]))
			return true;
	return is_disassembly(rest);
}

static bool part_of_rcu_stall(struct draft *draft, struct text text, size_t record)
{
	return draft->crash->kind == CRASH_RCU_STALL && !draft->in_trace && part_rcu(draft, text, record);
}

static bool (*const parts[])(struct draft *draft, struct text text, size_t record) = {
	part_hardware,  part_out_of_memory, part_modules,      part_task,     part_place,
	part_registers, part_fault,         part_trace,        part_identity, part_code,
	part_oops,      part_end,           part_of_rcu_stall, part_check,    part_other,
};

bool part_of_crash(struct draft *draft, struct text text, size_t record)
{
	enum stack_line line = part_stack(draft, text, record);

	draft->behind_frame = draft->at_frame;
	draft->at_frame = false;
	if (line != STACK_NONE)
		return line == STACK_LINE;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i](draft, text, record))
			return true;
	return false;
}

bool part_is_telling(struct text text)
{
	/* A draft of nothing, to be asked about one line. */
	struct crash crash = { .cpu = -1, .pid = -1 };
	struct draft draft = { .crash = &crash };
	struct text rest = text_trim_start(text);
	struct crash_place place;
	bool telling = stack_is_dump(text) || text_starts(rest, "Call Trace:") || text_starts(rest, "Call trace:") ||
		       text_starts(rest, "---[ end trace ") || part_oops(&draft, text, 0) || place_of_line(text, &place) ||
		       part_registers(&draft, text, 0);

	arena_free(&crash.arena);
	return telling;
}
