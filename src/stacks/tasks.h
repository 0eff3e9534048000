/* What ran on each CPU, by the kernel's own memory: runqueues, current tasks, the notes of crash_notes. */
#ifndef STACKS_TASKS_H
#define STACKS_TASKS_H

#include "base/arena.h"
#include "stacks/types.h"
#include "vmcore/facts.h"

enum { CPUS_MOST = 8192 };

struct cpu_task {
	int64_t cpu;         /* its true number */
	size_t registers;    /* index into facts->cpus; SIZE_MAX: it left none: it did not answer, or was offline */
	bool online;         /* by __cpu_online_mask */
	uint64_t task;       /* address of its task_struct; 0: not known */
	int64_t pid;         /* -1: not known; 0: idle */
	struct text comm;    /* may hold any bytes; empty: not known */
	const char *state;   /* "running", "interruptible", "uninterruptible" ...; NULL: not known */
	uint64_t stack;      /* lowest address of its kernel stack, 0: not known */
	uint64_t stack_size; /* bytes */
	uint64_t irq_stack, irq_stack_size; /* of the CPU; 0: not known */
	struct exception_stack {
		uint64_t start, size;
		bool nmi;
	} exception_stacks[8];
	size_t exception_stack_count;
	/*
	 * How long the task had been on the CPU since it was last switched in, by the clock of its runqueue (rq->clock less
	 * sched_info.last_arrival): nanoseconds, -1: not known. That clock stops with the CPU's ticks.
	 */
	int64_t running_ns;
	/*
	 * How far that clock stands behind the newest of all CPUs' runqueues: nanoseconds, -1: not known, or idle, when it
	 * may stand. A CPU with interrupts off does not move it; another may, when it wakes a task there.
	 */
	int64_t behind_ns;
	bool others_wait; /* rq->nr_running says that another task was waiting for the CPU */
	bool is_idle;
};

struct cpu_tasks {
	struct arena arena;
	struct cpu_task *items; /* by CPU, in order */
	size_t count;
	bool numbers_certain; /* the notes were told apart by crash_notes, not by their order */
};

/*
 * Everything that can be had; what cannot stays as said above. types may be NULL: then CPUs are those of facts, and
 * of each only what its note says. False: out of memory. Free with cpu_tasks_free() in every case.
 */
bool cpu_tasks_read(struct dump *dump, const struct facts *facts, struct symbols *symbols, struct types *types,
		    struct cpu_tasks *tasks, struct error *error);
void cpu_tasks_free(struct cpu_tasks *tasks);

#endif
