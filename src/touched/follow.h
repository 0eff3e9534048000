/* From a register to the pointers of the source that its value comes from. Private to touched/. */
#ifndef TOUCHED_FOLLOW_H
#define TOUCHED_FOLLOW_H

#include "debuginfo/variables.h"
#include "touched/code.h"
#include "touched/touched.h"

/* A pointer of the source: the value that was asked about is it, plus offset. */
struct followed {
	struct text path; /* "inode", "dentry->d_inode" */
	const struct debuginfo_type *type;
	int64_t offset;       /* bytes */
	struct text function; /* in whose source it is */
	uint64_t at;          /* the instruction at which it was known */
};

struct following {
	const struct touched_request *request;
	struct code_sources sources;
	struct arena *arena;
	/* Whether it will do; the search ends there. */
	bool (*accept)(struct following *following, const struct followed *followed);
};

/* Where a value is: in a register, plus a number, when an instruction is about to run. */
struct follow_place {
	size_t level; /* of the request's places: which function on the way */
	const struct code *code;
	size_t at; /* index of the instruction */
	int reg;
	int64_t offset;
};

/* Offers everything that it finds, the nearest first, until accept() takes one. */
bool follow(struct following *following, struct follow_place place);

#endif
