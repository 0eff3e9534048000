/* The stacks of a CPU that are no task's: for interrupts and for exceptions; and how large stacks are. Private to stacks/.
 */
#ifndef STACKS_CPU_STACKS_H
#define STACKS_CPU_STACKS_H

#include "stacks/tasks.h"

/* The symbols by which they are found: addresses, 0 where there is none. */
struct cpu_stack_symbols {
	uint64_t hardirq, hot, exceptions, irq_pointer, old_exceptions, overflow, init_start, init_end;
};

/* THREAD_SIZE: bytes of every task's stack, 0 where it is not known. */
uint64_t cpu_stacks_thread_size(const struct cpu_stack_symbols *at, struct types *types);

/* Fills in what is known of them; offset: the CPU's __per_cpu_offset; thread_size: see above. */
void cpu_stacks_read(struct dump *dump, const struct cpu_stack_symbols *at, struct types *types, uint64_t offset,
		     uint64_t thread_size, struct cpu_task *task);

#endif
