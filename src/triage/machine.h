/*
 * Which machine died, and when. A dump knows; a log may, in what its transport put around the records; and kdump's scripts
 * leave both in a README or in the names of files and directories. For triage/ only.
 */
#ifndef TRIAGE_MACHINE_H
#define TRIAGE_MACHINE_H

#include "input/input.h"
#include "input/link.h"
#include "triage/triage.h"

/*
 * Sets host and crashed_at of the verdict, each from the first source that says it, and before that wall_time of the crashes
 * whose clocks do not say the year. After it is known which crash decides. Reads README.txt beside the input.
 */
void machine_know(struct verdict *verdict, const struct input *input, struct link_roots roots);

/* What a source says of the machine. */
struct machine_said {
	struct text host;   /* empty: nothing. Of paths and READMEs a piece of what was given */
	int64_t crashed_at; /* seconds since 1970; RECORD_NO_TIME: nothing */
	bool zone_said;     /* false: it is local time, as if it were UTC */
};

/*
 * By the path of a file or directory of kdump's scripts (RHEL's HOST-2023-06-05-12:00:05, SUSE's 2023-06-05-12:00, Debian's
 * 202306051200 and dump.202306051200), and of reports of a machine in which it lies (sosreport-HOST-..., scc_HOST_...,
 * nts_HOST_...), packed or not.
 */
struct machine_said machine_of_path(struct text path);

/* By the content of SUSE's README.txt. */
struct machine_said machine_of_readme(struct text content);

/* Is this the name or address of one machine? No: what is no name at all, and what every machine has, such as localhost. */
bool machine_is_name(struct text host);

#endif
