/*
 * triage/: takes an input, gives the verdict. The one place that walks the whole way: input, log, crashes, findings.
 */
#ifndef TRIAGE_TRIAGE_H
#define TRIAGE_TRIAGE_H

#include "base/arena.h"
#include "base/error.h"
#include "crash/crash.h"
#include "signature/signature.h"

#include <stdbool.h>
#include <stddef.h>

enum verdict_kind { VERDICT_NO_CRASH, VERDICT_UNKNOWN, VERDICT_SIMILAR, VERDICT_KNOWN };

/* "no-crash", "unknown", "similar", "known" */
const char *verdict_kind_name(enum verdict_kind kind);

struct verdict {
	struct arena arena;
	struct text path;       /* as the user gave it; "-" is standard input */
	const char *type;       /* "log" or "vmcore" */
	const char *format;     /* of the log: log_format() */
	bool incomplete;        /* reading went wrong before the end */
	struct release release; /* of the deciding crash's kernel, or what the user said it is; text empty: not known */
	struct text version;    /* uname -v; empty: not known */
	struct text arch;       /* empty: not known */
	enum verdict_kind kind;
	struct crash_list crashes;
	struct finding_list
		findings;   /* of all crashes; those of the one that decides come first, as a rule: look at their crash */
	struct text *notes; /* sentences that the user should read: a log cut short, crashes dropped */
	size_t note_count;
};

/*
 * Triages one input. release: what the user says the kernel is (-r); empty when they did not: it is used only where a crash
 * does not name its own. The verdict is the caller's to free with verdict_free(), in every case. False: the input could not
 * be read, or not to its end; *error says why. Then verdict->incomplete tells whether there is a verdict on what could be
 * read.
 */
bool triage(const char *path, struct catalogue *catalogue, struct text release, struct verdict *verdict,
	    struct error *error);
void verdict_free(struct verdict *verdict);

#endif
