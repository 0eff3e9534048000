/*
 * The lockless ring buffer (kernel/printk/printk_ringbuffer.[ch], since 5.10): a ring of descriptors, one of infos beside
 * it, and one of texts. A descriptor holds an id with a state in its top two bits, and from where to where its block in the
 * ring of texts goes, as positions that only grow. A block is the id again, and the text.
 */
#include "vmcore/kernel_log_ring.h"

#include "vmcore/bytes.h"

#include <inttypes.h>
#include <stdlib.h>

struct ring {
	struct log_reader reader;
	struct dump *dump;
	struct ring_layout layout;
	struct memory_window descs, infos, texts;
	uint64_t count;     /* descriptors */
	uint64_t id;        /* the next one */
	uint64_t left;      /* ids to go */
	uint64_t text_left; /* bytes: blocks do not overlap, so that all texts together are never more than their ring */
};

struct descriptor {
	const unsigned char *bytes; /* good until the next one is read */
	uint64_t id;
	enum ring_state state;
};

static uint64_t get_word(const struct ring *ring, const unsigned char *bytes)
{
	return bytes_get(bytes, ring->dump->word, ring->dump->big_endian);
}

static bool get_descriptor(struct ring *ring, uint64_t index, struct descriptor *descriptor, struct error *error)
{
	size_t size = (size_t)ring->layout.desc_size;

	descriptor->bytes = memory_window_get(&ring->descs, index * size, size, error);
	if (!descriptor->bytes)
		return false;
	uint64_t state = get_word(ring, descriptor->bytes + ring->layout.state);
	descriptor->id = state & ring_id_mask(ring->dump);
	descriptor->state = (enum ring_state)(state >> (ring->dump->word * 8 - 2));
	return true;
}

/* How many descriptors, from this one on, the piece of memory takes with it that could not be read. */
static uint64_t lost_descriptors(const struct ring *ring, uint64_t index)
{
	uint64_t size = ring->layout.desc_size, begin = index * size;
	uint64_t end = ring->descs.lost_end;

	return end > begin + size ? (end - begin + size - 1) / size : 1;
}

static void advance(struct ring *ring, uint64_t count)
{
	if (count > ring->left)
		count = ring->left;
	ring->id = (ring->id + count) & ring_id_mask(ring->dump);
	ring->left -= count;
}

/* Where in the ring of texts a descriptor's block is. False: it has none, its text is empty. */
static bool find_block(const struct ring *ring, const struct descriptor *descriptor, uint64_t *begin, uint64_t *length)
{
	uint64_t size = ring->texts.size;
	uint64_t from = get_word(ring, descriptor->bytes + ring->layout.begin) & (size - 1);
	uint64_t to = get_word(ring, descriptor->bytes + ring->layout.next) & (size - 1);

	if (from == to)
		return false;
	/*
	 * Since 2025 ("don't needlessly wrap data blocks around") a block may end where the ring does. Before, its text
	 * then lay at the ring's start, as if it had not fitted, and "next" behind that. vmcore-dmesg does not know.
	 */
	if (to == 0)
		to = size;
	/* It did not fit the ring's end: only the id is there, the text at the ring's start. */
	if (from > to)
		from = 0;
	*begin = from + ring->dump->word; /* behind the id */
	*length = to - from;
	if (*length <= ring->dump->word)
		return false;
	*length -= ring->dump->word;
	return true;
}

static void fill_entry(const struct ring *ring, const unsigned char *info, struct log_entry *entry)
{
	const struct ring_layout *layout = &ring->layout;
	bool big = ring->dump->big_endian;

	*entry = (struct log_entry){ .priority = ENTRY_NO_PRIORITY };
	entry->time_ns = bytes_get(info + layout->time, 8, big);
	if (!layout->has_caller)
		return;
	entry->has_caller = true;
	entry->caller = (uint32_t)bytes_get(info + layout->caller, 4, big);
	/* Facility, flags and level have no line in VMCOREINFO: they fill what lies between text_len and caller_id. */
	if (layout->caller == layout->text_length + 4)
		entry->priority = log_priority(info + layout->text_length + 2, big);
}

static bool get_record(struct ring *ring, const struct descriptor *descriptor, struct log_entry *entry, struct error *error)
{
	const struct ring_layout *layout = &ring->layout;
	uint64_t index = descriptor->id & (ring->count - 1), begin, block;
	const unsigned char *info =
		memory_window_get(&ring->infos, index * layout->info_size, (size_t)layout->info_size, error);

	if (!info)
		return false;
	fill_entry(ring, info, entry);
	if (!find_block(ring, descriptor, &begin, &block))
		return true;
	uint64_t length = bytes_get(info + layout->text_length, 2, ring->dump->big_endian);
	if (length > block)
		length = block;
	if (length > ring->text_left)
		return error_set(error, "the records' texts are longer than the ring of %" PRIu64 " bytes they lie in",
				 ring->texts.size);
	if (length == 0)
		return true;
	entry->text.data = (const char *)memory_window_get(&ring->texts, begin, (size_t)length, error);
	entry->text.length = (size_t)length;
	ring->text_left -= length;
	return entry->text.data;
}

