/*
 * A vmlinux mapped for reading alone. libdwfl by itself maps files so that it could relocate them in place, private and
 * writable: all of the file, half a gibibyte or two, counts as the process's data then, which has a limit (RLIMIT_DATA), and
 * nothing of a linked vmlinux is relocated.
 */
#define _POSIX_C_SOURCE 200809L
#include "debuginfo/parts.h"

#include <fcntl.h>
#include <unistd.h>

int open_mapped_elf(const char *path, Elf **elf)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	libdw.elf_version(EV_CURRENT);
	*elf = fd >= 0 ? libdw.elf_begin(fd, ELF_C_READ_MMAP, NULL) : NULL;
	return fd;
}
