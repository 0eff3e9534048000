/*
 * A vmlinux mapped for reading alone. libdwfl by itself maps files so that it could relocate them in place, private and
 * writable: all of the file, half a gibibyte or two, counts as the process's data then, which has a limit (RLIMIT_DATA), and
 * nothing of a linked vmlinux is relocated.
 */
#include "debuginfo/parts.h"

Elf *map_elf(int fd)
{
	libdw.elf_version(EV_CURRENT);
	return fd >= 0 ? libdw.elf_begin(fd, ELF_C_READ_MMAP, NULL) : NULL;
}
