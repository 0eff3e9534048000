/*
 * Stacks of x86_64 (arch/x86/include/asm/processor.h, page_64_types.h, cpu_entry_area.h) and of arm64
 * (arch/arm64/kernel/irq.c, traps.c). None is known where the numbers do not make sense.
 */
#include "stacks/cpu_stacks.h"

enum {
	STACK_LEAST = 4096,
	STACK_MOST = 256 * 1024,       /* 64 KiB with arm64's large pages, twice that with KASAN */
	IRQ_STACK_X86 = 16 * 1024,     /* IRQ_STACK_SIZE before 5.2, without KASAN */
	OVERFLOW_STACK_ARM64 = 4096,   /* OVERFLOW_STACK_SIZE, arch/arm64/include/asm/memory.h, since 4.14 */
	OLD_STACKS = 7,                /* struct orig_ist: unsigned long ist[7] */
	OLD_STACKS_BEFORE_3_19 = 5,    /* N_EXCEPTION_STACKS: #SS had one of its own; 4 from then on */
	EXCEPTION_STACK_LEAST = 4096,  /* EXCEPTION_STKSZ */
	EXCEPTION_STACK_MOST = 0x8000, /* DEBUG_STKSZ with KASAN */
};

static uint64_t read_pointer(struct dump *dump, uint64_t address)
{
	struct error ignored;
	uint64_t value = 0;

	return dump_read_number(dump, address, 8, &value, &ignored) == MEMORY_OK ? value : 0;
}

static bool is_stack_size(uint64_t size)
{
	return size >= STACK_LEAST && size <= STACK_MOST && (size & (size - 1)) == 0;
}

/*
 * Up to 4.15 the union of a stack and what lies at its end; since 4.16 the first task's stack is made by the linker
 * (INIT_TASK_DATA, include/asm-generic/vmlinux.lds.h), and no type tells.
 */
uint64_t cpu_stacks_thread_size(const struct cpu_stack_symbols *at, struct types *types)
{
	uint64_t size = types_size(types, "thread_union");

	if (is_stack_size(size))
		return size;
	size = at->init_start && at->init_end > at->init_start ? at->init_end - at->init_start : 0;
	return is_stack_size(size) ? size : 0;
}

static void add_exception(struct cpu_task *task, uint64_t start, uint64_t size, bool nmi)
{
	enum { STACKS_MOST = sizeof task->exception_stacks / sizeof *task->exception_stacks };

	if (task->exception_stack_count < STACKS_MOST && start && size && size <= STACK_MOST && start <= UINT64_MAX - size)
		task->exception_stacks[task->exception_stack_count++] = (struct exception_stack){ start, size, nmi };
}

/* struct cea_exception_stacks, with a page that is not there between each two; since 5.2. */
static void read_exceptions(uint64_t stacks, struct types *types, struct cpu_task *task)
{
	static const struct {
		const char *member;
		bool nmi;
	} rows[] = { { "DF_stack", false },  { "NMI_stack", true }, { "DB_stack", false },
		     { "MCE_stack", false }, { "VC_stack", false }, { "VC2_stack", false } };
	struct type_member member;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (types_member(types, "cea_exception_stacks", rows[i].member, &member))
			add_exception(task, stacks + member.offset, member.size, rows[i].nmi);
}

/*
 * struct orig_ist, to 5.1: the ends of stacks that lie side by side, in the order of their numbers: (#SS,) double fault,
 * NMI, debug, machine check; 0 where there is none. What one begins at is where the one before ends.
 */
static void read_old_exceptions(struct dump *dump, uint64_t address, struct cpu_task *task)
{
	uint64_t ends[OLD_STACKS];
	size_t count = 0;

	while (count < OLD_STACKS && (ends[count] = read_pointer(dump, address + count * 8)) != 0)
		count++;
	if (count != OLD_STACKS_BEFORE_3_19 && count != OLD_STACKS_BEFORE_3_19 - 1)
		return;
	size_t nmi = count == OLD_STACKS_BEFORE_3_19 ? 2 : 1;
	for (size_t i = 1; i < count; i++) {
		uint64_t size = ends[i] - ends[i - 1];
		if (size < EXCEPTION_STACK_LEAST || size > EXCEPTION_STACK_MOST || (size & (size - 1)))
			return;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t size = ends[i ? i : 1] - ends[i ? i - 1 : 0]; /* the first is as large as the second */
		add_exception(task, ends[i] - size, size, i == nmi);
	}
}

static void read_x86(struct dump *dump, const struct cpu_stack_symbols *at, struct types *types, uint64_t offset,
		     struct cpu_task *task)
{
	uint64_t pointer = 0, exceptions, size = types_size(types, "irq_stack"); /* since 5.2 */
	struct type_member member;

	if (!is_stack_size(size))
		size = IRQ_STACK_X86;
	if (at->hot && types_member(types, "pcpu_hot", "hardirq_stack_ptr", &member)) /* 6.2 to 6.14 */
		pointer = read_pointer(dump, at->hot + offset + member.offset);
	else if (at->hardirq) /* 5.2 to 6.1, and since 6.15 */
		pointer = read_pointer(dump, at->hardirq + offset);
	else if (at->irq_pointer) /* to 5.1 */
		pointer = read_pointer(dump, at->irq_pointer + offset);
	/* It points behind the stack, or up to 64 bytes before its end. */
	uint64_t end = (pointer + 64) & ~UINT64_C(127);
	if (pointer && end > size) {
		task->irq_stack = end - size;
		task->irq_stack_size = size;
	}
	exceptions = at->exceptions ? read_pointer(dump, at->exceptions + offset) : 0;
	if (exceptions)
		read_exceptions(exceptions, types, task);
	else if (at->old_exceptions)
		read_old_exceptions(dump, at->old_exceptions + offset, task);
}

/* irq_stack_ptr points to its beginning, since 4.14; it is as large as a task's. */
static void read_arm64(struct dump *dump, const struct cpu_stack_symbols *at, uint64_t offset, uint64_t thread_size,
		       struct cpu_task *task)
{
	uint64_t pointer = at->irq_pointer ? read_pointer(dump, at->irq_pointer + offset) : 0;

	if (pointer && thread_size) {
		task->irq_stack = pointer;
		task->irq_stack_size = thread_size;
	}
	if (at->overflow)
		add_exception(task, at->overflow + offset, OVERFLOW_STACK_ARM64, false);
}

void cpu_stacks_read(struct dump *dump, const struct cpu_stack_symbols *at, struct types *types, uint64_t offset,
		     uint64_t thread_size, struct cpu_task *task)
{
	if (dump->arch == ARCH_X86_64)
		read_x86(dump, at, types, offset, task);
	else if (dump->arch == ARCH_AARCH64)
		read_arm64(dump, at, offset, thread_size, task);
}
