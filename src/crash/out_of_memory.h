/* What the report of the out-of-memory killer says. */
#ifndef CRASH_OUT_OF_MEMORY_H
#define CRASH_OUT_OF_MEMORY_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

/* What ran out: enum oom_constraint of include/linux/oom.h. */
enum oom_constraint { OOM_NOT_SAID, OOM_GLOBAL, OOM_CGROUP, OOM_CPUSET, OOM_MEMORY_POLICY };

struct out_of_memory {
	enum oom_constraint constraint;
	struct text cgroup; /* whose limit was reached; empty: not said */
	int64_t killed_pid; /* -1: the log names nobody */
	struct text killed_comm;
	uint64_t memory, reserved, slab_unreclaimable; /* pages; 0: not said */
	bool slab_listed; /* the kernel lists its slabs when they hold more than programs and files do (v4.15) */
};

/* NULL for OOM_NOT_SAID; "global", "cgroup", "cpuset", "memory-policy" */
const char *oom_constraint_name(enum oom_constraint constraint);

/* Is most of memory the kernel's own, which killing programs does not free? */
bool out_of_memory_is_kernels(const struct out_of_memory *oom);

#endif
