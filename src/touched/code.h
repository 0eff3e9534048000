/* A function's instructions, and how control may run through them. Private to touched/. */
#ifndef TOUCHED_CODE_H
#define TOUCHED_CODE_H

#include "base/text.h"
#include "debuginfo/debuginfo.h"
#include "touched/instruction.h"
#include "vmcore/dump.h"

struct code {
	struct text function; /* as in the symbol table */
	uint64_t begin, end;
	struct instruction *items;
	bool *is_target; /* of each: something jumps there */
	size_t count;
	size_t tracer_call; /* the call to the function tracer, which keeps all registers; SIZE_MAX: there is none */
	bool has_cold_part; /* it jumps to a part that lies elsewhere, and may come back with other registers */
	bool whole_known;   /* every instruction and every jump is; false: where control comes from cannot be told */
};

struct code_sources {
	struct debuginfo *debuginfo;
	struct dump *dump; /* its text goes first: it is as the kernel had patched it; NULL: there is none */
	struct decoder *decoder;
};

/* The function around an address. False: there is none, or its text is not to be had. code_free() in every case. */
bool code_load(const struct code_sources *sources, uint64_t address, struct code *code);
void code_free(struct code *code);

/* The instruction that begins there; SIZE_MAX: none does. */
size_t code_at(const struct code *code, uint64_t address);

/* The instruction that ends there, a call as a rule; SIZE_MAX. */
size_t code_before(const struct code *code, uint64_t address);

/*
 * The instruction that gave the register the value that it has when instruction `at` is about to run. True: *writer is it.
 * False: none, or not certainly one; *from_entry: the value is the one that the function began with.
 */
bool code_writer(const struct code *code, size_t at, int reg, size_t *writer, bool *from_entry);

#endif
