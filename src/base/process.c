/* What a process gives up right behind fork(). */
#define _GNU_SOURCE /* NSIG */
#include "base/process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

void process_default_signals(void)
{
	sigset_t none;

	for (int signal_number = 1; signal_number < NSIG; signal_number++)
		signal(signal_number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

void process_end_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent) /* it died before that held */
		_exit(1);
}

void process_limit(int resource, uint64_t most)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit) != 0)
		return;
	if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > most)
		limit.rlim_max = most;
	if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > most)
		limit.rlim_cur = most;
	setrlimit(resource, &limit);
}

void process_limit_data(uint64_t most)
{
	if (PROCESS_LIMITS_DATA)
		process_limit(RLIMIT_DATA, most);
}

/* Documentation/filesystems/proc.rst: the sixth number of statm is data and stack, in pages. */
uint64_t process_data(void)
{
	FILE *statm = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;
	long page = sysconf(_SC_PAGESIZE);

	if (statm && fscanf(statm, "%*u %*u %*u %*u %*u %llu", &pages) != 1)
		pages = 0;
	if (statm)
		fclose(statm);
	return page > 0 ? pages * (unsigned long long)page : 0;
}
