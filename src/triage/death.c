/* The CPU that died, where the log is cut, or silent. */
#include "triage/death.h"

#include "crash/culprit.h"
#include "crash/kind.h"
#include "crash/list.h"
#include "crash/plumbing.h"
#include "triage/dumped.h"
#include "triage/from_stack.h"

#include <inttypes.h>

static const struct postmortem_cpu *dead_cpu(const struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->postmortem.cpu_count; i++)
		if (verdict->postmortem.cpus[i].death.known)
			return &verdict->postmortem.cpus[i];
	return NULL;
}

static struct crash *deciding(const struct verdict *verdict)
{
	const struct crash_list *list = &verdict->crashes;

	return list->deciding < list->count ? list->items[list->deciding] : NULL;
}

/* The log's own crash of a task or CPU that died: not a report of hardware, nor one of another task. */
static bool can_be_cut(const struct crash *crash)
{
	const struct crash_kind_row *row = crash ? crash_kind_row(crash->kind) : NULL;

	return crash && !crash->from_stacks && crash->frame_count < CRASH_FRAMES_MOST &&
	       ((row->flags & CRASH_IS_OOPS) || row->reporter == CRASH_FROM_TICK);
}

/* A whole trace ends where the kernel was entered, or where a thread of its own began. */
static bool has_end(const struct crash *crash)
{
	for (size_t i = crash->frame_count; i-- > 0;) {
		const struct crash_frame *frame = &crash->frames[i];
		if (frame->reliable && !frame->is_inline)
			return is_plumbing(frame->location.canonical, crash->kind);
	}
	return false;
}

bool death_is_cut(const struct verdict *verdict, bool log_is_whole)
{
	const struct crash *crash = deciding(verdict);

	return can_be_cut(crash) && (crash->corrupt || !log_is_whole || !has_end(crash));
}

/* Of a watchdog's report, what it interrupted. */
static size_t first_frame(const struct postmortem_cpu *cpu)
{
	bool ticks = crash_kind_row(cpu->death.kind)->reporter == CRASH_FROM_TICK;

	return ticks && cpu->interrupted > cpu->death.from ? cpu->interrupted : cpu->death.from;
}

/*
 * Where in the CPU's stack the log's trace ends: the frame behind its last. SIZE_MAX: they are not of one stack, or the log
 * has it whole.
 */
static size_t end_of_log(const struct crash *crash, const struct postmortem_cpu *cpu)
{
	size_t end;

	if (!crash->instruction_pointer.has_offset && !from_stack_reliable(crash))
		return crash->instruction_pointer.has_address
			       ? SIZE_MAX
			       : from_stack_next(cpu->frames, cpu->frame_count, first_frame(cpu));
	for (size_t at = from_stack_next(cpu->frames, cpu->frame_count, cpu->death.from); at != SIZE_MAX;
	     at = from_stack_next(cpu->frames, cpu->frame_count, at + 1))
		if (from_stack_stands(crash, cpu, at, &end))
			return end;
	return SIZE_MAX;
}

static void take_fault(struct crash *crash, const struct postmortem_death *death)
{
	if (!crash->register_count) {
		for (size_t i = 0; i < death->register_count; i++) {
			struct crash_register *item =
				arena_push(&crash->arena, &crash->registers, &crash->register_count, sizeof *item);
			if (item)
				*item = (struct crash_register){
					arena_copy(&crash->arena, text_from(death->registers[i].name)).data,
					death->registers[i].value, CRASH_NO_RECORD
				};
		}
	}
	if (!crash->has_fault_address && death->has_fault_address) {
		crash->has_fault_address = true;
		crash->fault_address = death->fault_address;
		crash->fault_address_record =
			from_stack_record(crash, arena_print(&crash->arena, "CPU %" PRId64 ": fault at address 0x%" PRIx64,
							     crash->cpu, death->fault_address));
	}
	/* Texts of it stay where the CPUs are: as long as the verdict. */
	crash->touched = death->touched;
}

/* Source lines of the trace as the log has it: there is a longer one now, which has its own. */
static void drop_lines(struct verdict *verdict, size_t crash)
{
	for (size_t i = 0; i < verdict->postmortem.line_count; i++)
		if (verdict->postmortem.lines[i].crash == crash)
			verdict->postmortem.lines[i].frame_count = verdict->postmortem.lines[i].at_count = 0;
}