/* Ids between tail and head whose descriptor is another's: a CPU was about to take it. Its old state says whether so. */
static void count_miss(struct ring *ring, uint64_t id, const struct descriptor *descriptor)
{
	bool never_used = descriptor->id == 0 && descriptor->state == RING_RESERVED;
	struct error error = { 0 };

	if (never_used || descriptor->state == RING_REUSABLE) {
		ring->reader.report->reserved++;
		return;
	}
	error_set(&error, "the descriptor of record id 0x%" PRIx64 " holds id 0x%" PRIx64, id, descriptor->id);
	report_lost(ring->reader.report, 1, &error);
}

static bool next(struct log_reader *reader, struct log_entry *entry)
{
	struct ring *ring = (struct ring *)reader;

	while (ring->left) {
		struct error error = { 0 };
		struct descriptor descriptor;
		uint64_t id = ring->id, index = id & (ring->count - 1);
		if (!get_descriptor(ring, index, &descriptor, &error)) {
			uint64_t lost = lost_descriptors(ring, index);
			if (lost > ring->count - index)
				lost = ring->count - index;
			if (lost > ring->left)
				lost = ring->left;
			report_lost(reader->report, lost, &error);
			advance(ring, lost);
			continue;
		}
		advance(ring, 1);
		if (descriptor.id != id)
			count_miss(ring, id, &descriptor);
		else if (descriptor.state == RING_RESERVED)
			reader->report->reserved++;
		else if (descriptor.state != RING_REUSABLE) {
			if (get_record(ring, &descriptor, entry, &error))
				return true;
			report_lost(reader->report, 1, &error);
		}
	}
	return false;
}

static void close_ring(struct log_reader *reader)
{
	struct ring *ring = (struct ring *)reader;

	memory_window_close(&ring->descs);
	memory_window_close(&ring->infos);
	memory_window_close(&ring->texts);
	free(ring);
}

/* The newest record's id, by all descriptors. Before it may lie as many as the ring has. */
static bool find_ids(struct ring *ring, unsigned int count_bits, uint64_t *tail_id, uint64_t *head_id, struct error *error)
{
	uint64_t newest = 0, oldest = UINT64_MAX;

	for (uint64_t index = 0; index < ring->count;) {
		struct descriptor descriptor;
		if (!get_descriptor(ring, index, &descriptor, error)) {
			index += lost_descriptors(ring, index);
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

/* Whether the head's descriptor is its own; or another's still, where a CPU is about to take it. Unreadable: perhaps. */
static bool head_fits(struct ring *ring, uint64_t head)
{
	struct descriptor descriptor;
	struct error error;

	return !get_descriptor(ring, head & (ring->count - 1), &descriptor, &error) || descriptor.id == head;
}

/* From tail to head. Where these are not known, or cannot be right, the descriptors say. */
static bool set_ids(struct ring *ring, const struct ring_place *place, struct error *error)
{
	uint64_t mask = ring_id_mask(ring->dump), tail = place->tail_id & mask, head = place->head_id & mask;
	bool in_order = ((head - tail) & mask) < ring->count;
	struct error odd = { 0 };

	if (!in_order && !place->find_ids) {
		error_set(&odd,
			  "the log's head id 0x%" PRIx64 " is more than %" PRIu64 " records behind its tail id 0x%" PRIx64,
			  head, ring->count, tail);
		report_lost(ring->reader.report, 0, &odd);
	}
	if ((place->find_ids || !in_order || !head_fits(ring, head)) &&
	    !find_ids(ring, place->count_bits, &tail, &head, error))
		return false;
	ring->id = tail;
	ring->left = ((head - tail) & mask) + 1;
	return true;
}

struct log_reader *ring_open_at(struct dump *dump, const struct ring_layout *layout, const struct ring_place *place,
				struct kernel_log_report *report, struct error *error)
{
	struct ring *ring = calloc(1, sizeof *ring);

	if (!ring) {
		error_out_of_memory(error);
		return NULL;
	}
	ring->reader = (struct log_reader){ "ring-buffer", report, next, close_ring };
	ring->dump = dump;
	ring->layout = *layout;
	ring->count = UINT64_C(1) << place->count_bits;
	ring->text_left = UINT64_C(1) << place->size_bits;
	bool physical = place->physical;
	if (memory_window_open(&ring->descs, dump, physical, place->descs, ring->count * layout->desc_size, LOG_WINDOW,
			       error) &&
	    memory_window_open(&ring->infos, dump, physical, place->infos, ring->count * layout->info_size, LOG_WINDOW,
			       error) &&
	    memory_window_open(&ring->texts, dump, physical, place->texts, ring->text_left, LOG_TEXT_WINDOW, error) &&
	    set_ids(ring, place, error))
		return &ring->reader;
	close_ring(&ring->reader);
	return NULL;
}
