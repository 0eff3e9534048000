/*
 * Instructions of x86-64, by capstone, as far as the question goes what was touched: which registers they write, what they
 * move, which memory they name. Registers are numbered as DWARF does (debuginfo/variables.h); eax counts as rax.
 *
 * Private to touched/.
 */
#ifndef TOUCHED_INSTRUCTION_H
#define TOUCHED_INSTRUCTION_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	INSTRUCTION_REGISTERS = 16,
	NO_REGISTER = -1,
	INSTRUCTION_MEMORY_MOST = 2,
	INSTRUCTION_BYTES_MOST = 15,
};

struct instruction_memory {
	int base, index; /* NO_REGISTER: it has none */
	int64_t displacement;
	unsigned int scale; /* what the index is multiplied by */
	unsigned int size;  /* bytes */
	/*
	 * No pointer is followed, or not to where it says: of a segment of its own (gs), relative to the instruction, of one
	 * that repeats and moves on (rep), a bit of a bitmap.
	 */
	bool elsewhere;
};

enum instruction_kind {
	INSTRUCTION_OTHER,
	INSTRUCTION_MOVE,    /* `to` becomes `from`, all 64 bits */
	INSTRUCTION_ADDRESS, /* `to` becomes from + displacement */
	INSTRUCTION_LOAD,    /* `to` becomes the 64 bits at memory[0] */
	INSTRUCTION_POP,     /* `to` becomes what the function had saved */
	INSTRUCTION_CALL,
	INSTRUCTION_JUMP,
	INSTRUCTION_BRANCH, /* a jump on a condition */
	INSTRUCTION_RETURN,
};

struct instruction {
	uint64_t address;
	unsigned int length; /* bytes */
	enum instruction_kind kind;
	uint32_t writes; /* bit n: register n is changed, whole or in part */
	int to, from;
	int64_t displacement;
	bool is_landing; /* endbr64: indirect branches may come here */
	bool has_target; /* of calls, jumps and branches: it is in the instruction */
	uint64_t target;
	bool leaves_module; /* it goes to another module or the kernel proper: target says nothing */
	struct instruction_memory memory[INSTRUCTION_MEMORY_MOST];
	size_t memory_count; /* that are read or written */
};

struct decoder;

/* NULL: *error; that of an architecture that is not known here, too. `arch` as uname -m. */
struct decoder *decoder_open(const char *arch, struct error *error);
void decoder_close(struct decoder *decoder); /* NULL is allowed */

/* The instruction at the beginning of the bytes; false: they are none. */
bool decoder_next(struct decoder *decoder, const unsigned char *bytes, size_t length, uint64_t address,
		  struct instruction *instruction);

#endif
