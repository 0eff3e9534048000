/* A run of a dump's memory, read forwards in large pieces, that lives with pages which are not there. */
#ifndef VMCORE_KERNEL_LOG_MEMORY_H
#define VMCORE_KERNEL_LOG_MEMORY_H

#include "vmcore/dump.h"

struct memory_window {
	struct dump *dump;
	bool physical;  /* begin is a physical address, not a virtual one */
	uint64_t begin; /* where the run begins in memory */
	uint64_t size;  /* its bytes; nothing outside is read */
	unsigned char *buffer;
	size_t capacity;
	uint64_t at;   /* where in the run the buffer's bytes begin */
	size_t length; /* bytes in the buffer */
	/* The piece that could not be read last, offsets in the run; what wants it again fails at once. Empty: none. */
	uint64_t lost_begin, lost_end;
	struct error lost;
	size_t losses;       /* pieces that could not be read */
	uint64_t difference; /* virtual - physical address of what was read last */
	size_t turns;        /* how often that changed */
};

/*
 * The pieces that are lost when memory is missing: no machine has smaller pages. Where more are lost than MEMORY_LOSSES_MOST
 * (64 MiB), or the run lies in more than MEMORY_TURNS_MOST places of physical memory, all that is behind is lost as well:
 * page tables of a few bytes can lead from a terabyte to nothing, or to one page again and again. The kernel's own logs lie
 * in one piece.
 */
enum { MEMORY_PIECE = 4096, MEMORY_LOSSES_MOST = 16384, MEMORY_TURNS_MOST = 64 };

/* False: the run does not fit the address space, or out of memory. */
bool memory_window_open(struct memory_window *window, struct dump *dump, bool physical, uint64_t begin, uint64_t size,
			size_t capacity, struct error *error);
void memory_window_close(struct memory_window *window);

/*
 * Up to `wanted` bytes at an offset in the run, good until the next call; *available is how many there are, fewer at the
 * run's end and before memory that cannot be read (window->lost_end, *error). NULL: none.
 */
const unsigned char *memory_window_peek(struct memory_window *window, uint64_t offset, size_t wanted, size_t *available,
					struct error *error);

/* Exactly `length` bytes, at most the window's capacity, or NULL and *error. */
const unsigned char *memory_window_get(struct memory_window *window, uint64_t offset, size_t length, struct error *error);

#endif
