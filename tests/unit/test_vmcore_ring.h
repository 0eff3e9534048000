/* For the tests of the log of 5.10 and later: its ring buffer, filled as the kernel does. */
#ifndef TEST_VMCORE_RING_H
#define TEST_VMCORE_RING_H

#include "test_vmcore_log.h"

enum { COUNT_BITS = 3, SIZE_BITS = 8, COUNT = 1 << COUNT_BITS, INFO = 88 };
enum { RESERVED, COMMITTED, FINALIZED, REUSABLE };

/* A ring buffer as 5.10 and later have it, with room for 2^count_bits records. */
struct ring {
	struct machine *machine;
	size_t descs, infos, texts, head, tail;
	uint64_t count, size, next_id, position;
};

static inline void tell_ring(struct machine *machine)
{
	size_t word = machine->dump.word;
	const struct {
		const char *name;
		size_t words;
	} fields[] = { { "printk_ringbuffer.desc_ring", 0 }, { "printk_ringbuffer.text_data_ring", 6 },
		       { "prb_desc_ring.count_bits", 0 },    { "prb_desc_ring.descs", 1 },
		       { "prb_desc_ring.infos", 2 },         { "prb_desc_ring.head_id", 3 },
		       { "prb_desc_ring.tail_id", 4 },       { "prb_data_ring.size_bits", 0 },
		       { "prb_data_ring.data", 1 },          { "atomic_long_t.counter", 0 },
		       { "prb_desc.state_var", 0 },          { "prb_desc.text_blk_lpos", 1 },
		       { "prb_data_blk_lpos.begin", 0 },     { "prb_data_blk_lpos.next", 1 } };

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		machine_tell(machine, "OFFSET(%s)=%zu\n", fields[i].name, fields[i].words * word);
	machine_tell(machine, "SIZE(prb_desc)=%zu\nSIZE(printk_info)=%d\nOFFSET(printk_info.ts_nsec)=8\n", word * 3, INFO);
	machine_tell(machine, "OFFSET(printk_info.seq)=0\nOFFSET(printk_info.text_len)=16\n");
	machine_tell(machine, "OFFSET(printk_info.caller_id)=20\n");
}

static inline struct ring ring_new(struct machine *machine, unsigned int count_bits, unsigned int size_bits)
{
	size_t word = machine->dump.word;
	struct ring ring = { .machine = machine, .count = 1U << count_bits, .size = 1U << size_bits };

	ring.descs = machine_place(machine, ring.count * word * 3);
	ring.infos = machine_place(machine, ring.count * INFO);
	ring.texts = machine_place(machine, ring.size);
	size_t at = machine_place(machine, 11 * word);
	machine_put(machine, at, 4, count_bits);
	machine_put(machine, at + word, word, machine_address(machine, ring.descs));
	machine_put(machine, at + 2 * word, word, machine_address(machine, ring.infos));
	machine_put(machine, at + 6 * word, 4, size_bits);
	machine_put(machine, at + 7 * word, word, machine_address(machine, ring.texts));
	ring.head = at + 3 * word;
	ring.tail = at + 4 * word;
	machine_tell(machine, "OSRELEASE=6.1.0\n");
	machine_variable(machine, "prb", word, machine_address(machine, at));
	tell_ring(machine);
	ring.next_id = (UINT64_C(1) << 32) - ring.count;
	ring.position = 0 - ring.size;
	return ring;
}

static inline uint64_t id_mask(const struct ring *ring)
{
	return UINT64_MAX >> (66 - ring->machine->dump.word * 8);
}

static inline void put_descriptor(struct ring *ring, unsigned int state, uint64_t begin, uint64_t next)
{
	size_t word = ring->machine->dump.word, at = ring->descs + ring->next_id % ring->count * word * 3;

	machine_put(ring->machine, at, word, (uint64_t)state << (word * 8 - 2) | (ring->next_id & id_mask(ring)));
	machine_put(ring->machine, at + word, word, begin);
	machine_put(ring->machine, at + 2 * word, word, next);
}

static inline void put_info(struct ring *ring, uint64_t time_ns, size_t length, unsigned int level, uint32_t caller)
{
	bool big = ring->machine->dump.big_endian;
	size_t at = ring->infos + ring->next_id % ring->count * INFO;

	machine_put(ring->machine, at, 8, ring->next_id - ((UINT64_C(1) << 32) - ring->count));
	machine_put(ring->machine, at + 8, 8, time_ns);
	machine_put(ring->machine, at + 16, 2, length);
	machine_put(ring->machine, at + 18, 1, level / 8);
	machine_put(ring->machine, at + 19, 1, big ? 0x10 | level % 8 : level % 8 << 5 | 2);
	machine_put(ring->machine, at + 20, 4, caller);
}

static inline void end_record(struct ring *ring)
{
	size_t word = ring->machine->dump.word;
	uint64_t first = (UINT64_C(1) << 32) - ring->count, tail = ring->next_id + 1 - ring->count;

	machine_put(ring->machine, ring->head, word, ring->next_id & id_mask(ring));
	machine_put(ring->machine, ring->tail, word, (tail > first ? tail : first) & id_mask(ring));
	ring->next_id++;
}

/* As prb_reserve() and prb_final_commit() do: a block that would go over the end has its text at the ring's start. */
static inline void ring_add(struct ring *ring, uint64_t time_ns, unsigned int level, uint32_t caller, const char *text)
{
	size_t word = ring->machine->dump.word, length = strlen(text);
	uint64_t begin = ring->position, need = word + (length + word - 1) / word * word, next = begin + need;
	size_t at = begin % ring->size;

	machine_put(ring->machine, ring->texts + at, word, ring->next_id & id_mask(ring));
	if (at + need >= ring->size) {
		next = begin - at + ring->size + need;
		at = 0;
		machine_put(ring->machine, ring->texts, word, ring->next_id & id_mask(ring));
	}
	memcpy(ring->machine->memory + ring->texts + at + word, text, length);
	put_descriptor(ring, FINALIZED, begin, next);
	put_info(ring, time_ns, length, level, caller);
	end_record(ring);
	ring->position = next;
}

static inline void ring_add_odd(struct ring *ring, unsigned int state, uint64_t begin, uint64_t next, size_t length)
{
	put_descriptor(ring, state, begin, next);
	put_info(ring, 5, length, 6, 1);
	end_record(ring);
}

#endif
