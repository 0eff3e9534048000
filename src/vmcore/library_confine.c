/* What the process of libkdumpfile is left with: the dump's descriptors, the socket, some memory, some time. */
#define _GNU_SOURCE /* NSIG */
#include "vmcore/library_confine.h"

#include "vmcore/library_child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* AddressSanitizer's shadow counts as data. */
#if defined(__SANITIZE_ADDRESS__)
#define LIMITS_DATA 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMITS_DATA 0
#endif
#endif
#ifndef LIMITS_DATA
#define LIMITS_DATA 1
#endif

enum { DESCRIPTORS_MOST = 65536 }; /* that are looked at; where the limit is higher, nobody has so many open */

static void limit(int resource, rlim_t most)
{
	struct rlimit now;

	if (getrlimit(resource, &now) != 0)
		return;
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < most)
		most = now.rlim_max;
	setrlimit(resource, &(struct rlimit){ .rlim_cur = most, .rlim_max = most });
}

static bool is_kept(int fd, int socket, const int *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (fds[i] == fd)
			return true;
	return fd == socket;
}

static void close_others(int socket, const int *fds, size_t count)
{
	long most = sysconf(_SC_OPEN_MAX);
	int nothing = open("/dev/null", O_RDWR);

	if (most < 0 || most > DESCRIPTORS_MOST)
		most = DESCRIPTORS_MOST;
	for (int fd = 0; fd < most; fd++)
		if (!is_kept(fd, socket, fds, count) && (fd > 2 || nothing < 0 || dup2(nothing, fd) < 0))
			close(fd);
}

void library_confine(int socket, const int *fds, size_t count, pid_t parent)
{
	sigset_t none;

	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before that held */
		_exit(1);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	close_others(socket, fds, count);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, LIBRARY_CPU_SECONDS);
	if (LIMITS_DATA)
		limit(RLIMIT_DATA, LIBRARY_DATA_MOST);
}
