/*
 * A machine's memory made by hand, for unwinding: pieces of memory at virtual addresses, functions by name, and ORC tables.
 * symbols_...(), module_list_at(), types_...() and debuginfo_...() are those of this file.
 */
#ifndef MADE_UP_STACK_H
#define MADE_UP_STACK_H

#include "stacks/orc.h"
#include "stacks/unwind.h"

/* Where things lie: text, ORC's arrays, a task's stack, the CPU's interrupt and NMI stacks. */
#define TEXT_AT      UINT64_C(0xffffffff81000000)
#define ORC_IPS_AT   UINT64_C(0xffffffff82000010)
#define ORC_AT       UINT64_C(0xffffffff82100006)
#define TASK_STACK   UINT64_C(0xffffc90000004000)
#define IRQ_STACK    UINT64_C(0xffffc90000010000)
#define NMI_STACK    UINT64_C(0xfffffe0000009000)
#define GENERATED_AT UINT64_C(0xffffffffc0200000) /* code that is in no symbol table */
#define TASK_STRUCT  UINT64_C(0xffff888000001000)
#define STACK_TOP    (TASK_STACK + STACK_SIZE)
enum { TEXT_SIZE = 0x10000, STACK_SIZE = 0x4000, NMI_STACK_SIZE = 0x2000, FUNCTION_SIZE = 0x100, GENERATED_SIZE = 0x1000 };

extern struct dump made_up_dump;
extern struct facts made_up_facts;
extern struct cpu_task made_up_task; /* on those stacks, registers of made_up_cpu */
extern struct dump_cpu made_up_cpu;

/* Forgets all. */
void made_up_begin(enum arch arch);

/* Memory. Writing where there is none fails the test. */
void made_up_write(uint64_t address, size_t size, uint64_t value);
void made_up_word(uint64_t address, uint64_t value);

/* The next function of FUNCTION_SIZE bytes, and where it begins. */
uint64_t made_up_function(const char *name);

/* An address of return in `caller`, at `offset`, before which it calls `callee` (0: through a register). */
uint64_t made_up_call(uint64_t caller, unsigned int offset, uint64_t callee);

/* ORC from the address on; in ascending order. */
void made_up_orc(uint64_t address, enum orc_register sp, int sp_offset, enum orc_register bp, int bp_offset,
		 enum orc_type type);
/* Enough entries of plain calls behind all text, for the version to be told by; then the tables are whole. */
enum made_up_layout { MADE_UP_4_14, MADE_UP_6_3, MADE_UP_6_4, MADE_UP_7_3, MADE_UP_MIXED };
void made_up_orc_end(enum made_up_layout layout);

/* A register of the CPU. */
void made_up_register(const char *name, uint64_t value);

/* struct pt_regs of x86-64 at the address: r15 and so on are 15, 14 ... */
void made_up_pt_regs(uint64_t address, uint64_t ip, uint64_t cs, uint64_t sp, uint64_t bp);

/* The stack of made_up_task; fails the test where unwinding does. */
void made_up_unwind(struct stack *stack);

/* Its functions, innermost first, each with a space behind it; '?' before an unreliable one, '*' before one interrupted. */
const char *made_up_names(const struct stack *stack);

/* A register in a frame, by its DWARF number; fails the test where it is not known. And whether it is. */
uint64_t made_up_known(const struct stack *stack, size_t frame, unsigned int number);
bool made_up_is_known(const struct stack *stack, size_t frame, unsigned int number);

#endif
