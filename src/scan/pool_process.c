/* A worker's process, from the parent's side: its start, its end, and what is said of that. */
#define _GNU_SOURCE /* SOCK_CLOEXEC, wait4, strsignal */
#include "scan/pool_parts.h"

#include "base/monotonic.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	PATIENCE = 2000, /* ms; a process that ends closes its descriptors last but one */
	MEBIBYTE = 1024 * 1024,
	MAXRSS_UNIT = 1024, /* bytes, of ru_maxrss */
};

/* In the child. Signals are blocked, as the parent's handlers are none of its own. */
static _Noreturn void become_worker(struct pool *pool, struct pool_worker *worker, const int *sockets, pid_t parent)
{
	close(sockets[0]);
	for (unsigned i = 0; i < pool->options.jobs; i++)
		if (pool->workers[i].socket >= 0)
			close(pool->workers[i].socket);
	pool_worker_run(sockets[1], &pool->options, worker->no_memory, parent);
}

bool pool_worker_start(struct pool *pool, struct pool_worker *worker, struct error *error)
{
	pid_t parent = getpid();
	sigset_t all, before;
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
		return error_set(error, "no socket: %s", strerror(errno));
	*worker->no_memory = 0;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid_t pid = fork();
	if (pid == 0)
		become_worker(pool, worker, sockets, parent);
	int why = errno;
	sigprocmask(SIG_SETMASK, &before, NULL);
	close(sockets[1]);
	if (pid < 0) {
		close(sockets[0]);
		return error_set(error, "fork: %s", strerror(why));
	}
	setpgid(pid, pid); /* as it does itself: whoever comes first */
	worker->pid = pid;
	worker->socket = sockets[0];
	worker->condemned = false;
	worker->why[0] = '\0';
	worker->frame_got = 0;
	return true;
}

/* Why it ended, if that was not said already: what came first counts. */
static void __attribute__((format(printf, 2, 0))) say_list(struct pool_worker *worker, const char *format, va_list arguments)
{
	if (!worker->why[0])
		vsnprintf(worker->why, sizeof worker->why, format, arguments);
}

static void __attribute__((format(printf, 2, 3))) say(struct pool_worker *worker, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_list(worker, format, arguments);
	va_end(arguments);
}

void pool_worker_condemn(struct pool_worker *worker, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say_list(worker, format, arguments);
	va_end(arguments);
	worker->condemned = true;
	worker->patience = monotonic_ms() + PATIENCE;
	if (worker->pid) {
		kill(-worker->pid, SIGKILL);
		kill(worker->pid, SIGKILL);
	}
	if (worker->socket >= 0)
		shutdown(worker->socket, SHUT_RDWR); /* what it had sent can still be read, and then the end */
}

void pool_worker_close(struct pool_worker *worker)
{
	close(worker->socket);
	worker->socket = -1;
	worker->patience = monotonic_ms() + PATIENCE;
	pool_worker_give_back(worker, 0);
}

static bool is_near(uint64_t peak, uint64_t memory)
{
	return peak >= memory - memory / 8;
}

/* Peak: bytes. */
static bool ran_out_of_memory(const struct pool_worker *worker, int status, uint64_t peak, uint64_t memory)
{
	static const int signals[] = { SIGABRT, SIGSEGV, SIGBUS, SIGKILL };

	if (*worker->no_memory)
		return true;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (WIFSIGNALED(status) && WTERMSIG(status) == signals[i])
			return memory && is_near(peak, memory);
	return false;
}

static void describe_end(struct pool_worker *worker, int status, uint64_t peak, uint64_t memory)
{
	int signal_number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	if (ran_out_of_memory(worker, status, peak, memory) && memory)
		say(worker, "needed more than %llu MiB of memory",
		    (unsigned long long)(memory / MEBIBYTE + (memory % MEBIBYTE != 0)));
	else if (*worker->no_memory)
		say(worker, "needed more memory than there is");
	else if (signal_number == SIGKILL)
		say(worker, "was killed (SIGKILL), most likely as memory ran out");
	else if (signal_number)
		say(worker, "its process was ended by signal %d (%s)", signal_number, strsignal(signal_number));
	else
		say(worker, "its process ended with exit status %d", WEXITSTATUS(status));
}

bool pool_worker_reap(struct pool_worker *worker, uint64_t memory)
{
	siginfo_t ended = { 0 };
	struct rusage usage = { 0 };
	int status = 0;

	bool known = waitid(P_PID, (id_t)worker->pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
	if (known && !ended.si_pid)
		return false;
	if (known)
		kill(-worker->pid, SIGKILL); /* as long as it was not waited for, its group is no other's */
	if (wait4(worker->pid, &status, WNOHANG, &usage) == worker->pid)
		describe_end(worker, status, (uint64_t)usage.ru_maxrss * MAXRSS_UNIT, memory);
	else /* the caller ignores SIGCHLD */
		say(worker, "its process ended");
	worker->pid = 0;
	if (worker->socket >= 0)
		shutdown(worker->socket, SHUT_RDWR); /* a child of its may have left the group, and hold the other end */
	return true;
}
