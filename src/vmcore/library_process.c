/* Starts the process of libkdumpfile, and asks it with a time limit. */
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include "vmcore/library_process.h"

#if HAVE_LIBKDUMPFILE

#include "base/monotonic.h"
#include "vmcore/library_functions.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_SECONDS = 10 };

bool library_process_start(struct library_process *process, const int *fds, size_t count, struct error *error)
{
	pid_t parent = getpid();
	int sockets[2];

	*process = (struct library_process){ .socket = -1 };
	if (!library_functions_load(error))
		return false;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
		return error_set(error, "cannot start libkdumpfile: %s", strerror(errno));
	pid_t pid = fork();
	if (pid == 0)
		library_child_run(sockets[1], fds, count, parent);
	close(sockets[1]);
	if (pid < 0) {
		int why = errno;
		close(sockets[0]);
		return error_set(error, "cannot start libkdumpfile: %s", strerror(why));
	}
	process->pid = pid;
	process->socket = sockets[0];
	return true;
}

/* Returns its exit status as waitpid() has it, or -1. A process that is ending already keeps its own status. */
static int end(struct library_process *process)
{
	pid_t pid = process->pid;
	int status = -1;
	pid_t waited;

	if (!pid)
		return -1;
	close(process->socket);
	process->socket = -1;
	process->pid = 0;
	kill(pid, SIGKILL);
	do
		waited = waitpid(pid, &status, 0);
	while (waited < 0 && errno == EINTR);
	return waited == pid ? status : -1;
}

void library_process_stop(struct library_process *process)
{
	end(process);
	snprintf(process->ended, sizeof process->ended, "libkdumpfile was ended");
}

/* `why` NULL: it ended by itself, and its status says how. */
static bool give_up(struct library_process *process, const char *why, struct error *error)
{
	char *ended = process->ended;
	int status = end(process);

	if (why)
		snprintf(ended, sizeof process->ended, "libkdumpfile gave up on this file (%s)", why);
	else if (status >= 0 && WIFSIGNALED(status))
		snprintf(ended, sizeof process->ended, "libkdumpfile gave up on this file (signal %d)", WTERMSIG(status));
	else
		snprintf(ended, sizeof process->ended, "libkdumpfile gave up on this file");
	return error_set(error, "%s", ended);
}

/* False: the time is over, or there is nothing more to come; *why is which (NULL: the latter). */
static bool receive(int socket, void *data, size_t length, int64_t deadline, const char **why)
{
	char *to = data;

	*why = NULL;
	while (length) {
		int64_t left = deadline - monotonic_ms();
		struct pollfd waiting = { .fd = socket, .events = POLLIN };
		int ready = left > 0 ? poll(&waiting, 1, (int)left) : 0;
		if (ready < 0 && errno == EINTR)
			continue;
		if (ready == 0)
			*why = "no answer within 10 seconds";
		if (ready <= 0)
			return false;
		ssize_t received = recv(socket, to, length, MSG_DONTWAIT);
		if (received < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (received <= 0)
			return false;
		to += received;
		length -= (size_t)received;
	}
	return true;
}

bool library_process_ask(struct library_process *process, const struct library_request *request,
			 struct library_answer *answer, void *buffer, size_t most, struct error *error)
{
	int64_t deadline = monotonic_ms() + ANSWER_SECONDS * 1000;
	const char *why = NULL;

	if (!process->pid)
		return error_set(error, "%s", process->ended);
	/* A request fits the socket's buffer, and there is never more than one. */
	if (send(process->socket, request, sizeof *request, MSG_NOSIGNAL) != (ssize_t)sizeof *request)
		return give_up(process, NULL, error);
	if (!receive(process->socket, answer, sizeof *answer, deadline, &why))
		return give_up(process, why, error);
	if (answer->length > most)
		return give_up(process, "an answer that is none", error);
	if (!receive(process->socket, buffer, answer->length, deadline, &why))
		return give_up(process, why, error);
	return true;
}

#endif
