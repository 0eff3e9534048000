/* A signature file from crashes that no signature knows: complete but for the words. */
#ifndef SIGNATURE_DRAFT_SIGNATURE_H
#define SIGNATURE_DRAFT_SIGNATURE_H

#include "base/arena.h"
#include "base/error.h"
#include "crash/crash.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes YAML, with comments where words are missing, for what these crashes share: kind, instruction pointer, culprit, the
 * functions of the trace in order, fault address, module. It lints, and matches each of them. id: empty for one made from the
 * title; places[i] names where crash i is from, for a comment. The text lives in the arena. False: they share too little to
 * tell this bug from others (*error says what), or out of memory.
 */
bool signature_draft(struct arena *arena, const struct crash *const *crashes, const struct text *releases,
		     const struct text *places, size_t count, struct text id, struct text *yaml, struct error *error);

#endif
