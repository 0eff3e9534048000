/* Takes from a process, right behind fork(), all that reading a dump does not need. */
#ifndef VMCORE_LIBRARY_CONFINE_H
#define VMCORE_LIBRARY_CONFINE_H

#include <stddef.h>
#include <sys/types.h>

/*
 * Default signal handlers, no descriptors but these (0 to 2 lead to /dev/null where they are not among them), no core dump,
 * limits of CPU time and memory, and its end when the parent ends. Not to be called in a process that is to live on.
 */
void library_confine(int socket, const int *fds, size_t count, pid_t parent);

#endif
