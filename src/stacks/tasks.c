/*
 * Reads what ran on each CPU. A per-CPU variable lies at its symbol's address plus __per_cpu_offset[cpu]
 * (include/asm-generic/percpu.h), whether the symbols count from 0 (x86_64 before 6.15) or not.
 */
#include "stacks/tasks.h"

#include "stacks/cpu_notes.h"
#include "stacks/cpu_stacks.h"

#include <string.h>

enum { COMM_MOST = 16 }; /* TASK_COMM_LEN, include/linux/sched.h */

enum symbol_name {
	ONLINE,
	ONLINE_BITS,
	CPU_IDS,
	OFFSETS,
	RUNQUEUES,
	CURRENT,
	HOT,
	NOTES,
	HARDIRQ,
	EXCEPTIONS,
	IRQ_POINTER,
	OLD_EXCEPTIONS,
	OVERFLOW,
	INIT_TASK_START,
	INIT_TASK_END,
	INIT_STACK_START,
	INIT_STACK_END,
	SYMBOL_COUNT
};

/* All that is asked for, as one walk over the table finds them. */
static const char *const names[SYMBOL_COUNT] = {
	[ONLINE] = "__cpu_online_mask",    /* since 4.5 */
	[ONLINE_BITS] = "cpu_online_bits", /* before */
	[CPU_IDS] = "nr_cpu_ids",
	[OFFSETS] = "__per_cpu_offset",
	[RUNQUEUES] = "runqueues",
	[CURRENT] = "current_task", /* x86 but for 6.2 to 6.14 */
	[HOT] = "pcpu_hot",         /* struct pcpu_hot, x86 6.2 to 6.14 */
	[NOTES] = "crash_notes",
	[HARDIRQ] = "hardirq_stack_ptr",
	[EXCEPTIONS] = "cea_exception_stacks",
	[IRQ_POINTER] = "irq_stack_ptr",
	[OLD_EXCEPTIONS] = "orig_ist",
	[OVERFLOW] = "overflow_stack",
	[INIT_TASK_START] = "__start_init_task", /* 4.16 to 6.10 */
	[INIT_TASK_END] = "__end_init_task",
	[INIT_STACK_START] = "__start_init_stack", /* since 6.11 */
	[INIT_STACK_END] = "__end_init_stack",
};

struct reading {
	struct dump *dump;
	const struct facts *facts;
	struct types *types;
	struct cpu_tasks *tasks;
	uint64_t at[SYMBOL_COUNT];
	struct cpu_stack_symbols stacks;
	uint64_t thread_size; /* 0: not known */
	uint64_t *clocks;     /* rq->clock of each of the tasks; 0: not known */
};

static bool read_number(struct dump *dump, uint64_t address, size_t size, uint64_t *value)
{
	struct error ignored;

	return address && dump_read_number(dump, address, size, value, &ignored) == MEMORY_OK;
}

/* A number that a structure in memory has. */
static bool read_member(const struct reading *reading, uint64_t base, const char *structure, const char *path,
			uint64_t *value)
{
	struct type_member member;

	return base && types_member(reading->types, structure, path, &member) && member.size <= 8 && member.size &&
	       read_number(reading->dump, base + member.offset, member.size, value);
}

/*
 * TASK_RUNNING and its fellows, include/linux/sched.h; several bits may be set. To 4.13 the last two were others (dead,
 * wakekill): they are told where the member's name, new in 5.14, says that they are these.
 */
static const char *state_name(uint64_t state, bool new)
{
	static const struct {
		uint64_t bit;
		const char *name;
	} states[] = {
		{ 0x1, "interruptible" }, { 0x2, "uninterruptible" }, { 0x4, "stopped" },
		{ 0x8, "traced" },        { 0x40, "parked" },         { 0x80, "dead" },
	};

	if (!state)
		return "running";
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (state & states[i].bit && (new || states[i].bit < 0x40))
			return states[i].name;
	return NULL;
}

