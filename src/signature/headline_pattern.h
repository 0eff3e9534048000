/* A pattern out of a crash's first line. Private to signature/. */
#ifndef SIGNATURE_HEADLINE_PATTERN_H
#define SIGNATURE_HEADLINE_PATTERN_H

#include "base/arena.h"
#include "crash/crash.h"

/*
 * PCRE2, in printable ASCII without line ends, in the arena: finds the crash's headline, whatever numbers and addresses
 * stand in it. Empty where the headline says no more than the kind does, or out of memory.
 */
struct text headline_pattern(struct arena *arena, const struct crash *crash);

#endif
