/* What every CPU was doing when the machine died. */
#include "crash/plumbing.h"
#include "postmortem/death.h"
#include "postmortem/examine.h"

#include <string.h>

/* The CPU that the kernel itself says panicked: panic_cpu, since 4.5 (kernel/panic.c); PANIC_CPU_INVALID is -1. */
static int64_t panicked_cpu(struct examination *examination)
{
	struct error ignored = { 0 };
	uint64_t address = symbols_find_one(examination->symbols, "panic_cpu"), value;

	if (!address || dump_read_number(examination->request->dump, address, 4, &value, &ignored) != MEMORY_OK ||
	    value >= CPUS_MOST)
		return -1;
	return (int64_t)value;
}

static bool is_softirq(struct text function)
{
	return text_is(function, "__do_softirq") || text_is(function, "handle_softirqs");
}

/*
 * The registers of a CPU may be those of an interrupt that found it busy: the timer's, an NMI. What was interrupted counts
 * then. Softirqs run at an interrupt's end, but are work of their own.
 */
static size_t interrupted_from(const struct crash_frame *frames, size_t count)
{
	size_t from = 0;

	for (size_t i = 0; i < count; i++) {
		if (is_softirq(frames[i].location.canonical))
			break;
		if (is_tick_entry(frames[i].location.canonical) && i + 1 < count)
			from = i + 1;
	}
	return from;
}

static void tell_stack(struct examination *examination, const struct stack *stack, struct postmortem_cpu *cpu)
{
	struct arena *arena = &examination->found->arena;
	size_t first = SIZE_MAX;

	cpu->in_user = stack->in_user;
	cpu->how = arena_copy(arena, stack->how);
	cpu->ends_early = arena_copy(arena, stack->ends_early);
	if (cpu->cpu >= 0 && cpu->cpu == examination->panicked_cpu && !stack->in_user)
		death_tell(examination, stack, &cpu->death, &first);
	for (size_t i = 0; i < stack->count; i++) {
		const struct stack_frame *frame = &stack->frames[i];
		if (i == first)
			cpu->death.from = cpu->frame_count;
		struct crash_frame told = examine_frame(examination, frame);
		uint64_t address;
		bool known = examine_source_address(examination, &told.location, &address);
		address -= frame->is_call;
		examine_add_frames(examination, &told, known ? &address : NULL, &cpu->frames, &cpu->frame_count);
		if (!i && cpu->frame_count)
			cpu->instruction_pointer = cpu->frames[cpu->frame_count - 1].location;
	}
	cpu->interrupted = interrupted_from(cpu->frames, cpu->frame_count);
}

static void examine_cpu(struct examination *examination, const struct cpu_task *task)
{
	struct postmortem *found = examination->found;
	struct error error = { 0 };
	struct stack stack = { 0 };
	struct postmortem_cpu *cpu = arena_push(&found->arena, &found->cpus, &found->cpu_count, sizeof *cpu);

	if (!cpu)
		return;
	cpu->cpu = task->cpu;
	cpu->pid = task->pid;
	cpu->comm = arena_copy(&found->arena, task->comm);
	cpu->state = task->state;
	cpu->crashed = task->cpu >= 0 && task->cpu == examination->crashed_cpu;
	cpu->answered = task->registers != SIZE_MAX;
	cpu->idle = task->is_idle;
	cpu->running_ns = task->running_ns;
	cpu->behind_ns = task->behind_ns;
	cpu->others_wait = task->others_wait;
	if (!cpu->answered)
		return;
	if (!examination->unwinder || !unwind_cpu(examination->unwinder, task, &stack, &error))
		cpu->ends_early = arena_copy(&found->arena, text_from(error.message));
	else
		tell_stack(examination, &stack, cpu);
	stack_free(&stack);
}

void examine_cpus(struct examination *examination)
{
	const struct postmortem_request *request = examination->request;
	struct stack_sources sources = {
		.dump = request->dump,
		.facts = request->facts,
		.symbols = examination->symbols,
		.types = examination->types,
		.modules = &examination->modules,
		.debuginfo = examination->debuginfo,
	};
	struct error error = { 0 };

	if (!cpu_tasks_read(request->dump, request->facts, examination->symbols, examination->types, &examination->tasks,
			    &error)) {
		if (request->asked)
			examine_note(examination, "The tasks could not be read: %s.", error.message);
		return;
	}
	examination->unwinder = unwinder_open(&sources, &error);
	if (!examination->unwinder && request->asked)
		examine_note(examination, "The stacks could not be followed: %s.", error.message);
	examination->panicked_cpu = examination->symbols ? panicked_cpu(examination) : -1;
	examination->crashed_cpu = request->crashed_cpu >= 0 ? request->crashed_cpu : examination->panicked_cpu;
	for (size_t i = 0; i < examination->tasks.count; i++) {
		const struct cpu_task *task = &examination->tasks.items[i];
		if (request->stacks == STACKS_ALL || task->cpu == examination->crashed_cpu)
			examine_cpu(examination, task);
	}
}
