/* What ran on each CPU, out of a memory made by hand: symbols by a table here, types by made-up BTF in that memory. */
#include "made_up_btf.h"
#include "stacks/tasks.h"
#include "vmcore/cpu_registers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Memory from BASE on. Each CPU's area is AREA bytes, from AREAS on; the tasks lie behind those. */
#define BASE UINT64_C(0xffff888000000000)
enum {
	MEMORY = 0x40000,
	BTF_AT = 0x1000,
	ONLINE_AT = 0x8000,
	CPU_IDS_AT = 0x8100,
	OFFSETS_AT = 0x8200,
	NOTES_POINTER_AT = 0x8300,
	AREAS = 0x10000,
	AREA = 0x2000,
	TASKS = 0x30000,
	TASK = 0x400,
	CPUS = 4,
};
/* In a CPU's area: symbols have these addresses. */
enum { QUEUE = 0x100, CURRENT = 0x200, HOT = 0x300, HARDIRQ = 0x400, EXCEPTIONS = 0x408, IST = 0x420, NOTE = 0x600 };

static unsigned char memory[MEMORY];
static struct dump dump;
static struct facts facts;
static struct dump_cpu noted[CPUS];
static struct cpu_tasks tasks;
static struct types *types;
static struct {
	const char *name;
	uint64_t address;
} known[32];
static size_t known_count;

size_t symbols_find(struct symbols *symbols, const char *const *names, size_t count, uint64_t *addresses)
{
	size_t found = 0;

	(void)symbols;
	for (size_t i = 0; i < count; i++) {
		addresses[i] = 0;
		for (size_t k = 0; k < known_count; k++)
			if (!strcmp(known[k].name, names[i]))
				addresses[i] = known[k].address;
		found += addresses[i] != 0;
	}
	return found;
}

static struct symbols *const symbols = (struct symbols *)memory; /* only ever handed on */

static void symbol(const char *name, uint64_t address)
{
	for (size_t k = 0; k < known_count; k++)
		if (!strcmp(known[k].name, name)) {
			known[k].address = address;
			return;
		}
	assert_in_range(known_count, 0, sizeof known / sizeof *known - 1);
	known[known_count].name = name;
	known[known_count++].address = address;
}

static enum memory_status read_virtual(struct dump *from, uint64_t address, void *buffer, size_t length, struct error *error)
{
	(void)from;
	if (address < BASE || address - BASE > MEMORY || length > MEMORY - (address - BASE)) {
		error_set(error, "no such memory");
		return MEMORY_UNMAPPED;
	}
	memcpy(buffer, memory + (address - BASE), length);
	return MEMORY_OK;
}

static const struct dump_reader reader = { .read_virtual = read_virtual };

static void put(size_t at, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++)
		memory[at + i] = (unsigned char)(value >> 8 * i);
}

static size_t area(size_t cpu)
{
	return AREAS + cpu * AREA;
}

static size_t task_at(size_t cpu)
{
	return TASKS + cpu * TASK;
}

/* struct task_struct, rq, pcpu_hot, cea_exception_stacks, irq_stack. Where: as the functions below write them. */
static void make_types(const char *state)
{
	struct blob blob = { .strings = 1 };
	uint32_t word = blob_int(&blob, "long", 8), number = blob_int(&blob, "int", 4), byte = blob_int(&blob, "char", 1);
	uint32_t comm = blob_array(&blob, byte, number, 16), stack = blob_array(&blob, byte, number, 0x2000);
	uint32_t info = blob_type(&blob, "sched_info", STRUCT, 1, 16);

	blob_member(&blob, "last_arrival", word, 64);
	blob_type(&blob, "task_struct", STRUCT, 5, TASK);
	blob_member(&blob, state, number, 8 * 0x18);
	blob_member(&blob, "stack", word, 8 * 0x20);
	blob_member(&blob, "sched_info", info, 8 * 0x40);
	blob_member(&blob, "pid", number, 8 * 0x80);
	blob_member(&blob, "comm", comm, 8 * 0x90);
	blob_type(&blob, "rq", STRUCT, 4, 0x100);
	blob_member(&blob, "nr_running", number, 8 * 0x4);
	blob_member(&blob, "curr", word, 8 * 0x10);
	blob_member(&blob, "idle", word, 8 * 0x18);
	blob_member(&blob, "clock", word, 8 * 0x20);
	blob_type(&blob, "pcpu_hot", STRUCT, 2, 64);
	blob_member(&blob, "current_task", word, 0);
	blob_member(&blob, "hardirq_stack_ptr", word, 8 * 0x10);
	blob_type(&blob, "cea_exception_stacks", STRUCT, 2, 0x8000);
	blob_member(&blob, "DF_stack", stack, 8 * 0x1000);
	blob_member(&blob, "NMI_stack", stack, 8 * 0x4000);
	blob_type(&blob, "irq_stack", STRUCT, 0, 0x8000);
	size_t length = blob_finish(&blob);
	memcpy(memory + BTF_AT, blob.bytes, length);
	symbol("__start_BTF", BASE + BTF_AT);
	symbol("__stop_BTF", BASE + BTF_AT + length);
}

