/* What several crashes have in common that a symptom can ask for. Private to signature/. */
#ifndef SIGNATURE_COMMON_H
#define SIGNATURE_COMMON_H

#include "base/arena.h"
#include "base/error.h"
#include "crash/crash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	COMMON_TRACE_MOST = 6,
	COMMON_CALLERS_MOST = 4,  /* of the culprit of a single crash: its trace has no second one to be held against */
	COMMON_CALLERS_LEAST = 2, /* as long as there are fewer, a function is named even if half of all crashes have it */
	COMMON_PATH_MOST = 64     /* functions of a crash that are compared */
};

/* Texts point into the crashes. What they do not share, or what says nothing, is empty. */
struct common {
	enum crash_kind kinds[CRASH_KIND_COUNT]; /* those that occur; none where one crash's kind is not known */
	size_t kind_count;
	struct text instruction_pointer;
	struct text culprit;
	struct text trace[COMMON_TRACE_MOST]; /* callee first */
	size_t trace_count;
	bool has_fault_address;
	uint64_t low, high; /* of the fault addresses, both inclusive */
	struct text module;
	struct text log; /* a pattern without slashes; only where no function tells this bug from others */
};

/* False: the crashes share too little to tell their bug from others (*error says what), or out of memory. */
bool common_find(struct arena *arena, const struct crash *const *crashes, size_t count, struct common *common,
		 struct error *error);

/*
 * common_trace.c: the trace. Each crash's path goes from the culprit outwards, without plumbing, to where it came into the
 * kernel or was interrupted. What is common to all is found by holding one path after the other against what is left: it is
 * common to all, but may not be the longest that is.
 */
bool common_find_trace(struct arena *arena, const struct crash *const *crashes, size_t count, struct common *common);

/* Can a signature name this function? Not what would be another one when its file is read, nor what no kernel has. */
bool common_is_usable(struct arena *arena, struct text canonical);

#endif
