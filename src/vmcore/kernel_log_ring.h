/* The lockless ring buffer of 5.10 and later, where its parts are known. Inside of kernel_log*.c only. */
#ifndef VMCORE_KERNEL_LOG_RING_H
#define VMCORE_KERNEL_LOG_RING_H

#include "vmcore/kernel_log_format.h"

/* Where the fields lie in struct prb_desc and struct printk_info, bytes. */
struct ring_layout {
	uint64_t desc_size, state, begin, next; /* three unsigned longs */
	uint64_t info_size, sequence, time, text_length, caller;
	bool has_sequence, has_caller;
};

/* The ring's three arrays. */
struct ring_place {
	bool physical; /* the addresses */
	uint64_t descs, infos, texts;
	unsigned int count_bits; /* descriptors are 2 to the power of that, and as many infos */
	unsigned int size_bits;  /* the texts' bytes */
	uint64_t tail_id, head_id;
	bool find_ids; /* tail and head are not known: they are told from the descriptors */
};

/* The kernel's own: 2^26 descriptors of 32 bytes text each make LOG_BUF_LEN_MAX, 2^31 bytes (kernel/printk/printk.c). */
enum { RING_COUNT_BITS_LEAST = 2, RING_COUNT_BITS_MOST = 26, RING_SIZE_BITS_LEAST = 6, RING_SIZE_BITS_MOST = 31 };

enum ring_state { RING_RESERVED, RING_COMMITTED, RING_FINALIZED, RING_REUSABLE };

/* An id: an unsigned long without the two bits of the state. */
static inline uint64_t ring_id_mask(const struct dump *dump)
{
	return UINT64_MAX >> (64 - dump->word * 8 + 2);
}

/*
 * A number that grows with the records: ids begin at minus the number of descriptors (DESC0_ID() in printk_ringbuffer.h), in
 * 32 bits also where ids have 62, and so may go through 0.
 */
static inline uint64_t ring_order(const struct dump *dump, uint64_t id, unsigned int count_bits)
{
	return (id + (UINT64_C(1) << count_bits) + 1) & ring_id_mask(dump);
}

struct log_reader *ring_open_at(struct dump *dump, const struct ring_layout *layout, const struct ring_place *place,
				struct kernel_log_report *report, struct error *error);

/* The layout that kernels have, but for info_size: see there. */
void ring_usual_layout(const struct dump *dump, struct ring_layout *layout);

#endif