static void make_task(size_t cpu, int pid, const char *comm, uint32_t state)
{
	size_t at = task_at(cpu);

	put(at + 0x18, 4, state);
	put(at + 0x20, 8, BASE + 0x100000 * (cpu + 1));
	put(at + 0x48, 8, 1000);
	put(at + 0x80, 4, (uint32_t)pid);
	memset(memory + at + 0x90, 0, 16);
	memcpy(memory + at + 0x90, comm, strlen(comm));
}

static void make_cpu(size_t cpu)
{
	char comm[16];

	snprintf(comm, sizeof comm, "worker/%zu", cpu);
	make_task(cpu, 100 + (int)cpu, comm, 0);
	put(OFFSETS_AT + cpu * 8, 8, BASE + area(cpu));
	put(area(cpu) + QUEUE + 0x4, 4, 1);
	put(area(cpu) + QUEUE + 0x10, 8, BASE + task_at(cpu));
	put(area(cpu) + QUEUE + 0x18, 8, BASE + 0x7000);
	put(area(cpu) + QUEUE + 0x20, 8, 5000 + cpu);
	put(area(cpu) + CURRENT, 8, BASE + task_at(cpu));
	put(area(cpu) + HARDIRQ, 8, BASE + 0x900000 + cpu * 0x10000 - 8);
	put(area(cpu) + EXCEPTIONS, 8, BASE + 0xa00000 + cpu * 0x10000);
}

/* struct elf_note, "CORE", struct elf_prstatus of x86_64: registers from byte 112 on, 27 of them. */
static void make_note(size_t cpu, uint64_t seed)
{
	size_t at = area(cpu) + NOTE;

	put(at, 4, 5);
	put(at + 4, 4, 336);
	put(at + 8, 4, 1);
	memcpy(memory + at + 12, "CORE", 5);
	for (size_t i = 0; i < 27; i++)
		put(at + 20 + 112 + i * 8, 8, seed + i);
}

/* What the dump's notes have: those of these CPUs, in this order. */
static void note_cpus(const uint64_t *seeds, size_t count)
{
	unsigned char status[336] = { 0 };

	for (size_t i = 0; i < count; i++) {
		for (size_t r = 0; r < 27; r++)
			for (size_t b = 0; b < 8; b++)
				status[112 + r * 8 + b] = (unsigned char)((seeds[i] + r) >> 8 * b);
		assert_true(
			cpu_registers_read(ARCH_X86_64, false, (struct text){ (char *)status, sizeof status }, &noted[i]));
		noted[i].number = (int)i;
		noted[i].pid = 40 + (int64_t)i;
	}
	facts = (struct facts){ .cpus = noted, .cpu_count = count, .numbers_guessed = true };
}

static int set_up(void **state)
{
	(void)state;
	memset(memory, 0, sizeof memory);
	known_count = 0;
	dump = (struct dump){ .reader = &reader, .arch = ARCH_X86_64, .word = 8 };
	facts = (struct facts){ 0 };
	make_types("__state");
	for (size_t cpu = 0; cpu < CPUS; cpu++)
		make_cpu(cpu);
	put(ONLINE_AT, 8, 0x3);
	put(CPU_IDS_AT, 4, 2);
	put(NOTES_POINTER_AT, 8, NOTE);
	symbol("__cpu_online_mask", BASE + ONLINE_AT);
	symbol("nr_cpu_ids", BASE + CPU_IDS_AT);
	symbol("__per_cpu_offset", BASE + OFFSETS_AT);
	symbol("runqueues", QUEUE);
	symbol("current_task", CURRENT);
	symbol("crash_notes", BASE + NOTES_POINTER_AT);
	symbol("hardirq_stack_ptr", HARDIRQ);
	symbol("cea_exception_stacks", EXCEPTIONS);
	symbol("__start_init_task", BASE + 0x4000);
	symbol("__end_init_task", BASE + 0x8000);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	cpu_tasks_free(&tasks);
	types_close(types);
	types = NULL;
	return 0;
}

