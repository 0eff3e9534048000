/*
 * The process in which libkdumpfile runs. On damaged files it was seen to crash and to loop without end (0.5.1), so it gets
 * a process of its own, which answers requests over a socket. Both ends of the socket are in this header; whoever reads
 * answers trusts none of them.
 */
#ifndef VMCORE_LIBRARY_CHILD_H
#define VMCORE_LIBRARY_CHILD_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	LIBRARY_READ_MOST = 64 * 1024,         /* bytes of memory in one answer */
	LIBRARY_FACTS_MOST = 2 * 1024 * 1024,  /* bytes of all facts */
	LIBRARY_RUN_MOST = 4 * 1024 * 1024,    /* bytes of a run of memory */
	LIBRARY_CPU_SECONDS = 120,             /* of its life; then the kernel ends it */
	LIBRARY_DATA_MOST = 256 * 1024 * 1024, /* bytes: bitmaps of 4 TiB of memory fit */
};

enum library_operation {
	LIBRARY_OPEN,          /* answer: facts, one behind the other; first, and once */
	LIBRARY_READ_PHYSICAL, /* answer: `length` bytes at `address` */
	LIBRARY_READ_VIRTUAL,
	LIBRARY_NEXT_RUN, /* answer: address and extent of the first run at or above `address`; extent 0: there is none */
};

struct library_request {
	uint32_t operation;
	uint32_t length;
	uint64_t address;
};

/* Followed by `length` bytes: what was asked for, or where status is not MEMORY_OK, why not. */
struct library_answer {
	uint32_t status; /* enum memory_status */
	uint32_t length;
	uint64_t address;
	uint64_t extent;
};

enum library_fact_kind {
	LIBRARY_FORMAT, /* texts, without a NUL */
	LIBRARY_ARCH,
	LIBRARY_VMCOREINFO,
	LIBRARY_SYSNAME,
	LIBRARY_NODENAME,
	LIBRARY_RELEASE,
	LIBRARY_VERSION,
	LIBRARY_MACHINE,
	LIBRARY_BIG_ENDIAN, /* numbers: a uint64_t */
	LIBRARY_WORD,
	LIBRARY_PAGE_SIZE,
	LIBRARY_PRSTATUS, /* the bytes of a CPU's struct elf_prstatus; CPU by CPU */
};

/* Followed by `length` bytes. Not aligned. */
struct library_fact {
	uint32_t kind;
	uint32_t length;
};

/* In the child, right behind fork(): confines the process, and serves until the other end closes. Never returns. */
_Noreturn void library_child_run(int socket, const int *fds, size_t count, pid_t parent);

#endif