/* Kinds that one fault may be called: by its address, by the processor's vector. */
static bool is_same_kind(enum crash_kind a, enum crash_kind b)
{
	static const enum crash_kind families[][2] = {
		{ CRASH_NULL_POINTER_DEREFERENCE, CRASH_PAGE_FAULT },
		{ CRASH_GENERAL_PROTECTION_FAULT, CRASH_STACK_SEGMENT },
		{ CRASH_KERNEL_BUG, CRASH_INVALID_OPCODE },
	};

	if (a == b || a == CRASH_UNKNOWN_KIND || b == CRASH_UNKNOWN_KIND)
		return true;
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if ((a == families[i][0] && b == families[i][1]) || (a == families[i][1] && b == families[i][0]))
			return true;
	return false;
}

/* An earlier crash that the machine survived is not the one that this CPU died of. */
static bool is_of_cpu(const struct crash *crash, const struct postmortem_cpu *cpu)
{
	bool other_cpu = crash->cpu >= 0 && crash->cpu != cpu->cpu, other_task = crash->pid >= 0 && crash->pid != cpu->pid;
	bool placed = crash->instruction_pointer.has_offset || from_stack_reliable(crash);
	bool other_address =
		crash->has_fault_address && cpu->death.has_fault_address && crash->fault_address != cpu->death.fault_address;

	return !other_cpu && !other_task && !other_address && is_same_kind(crash->kind, cpu->death.kind) &&
	       (placed || (crash->cpu >= 0 && crash->pid >= 0));
}

bool death_complete(struct verdict *verdict)
{
	const struct postmortem_cpu *cpu = dead_cpu(verdict);
	struct crash *crash = deciding(verdict);

	if (!cpu || !can_be_cut(crash) || !is_of_cpu(crash, cpu))
		return false;
	size_t from = end_of_log(crash, cpu), before = crash->frame_count;
	if (from == SIZE_MAX)
		return false;
	if (crash->cpu < 0)
		crash->cpu = cpu->cpu;
	from_stack_take(crash, cpu, from);
	take_fault(crash, &cpu->death);
	if (crash->frame_count == before)
		return false;
	crash_name(crash, NULL);
	drop_lines(verdict, verdict->crashes.deciding);
	verdict_note(verdict, arena_print(&verdict->arena,
					  "The log has only a part of the trace: the rest is from the stack of CPU %" PRId64
					  " in the dump.",
					  cpu->cpu));
	return true;
}

bool death_is_elsewhere(const struct verdict *verdict)
{
	const struct facts *facts = &verdict->dump.facts;
	const struct crash *crash = deciding(verdict);

	if (!can_be_cut(crash) || !(crash_kind_row(crash->kind)->flags & CRASH_IS_OOPS) || crash->panic.length ||
	    crash->pid <= 0 || !facts->cpu_count)
		return false;
	for (size_t i = 0; i < facts->cpu_count; i++)
		if (facts->cpus[i].pid < 0 || facts->cpus[i].pid == crash->pid)
			return false;
	return true;
}

/* Does the log tell of this CPU's death, whichever of its crashes decides? */
static bool is_told(const struct verdict *verdict, const struct postmortem_cpu *cpu)
{
	for (size_t i = 0; i < verdict->crashes.count; i++) {
		const struct crash *crash = verdict->crashes.items[i];
		if (can_be_cut(crash) && is_of_cpu(crash, cpu))
			return true;
		if (!crash->from_stacks && crash->panic.length && crash->cpu == cpu->cpu)
			return true;
	}
	return false;
}

bool death_find(struct verdict *verdict)
{
	const struct postmortem_cpu *cpu = dead_cpu(verdict);

	if (!cpu || is_told(verdict, cpu) || cpu->death.kind == CRASH_SYSRQ || cpu->death.kind == CRASH_NMI_RECEIVED ||
	    verdict->crashes.count >= CRASH_LIST_MOST)
		return false;
	struct crash *crash = from_stack_start(verdict, cpu, cpu->death.kind);
	if (crash) {
		crash->headline = arena_print(&crash->arena, "CPU %" PRId64 ": %.*s died in the kernel", cpu->cpu,
					      TEXT_ARGS(from_stack_task(&crash->arena, cpu)));
		crash->kind_record = crash->comm_record = from_stack_record(crash, crash->headline);
		from_stack_take(crash, cpu, first_frame(cpu));
		take_fault(crash, &cpu->death);
		crash = from_stack_finish(crash);
	}
	if (!crash || !crash_list_append(&verdict->crashes, crash)) {
		verdict->arena.failed = true;
		return false;
	}
	verdict->crashes.deciding = verdict->crashes.count - 1;
	verdict_note(verdict, arena_print(&verdict->arena,
					  "The log does not tell of this crash: it is read from the stack of CPU %" PRId64
					  " in the dump.",
					  cpu->cpu));
	return true;
}
