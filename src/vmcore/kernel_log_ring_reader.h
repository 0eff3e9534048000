/* The reader of the ring buffer from within. For kernel_log_ring.c and kernel_log_ring_ids.c only. */
#ifndef VMCORE_KERNEL_LOG_RING_READER_H
#define VMCORE_KERNEL_LOG_RING_READER_H

#include "vmcore/kernel_log_ring.h"

struct ring {
	struct log_reader reader;
	struct dump *dump;
	struct ring_layout layout;
	struct memory_window descs, infos, texts;
	uint64_t count;     /* descriptors */
	uint64_t tail, ids; /* the first id, and how many there are */
	uint64_t id;        /* the next one */
	uint64_t left;      /* ids to go */
	uint64_t given;     /* records */
	uint64_t misses;    /* ids that no record came of */
	uint64_t text_left; /* bytes: blocks do not overlap, so that all texts together are never more than their ring */
	/* Sequence number minus id, which all records share; not known before the first. */
	uint64_t difference;
	bool has_difference;
};

struct descriptor {
	const unsigned char *bytes; /* good until the next one is read */
	uint64_t id;
	enum ring_state state;
};

bool ring_get_descriptor(struct ring *ring, uint64_t index, struct descriptor *descriptor, struct error *error);

/* How many descriptors, from this one on, the piece of memory takes with it that could not be read. */
uint64_t ring_lost_descriptors(const struct ring *ring, uint64_t index);

/* Whether a descriptor that is not this id's is that of the record before in its place, or was never used. */
bool ring_is_free(const struct ring *ring, uint64_t id, const struct descriptor *descriptor);

/* Sets the tail and the number of ids, and goes back to the first. False: *error. */
bool ring_set_ids(struct ring *ring, const struct ring_place *place, struct error *error);

void ring_rewind(struct ring *ring); /* to the first id */

#endif
