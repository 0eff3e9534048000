/* What the kernels of each architecture call the registers that they print. */
#ifndef CRASH_REGISTERS_TABLE_H
#define CRASH_REGISTERS_TABLE_H

#include "base/text.h"
#include "crash/arch.h"

#include <stdbool.h>
#include <stdint.h>

struct register_row {
	const char *label;    /* as printed */
	const char *name;     /* what the crash calls it */
	enum crash_arch arch; /* CRASH_ARCH_UNKNOWN: several have it */
	bool begins;          /* one of the first of a block: seen again, it is another context's block */
	/* Of a status register: the processor was in user mode where (value & mask) == user. mask 0: it does not tell. */
	uint64_t mask, user;
};

/* The row of a label, or NULL. */
const struct register_row *register_row(struct text label);

/* Rows of numbered registers ("r0", "r1" ...), for lines that name the first one only; NULL beyond the last. */
const char *register_numbered(uint64_t number);

/* Those of x86-64 by their DWARF numbers (System V psABI, figure 3.36), the instruction pointer last. */
enum { X86_64_REGISTERS = 17 };
extern const char *const x86_64_registers[X86_64_REGISTERS];

#endif