static void read_tasks(void)
{
	struct error error = { 0 };

	tear_down(NULL);
	types = types_open(&dump, symbols, NULL, &error);
	assert_non_null(types);
	assert_true(cpu_tasks_read(&dump, &facts, symbols, types, &tasks, &error));
}

static void a_task_is_told_as_its_structure_has_it(void **state)
{
	(void)state;
	put(area(1) + QUEUE + 0x4, 4, 3);
	make_task(1, 4711, "a name with 16 b", 0x402);
	read_tasks();
	assert_int_equal(tasks.count, 2);
	const struct cpu_task *one = &tasks.items[0], *other = &tasks.items[1];
	assert_int_equal(one->cpu, 0);
	assert_int_equal(one->task, BASE + task_at(0));
	assert_int_equal(one->pid, 100);
	assert_true(text_is(one->comm, "worker/0"));
	assert_string_equal(one->state, "running");
	assert_int_equal(one->running_ns, 4000);
	assert_int_equal(one->stack, BASE + 0x100000);
	assert_int_equal(one->stack_size, 0x4000);
	assert_true(one->online);
	assert_false(one->others_wait);
	assert_false(one->is_idle);
	assert_int_equal(other->pid, 4711);
	assert_true(text_is(other->comm, "a name with 16 b"));
	assert_string_equal(other->state, "uninterruptible");
	assert_int_equal(other->running_ns, 4001);
	assert_true(other->others_wait);
}

static void a_clock_that_stands_still_is_told_by_the_newest(void **state)
{
	(void)state;
	put(area(0) + QUEUE + 0x20, 8, 1000000);
	put(area(1) + QUEUE + 0x20, 8, 9000000);
	read_tasks();
	assert_int_equal(tasks.items[0].behind_ns, 8000000);
	assert_int_equal(tasks.items[1].behind_ns, 0);
	put(area(0) + QUEUE + 0x18, 8, BASE + task_at(0)); /* idle: it may stand */
	put(area(1) + QUEUE + 0x20, 8, 0);                 /* not known */
	read_tasks();
	assert_int_equal(tasks.items[0].behind_ns, -1);
	assert_int_equal(tasks.items[1].behind_ns, -1);
}

static void an_idle_task_has_not_been_running(void **state)
{
	(void)state;
	put(area(1) + QUEUE + 0x18, 8, BASE + task_at(1));
	make_task(0, 0, "swapper/0", 0);
	put(area(0) + QUEUE + 0x18, 8, 0); /* who is idle there is not known: pid 0 is */
	read_tasks();
	assert_true(tasks.items[0].is_idle);
	assert_true(tasks.items[1].is_idle);
	assert_int_equal(tasks.items[1].running_ns, -1);
}

static void a_clock_before_the_arrival_tells_nothing(void **state)
{
	(void)state;
	put(area(0) + QUEUE + 0x20, 8, 999);
	put(task_at(1) + 0x48, 8, 0);
	read_tasks();
	assert_int_equal(tasks.items[0].running_ns, -1);
	assert_int_equal(tasks.items[1].running_ns, -1);
}

static void notes_are_told_apart_by_the_buffers(void **state)
{
	(void)state;
	note_cpus((const uint64_t[]){ 2000, 1000 }, 2);
	make_note(0, 1000);
	make_note(1, 2000);
	read_tasks();
	assert_true(tasks.numbers_certain);
	assert_int_equal(tasks.items[0].registers, 1);
	assert_int_equal(tasks.items[1].registers, 0);
}

