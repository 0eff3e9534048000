/*
 * What a faulting access touched: which member of which structure, through which pointer. From the instruction (capstone),
 * the registers, and the variables and types of debuginfo. Nothing that is not certain.
 */
#ifndef POSTMORTEM_TOUCHED_H
#define POSTMORTEM_TOUCHED_H

#include "base/arena.h"
#include "debuginfo/debuginfo.h"
#include "stacks/unwind.h"

struct touched {
	struct text sentence;  /* "0x88 is i_lock in struct inode: inode is NULL in d_delete()" */
	struct text structure; /* "inode"; as C writes it behind "struct" */
	struct text member;    /* "i_lock", "i_mapping.host": path from the structure */
	uint64_t offset;       /* of the member, bytes */
	struct text pointer;   /* "inode", "dentry->d_inode": as the source of the function writes it */
	uint64_t value;        /* of the pointer */
	struct text function;  /* that the pointer is used in */
	struct text file;      /* and where; empty: not known */
	uint32_t line;
};

struct fault {
	const char *arch;
	uint64_t address;          /* that was accessed */
	bool has_address;          /* false for a general protection fault: told from instruction and registers */
	const unsigned char *code; /* the bytes of the Code: line from the faulting instruction on; NULL: read the dump */
	size_t code_length;
	const struct stack_frame *frames; /* of the stack that faulted, the faulting function first, with registers */
	size_t frame_count;
};

/*
 * False: it is not certain, and nothing is said (*touched is zero). Texts live in the arena. dump: NULL where there is
 * only a log.
 */
bool touched_find(struct debuginfo *debuginfo, struct dump *dump, const struct fault *fault, struct arena *arena,
		  struct touched *touched);

#endif
