/* The stacks of a CPU that are no task's: for interrupts and for exceptions. Private to stacks/. */
#ifndef STACKS_CPU_STACKS_H
#define STACKS_CPU_STACKS_H

#include "stacks/tasks.h"

/* The symbols by which they are found: addresses, 0 where there is none. */
struct cpu_stack_symbols {
	uint64_t hardirq, hot, exceptions, arm64_irq;
};

struct cpu_stack_symbols cpu_stacks_find(struct symbols *symbols);

/* Fills in what is known of them; offset: the CPU's __per_cpu_offset. */
void cpu_stacks_read(struct dump *dump, const struct cpu_stack_symbols *at, struct types *types, uint64_t offset,
		     struct cpu_task *task);

#endif
