/* Stacks of x86_64 (arch/x86/include/asm/processor.h, cpu_entry_area.h; since 5.2) and of arm64 (arch/arm64/kernel/irq.c).
 */
#include "stacks/cpu_stacks.h"

enum { IRQ_STACK_X86 = 16 * 1024 }; /* IRQ_STACK_SIZE, arch/x86/include/asm/page_64_types.h, without KASAN */

struct cpu_stack_symbols cpu_stacks_find(struct symbols *symbols)
{
	static const char *const names[] = { "hardirq_stack_ptr", "pcpu_hot", "cea_exception_stacks", "irq_stack_ptr" };
	uint64_t at[4];

	symbols_find(symbols, names, 4, at);
	return (struct cpu_stack_symbols){ at[0], at[1], at[2], at[3] };
}

static uint64_t read_pointer(struct dump *dump, uint64_t address)
{
	struct error ignored;
	uint64_t value = 0;

	return dump_read_number(dump, address, 8, &value, &ignored) == MEMORY_OK ? value : 0;
}

static void read_exceptions(uint64_t stacks, struct types *types, struct cpu_task *task)
{
	static const struct {
		const char *member;
		bool nmi;
	} rows[] = { { "DF_stack", false },  { "NMI_stack", true }, { "DB_stack", false },
		     { "MCE_stack", false }, { "VC_stack", false }, { "VC2_stack", false } };
	struct type_member member;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct exception_stack *stack = &task->exception_stacks[task->exception_stack_count];
		if (!types_member(types, "cea_exception_stacks", rows[i].member, &member) || !member.size)
			continue;
		*stack = (struct exception_stack){ stacks + member.offset, member.size, rows[i].nmi };
		task->exception_stack_count++;
	}
}

void cpu_stacks_read(struct dump *dump, const struct cpu_stack_symbols *at, struct types *types, uint64_t offset,
		     struct cpu_task *task)
{
	uint64_t pointer = 0;
	struct type_member member;

	if (at->arm64_irq && dump->arch == ARCH_AARCH64) {
		task->irq_stack = read_pointer(dump, at->arm64_irq + offset);
		task->irq_stack_size = types_size(types, "thread_union");
		return;
	}
	if (dump->arch != ARCH_X86_64)
		return;
	if (at->hot && types_member(types, "pcpu_hot", "hardirq_stack_ptr", &member)) /* 6.2 to 6.14 */
		pointer = read_pointer(dump, at->hot + offset + member.offset);
	else if (at->hardirq)
		pointer = read_pointer(dump, at->hardirq + offset);
	/* It points to the stack's last word (VMAP_STACK), or behind it. */
	if (pointer) {
		task->irq_stack = ((pointer + 8) & ~UINT64_C(15)) - IRQ_STACK_X86;
		task->irq_stack_size = IRQ_STACK_X86;
	}
	uint64_t exceptions = at->exceptions ? read_pointer(dump, at->exceptions + offset) : 0;
	if (exceptions)
		read_exceptions(exceptions, types, task);
}
