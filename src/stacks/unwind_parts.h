/* What the files of unwinding share: the walk up one stack, and the ways to take a step. */
#ifndef STACKS_UNWIND_PARTS_H
#define STACKS_UNWIND_PARTS_H

#include "stacks/orc.h"
#include "stacks/unwind.h"
#include "stacks/unwind_cfi.h"

/* DWARF numbers, as in struct stack_registers. */
enum {
	X86_RAX = 0,
	X86_RDX = 1,
	X86_RBX = 3,
	X86_RDI = 5,
	X86_RBP = 6,
	X86_RSP = 7,
	X86_R10 = 10,
	X86_R12 = 12,
	X86_R13 = 13,
	X86_R15 = 15,
	X86_RIP = 16
};
enum { ARM64_X19 = 19, ARM64_FP = 29, ARM64_LR = 30, ARM64_SP = 31, ARM64_PC = 32 };

/* What a step up the stack came to. */
enum step {
	STEP_UNKNOWN, /* this way of unwinding has nothing to say here */
	STEP_CALLER,  /* the registers are those of the caller; their pc is a return address */
	STEP_SAVED,   /* those that an entry from an exception or interrupt has saved: their pc was about to run */
	STEP_USER,    /* the kernel was entered from a program: the end */
	STEP_END,     /* nothing called this: the end */
};

/* By what a step was taken: bits. In the order in which struct stack names them. */
enum { BY_CFI = 1, BY_ORC = 2, BY_FRAME_POINTER = 4, BY_CALL = 8, BY_SCAN = 16 };

/* A stack that the walk may come to: those of the CPU, or the memory around an address where these are not known. */
struct stack_range {
	uint64_t start, end;
	enum crash_context context;
	bool entered; /* a walk leaves a stack once, and does not come back */
};

enum { STACK_RANGES_MOST = 16, STACK_RANGES_GUESSED_MOST = 4 };

/* The walk up one stack. */
struct walk {
	struct unwinder *unwinder;
	struct stack *stack;
	uint64_t task; /* address of its task_struct; 0: not known */
	struct stack_range ranges[STACK_RANGES_MOST];
	size_t range_count, guessed;
	bool task_range_known;
	size_t on; /* the range that it is on; SIZE_MAX: none yet */
	struct stack_registers registers;
	bool is_call;         /* see struct stack_frame */
	bool unsure;          /* an address that only lay on the stack is below: all that follows is unreliable */
	bool in_code;         /* what its pc is in is code */
	struct symbol symbol; /* the function that it is in; name empty: not known */
	unsigned int ways;    /* taken so far: BY_... */
};

/* What differs between architectures. */
struct unwind_arch {
	enum arch arch;
	unsigned int pc, sp; /* numbers */
	size_t register_count;
	const char *const *names; /* of registers as struct facts has them, by number */
	/* Pure steps from what the walk stands on; *by is what did it. The walk does not change. */
	enum step (*step)(const struct walk *walk, struct stack_registers *caller, unsigned int *by);
	/* The first frame of a walk, or an interrupted one, that is in no code: a call through a wild pointer. */
	enum step (*step_wild)(const struct walk *walk, struct stack_registers *caller);
	/* Whether a call lies before a return address; true where the code cannot be read. */
	bool (*is_after_call)(struct unwinder *unwinder, uint64_t address);
	/* Whether the CPU's registers are those of a program. */
	bool (*is_user)(const struct dump_cpu *cpu, const struct stack_registers *registers);
	bool (*sleeping)(struct unwinder *unwinder, uint64_t task, struct stack_registers *registers);
	/* Whether what this function is entered for has nothing to do with the program that it came upon. */
	bool (*is_interrupt)(struct text function);
};

extern const struct unwind_arch unwind_x86, unwind_arm64;

struct unwinder {
	struct stack_sources sources;
	const struct unwind_arch *arch;
	struct orc *orc;                                                /* NULL: none */
	struct cfi *cfi;                                                /* NULL: none */
	uint64_t text_start, text_end, image_end, init_start, init_end; /* of the kernel's code; 0: not known */
	uint64_t ftrace_caller, ftrace_regs_caller;                     /* see unwind_trampoline.c */
	uint64_t pac_mask; /* arm64: the bits of an address that may hold its signature */
};

static inline bool register_known(const struct stack_registers *registers, unsigned int number)
{
	return registers->known >> number & 1;
}

static inline void register_set(struct stack_registers *registers, unsigned int number, uint64_t value)
{
	registers->values[number] = value;
	registers->known |= UINT64_C(1) << number;
}

/* Memory of the dump. False: it cannot be read. */
bool unwind_read(struct unwinder *unwinder, uint64_t address, void *bytes, size_t length);
bool unwind_read_word(struct unwinder *unwinder, uint64_t address, uint64_t *word);

/* Whether the address may be one of code, and of which function. The name may be empty: a BPF program, say. */
bool unwind_in_code(struct unwinder *unwinder, uint64_t address, struct symbol *symbol);
bool unwind_maybe_code(struct unwinder *unwinder, uint64_t address); /* quick: true for all that is code */

/* Whether a return address may be one of code that was made while the kernel ran: BPF programs, trampolines. */
bool unwind_unknown_code(struct unwinder *unwinder, uint64_t address);

/* Modules and generated code of x86-64 lie from here on, at the earliest (MODULES_VADDR; with KASLR 512 MiB further). */
#define X86_GENERATED UINT64_C(0xffffffffa0000000)

/* The stack that the address is on; NULL: none that is known. */
const struct stack_range *walk_range(const struct walk *walk, uint64_t address);

/*
 * Whether a function begins at what is given as a return address, without a call before it: code that was made to be
 * returned to (ret_from_fork of a task that never ran, a tracer's).
 */
bool unwind_begins_at(struct unwinder *unwinder, uint64_t address, struct symbol *symbol);

/* unwind_trampoline.c: the address of the kernel's own code that this one, in no symbol table, is a copy of. */
bool unwind_trampoline(struct unwinder *unwinder, uint64_t address, uint64_t *original);

/* unwind_hooks.c: the code that tracers have functions return to, and where they would have returned. */
bool unwind_is_hook(struct text function);
void walk_unhook(const struct walk *walk, struct stack_registers *registers); /* leaves them where that is not known */

/* Ways to take a step. */
enum step step_orc(const struct walk *walk, struct stack_registers *caller);
enum step step_cfi(const struct walk *walk, const struct stack_registers *registers, struct stack_registers *caller);
enum step step_frame_pointer_x86(const struct walk *walk, struct stack_registers *caller);
enum step step_direct_call_x86(const struct walk *walk, uint64_t end, struct stack_registers *caller);
enum step step_entry_x86(const struct walk *walk, struct stack_registers *caller);
enum step step_scan(const struct walk *walk, struct stack_registers *caller);

/* entry_x86.c: struct pt_regs at the address; STEP_SAVED, STEP_USER, or STEP_UNKNOWN where there is none. */
enum step x86_saved_registers(struct unwinder *unwinder, uint64_t address, struct stack_registers *registers);
bool x86_is_interrupt(struct text function); /* the entry of an interrupt or NMI */
/* The same of its end alone, from ip on. */
enum step x86_saved_frame(struct unwinder *unwinder, uint64_t address, struct stack_registers *registers);

#endif
