/*
 * A signature file from crashes that no signature knows: complete but for the words, and for what only a person can tell:
 * which kernels have the bug, and what to do.
 */
#ifndef SIGNATURE_DRAFT_SIGNATURE_H
#define SIGNATURE_DRAFT_SIGNATURE_H

#include "base/arena.h"
#include "base/error.h"
#include "crash/crash.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>

/* One of the crashes. */
struct draft_source {
	const struct crash *crash;
	const struct release *release; /* of its kernel; text empty: not known */
	struct text place;             /* where it is from, for a comment: one line, made safe to print by the caller */
};

/*
 * Writes YAML for what these crashes (at least one) share: kind, instruction pointer, culprit, the functions of the trace in
 * order, fault address, module; where no function tells their bug from others, a pattern for their first line. It lints, and
 * matches each of them. id: as signature_is_id() wants it. The text lives in the arena. False: they share too little to tell
 * their bug from others (*error says what), or out of memory.
 */
bool signature_draft(struct arena *arena, const struct draft_source *sources, size_t count, struct text id,
		     struct text *yaml, struct error *error);

/*
 * An id made of the crash's title, at most 60 characters long, that no signature of the catalogue has. In the arena; empty
 * when out of memory.
 */
struct text signature_draft_id(struct arena *arena, const struct crash *crash, const struct catalogue *catalogue);

/* What a crash has that a signature could ask for, in a line: for who is told that crashes share too little. As logged. */
struct text signature_draft_describe(struct arena *arena, const struct crash *crash);

#endif
