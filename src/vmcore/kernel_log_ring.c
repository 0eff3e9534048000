/*
 * The lockless ring buffer (kernel/printk/printk_ringbuffer.[ch], since 5.10): a ring of descriptors, one of infos beside
 * it, and one of texts. A descriptor holds an id with a state in its top two bits, and from where to where its block in the
 * ring of texts goes, as positions that only grow. A block is the id again, and the text.
 */
#include "vmcore/kernel_log_ring_reader.h"

#include "vmcore/bytes.h"

#include <inttypes.h>
#include <stdlib.h>

/* Where a record's text is: its block in the ring of texts, an id and behind it the text. */
struct block {
	uint64_t at;
	uint64_t length; /* of what is behind the id */
};

/* What becomes of a record. */
enum outcome { GIVEN, MISSING, SENSELESS };

/* A block is larger than its text by what the kernel cuts off, a mark of the level and a line end, and rounds up. */
enum { SLACK_MOST = 64, PID_MOST = 1 << 22, CPU_MOST = 1 << 16, FREED_BEHIND_MOST = 64 };

/* Ids without a record that are passed over. Where they are more, the newest are still looked at, and none between. */
enum { MISSES_MOST = 1 << 18 };

static uint64_t get_word(const struct ring *ring, const unsigned char *bytes)
{
	return bytes_get(bytes, ring->dump->word, ring->dump->big_endian);
}

bool ring_get_descriptor(struct ring *ring, uint64_t index, struct descriptor *descriptor, struct error *error)
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

uint64_t ring_lost_descriptors(const struct ring *ring, uint64_t index)
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

/*
 * Where in the ring of texts a descriptor's block is; of length 0 and at the end, where it has none. False: *error. What the
 * kernel writes: data_alloc() and get_data() of printk_ringbuffer.c.
 */
static bool find_block(const struct ring *ring, const struct descriptor *descriptor, struct block *block,
		       struct error *error)
{
	uint64_t size = ring->texts.size, word = ring->dump->word, mask = UINT64_MAX >> (64 - word * 8);
	uint64_t begin = get_word(ring, descriptor->bytes + ring->layout.begin);
	uint64_t next = get_word(ring, descriptor->bytes + ring->layout.next);
	uint64_t from = begin & (size - 1), to = next & (size - 1), rounds = ((next - to) - (begin - from)) & mask;

	*block = (struct block){ size, 0 };
	if (begin == next && begin % 2)
		return true;
	/*
	 * Since 2025 ("don't needlessly wrap data blocks around") a block may end where the ring does. Before, its text
	 * then lay at the ring's start, as if it had not fitted, and "next" behind that. vmcore-dmesg does not know.
	 */
	bool to_end = rounds == size && to == 0;
	if (to_end)
		to = size;
	/* It did not fit the ring's end: only the id is there, and again at the ring's start before the text. */
	else if (rounds == size)
		from = 0;
	if (begin % word || next % word || (rounds && rounds != size) || to < from + word)
		return error_set(error,
				 "the record of id 0x%" PRIx64 " cannot lie from 0x%" PRIx64 " to 0x%" PRIx64
				 " in a ring of %" PRIu64 " bytes",
				 descriptor->id, begin, next, size);
	*block = (struct block){ from, to - from - word };
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

/* Sequence numbers count up with the ids. Where two records in a row agree on something else, the first was wrong. */
static bool check_info(struct ring *ring, uint64_t id, const unsigned char *info, struct error *error)
{
	const struct ring_layout *layout = &ring->layout;
	bool big = ring->dump->big_endian;
	uint64_t time_ns = bytes_get(info + layout->time, 8, big);

	if (!log_time_plausible(time_ns))
		return error_set(error, "the record of id 0x%" PRIx64 " has a time of %" PRIu64 " ns, which makes no sense",
				 id, time_ns);
	if (!layout->has_sequence)
		return true;
	uint64_t sequence = bytes_get(info + layout->sequence, 8, big);
	uint64_t difference = (sequence - id) & ring_id_mask(ring->dump);
	bool fits = !ring->has_difference || difference == ring->difference;
	ring->difference = difference;
	ring->has_difference = true;
	return fits ||
	       error_set(error, "the record of id 0x%" PRIx64 " has number %" PRIu64 ", not one more than that before", id,
			 sequence);
}

/* Whether text and block go together, and the caller is a process or a CPU. Records that are odd in that are given. */
static bool is_odd(const struct ring *ring, const struct log_entry *entry, uint64_t length, const struct block *block)
{
	uint32_t number = entry->caller & INT32_MAX;

	if (entry->has_caller && number > (entry->caller >> 31 ? CPU_MOST : PID_MOST))
		return true;
	return length > block->length || block->length - length > SLACK_MOST + ring->dump->word;
}

/* The text, if it is this record's: its id is before it. */
static enum outcome get_text(struct ring *ring, uint64_t id, const struct block *block, struct log_entry *entry,
			     struct error *error)
{
	size_t word = ring->dump->word, length = entry->text.length;
	const unsigned char *bytes = memory_window_get(&ring->texts, block->at, word + length, error);

	if (!bytes)
		return length ? MISSING : GIVEN;
	uint64_t held = get_word(ring, bytes);
	if (held != id) {
		error_set(error, "the text of record id 0x%" PRIx64 " is that of id 0x%" PRIx64, id, held);
		return SENSELESS;
	}
	if (length)
		entry->text.data = (const char *)bytes + word;
	ring->text_left -= length;
	return GIVEN;
}

static enum outcome get_record(struct ring *ring, const struct descriptor *descriptor, struct log_entry *entry,
			       struct error *error)
{
	const struct ring_layout *layout = &ring->layout;
	uint64_t index = descriptor->id & (ring->count - 1);
	struct block block;
	const unsigned char *info =
		memory_window_get(&ring->infos, index * layout->info_size, (size_t)layout->info_size, error);

