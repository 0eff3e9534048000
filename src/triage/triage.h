/*
 * triage/: takes an input, gives the verdict. The one place that walks the whole way: input, log, crashes, findings.
 */
#ifndef TRIAGE_TRIAGE_H
#define TRIAGE_TRIAGE_H

#include "base/arena.h"
#include "base/error.h"
#include "crash/crash.h"
#include "postmortem/postmortem.h"
#include "signature/signature.h"
#include "vmcore/facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum verdict_kind { VERDICT_NO_CRASH, VERDICT_UNKNOWN, VERDICT_SIMILAR, VERDICT_KNOWN };

/* "no-crash", "unknown", "similar", "known" */
const char *verdict_kind_name(enum verdict_kind kind);

/* What the dump says, where there is one: the input itself, or beside the log in a crash directory. Zero: nothing. */
struct verdict_dump {
	bool known;         /* there is one */
	struct text format; /* "kdump-compressed", "elf", ... */
	bool flattened;
	bool incomplete;     /* the dump is, whether or not the log in it is whole */
	size_t files;        /* of a split set; else 1 */
	int level;           /* makedumpfile -d; -1: not known */
	int64_t crashed_cpu; /* -1: not known */
	struct facts facts;
};

struct verdict {
	struct arena arena;
	struct text path;   /* as the user gave it; "-" is standard input */
	bool from_dump;     /* the log was read from a dump */
	const char *type;   /* what the log was read from: "log" or "vmcore" */
	const char *format; /* of the log: log_format(), or the layout of a dump's log buffer */
	struct verdict_dump dump;
	bool incomplete;        /* reading went wrong before the end, or the dump lacks a part */
	bool stands;            /* the verdict is good although an error is told of: debuginfo that is of no use */
	struct release release; /* of the deciding crash's kernel, or what the user said it is; text empty: not known */
	struct text version;    /* uname -v; empty: not known */
	struct text arch;       /* empty: not known */
	/*
	 * Which machine died and when, as far as anything says (machine.h has the order in which it is asked); by what the
	 * crash that decides is known again, see identity.h.
	 */
	struct text host;   /* empty: not known */
	int64_t crashed_at; /* seconds since 1970, UTC; RECORD_NO_TIME: not known */
	bool zone_said;     /* false: crashed_at is local time, as if it were UTC */
	uint64_t identity;
	bool has_identity; /* false: there is no crash */
	enum verdict_kind kind;
	struct crash_list crashes;
	struct finding_list
		findings; /* of all crashes; those of the one that decides come first, as a rule: look at their crash */
	struct postmortem postmortem; /* what the dump's stacks and debuginfo tell; zero where they were not asked */
	struct text *notes;           /* sentences that the user should read: a log cut short, crashes dropped */
	size_t note_count;
};

struct triage_options {
	struct text release; /* what the user says the kernel is (-r), over what the log says; empty: they did not say */
	const char *temporary_directory; /* for dumps that are compressed as a whole */
	const char *const *link_roots;   /* and the rest: see struct input_options */
	size_t link_root_count;
	uint64_t directory_time;
	const struct text *directory_names;
	size_t directory_name_count;
	bool every_dump; /* of a directory, also what is called like a part of its dump and is none, as inputs of their own
			  */
	/*
	 * Which CPUs' stacks are told. TRIAGE_STACKS_AUTO: all where the log does not explain the death, the crashed one's
	 * where the log lost a part of it. What is looked at for the verdict is the same, but with TRIAGE_STACKS_NONE.
	 */
	enum triage_stacks { TRIAGE_STACKS_AUTO, TRIAGE_STACKS_NONE, TRIAGE_STACKS_CRASHED, TRIAGE_STACKS_ALL } stacks;
	bool lines; /* source lines too, if there is debuginfo */
	struct debuginfo_options debuginfo;
	const char *const *system_maps;
	size_t system_map_count;
	const char *shown_path; /* what the verdict calls the input; NULL: its path */
};

/*
 * Triages one input. The verdict is the caller's to free with verdict_free(), in every case. False: the input could not
 * be read, or not to its end; *error says why. Then verdict->incomplete tells whether there is a verdict on what could be
 * read. A dump that lacks pages of its log is no failure as long as a crash was found: a note tells. An archive is many
 * inputs, and so an error here.
 */
bool triage(const char *path, struct catalogue *catalogue, const struct triage_options *options, struct verdict *verdict,
	    struct error *error);

/*
 * What came of one input, or of one log in an archive. verdict: NULL, where there is none; good until the function returns.
 * whole: it was read to its end, and error is NULL; else error->path names it.
 */
typedef void triage_visitor(void *state, const struct verdict *verdict, bool whole, const struct error *error);

/*
 * Triages what is behind a path. An ordinary input is visited once, with what triage() gives. Of an archive, each log with a
 * crash in it is visited; each member that could not be read, and what is wrong with the archive, without verdict; and where
 * none has a crash, last the archive as a whole, unless nothing in it could be read. False: some visit told of an error.
 */
bool triage_each(const char *path, struct catalogue *catalogue, const struct triage_options *options, triage_visitor *visit,
		 void *state);

/*
 * The release to judge by: what the user told, else the dump's, else what the log names. The user's word counts most: the
 * log may be of a kernel that was renamed, and "what if" is a fair question.
 */
struct release verdict_release(const struct verdict *verdict, struct text release, struct text version, struct text told);

void verdict_free(struct verdict *verdict);

#endif
