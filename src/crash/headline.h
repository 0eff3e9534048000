/* What the kernel says first, and what it means. */
#ifndef CRASH_HEADLINE_H
#define CRASH_HEADLINE_H

#include "base/text.h"
#include "crash/crash.h"

struct crash_headline {
	enum crash_kind kind; /* CRASH_UNKNOWN_KIND: only the subkind is told, or, without refines, registers tell it */
	const char *begins;   /* the record begins with this */
	const char *contains; /* and holds this behind it; NULL: nothing more is asked for */
	crash_kinds part_of;  /* of which this is only a line, while one is being read */
	const char *word;     /* what to look for in gigabytes of log: rare in other lines; NULL: begins is rare enough */
	const char *subkind;  /* NULL: none, or the line itself names it (details.c) */
	const char *title;    /* what the crash's title begins with; NULL: as the kind's row says */
	crash_kinds refines;  /* of a report of these that has no trace yet, it tells the kind: a warning's text does */
	bool die;             /* a line of x86's die(): " [#1]" stands behind it, and since v6.9 "Oops: " in front */
	bool waits;           /* no headline by itself: it refines what is being read, or the headline that follows */
	bool of_programs;     /* said of a program's fault as well: a crash only where its report goes on */
};

/*
 * Kinds that the kernel may say first, on a line of its own, and then die of: "list_del corruption ..." goes on with "kernel
 * BUG at", or with "Internal error: Oops - BUG", which are lines of its report then.
 */
#define CRASH_BEFORE_BUG                                                                                                    \
	(CRASH_KIND_BIT(CRASH_CONTROL_PROTECTION) | CRASH_KIND_BIT(CRASH_LIST_CORRUPTION) |                                 \
	 CRASH_KIND_BIT(CRASH_USERCOPY) | CRASH_KIND_BIT(CRASH_FORTIFY) | CRASH_KIND_BIT(CRASH_SLAB_CORRUPTION) |           \
	 CRASH_KIND_BIT(CRASH_SPINLOCK) | CRASH_KIND_BIT(CRASH_REFERENCE_LEAK))
/* And those of which the processor's exception for BUG is a line. */
#define CRASH_OF_BUG (CRASH_KIND_BIT(CRASH_KERNEL_BUG) | CRASH_KIND_BIT(CRASH_UBSAN) | CRASH_BEFORE_BUG)

/*
 * The rows, in files by what reports; a row of an earlier table is tried first, and within a table an earlier row. Each ends
 * with one whose begins is NULL.
 */
extern const struct crash_headline crash_headlines_oops[];      /* what the processor refuses, on each architecture; BUG */
extern const struct crash_headline crash_headlines_check[];     /* what the kernel's own checks find */
extern const struct crash_headline crash_headlines_sanitizer[]; /* and its sanitizers and lock validator */
extern const struct crash_headline crash_headlines_lockup[];    /* that nothing goes on */
extern const struct crash_headline crash_headlines_hardware[];  /* the machine's errors, and that memory ran out */
extern const struct crash_headline crash_headlines_panic[];     /* sysrq, panic: what is left */

/* The row that fits a record's text, or NULL: it is no headline. */
const struct crash_headline *crash_headline_of(struct text text);

/* Is this headline only a line of the report of that kind? */
bool crash_headline_joins(const struct crash_headline *headline, enum crash_kind kind);

/*
 * The words by which a line is worth a look at all: of every headline, and of what tells a crash whose headline is lost. For
 * scanner_new().
 */
const char *const *crash_headline_words(size_t *count);

/*
 * Of which crash a panic is the end: the kinds that a panic with this reason follows ("Fatal exception" follows an
 * oops); 0 where it is a crash of its own.
 */
crash_kinds crash_panic_follows(struct text reason);

#endif
