/* The pieces of triage() that each.c needs too. */
#ifndef TRIAGE_WALK_H
#define TRIAGE_WALK_H

#include "input/input.h"
#include "triage/triage.h"

/* An empty verdict; the path must outlive it. */
void triage_start(struct verdict *verdict, const char *path);

struct input_options triage_input_options(const struct triage_options *options);

/* From an opened input to the verdict. As triage(). */
bool triage_walk(struct verdict *verdict, struct input *input, struct catalogue *catalogue,
		 const struct triage_options *options, struct error *error);

/* Does a finding explain the crash of that index? */
bool verdict_is_explained(const struct verdict *verdict, size_t crash);

#endif
