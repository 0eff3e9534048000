/* The CPUs of a dump in words, the same in every format for people. All texts given are safe, and live in the arena. */
#ifndef OUTPUT_DESCRIBE_CPUS_H
#define OUTPUT_DESCRIBE_CPUS_H

#include "output/describe.h"

/* "watch (pid 68), crashed, running for 25.1 s while others waited" */
struct text describe_cpu(struct arena *arena, const struct postmortem_cpu *cpu);

/* "CPU 1": as a fact's label. */
const char *describe_cpu_name(struct arena *arena, const struct postmortem_cpu *cpu);

#endif
