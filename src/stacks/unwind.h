/*
 * The call stack of a CPU or of a sleeping task, out of the dump's memory. Each frame's caller is found by the first of
 * these that knows the address: the unwind tables of debuginfo (DWARF CFI), the tables that the kernel carries for itself
 * (ORC, x86 since 4.14), the chain of frame pointers, the call that led into just that function; and where none does, by a
 * scan of the stack for return addresses, whose finds are marked unreliable, with all that follows. Through exception and
 * interrupt entries it goes on from the registers that the entry code saved.
 */
#ifndef STACKS_UNWIND_H
#define STACKS_UNWIND_H

#include "base/arena.h"
#include "crash/crash.h"
#include "debuginfo/debuginfo.h"
#include "stacks/modules.h"
#include "stacks/symbols.h"
#include "stacks/tasks.h"
#include "stacks/types.h"

/* Registers by their DWARF numbers: x86-64 has 0-16 (rax rdx rcx rbx rsi rdi rbp rsp r8-r15 rip), arm64 0-31 and pc as 32.
 */
enum { STACK_REGISTERS = 33, STACK_FRAMES_MOST = 128 };

struct stack_registers {
	uint64_t values[STACK_REGISTERS];
	uint64_t known; /* bit n: values[n] is what it was */
};

struct stack_frame {
	uint64_t pc;
	bool is_call;  /* pc is a return address: the call lies before it. False: this instruction was about to run */
	bool reliable; /* false: it lay on the stack, no more is known */
	bool entry;    /* the frame behind this one was interrupted: this is the last before saved registers are taken up */
	enum crash_context context;       /* which stack it is on */
	struct stack_registers registers; /* in this frame, as far as the unwind tables tell; none where not reliable */
	struct symbol symbol;             /* texts in the stack's arena; name empty: not known */
};

struct stack {
	struct arena arena;
	struct stack_frame *frames; /* innermost first */
	size_t count;
	bool in_user; /* the CPU was in a program, not in the kernel: no frames, or those of what interrupted it */
	/*
	 * What it was unwound by: "CFI", "ORC", "frame pointers"; "calls": a word on the stack that a call of just that
	 * function has left; "scan"; several with ", ".
	 */
	struct text how;
	struct text ends_early; /* a sentence part: why it could not be followed to its end; empty: it was */
};

/* What unwinding needs. All but dump and facts may be NULL. */
struct stack_sources {
	struct dump *dump;
	const struct facts *facts;
	struct symbols *symbols;
	struct types *types;
	struct module_list *modules;
	struct debuginfo *debuginfo;
};

struct unwinder;

/* NULL: out of memory, or an architecture that is not known how to unwind: *error. The sources must outlive it. */
struct unwinder *unwinder_open(const struct stack_sources *sources, struct error *error);
void unwinder_close(struct unwinder *unwinder); /* NULL is allowed */

/* The stack of a CPU from the registers it left. False: *error (no registers, out of memory). Free with stack_free(). */
bool unwind_cpu(struct unwinder *unwinder, const struct cpu_task *task, struct stack *stack, struct error *error);

/* The same from registers that come from elsewhere: those that a log shows, say. */
bool unwind_from(struct unwinder *unwinder, const struct stack_registers *registers, const struct cpu_task *task,
		 struct stack *stack, struct error *error);

/* The stack of a task that does not run: from what __switch_to saved (thread.sp). task: address of its task_struct. */
bool unwind_sleeping(struct unwinder *unwinder, uint64_t task, struct stack *stack, struct error *error);
void stack_free(struct stack *stack);

#endif