static void a_cpu_that_did_not_answer_has_no_registers_and_takes_nobodys(void **state)
{
	(void)state;
	put(CPU_IDS_AT, 4, 4);
	put(ONLINE_AT, 8, 0x7); /* 3 is offline, and left nothing */
	note_cpus((const uint64_t[]){ 1000, 3000 }, 2);
	make_note(0, 1000);
	make_note(2, 3000);
	read_tasks();
	assert_true(tasks.numbers_certain);
	assert_int_equal(tasks.count, 3);
	assert_int_equal(tasks.items[0].registers, 0);
	assert_int_equal(tasks.items[1].registers, SIZE_MAX);
	assert_int_equal(tasks.items[2].registers, 1);
	assert_int_equal(tasks.items[2].cpu, 2);
}

static void a_cpu_that_was_taken_offline_counts_with_its_registers(void **state)
{
	(void)state;
	put(ONLINE_AT, 8, 0x1);
	note_cpus((const uint64_t[]){ 1000, 2000 }, 2);
	make_note(0, 1000);
	make_note(1, 2000);
	read_tasks();
	assert_int_equal(tasks.count, 2);
	assert_false(tasks.items[1].online);
	assert_int_equal(tasks.items[1].registers, 1);
}

static void notes_that_are_all_alike_are_given_out_once_each(void **state)
{
	(void)state;
	note_cpus((const uint64_t[]){ 1000, 1000 }, 2);
	make_note(0, 1000);
	make_note(1, 1000);
	read_tasks();
	assert_int_equal(tasks.items[0].registers, 0);
	assert_int_equal(tasks.items[1].registers, 1);
}

static void notes_of_qemu_go_by_their_order(void **state)
{
	(void)state;
	put(ONLINE_AT, 8, 0x2);
	note_cpus((const uint64_t[]){ 1000, 2000 }, 2);
	facts.numbers_guessed = false;
	read_tasks();
	assert_false(tasks.numbers_certain);
	assert_int_equal(tasks.count, 2);
	assert_int_equal(tasks.items[0].registers, 0);
	assert_int_equal(tasks.items[1].registers, 1);
}

static void fewer_notes_than_cpus_without_a_buffer_are_nobodys(void **state)
{
	(void)state;
	note_cpus((const uint64_t[]){ 1000 }, 1);
	read_tasks();
	assert_false(tasks.numbers_certain);
	assert_int_equal(tasks.items[0].registers, SIZE_MAX);
	assert_int_equal(tasks.items[1].registers, SIZE_MAX);
}

static void the_current_task_is_where_each_kernel_has_it(void **state)
{
	(void)state;
	/* 6.2 to 6.14; what current_task has is then not asked. */
	symbol("pcpu_hot", HOT);
	put(area(0) + HOT, 8, BASE + task_at(2));
	put(area(0) + HOT + 0x10, 8, BASE + 0x500000);
	read_tasks();
	assert_int_equal(tasks.items[0].pid, 102);
	assert_int_equal(tasks.items[0].irq_stack, BASE + 0x500000 - 0x8000);
	/* Neither: arm64. */
	symbol("pcpu_hot", 0);
	symbol("current_task", 0);
	put(area(0) + QUEUE + 0x10, 8, BASE + task_at(3));
	read_tasks();
	assert_int_equal(tasks.items[0].pid, 103);
}

static void stacks_of_interrupts_and_exceptions_are_where_pointers_say(void **state)
{
	(void)state;
	read_tasks();
	const struct cpu_task *task = &tasks.items[1];
	assert_int_equal(task->irq_stack, BASE + 0x910000 - 0x8000);
	assert_int_equal(task->irq_stack_size, 0x8000);
	assert_int_equal(task->exception_stack_count, 2);
	assert_int_equal(task->exception_stacks[0].start, BASE + 0xa11000);
	assert_int_equal(task->exception_stacks[0].size, 0x2000);
	assert_false(task->exception_stacks[0].nmi);
	assert_int_equal(task->exception_stacks[1].start, BASE + 0xa14000);
	assert_true(task->exception_stacks[1].nmi);
}

/* struct orig_ist: the ends of stacks that lie side by side. */
static void put_ends(const uint64_t *sizes, size_t count)
{
	uint64_t end = BASE + 0xb00000;

	memset(memory + area(0) + IST, 0, 7 * 8);
	for (size_t i = 0; i < count; i++)
		put(area(0) + IST + i * 8, 8, end += sizes[i]);
	read_tasks();
}