static void read_task(const struct reading *reading, struct cpu_task *task)
{
	struct type_member comm;
	struct error ignored;
	char name[COMM_MOST + 1] = "";
	uint64_t value;

	if (read_member(reading, task->task, "task_struct", "pid", &value))
		task->pid = (int64_t)(int32_t)value;
	if (types_member(reading->types, "task_struct", "comm", &comm) &&
	    dump_read(reading->dump, task->task + comm.offset, name, COMM_MOST, &ignored) == MEMORY_OK)
		task->comm = arena_copy(&reading->tasks->arena, text_from(name));
	if (read_member(reading, task->task, "task_struct", "__state", &value))
		task->state = state_name(value, true);
	else if (read_member(reading, task->task, "task_struct", "state", &value)) /* to 5.13 */
		task->state = state_name(value, false);
	if (read_member(reading, task->task, "task_struct", "stack", &task->stack) && task->stack)
		task->stack_size = reading->thread_size;
}

static void read_runqueue(const struct reading *reading, uint64_t queue, struct cpu_task *task, uint64_t *clock)
{
	uint64_t arrival, value;

	if (read_member(reading, queue, "rq", "nr_running", &value))
		task->others_wait = (uint32_t)value > 1 && (uint32_t)value < INT32_MAX;
	if (read_member(reading, queue, "rq", "idle", &value) && value)
		task->is_idle = value == task->task;
	else
		task->is_idle = task->pid == 0;
	if (!read_member(reading, queue, "rq", "clock", clock))
		*clock = 0;
	if (!task->is_idle && *clock &&
	    read_member(reading, task->task, "task_struct", "sched_info.last_arrival", &arrival) && arrival &&
	    *clock >= arrival && *clock - arrival <= INT64_MAX)
		task->running_ns = (int64_t)(*clock - arrival);
}

static void compare_clocks(const struct reading *reading)
{
	struct cpu_tasks *tasks = reading->tasks;
	uint64_t newest = 0;

	for (size_t i = 0; i < tasks->count; i++)
		if (reading->clocks[i] > newest)
			newest = reading->clocks[i];
	for (size_t i = 0; i < tasks->count; i++) {
		uint64_t behind = newest - reading->clocks[i];
		if (reading->clocks[i] && !tasks->items[i].is_idle && behind <= INT64_MAX)
			tasks->items[i].behind_ns = (int64_t)behind;
	}
}

static uint64_t current_task(const struct reading *reading, uint64_t offset, uint64_t queue)
{
	struct type_member member;
	uint64_t task = 0;

	if (reading->at[HOT] && types_member(reading->types, "pcpu_hot", "current_task", &member))
		read_number(reading->dump, reading->at[HOT] + offset + member.offset, 8, &task);
	else if (reading->at[CURRENT])
		read_number(reading->dump, reading->at[CURRENT] + offset, 8, &task);
	if (!task)
		read_member(reading, queue, "rq", "curr", &task);
	return task;
}

static struct cpu_task *add_cpu(struct cpu_tasks *tasks, int64_t cpu)
{
	struct cpu_task *task = arena_push(&tasks->arena, &tasks->items, &tasks->count, sizeof *task);

	if (task)
		*task = (struct cpu_task){ .cpu = cpu, .registers = SIZE_MAX, .pid = -1, .running_ns = -1, .behind_ns = -1 };
	return task;
}

static uint64_t online_mask(const struct reading *reading)
{
	return reading->at[ONLINE] ? reading->at[ONLINE] : reading->at[ONLINE_BITS];
}

static bool is_online(const struct reading *reading, uint64_t cpu)
{
	uint64_t byte;

	return read_number(reading->dump, online_mask(reading) + cpu / 64 * 8 + cpu % 64 / 8, 1, &byte) &&
	       (byte >> cpu % 8 & 1);
}

