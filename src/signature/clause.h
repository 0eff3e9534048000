/* Whether a crash meets a clause, and which of its records shows that. Private to signature/. */
#ifndef SIGNATURE_CLAUSE_H
#define SIGNATURE_CLAUSE_H

#include "signature/catalogue.h"

/* A crash under trial. */
struct trial {
	const struct crash *crash;
	struct patterns *patterns;
	bool out_of_memory; /* set when a pattern could not be tried: no result of this trial counts */
};

/* What came of one thing that a clause asks for; trace and log ask for a thing a matcher. */
struct clause_row {
	bool holds;
	size_t record;     /* of the crash's records; CRASH_NO_RECORD */
	struct text found; /* the name that fitted, where it is one */
};

size_t clause_row_count(const struct clause *clause);

/* The YAML key. */
const char *clause_name(enum clause_type type);

/* Fills rows, of which there are clause_row_count(); true when all of them hold. */
bool clause_test(struct trial *trial, const struct clause *clause, enum clause_type type, struct clause_row *rows);

/* For explanations: what the file asks for, and what the crash has; made in the arena, or views. */
struct text clause_expected(struct arena *arena, const struct clause *clause, enum clause_type type, size_t row);
struct text clause_found(struct arena *arena, const struct crash *crash, enum clause_type type,
			 const struct clause_row *row);

#endif