static void old_exception_stacks_lie_side_by_side(void **state)
{
	const struct cpu_task *task;

	(void)state;
	symbol("cea_exception_stacks", 0);
	symbol("orig_ist", IST);
	put_ends((const uint64_t[]){ 0x1000, 0x1000, 0x2000, 0x1000 }, 4);
	task = &tasks.items[0];
	assert_int_equal(task->exception_stack_count, 4);
	assert_int_equal(task->exception_stacks[0].start, BASE + 0xb00000);
	assert_true(task->exception_stacks[1].nmi);
	assert_false(task->exception_stacks[2].nmi);
	assert_int_equal(task->exception_stacks[2].start, BASE + 0xb02000);
	assert_int_equal(task->exception_stacks[2].size, 0x2000);
	/* To 3.18 the first was #SS's. */
	put_ends((const uint64_t[]){ 0x1000, 0x1000, 0x1000, 0x2000, 0x1000 }, 5);
	task = &tasks.items[0];
	assert_int_equal(task->exception_stack_count, 5);
	assert_false(task->exception_stacks[1].nmi);
	assert_true(task->exception_stacks[2].nmi);
	/* What makes no sense is none. */
	put_ends((const uint64_t[]){ 0x1000, 0x1234, 0x2000, 0x1000 }, 4);
	assert_int_equal(tasks.items[0].exception_stack_count, 0);
	put_ends((const uint64_t[]){ 0x1000, 0x1000 }, 2);
	assert_int_equal(tasks.items[0].exception_stack_count, 0);
	put_ends((const uint64_t[]){ 0x1000, 0x1000, UINT64_MAX - 0xfff, 0x1000 }, 4);
	assert_int_equal(tasks.items[0].exception_stack_count, 0);
}

static void old_interrupt_stacks_end_shortly_behind_their_pointer(void **state)
{
	(void)state;
	symbol("hardirq_stack_ptr", 0);
	symbol("irq_stack_ptr", HARDIRQ);
	put(area(0) + HARDIRQ, 8, BASE + 0x500000 - 64);
	put(area(1) + HARDIRQ, 8, 8);
	read_tasks();
	assert_int_equal(tasks.items[0].irq_stack, BASE + 0x500000 - 0x8000);
	assert_int_equal(tasks.items[1].irq_stack, 0);
}

static void stacks_of_arm64(void **state)
{
	(void)state;
	dump.arch = ARCH_AARCH64;
	symbol("irq_stack_ptr", HARDIRQ);
	symbol("overflow_stack", IST);
	put(area(0) + HARDIRQ, 8, BASE + 0x500000);
	read_tasks();
	const struct cpu_task *task = &tasks.items[0];
	assert_int_equal(task->irq_stack, BASE + 0x500000);
	assert_int_equal(task->irq_stack_size, 0x4000);
	assert_int_equal(task->exception_stack_count, 1);
	assert_int_equal(task->exception_stacks[0].start, BASE + area(0) + IST);
}

static void the_size_of_stacks_is_a_size_of_stacks_or_not_known(void **state)
{
	static const struct {
		const char *start, *end;
		uint64_t bytes, size;
	} rows[] = { { "__start_init_task", "__end_init_task", 0x8000, 0x8000 },
		     { "__start_init_task", "__end_init_task", 0x5000, 0 },
		     { "__start_init_task", "__end_init_task", UINT64_C(1) << 32, 0 },
		     { "__start_init_task", "__end_init_task", 0, 0 },
		     { "__start_init_stack", "__end_init_stack", 0x2000, 0x2000 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		symbol(rows[i].start, BASE);
		symbol(rows[i].end, BASE + rows[i].bytes);
		read_tasks();
		assert_int_equal(tasks.items[0].stack_size, rows[i].size);
	}
}

static void kernels_before_4_5_and_5_14(void **state)
{
	(void)state;
	make_types("state");
	symbol("__cpu_online_mask", 0);
	symbol("cpu_online_bits", BASE + ONLINE_AT);
	make_task(0, 1, "init", 0x82);
	make_task(1, 2, "kthreadd", 0x80);
	read_tasks();
	assert_int_equal(tasks.count, 2);
	assert_string_equal(tasks.items[0].state, "uninterruptible");
	assert_null(tasks.items[1].state); /* dead since 4.14, killable before: the dump does not say */
}

static void without_types_the_notes_are_all(void **state)
{
	struct error error = { 0 };

	(void)state;
	note_cpus((const uint64_t[]){ 1000, 2000, 3000 }, 3);
	noted[2].pid = 0;
	assert_true(cpu_tasks_read(&dump, &facts, symbols, NULL, &tasks, &error));
	assert_int_equal(tasks.count, 3);
	assert_int_equal(tasks.items[1].registers, 1);
	assert_int_equal(tasks.items[1].pid, 41);
	assert_true(tasks.items[2].is_idle);
	assert_int_equal(tasks.items[1].task, 0);
}

static void counts_of_cpus_that_cannot_be_leave_the_notes(void **state)
{
	static const uint32_t counts[] = { 0, CPUS_MOST + 1, UINT32_MAX };

	(void)state;
	note_cpus((const uint64_t[]){ 1000 }, 1);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		put(CPU_IDS_AT, 4, counts[i]);
		read_tasks();
		assert_int_equal(tasks.count, 1);
		assert_int_equal(tasks.items[0].task, 0);
	}
	/* As many as may be: most have no offset that can be read, or one that leads nowhere. */
	put(CPU_IDS_AT, 4, CPUS_MOST);
	memset(memory + ONLINE_AT, 0xff, 0x20);
	read_tasks();
	assert_in_range(tasks.count, 2, CPUS_MOST);
	assert_int_equal(tasks.items[1].pid, 101);
}

