/* Compares the notes of the dump with those in memory. */
#include "stacks/cpu_notes.h"

#include "vmcore/cpu_registers.h"

#include <string.h>

/* struct elf_note: namesz, descsz, type of 4 bytes each, then "CORE" padded to 8 bytes. */
enum { NOTE_HEADER = 12, NOTE_NAME = 8, PRSTATUS_MOST = 1024 };

/* The registers in a CPU's own buffer. False: there are none. */
static bool read_note(struct dump *dump, uint64_t address, struct dump_cpu *cpu)
{
	struct error ignored;
	uint64_t name, length;
	char bytes[PRSTATUS_MOST];

	if (dump_read_number(dump, address, 4, &name, &ignored) != MEMORY_OK || name != sizeof "CORE" ||
	    dump_read_number(dump, address + 4, 4, &length, &ignored) != MEMORY_OK || length > sizeof bytes ||
	    dump_read(dump, address + NOTE_HEADER + NOTE_NAME, bytes, (size_t)length, &ignored) != MEMORY_OK)
		return false;
	return cpu_registers_read(dump->arch, dump->big_endian, (struct text){ bytes, (size_t)length }, cpu);
}

static bool same_registers(const struct dump_cpu *a, const struct dump_cpu *b)
{
	if (a->register_count != b->register_count)
		return false;
	for (size_t i = 0; i < a->register_count; i++)
		if (a->registers[i].value != b->registers[i].value)
			return false;
	return a->register_count > 0;
}

static void assign_by_buffer(struct dump *dump, const struct facts *facts, uint64_t buffers, uint64_t offsets,
			     struct cpu_tasks *tasks)
{
	/* Notes that are some CPU's already: a dump may say that all registers are alike. */
	bool *taken = arena_alloc(&tasks->arena, facts->cpu_count * sizeof *taken);
	struct dump_cpu own;
	struct error ignored;
	uint64_t offset;

	if (!taken)
		return;
	memset(taken, 0, facts->cpu_count * sizeof *taken);
	for (size_t t = 0; t < tasks->count; t++) {
		struct cpu_task *task = &tasks->items[t];
		if (dump_read_number(dump, offsets + (uint64_t)task->cpu * 8, 8, &offset, &ignored) != MEMORY_OK ||
		    !read_note(dump, buffers + offset, &own))
			continue;
		for (size_t i = 0; i < facts->cpu_count && task->registers == SIZE_MAX; i++)
			if (!taken[i] && same_registers(&facts->cpus[i], &own))
				task->registers = i;
		if (task->registers == SIZE_MAX)
			continue;
		taken[task->registers] = true;
		tasks->numbers_certain = true;
	}
}

/*
 * By their order: QEMU writes a note for every CPU. Where the kernel wrote them, as many as CPUs were online must be there;
 * with fewer, whose they are is not known.
 */
static void assign_by_order(const struct facts *facts, struct cpu_tasks *tasks)
{
	size_t online = 0, next = 0;

	for (size_t i = 0; i < tasks->count; i++)
		online += tasks->items[i].online;
	if (facts->numbers_guessed && facts->cpu_count != online)
		return;
	for (size_t i = 0; i < tasks->count && next < facts->cpu_count; i++)
		if (!facts->numbers_guessed || tasks->items[i].online)
			tasks->items[i].registers = next++;
}

void cpu_notes_assign(struct dump *dump, const struct facts *facts, uint64_t crash_notes, uint64_t offsets,
		      struct cpu_tasks *tasks)
{
	struct error ignored;
	uint64_t buffers;

	if (facts->cpu_count && crash_notes && dump_read_number(dump, crash_notes, 8, &buffers, &ignored) == MEMORY_OK &&
	    buffers)
		assign_by_buffer(dump, facts, buffers, offsets, tasks);
	if (!tasks->numbers_certain)
		assign_by_order(facts, tasks);
}
