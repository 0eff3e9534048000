/* output/: takes a verdict, writes it: for people, or for programs. Nothing from a log reaches an output raw. */
#ifndef OUTPUT_OUTPUT_H
#define OUTPUT_OUTPUT_H

#include "signature/signature.h"
#include "triage/triage.h"

#include <stdbool.h>
#include <stdio.h>

/* How to write for people. */
struct output_style {
	bool color;   /* ANSI colours */
	size_t width; /* columns; at least 40 */
};

/* Each writes one verdict; a failed write shows in ferror(out). False: out of memory, nothing was written. */
bool output_text(FILE *out, const struct verdict *verdict, const struct output_style *style);
bool output_json(FILE *out, const struct verdict *verdict);     /* one object, one line */
bool output_markdown(FILE *out, const struct verdict *verdict); /* for a ticket */

/* Clause by clause, why the signature matched or did not: for each crash of the verdict (explanations[i] is of crash i). */
bool output_explanation(FILE *out, const struct verdict *verdict, const struct signature *signature,
			const struct explanation *explanations, const struct output_style *style);

#endif
