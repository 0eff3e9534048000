/* A function's instructions, and how control may run through them. Private to touched/. */
#ifndef TOUCHED_CODE_H
#define TOUCHED_CODE_H

#include "base/text.h"
#include "debuginfo/debuginfo.h"
#include "touched/instruction.h"
#include "vmcore/dump.h"

/* Instructions of one stretch of text, in order. */
struct instructions {
	struct instruction *items;
	size_t count;
};

struct code {
	struct text function; /* as in the symbol table */
	uint64_t begin, end;  /* as the debuginfo has it */
	uint64_t moved;       /* what is added to that where the dump has it in memory */
	bool from_dump;       /* its text is as the dump has it, not as the file */
	struct instructions own;
	struct instructions cold; /* the part that the compiler put elsewhere ("f.cold"), and that comes back; none: empty */
	uint64_t cold_begin, cold_end;
	bool *is_target;    /* of each of its own: something comes there from elsewhere than the one before */
	size_t tracer_call; /* the call to the function tracer, which keeps all registers; SIZE_MAX: there is none */
	bool whole_known;   /* every instruction and every way in is; false: where control comes from cannot be told */
};

struct code_sources {
	struct debuginfo *debuginfo;
	struct dump *dump; /* its text goes first: it is as the kernel had patched it; NULL: there is none */
	struct decoder *decoder;
};

/*
 * The function around an address, and where that lies in the dump's memory, 0: not known. False: there is none, or its text
 * is not to be had. code_free() in every case.
 */
bool code_load(const struct code_sources *sources, uint64_t address, uint64_t memory, struct code *code);
void code_free(struct code *code);

/*
 * Decodes another part of the function's text, from where that came. False: there is something in it that is no instruction,
 * or a probe, or it is not to be had. free() the items.
 */
bool code_decode_part(const struct code_sources *sources, const struct code *of, uint64_t begin, uint64_t end,
		      struct instructions *instructions);

/* Finds all ways into the function: code_flow.c. Fills cold, is_target, tracer_call and whole_known. */
void code_find_ways(const struct code_sources *sources, struct code *code);

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
