/* NT_PRSTATUS: what a CPU's registers were when the machine died (struct elf_prstatus, include/linux/elfcore.h). */
#ifndef VMCORE_CPU_REGISTERS_H
#define VMCORE_CPU_REGISTERS_H

#include "vmcore/facts.h"

/*
 * Fills cpu->pid with pr_pid as it is in the note, and the registers. False: the note is too short for this architecture, or
 * the architecture has no table; *cpu has no registers then, and pid -1 where the note is too short even for that.
 */
bool cpu_registers_read(enum arch arch, bool big_endian, struct text prstatus, struct dump_cpu *cpu);

#endif
