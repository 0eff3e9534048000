/*
 * One input that was triaged, as much of its verdict as a history keeps and a fleet is counted by. It is made of the
 * verdict's JSON, the one form that a verdict has outside of the process that found it.
 */
#ifndef HISTORY_SIGHTING_H
#define HISTORY_SIGHTING_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define SIGHTING_NO_TIME INT64_MIN

enum sighting_verdict {
	SIGHTING_FAILED, /* it could not be read: failure says why */
	SIGHTING_NO_CRASH,
	SIGHTING_UNKNOWN,
	SIGHTING_SIMILAR,
	SIGHTING_KNOWN,
};

/* "failed", and the names of verdicts: "no-crash", "unknown", "similar", "known". */
const char *sighting_verdict_name(enum sighting_verdict verdict);
bool sighting_verdict_from_name(struct text name, enum sighting_verdict *verdict);

/* What was found, and how to tell that it is still the same. */
struct sighting_source {
	struct text file; /* absolute path of what was found: a file, a crash directory, an archive */
	uint64_t size;    /* bytes; of a directory, of all of its crash files */
	int64_t modified; /* the latest modification of these, ns since 1970 */
};

/* All texts live in an arena of the maker's; as logged, not made safe. What is not known is empty, or SIGHTING_NO_TIME. */
struct sighting {
	struct sighting_source source;
	struct text path; /* input.path of the verdict: source.file, or a file within that archive behind it */
	enum sighting_verdict verdict;
	struct text failure; /* a sentence without its full stop; empty: it could be read */
	struct text
		identity; /* of the crash: the same wherever a copy of its dump or log lies; empty where there is no crash */

	struct text kind, headline, title, culprit, fingerprint; /* of the crash that decided */
	struct text signature, signature_title;                  /* of its best finding; empty: none */
	struct text affected;                                    /* "yes", "no", "unknown" */
	struct text fix; /* what mends it, in a line: the first of "fixed", else of the remedies; empty: nothing is known */
	struct text release, host;
	int64_t crashed_at; /* seconds since 1970, UTC */
	bool incomplete;
	bool from_dump;     /* the log was read from a dump */
	unsigned frames;    /* of the crash's trace: the reliable ones (all, where none is) */
	struct text detail; /* JSON, see below; empty where there is no crash */
};

/*
 * Detail, for a report: one object,
 *   {"line":7,"instruction_pointer":"f+0x1/0x2","comm":"...","cpu":0,"pid":1,"panic":null,"input":"vmcore",
 *    "trace":["f+0x1/0x2 [module]",...],"more_frames":0,"symptom":null,
 *    "evidence":[{"clause":"...","line":1,"text":"..."}],"fixed":[],"remedies":[{"text":"...","command":null,"condition":null}],
 *    "references":[],"notes":[],"other_crashes":0}
 * with the reliable frames (all, where none is), at most SIGHTING_FRAMES_MOST; every text is safe to print, as in the
 * verdict's JSON.
 */
enum { SIGHTING_FRAMES_MOST = 24 };

/*
 * What is kept of a line, and what a line may be: longer texts are cut, further items of a list left out (how many is not
 * kept), and a longer line is refused. A verdict's 100 crashes of 256 frames each come to some 5 MiB.
 */
enum { SIGHTING_TEXT_MOST = 2048, SIGHTING_ITEMS_MOST = 32, SIGHTING_JSON_MOST = 16 * 1024 * 1024 };

/*
 * Reads one line of the JSON output into *sighting (source is left as it is; the rest, failure too, is set). Where the line
 * is of a version that gives no identity, one is made of what tells this crash from others. False: it is no such line, or
 * out of memory; *error.
 */
bool sighting_from_json(struct arena *arena, struct text json, struct sighting *sighting, struct error *error);

#endif
