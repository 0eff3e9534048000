/* Which records a ring holds: those from tail to head; where these are not known or cannot be right, descriptors say. */
#include "vmcore/kernel_log_ring_reader.h"

#include <inttypes.h>

/* The newest record's id, by all descriptors. Before it may lie as many as the ring has. */
static bool find_ids(struct ring *ring, unsigned int count_bits, uint64_t *tail_id, uint64_t *head_id, struct error *error)
{
	uint64_t newest = 0, oldest = UINT64_MAX;

	for (uint64_t index = 0; index < ring->count;) {
		struct descriptor descriptor;
		if (!ring_get_descriptor(ring, index, &descriptor, error)) {
			index += ring_lost_descriptors(ring, index);
			continue;
		}
		uint64_t order = ring_order(ring->dump, descriptor.id, count_bits);
		bool used = descriptor.state == RING_COMMITTED || descriptor.state == RING_FINALIZED;
		if (used && (descriptor.id & (ring->count - 1)) == index) {
			newest = order > newest ? order : newest;
			oldest = order < oldest ? order : oldest;
		}
		index++;
	}
	if (oldest == UINT64_MAX)
		return error_set(error, "none of %" PRIu64 " record descriptors at 0x%" PRIx64 " is in use", ring->count,
				 ring->descs.begin);
	if (newest - oldest >= ring->count)
		oldest = newest - ring->count + 1;
	*tail_id = (oldest - ring->count - 1) & ring_id_mask(ring->dump);
	*head_id = (newest - ring->count - 1) & ring_id_mask(ring->dump);
	return true;
}

/* Whether the head's descriptor is its own; or free still, where a CPU is about to take it. Unreadable: perhaps. */
static bool head_fits(struct ring *ring, uint64_t head)
{
	struct descriptor descriptor;
	struct error error;

	return !ring_get_descriptor(ring, head & (ring->count - 1), &descriptor, &error) || descriptor.id == head ||
	       ring_is_free(ring, head, &descriptor);
}

bool ring_set_ids(struct ring *ring, const struct ring_place *place, struct error *error)
{
	uint64_t mask = ring_id_mask(ring->dump), tail = place->tail_id & mask, head = place->head_id & mask;
	bool fits = ((head - tail) & mask) < ring->count && head_fits(ring, head);
	struct error odd = { 0 };

	if (!fits && !place->find_ids) {
		error_set(&odd,
			  "the log's head id 0x%" PRIx64 " is not that of a record, at most %" PRIu64
			  " behind the tail id 0x%" PRIx64,
			  head, ring->count, tail);
		report_lost(ring->reader.report, 1, &odd);
	}
	if ((place->find_ids || !fits) && !find_ids(ring, place->count_bits, &tail, &head, error))
		return false;
	ring->tail = tail;
	ring->ids = ((head - tail) & mask) + 1;
	ring_rewind(ring);
	return true;
}