	if (!info)
		return MISSING;
	fill_entry(ring, info, entry);
	if (!find_block(ring, descriptor, &block, error))
		return SENSELESS;
	uint64_t length = bytes_get(info + layout->text_length, 2, ring->dump->big_endian);
	bool odd = is_odd(ring, entry, length, &block), fits = check_info(ring, descriptor->id, info, error);
	if (length > block.length)
		length = block.length;
	if (length > ring->text_left) {
		error_set(error, "the records' texts are longer than the ring of %" PRIu64 " bytes they lie in",
			  ring->texts.size);
		return SENSELESS;
	}
	entry->text.length = (size_t)length;
	enum outcome outcome = block.at < ring->texts.size ? get_text(ring, descriptor->id, &block, entry, error) : GIVEN;
	if (outcome == GIVEN && !fits)
		report_senseless(ring->reader.report, error);
	ring->reader.odd += outcome == GIVEN && fits && odd;
	return outcome;
}

bool ring_is_free(const struct ring *ring, uint64_t id, const struct descriptor *descriptor)
{
	bool never_used = descriptor->id == 0 && descriptor->state == RING_RESERVED;

	return never_used ||
	       (descriptor->state == RING_REUSABLE && descriptor->id == ((id - ring->count) & ring_id_mask(ring->dump)));
}

/* Ids between tail and head whose descriptor is another's: a CPU was about to take it. */
static void count_miss(struct ring *ring, uint64_t id, const struct descriptor *descriptor)
{
	struct error error = { 0 };

	if (ring_is_free(ring, id, descriptor)) {
		ring->reader.report->reserved++;
		return;
	}
	if (report_keeps_error(ring->reader.report))
		error_set(&error, "the descriptor of record id 0x%" PRIx64 " holds id 0x%" PRIx64, id, descriptor->id);
	report_senseless(ring->reader.report, &error);
}

/*
 * Records are freed from the oldest on, in the order of their blocks, in which those of two CPUs may have changed places
 * with their ids, but not more.
 */
static void count_freed(struct ring *ring, uint64_t id)
{
	struct error error = { 0 };

	if (ring->given <= FREED_BEHIND_MOST)
		return;
	if (report_keeps_error(ring->reader.report))
		error_set(&error, "the record of id 0x%" PRIx64 " is free, in the midst of others", id);
	report_senseless(ring->reader.report, &error);
}

static void skip_to_newest(struct ring *ring)
{
	uint64_t skipped = ring->left - MISSES_MOST;
	struct error error = { 0 };

	if (report_keeps_error(ring->reader.report))
		error_set(&error, "more than %d of its ids have no record", MISSES_MOST);
	report_lost(ring->reader.report, skipped, &error);
	dump_remark(ring->dump,
		    "what should be the kernel log has more than %d ids without a record; of the others only the newest "
		    "were looked at",
		    MISSES_MOST);
	advance(ring, skipped);
}

static bool next(struct log_reader *reader, struct log_entry *entry)
{
	struct ring *ring = (struct ring *)reader;

	for (; ring->left; ring->misses++) {
		if (ring->misses >= MISSES_MOST && ring->left > MISSES_MOST)
			skip_to_newest(ring);

		struct error error = { 0 };
		struct descriptor descriptor;
		uint64_t id = ring->id, index = id & (ring->count - 1);
		if (!ring_get_descriptor(ring, index, &descriptor, &error)) {
			uint64_t lost = ring_lost_descriptors(ring, index);
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
		else if (descriptor.state == RING_REUSABLE)
			count_freed(ring, id);
		else {
			enum outcome outcome = get_record(ring, &descriptor, entry, &error);
			ring->given += outcome == GIVEN;
			if (outcome == GIVEN)
				return true;
			if (outcome == SENSELESS)
				report_senseless(reader->report, &error);
			else
				report_lost(reader->report, 1, &error);
		}
	}
	return false;
}

void ring_rewind(struct ring *ring)
{
	ring->id = ring->tail;
	ring->left = ring->ids;
	ring->given = 0;
	ring->misses = 0;
	ring->text_left = ring->texts.size;
	ring->has_difference = false;
}

static void rewind_reader(struct log_reader *reader)
{
	ring_rewind((struct ring *)reader);
}

static void close_ring(struct log_reader *reader)
{
	struct ring *ring = (struct ring *)reader;

	memory_window_close(&ring->descs);
	memory_window_close(&ring->infos);
	memory_window_close(&ring->texts);
	free(ring);
}

struct log_reader *ring_open_at(struct dump *dump, const struct ring_layout *layout, const struct ring_place *place,
				struct kernel_log_report *report, struct error *error)
{
	struct ring *ring = calloc(1, sizeof *ring);

	if (!ring) {
		error_out_of_memory(error);
		return NULL;
	}
	ring->reader = (struct log_reader){ "ring-buffer", report, next, close_ring, .rewind = rewind_reader };
	ring->dump = dump;
	ring->layout = *layout;
	ring->count = UINT64_C(1) << place->count_bits;
	bool physical = place->physical;
	if (memory_window_open(&ring->descs, dump, physical, place->descs, ring->count * layout->desc_size, LOG_WINDOW,
			       error) &&
	    memory_window_open(&ring->infos, dump, physical, place->infos, ring->count * layout->info_size, LOG_WINDOW,
			       error) &&
	    memory_window_open(&ring->texts, dump, physical, place->texts, UINT64_C(1) << place->size_bits, LOG_TEXT_WINDOW,
			       error) &&
	    ring_set_ids(ring, place, error))
		return &ring->reader;
	close_ring(&ring->reader);
	return NULL;
}
