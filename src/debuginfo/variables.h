/*
 * debuginfo/: which variables of the source hold what at an instruction, as far as they are pointers to structures, and what
 * lies where in these structures. Registers are numbered as DWARF does: x86-64 by the System V psABI, figure 3.36
 * (rax 0, rdx 1, rcx 2, rbx 3, rsi 4, rdi 5, rbp 6, rsp 7, r8-r15 8-15).
 */
#ifndef DEBUGINFO_VARIABLES_H
#define DEBUGINFO_VARIABLES_H

#include "debuginfo/debuginfo.h"

/* A structure or union, with its members; good until debuginfo_close(). */
struct debuginfo_type;

/* Where a value is: a register's content at that instruction plus a number; so of a register when the function began. */
struct debuginfo_value {
	enum { VALUE_REGISTER, VALUE_AT_ENTRY } kind;
	unsigned int reg;
	int64_t offset;
};

/* A variable or parameter that points to a structure. Texts are good until debuginfo_close(). */
struct debuginfo_pointer {
	struct text name;
	struct text function; /* that has it: the function that is there, or one that is inlined */
	const struct debuginfo_type *type;
	struct debuginfo_value value;
};

/*
 * The pointers whose value is known when the instruction at the address is about to be executed: those of the innermost
 * inlined function first. Gives how many are written, at most `most`.
 */
size_t debuginfo_pointers(struct debuginfo *debuginfo, uint64_t address, struct debuginfo_pointer *pointers, size_t most);

/*
 * What the call that returns to `address` has in the argument's register, in terms of the caller's registers at the call
 * (DW_TAG_call_site_parameter). False: the compiler did not say.
 */
bool debuginfo_argument(struct debuginfo *debuginfo, uint64_t address, unsigned int reg, struct debuginfo_value *value);

/* What lies at an offset within a structure. */
struct debuginfo_field {
	struct text structure;           /* "struct inode", "union x", or its typedef's name */
	struct text path;                /* "i_lock", "d_lockref.count", "slots[3]"; empty: a union has several there */
	bool may_be_structure;           /* one begins there, or a union's several members are there */
	bool exact;                      /* it begins there */
	const struct debuginfo_type *to; /* it is a pointer to this structure; NULL: it is none */
};

/* False: the offset is beyond the structure's end, or nothing is known of it. Texts are good until debuginfo_close(). */
bool debuginfo_field(struct debuginfo *debuginfo, const struct debuginfo_type *type, uint64_t offset,
		     struct debuginfo_field *field);

/* Bytes of the kernel's text as the file has it, unpatched; false: they are not all in the file. */
bool debuginfo_text(struct debuginfo *debuginfo, uint64_t address, void *buffer, size_t length);

/*
 * Where static keys may make the code of [begin, end) jump to; none in a kernel without them. False: it is not known, or
 * they are more than `most`.
 */
bool debuginfo_jumps(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, uint64_t *targets, size_t most,
		     size_t *count);

/* Where exceptions that the kernel expects go on within [begin, end). False: as above. */
bool debuginfo_landings(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, uint64_t *places, size_t most,
			size_t *count);

/* A number in a module's text that the file leaves open. */
struct debuginfo_relocation {
	uint64_t place; /* its address */
	uint64_t value; /* symbol and addend (S + A) */
	bool defined;   /* in this module; false: another's, value says nothing */
};

/* Those within [begin, end) of a module's text, in no order. False: as above. */
bool debuginfo_relocations(struct debuginfo *debuginfo, uint64_t begin, uint64_t end, struct debuginfo_relocation *items,
			   size_t most, size_t *count);

#endif
