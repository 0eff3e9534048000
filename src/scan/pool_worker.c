/* In a worker: makes the process one that cannot do harm, then takes request after request. */
#define _GNU_SOURCE /* on_exit, F_DUPFD_CLOEXEC */
#include "scan/pool_parts.h"

#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

struct pool_reply {
	int socket;
};

/* Of this process, which has one thread and one pool. */
static volatile sig_atomic_t *out_of_memory;

/*
 * Libraries that get no memory abort, run into a NULL pointer, or exit; whichever, errno still tells. It is the parent that
 * says so: here nothing works any more.
 */
static void note_memory(void)
{
	if (errno == ENOMEM)
		*out_of_memory = 1;
}

static void on_signal(int signal_number)
{
	note_memory();
	signal(signal_number, SIG_DFL);
	raise(signal_number); /* it comes once this returns */
}

/* Somebody called exit(), which would go on to write what the parent had in its buffers, and to remove its files. */
static void on_leaving(int status, void *unused)
{
	(void)unused;
	note_memory();
	_exit(status);
}

static bool receive_all(int socket, void *data, size_t length)
{
	char *to = data;

	while (length) {
		ssize_t received = recv(socket, to, length, 0);
		if (received < 0 && errno == EINTR)
			continue;
		if (received <= 0)
			return false;
		to += received;
		length -= (size_t)received;
	}
	return true;
}

/* A parent that is not there any more has no use for a worker. */
static void send_all(int socket, const void *data, size_t length)
{
	const char *from = data;

	while (length) {
		ssize_t sent = send(socket, from, length, MSG_NOSIGNAL);
		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			_exit(1);
		from += sent;
		length -= (size_t)sent;
	}
}

static void send_frame(int socket, enum pool_frame_kind kind, struct text body)
{
	struct pool_frame frame = { .kind = kind, .length = body.length };

	send_all(socket, &frame, sizeof frame);
	send_all(socket, body.data, body.length);
}

void pool_send(struct pool_reply *reply, struct text message)
{
	send_frame(reply->socket, POOL_FRAME_MESSAGE, message);
}

/* Standard input and output lead nowhere: what a library may ask or say there is not for the parent's user. */
static void leave_terminal(void)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
		if (nothing != fd && (nothing < 0 || dup2(nothing, fd) < 0))
			close(fd);
	if (nothing > STDOUT_FILENO)
		close(nothing);
}

static void confine(const struct pool_options *options, pid_t parent)
{
	setpgid(0, 0);
	process_default_signals();
	process_end_with(parent);
	leave_terminal();
	process_limit(RLIMIT_CORE, 0);
	if (options->memory)
		process_limit_data(options->memory + process_data()); /* what the parent had is not of a request */
	signal(SIGABRT, on_signal);
	signal(SIGSEGV, on_signal);
	on_exit(on_leaving, NULL);
}

static void serve(int socket, const struct pool_frame *frame, const struct pool_options *options)
{
	struct pool_reply reply = { socket };
	size_t length = (size_t)frame->length;
	char *request = malloc(length ? length : 1);

	if (request && !receive_all(socket, request, length))
		_exit(0);
	send_frame(socket, POOL_FRAME_TAKEN, TEXT_NONE);
	if (!request)
		exit(1); /* on_leaving() notes why */
	errno = 0;
	options->work(options->state, (struct text){ request, length }, &reply);
	free(request);
	send_frame(socket, POOL_FRAME_DONE, TEXT_NONE);
}

void pool_worker_run(int socket, const struct pool_options *options, volatile sig_atomic_t *no_memory, pid_t parent)
{
	struct pool_frame frame;

	out_of_memory = no_memory;
	if (socket <= STDERR_FILENO) { /* the parent runs without these; here they are about to be taken */
		int above = fcntl(socket, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		close(socket);
		socket = above;
	}
	confine(options, parent);
	while (receive_all(socket, &frame, sizeof frame))
		serve(socket, &frame, options);
	_exit(0);
}
