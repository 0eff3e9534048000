/* What the name of a file in a crash directory says of it, as the distributions' kdump scripts name them. */
#ifndef INPUT_CRASH_FILE_H
#define INPUT_CRASH_FILE_H

#include <stdbool.h>
#include <stdint.h>

enum crash_file_role {
	CRASH_FILE_OTHER,
	CRASH_FILE_LOG,        /* the kernel log of the machine that died */
	CRASH_FILE_DUMP,       /* its memory */
	CRASH_FILE_SAVING_LOG, /* the log of the crash kernel that saved them: never the answer */
	CRASH_FILE_README,
	CRASH_FILE_PSTORE, /* a piece of pstore */
};

struct crash_file {
	enum crash_file_role role;
	unsigned int rank; /* among files of its role: the lower, the better */
	bool incomplete;   /* the scripts rename a file when all of it is written: this one was not */
	uint64_t time;     /* digits of the local time, YYYYMMDDHHMM, as a number; 0: the name has none */
	int part;          /* its number, if it could be a part of a split dump; else -1 */
	bool dotted;       /* of a part: "vmcore.1", not "vmcore1" */
};

struct crash_file crash_file_from_name(const char *name);

/* The time that such a file would have by its name, whatever its role: quickly, for directories of very many. */
uint64_t crash_file_time(const char *name);

#endif