/* Every eighth byte of what is read of a CPU, pointers among it, is set to what may do harm. */
static void memory_that_lies_does_no_harm(void **state)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xff };
	const size_t places[][2] = { { area(0), area(0) + 0x800 },
				     { task_at(0), task_at(0) + 0x100 },
				     { OFFSETS_AT, OFFSETS_AT + 16 } };
	size_t alike = 0, other = 0;

	(void)state;
	note_cpus((const uint64_t[]){ 1000, 2000 }, 2);
	make_note(0, 1000);
	make_note(1, 2000);
	for (size_t p = 0; p < sizeof places / sizeof *places; p++)
		for (size_t at = places[p][0]; at < places[p][1]; at++)
			for (size_t v = 0; v < sizeof values; v++) {
				unsigned char was = memory[at];
				memory[at] = values[v];
				read_tasks();
				memory[at] = was;
				assert_in_range(tasks.count, 1, 2);
				for (size_t i = 0; i < tasks.count; i++) {
					assert_true(tasks.items[i].registers < 2 || tasks.items[i].registers == SIZE_MAX);
					assert_true(tasks.items[i].running_ns >= -1);
					assert_in_range(tasks.items[i].exception_stack_count, 0, 8);
				}
				bool same = tasks.count == 2 && tasks.items[0].pid == 100 && tasks.items[0].registers == 0;
				*(same ? &alike : &other) += 1;
			}
	assert_true(alike > 0 && other > 0);
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		ROW(a_task_is_told_as_its_structure_has_it),
		ROW(an_idle_task_has_not_been_running),
		ROW(a_clock_before_the_arrival_tells_nothing),
		ROW(a_clock_that_stands_still_is_told_by_the_newest),
		ROW(notes_are_told_apart_by_the_buffers),
		ROW(a_cpu_that_did_not_answer_has_no_registers_and_takes_nobodys),
		ROW(a_cpu_that_was_taken_offline_counts_with_its_registers),
		ROW(notes_that_are_all_alike_are_given_out_once_each),
		ROW(notes_of_qemu_go_by_their_order),
		ROW(fewer_notes_than_cpus_without_a_buffer_are_nobodys),
		ROW(the_current_task_is_where_each_kernel_has_it),
		ROW(stacks_of_interrupts_and_exceptions_are_where_pointers_say),
		ROW(old_exception_stacks_lie_side_by_side),
		ROW(old_interrupt_stacks_end_shortly_behind_their_pointer),
		ROW(stacks_of_arm64),
		ROW(the_size_of_stacks_is_a_size_of_stacks_or_not_known),
		ROW(kernels_before_4_5_and_5_14),
		ROW(without_types_the_notes_are_all),
		ROW(counts_of_cpus_that_cannot_be_leave_the_notes),
		ROW(memory_that_lies_does_no_harm),
	};
#undef ROW

	return cmocka_run_group_tests(tests, NULL, NULL);
}
