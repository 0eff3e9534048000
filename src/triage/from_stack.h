/* Crashes that no report of the log tells of, made of a CPU's stack. For triage/ only. */
#ifndef TRIAGE_FROM_STACK_H
#define TRIAGE_FROM_STACK_H

#include "triage/triage.h"

/* A crash of the dump's kernel on that CPU, without headline, stack and name. NULL: out of memory. */
struct crash *from_stack_start(const struct verdict *verdict, const struct postmortem_cpu *cpu, enum crash_kind kind);

/* A line as evidence, where the log has none: its index. */
size_t from_stack_record(struct crash *crash, struct text text);

/* "task rmdir (pid 113)" */
struct text from_stack_task(struct arena *arena, const struct postmortem_cpu *cpu);

/*
 * The instruction pointer, where the crash has neither one nor frames, and the trace behind what it has: the CPU's frames from `from` on. What
 * debuginfo knows to be inlined stays out: the crash is the same without it.
 */
void from_stack_take(struct crash *crash, const struct postmortem_cpu *cpu, size_t from);

/* Gives it its name. NULL: out of memory, and the crash is gone. */
struct crash *from_stack_finish(struct crash *crash);

/* How many of its frames are certain, and there in truth. */
size_t from_stack_reliable(const struct crash *crash);

/* The next frame from there on that is certain, and there in truth; SIZE_MAX: there is none. */
size_t from_stack_next(const struct crash_frame *frames, size_t count, size_t from);

/*
 * Does the crash's trace, its place first, stand in the CPU's stack from that frame on? *end is the frame behind its last,
 * SIZE_MAX: the stack ends there too.
 */
bool from_stack_stands(const struct crash *crash, const struct postmortem_cpu *cpu, size_t at, size_t *end);

/*
 * If the crash's trace stands in the CPU's stack, gives it the source lines and inlined functions that debuginfo has told of
 * that; unless it has some. Changes nothing that the verdict says: last.
 */
void from_stack_apply_lines(struct crash *crash, const struct postmortem_cpu *cpu);

#endif
