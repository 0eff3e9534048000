/* The near end of the process in which libkdumpfile runs: starts it, asks it, outlives it. */
#ifndef VMCORE_LIBRARY_PROCESS_H
#define VMCORE_LIBRARY_PROCESS_H

#include "base/error.h"
#include "vmcore/library_child.h"

#include <stdbool.h>

struct library_process {
	pid_t pid; /* 0: it has ended */
	int socket;
	char ended[200]; /* how it ended: a sentence part that begins with "libkdumpfile"; empty: it runs */
};

/*
 * Starts it. It ends with library_process_stop(), or with the thread that started it. False: *error.
 */
bool library_process_start(struct library_process *process, const int *fds, size_t count, struct error *error);

/*
 * One request and its answer: at most `most` bytes behind the answer are written to `buffer`. False: the process crashed,
 * did not answer in time, or answered nonsense, now or earlier: *error says so; it is gone then.
 */
bool library_process_ask(struct library_process *process, const struct library_request *request,
			 struct library_answer *answer, void *buffer, size_t most, struct error *error);
void library_process_stop(struct library_process *process);

#endif
