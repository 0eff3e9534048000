/* A regular file's bytes through a window of mapped memory: for big logs, half the time that reading takes. */
#ifndef INPUT_MAPPED_H
#define INPUT_MAPPED_H

#include "base/error.h"
#include "log/source.h"

#include <stdbool.h>
#include <stdint.h>

struct mapped {
	struct log_source source; /* first: a mapped file is a log_source */
	int fd;                   /* the caller's */
	uint64_t size;            /* of the file when it was opened */
	char *memory;             /* the window's mapping, from a page's beginning */
	size_t length;
};

/*
 * Begins at the file's beginning; size is what fstat() says. A file that is cut short while it is read gives a read error,
 * no signal: a handler for SIGBUS is installed, which knows the windows of mapped files only. False: it cannot be mapped,
 * *error is set.
 */
bool mapped_start(struct mapped *mapped, int fd, uint64_t size, struct error *error);
void mapped_stop(struct mapped *mapped);

#endif