/* Of every CPU that may be, by the kernel's memory. False: it cannot be had. */
static bool read_cpus(struct reading *reading)
{
	uint64_t count, offset;

	if (reading->dump->big_endian || reading->dump->word != 8 || !online_mask(reading) || !reading->at[OFFSETS] ||
	    !read_number(reading->dump, reading->at[CPU_IDS], 4, &count) || !count || count > CPUS_MOST)
		return false;
	reading->clocks = arena_alloc(&reading->tasks->arena, count * sizeof *reading->clocks);
	for (uint64_t cpu = 0; cpu < count && reading->clocks; cpu++) {
		if (!read_number(reading->dump, reading->at[OFFSETS] + cpu * 8, 8, &offset))
			continue;
		struct cpu_task *task = add_cpu(reading->tasks, (int64_t)cpu);
		if (!task)
			break;
		uint64_t queue = reading->at[RUNQUEUES] ? reading->at[RUNQUEUES] + offset : 0;
		task->online = is_online(reading, cpu);
		task->task = current_task(reading, offset, queue);
		read_task(reading, task);
		read_runqueue(reading, queue, task, &reading->clocks[reading->tasks->count - 1]);
		cpu_stacks_read(reading->dump, &reading->stacks, reading->types, offset, reading->thread_size, task);
	}
	compare_clocks(reading);
	return reading->tasks->count > 0;
}

/* A panicking kernel takes the other CPUs offline: those that left registers count all the same. */
static void drop_absent(struct cpu_tasks *tasks)
{
	size_t kept = 0;

	for (size_t i = 0; i < tasks->count; i++)
		if (tasks->items[i].online || tasks->items[i].registers != SIZE_MAX)
			tasks->items[kept++] = tasks->items[i];
	tasks->count = kept;
}

/* What the notes alone tell. */
static void by_notes(const struct facts *facts, struct cpu_tasks *tasks)
{
	for (size_t i = 0; i < facts->cpu_count; i++) {
		struct cpu_task *task = add_cpu(tasks, facts->cpus[i].number);
		if (!task)
			return;
		task->registers = i;
		task->pid = facts->cpus[i].pid;
		task->is_idle = task->pid == 0;
	}
}

static struct cpu_stack_symbols stack_symbols(const uint64_t *at)
{
	bool renamed = at[INIT_STACK_START] != 0;

	return (struct cpu_stack_symbols){
		.hardirq = at[HARDIRQ],
		.hot = at[HOT],
		.exceptions = at[EXCEPTIONS],
		.irq_pointer = at[IRQ_POINTER],
		.old_exceptions = at[OLD_EXCEPTIONS],
		.overflow = at[OVERFLOW],
		.init_start = at[renamed ? INIT_STACK_START : INIT_TASK_START],
		.init_end = at[renamed ? INIT_STACK_END : INIT_TASK_END],
	};
}

bool cpu_tasks_read(struct dump *dump, const struct facts *facts, struct symbols *symbols, struct types *types,
		    struct cpu_tasks *tasks, struct error *error)
{
	struct reading reading = { .dump = dump, .facts = facts, .types = types, .tasks = tasks };

	*tasks = (struct cpu_tasks){ 0 };
	if (symbols && types) {
		symbols_find(symbols, names, SYMBOL_COUNT, reading.at);
		reading.stacks = stack_symbols(reading.at);
		reading.thread_size = cpu_stacks_thread_size(&reading.stacks, types);
	}
	if (symbols && types && read_cpus(&reading)) {
		cpu_notes_assign(dump, facts, reading.at[NOTES], reading.at[OFFSETS], tasks);
		drop_absent(tasks);
	} else {
		by_notes(facts, tasks);
	}
	return !tasks->arena.failed || error_out_of_memory(error);
}

void cpu_tasks_free(struct cpu_tasks *tasks)
{
	arena_free(&tasks->arena);
	*tasks = (struct cpu_tasks){ 0 };
}
