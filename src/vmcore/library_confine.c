/* What the process of libkdumpfile is left with: the dump's descriptors, the socket, some memory, some time. */
#define _POSIX_C_SOURCE 200809L
#include "vmcore/library_confine.h"

#include "base/process.h"
#include "vmcore/library_child.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { DESCRIPTORS_MOST = 65536 }; /* that are looked at; where the limit is higher, nobody has so many open */

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
	process_default_signals();
	process_end_with(parent);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	close_others(socket, fds, count);
	process_limit(RLIMIT_CORE, 0);
	process_limit(RLIMIT_CPU, LIBRARY_CPU_SECONDS);
	process_limit_data(LIBRARY_DATA_MOST);
}
