/* The CPUs of a dump in words, the same in every format for people. All texts given are safe, and live in the arena. */
#ifndef OUTPUT_DESCRIBE_CPUS_H
#define OUTPUT_DESCRIBE_CPUS_H

#include "output/describe.h"

/* "watch (pid 68), crashed, running for 25.1 s while others waited" */
struct text describe_cpu(struct arena *arena, const struct postmortem_cpu *cpu);

/*
 * The first lines of its stack, at most `most`, all kinds of frames; behind those of an interrupt or exception a line says
 * that what follows was interrupted. Of an idle CPU, or one that ran a program, there is none, unless it crashed. *left_out:
 * how many frames more there are.
 */
size_t describe_cpu_trace(struct arena *arena, const struct postmortem_cpu *cpu, struct text *lines, size_t most,
			  size_t *left_out);

/* "CPU 1": as a fact's label. */
const char *describe_cpu_name(struct arena *arena, const struct postmortem_cpu *cpu);

#endif
