/* The process in which dumps' memory and debuginfo are read: started, waited for, and not trusted. */
#define _GNU_SOURCE /* O_CLOEXEC with pipe2() */
#include "base/monotonic.h"
#include "base/process.h"
#include "base/write_all.h"
#include "postmortem/examine.h"
#include "postmortem/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MESSAGE_MOST = 64 * 1024 * 1024, PIECE = 64 * 1024 };

_Noreturn static void run(const struct postmortem_request *request, int fd, pid_t parent)
{
	struct postmortem found = { 0 };
	struct wire_outcome outcome = { 0 };
	size_t length = 0;

	process_default_signals();
	process_end_with(parent);
	process_limit(RLIMIT_CORE, 0);
	process_limit(RLIMIT_CPU, POSTMORTEM_SECONDS_MOST);
	process_limit_data(process_data() + (uint64_t)POSTMORTEM_MEMORY_MOST * 1024 * 1024);
	outcome.good = examine(request, &found, &outcome.error);
	char *message = found.arena.failed ? NULL : wire_write(&found, &outcome, &length);
	/* Nothing is freed: the process ends here, and so does its memory. */
	_exit(message && write_all(fd, (struct text){ message, length }) ? 0 : 1);
}

/* Waiting for a server is not work. */
static int seconds_most(const struct postmortem_request *request)
{
	return POSTMORTEM_SECONDS_MOST + (request->debuginfo.server ? DEBUGINFO_SERVER_SECONDS_MOST : 0);
}

/* All that comes, until the end; NULL: too much, too late, or out of memory. */
static char *receive(int fd, int seconds, size_t *length)
{
	int64_t deadline = monotonic_ms() + seconds * INT64_C(1000);
	size_t space = 0;
	char *bytes = NULL;

	*length = 0;
	for (;;) {
		int64_t left = deadline - monotonic_ms();
		struct pollfd waiting = { .fd = fd, .events = POLLIN };
		if (left <= 0)
			break;
		if (poll(&waiting, 1, (int)left) <= 0)
			continue;
		if (space - *length < PIECE) {
			space = space ? space * 2 : (size_t)PIECE * 2;
			char *more = space <= MESSAGE_MOST ? realloc(bytes, space) : NULL;
			if (!more)
				break;
			bytes = more;
		}
		ssize_t got = read(fd, bytes + *length, space - *length);
		if (got == 0)
			return bytes;
		if (got < 0 && errno != EINTR)
			break;
		*length += got > 0 ? (size_t)got : 0;
	}
	free(bytes);
	return NULL;
}

/* The process as waitpid() has it, ended if it has not yet. */
static int end(pid_t pid, bool gave_up)
{
	int status = -1;

	if (gave_up)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	return status;
}

/* What could not be told, and why: one sentence. `late`: the seconds that were not enough; 0: that was not it. */
static void note_failure(struct postmortem *found, int status, int late)
{
	struct text *note;
	char why[100];

	if (late)
		snprintf(why, sizeof why, "it took longer than %d seconds", late);
	else if (WIFSIGNALED(status))
		snprintf(why, sizeof why, "what reads them gave up (signal %d)", WTERMSIG(status));
	else
		snprintf(why, sizeof why, "memory ran out: there are %d MiB for it", POSTMORTEM_MEMORY_MOST);
	note = arena_push(&found->arena, &found->notes, &found->note_count, sizeof *note);
	if (note)
		*note = arena_print(&found->arena, "Stacks and source lines could not be had: %s.", why);
}

static bool take(struct postmortem *found, struct text message, struct error *error)
{
	struct wire_outcome outcome = { 0 };

	if (!wire_read(message, found, &outcome)) {
		postmortem_free(found);
		note_failure(found, 0, 0);
		return true;
	}
	if (!outcome.good)
		*error = outcome.error;
	return outcome.good;
}

bool postmortem_examine(const struct postmortem_request *request, struct postmortem *found, struct error *error)
{
	pid_t parent = getpid();
	size_t length = 0;
	int ends[2];

	*found = (struct postmortem){ 0 };
	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(error, "cannot start a process for stacks and source lines: %s", strerror(errno));
	pid_t pid = fork();
	if (pid == 0)
		run(request, ends[1], parent);
	int why = errno;
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return error_set(error, "cannot start a process for stacks and source lines: %s", strerror(why));
	}
	char *message = receive(ends[0], seconds_most(request), &length);
	close(ends[0]);
	int status = end(pid, !message);
	bool good = true;
	if (message && length)
		good = take(found, (struct text){ message, length }, error);
	else
		note_failure(found, status, message ? 0 : seconds_most(request));
	free(message);
	return good;
}
