/* Whose registers are whose: the notes of a dump have no CPU's number in them. Private to stacks/. */
#ifndef STACKS_CPU_NOTES_H
#define STACKS_CPU_NOTES_H

#include "stacks/tasks.h"

/*
 * Gives each task the registers that its CPU left: those that are in the CPU's own buffer (crash_notes,
 * kernel/crash_core.c), which a dump's notes were read from. Of dumps that QEMU made, no CPU's buffer is filled, and the
 * notes are in order. Sets tasks->numbers_certain. crash_notes, offsets: addresses of the pointer of that name (0: not
 * known), and of __per_cpu_offset.
 */
void cpu_notes_assign(struct dump *dump, const struct facts *facts, uint64_t crash_notes, uint64_t offsets,
		      struct cpu_tasks *tasks);

#endif
