/*
 * signature/: takes YAML files that describe known bugs, and a crash; gives the findings: which signatures match, by
 * which symptom, with the evidence line by line, whether this release has the bug, and what to do.
 *
 * The format of a signature file is described in docs/signatures.md. The structures here are read-only for others.
 */
#ifndef SIGNATURE_SIGNATURE_H
#define SIGNATURE_SIGNATURE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "crash/crash.h"
#include "signature/release.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct catalogue; /* all signatures, and the index from function names to them */
struct signature; /* one known bug */

/* NULL when out of memory. */
struct catalogue *catalogue_new(void);
void catalogue_free(struct catalogue *catalogue);

/*
 * Loads a file, or every *.yaml of a directory and the directories below it, in the order of their names. Everything wrong
 * is added to errors, with file, line and column; a file with an error gives no signature, the others are loaded all the
 * same. An id that the catalogue has already is an error. Returns false when an error was added.
 */
bool catalogue_load(struct catalogue *catalogue, const char *path, struct error_list *errors);

/* The same of one file that is at hand as a text: path is what it is or would be called. */
bool catalogue_load_content(struct catalogue *catalogue, const char *path, struct text content, struct error_list *errors);

/* What an id is made of: a-z, 0-9 and '-', which is not the first. */
bool signature_is_id(struct text id);
/* The id that the signature in a file of this name must have: the name without directory, .yaml and .yml. */
struct text signature_id_of_path(const char *path);

size_t catalogue_count(const struct catalogue *catalogue);
const struct signature *catalogue_at(const struct catalogue *catalogue, size_t index);    /* sorted by id */
const struct signature *catalogue_get(const struct catalogue *catalogue, struct text id); /* NULL: none */

/*
 * By what the signatures are known again: 64 bits over the bytes of all files that gave one, whatever these are called,
 * where they lie and in which order they were loaded. On machines of another byte order it is another.
 */
uint64_t catalogue_digest(const struct catalogue *catalogue);

struct text signature_id(const struct signature *signature);
struct text signature_title(const struct signature *signature);
struct text signature_subsystem(const struct signature *signature); /* empty: not said */
struct text signature_path(const struct signature *signature);      /* the file it came from */
size_t signature_symptom_count(const struct signature *signature);

enum affected { AFFECTED_UNKNOWN, AFFECTED_NO, AFFECTED_YES };

/* "unknown", "no", "yes" */
const char *affected_name(enum affected affected);

/* Why a clause holds: which record shows it. */
struct evidence {
	const char *clause; /* the YAML key: "instruction_pointer" */
	size_t line;        /* of the input; 0 where no line shows it (a kind that was inferred) */
	struct text text;   /* that record, as logged */
};

struct remedy {
	struct text text;
	struct text command; /* made for the very release; empty: none, or not to be made without a release */
	struct text
		condition; /* for which kernels it holds ("al7: 4.19.91-19.1.al7 through 4.19.91-22.2.al7"); empty: all */
	bool certain;      /* false: it holds for some kernels only, and this crash's release is not known */
};

struct finding {
	const struct signature *signature;
	struct text symptom; /* its name */
	size_t crash;        /* index in the crash list */
	enum affected affected;
	struct text affected_reason; /* a sentence: which range, of which family, the release lies in or outside of */
	struct evidence *evidence;   /* a row per clause; for trace, a row per named function */
	size_t evidence_count;
	struct text *fixed;
	size_t fixed_count;
	struct remedy *remedies; /* those that hold for this release, in the file's order */
	size_t remedy_count;
	struct text *references;
	size_t reference_count;
};

/* Zero-initialised is ready for use. */
struct finding_list {
	struct arena arena;
	struct finding *items; /* per crash: the best match first (affected yes, unknown, no; then more clauses; then id) */
	size_t count;
};

/*
 * Adds the findings of one crash; crash_index goes into them. At most one finding a signature: its first symptom that
 * matches. release: the kernel's, its text empty where it is not known. Texts of the findings live in the list's arena, in
 * the catalogue or in the crash: they must outlive the list. False: out of memory.
 */
bool signature_match(struct catalogue *catalogue, const struct crash *crash, size_t crash_index,
		     const struct release *release, struct finding_list *findings, struct error *error);
void finding_list_free(struct finding_list *list);

/* Clause by clause, why a signature matched a crash or did not. */
struct explained_clause {
	const char *clause;
	struct text expected; /* what the file asks for */
	struct text found;    /* what the crash has; empty: nothing */
	bool holds;
	size_t line; /* 0: none */
};

struct explained_symptom {
	struct text name;
	bool matches;
	struct explained_clause *clauses;
	size_t clause_count;
};

/* Zero-initialised is ready for use. */
struct explanation {
	struct arena arena;
	struct explained_symptom *symptoms;
	size_t symptom_count;
	enum affected affected;
	struct text affected_reason;
};

bool signature_explain(struct catalogue *catalogue, const struct signature *signature, const struct crash *crash,
		       const struct release *release, struct explanation *explanation, struct error *error);
void explanation_free(struct explanation *explanation);

#endif
