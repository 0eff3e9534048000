/* Where the ring buffer of 5.10 and later lies, by VMCOREINFO (kernel/printk/printk.c, log_buf_vmcoreinfo_setup()). */
#include "vmcore/kernel_log_ring.h"

#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>

/* No field of these structures lies further in, and none of them is larger, by far. */
enum { STRUCTURE_MOST = 4096 };

struct offsets {
	uint64_t desc_ring, text_ring, count_bits, descs, infos, head_id, tail_id, size_bits, data, counter;
};

struct field {
	const char *name;
	uint64_t *value;
};

static bool read_fields(struct text info, bool (*find)(struct text, const char *, uint64_t *), const char *what,
			const struct field *fields, size_t count, struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		if (!find(info, fields[i].name, fields[i].value))
			return error_set(error, "VMCOREINFO has no %s(%s)", what, fields[i].name);
		if (*fields[i].value > STRUCTURE_MOST)
			return error_set(error, "VMCOREINFO's %s(%s) of %" PRIu64 " makes no sense: at most %d expected",
					 what, fields[i].name, *fields[i].value, STRUCTURE_MOST);
	}
	return true;
}

static bool read_offsets(struct text info, struct offsets *offsets, struct error *error)
{
	const struct field fields[] = {
		{ "printk_ringbuffer.desc_ring", &offsets->desc_ring },
		{ "printk_ringbuffer.text_data_ring", &offsets->text_ring },
		{ "prb_desc_ring.count_bits", &offsets->count_bits },
		{ "prb_desc_ring.descs", &offsets->descs },
		{ "prb_desc_ring.infos", &offsets->infos },
		{ "prb_desc_ring.head_id", &offsets->head_id },
		{ "prb_desc_ring.tail_id", &offsets->tail_id },
		{ "prb_data_ring.size_bits", &offsets->size_bits },
		{ "prb_data_ring.data", &offsets->data },
		{ "atomic_long_t.counter", &offsets->counter },
	};

	return read_fields(info, vmcoreinfo_offset, "OFFSET", fields, sizeof fields / sizeof *fields, error);
}

static bool check_inside(const char *structure, uint64_t size, uint64_t offset, uint64_t length, struct error *error)
{
	if (offset + length <= size)
		return true;
	return error_set(error, "VMCOREINFO has a field of struct %s at byte %" PRIu64 ", behind its %" PRIu64 " bytes",
			 structure, offset, size);
}

/* Whether the fields of each structure lie as a compiler puts them: a number gone wrong seldom does. */
static bool check_fields(const struct ring_layout *layout, const struct offsets *offsets, uint64_t word, struct error *error)
{
	uint64_t descs = offsets->desc_ring, texts = offsets->text_ring;
	const struct log_field ring[] = {
		{ descs + offsets->count_bits, 4, true },
		{ descs + offsets->descs, word, true },
		{ descs + offsets->infos, word, true },
		{ descs + offsets->head_id + offsets->counter, word, true },
		{ descs + offsets->tail_id + offsets->counter, word, true },
		{ texts + offsets->size_bits, 4, true },
		{ texts + offsets->data, word, true },
	};
	const struct log_field desc[] = { { layout->state, word, true },
					  { layout->begin, word, true },
					  { layout->next, word, true } };
	const struct log_field info[] = { { layout->sequence, 8, layout->has_sequence },
					  { layout->time, 8, true },
					  { layout->text_length, 2, true },
					  { layout->caller, 4, layout->has_caller } };

	if (!log_fields_fit(ring, sizeof ring / sizeof *ring, word))
		return error_set(error, "VMCOREINFO's offsets in printk_ringbuffer make no sense together");
	if (!log_fields_fit(desc, sizeof desc / sizeof *desc, word) || layout->desc_size % word)
		return error_set(error, "VMCOREINFO's size of and offsets in prb_desc make no sense together");
	if (!log_fields_fit(info, sizeof info / sizeof *info, word) || layout->info_size % 4)
		return error_set(error, "VMCOREINFO's size of and offsets in printk_info make no sense together");
	return true;
}

static bool read_layout(const struct dump *dump, struct ring_layout *layout, uint64_t counter, struct error *error)
{
	uint64_t block;
	const struct field sizes[] = { { "prb_desc", &layout->desc_size }, { "printk_info", &layout->info_size } };
	const struct field fields[] = {
		{ "prb_desc.state_var", &layout->state },      { "prb_desc.text_blk_lpos", &block },
		{ "prb_data_blk_lpos.begin", &layout->begin }, { "prb_data_blk_lpos.next", &layout->next },
		{ "printk_info.ts_nsec", &layout->time },      { "printk_info.text_len", &layout->text_length },
	};

	if (!read_fields(dump->vmcoreinfo, vmcoreinfo_size, "SIZE", sizes, sizeof sizes / sizeof *sizes, error) ||
	    !read_fields(dump->vmcoreinfo, vmcoreinfo_offset, "OFFSET", fields, sizeof fields / sizeof *fields, error))
		return false;
	layout->state += counter;
	layout->begin += block;
	layout->next += block;
	layout->has_sequence = vmcoreinfo_offset(dump->vmcoreinfo, "printk_info.seq", &layout->sequence) &&
			       layout->sequence <= STRUCTURE_MOST && layout->sequence + 8 <= layout->info_size;
	layout->has_caller = vmcoreinfo_offset(dump->vmcoreinfo, "printk_info.caller_id", &layout->caller) &&
			     layout->caller <= STRUCTURE_MOST && layout->caller + 4 <= layout->info_size;
	return check_inside("prb_desc", layout->desc_size, layout->state, dump->word, error) &&
	       check_inside("prb_desc", layout->desc_size, layout->begin, dump->word, error) &&
	       check_inside("prb_desc", layout->desc_size, layout->next, dump->word, error) &&
	       check_inside("printk_info", layout->info_size, layout->time, 8, error) &&
	       check_inside("printk_info", layout->info_size, layout->text_length, 2, error);
}

static bool read_bits(struct dump *dump, uint64_t address, const char *name, unsigned int least, unsigned int most,
		      unsigned int *bits, struct error *error)
{
	uint64_t value;

	if (dump_read_number(dump, address, 4, &value, error) != MEMORY_OK)
		return false;
	if (value < least || value > most)
		return error_set(error, "%s of %" PRIu64 " at 0x%" PRIx64 " makes no sense: %u to %u expected", name, value,
				 address, least, most);
	*bits = (unsigned int)value;
	return true;
}

static bool check_sizes(const struct dump *dump, const struct ring_layout *layout, const struct ring_place *place,
			struct error *error)
{
	uint64_t count = UINT64_C(1) << place->count_bits;

	return log_size_fits(dump, "the ring of descriptors", count * layout->desc_size, error) &&
	       log_size_fits(dump, "the ring of infos", count * layout->info_size, error) &&
	       log_size_fits(dump, "the ring of texts", UINT64_C(1) << place->size_bits, error);
}

static bool read_place(struct dump *dump, uint64_t ring, const struct offsets *offsets, struct ring_place *place,
		       struct error *error)
{
	uint64_t descs = ring + offsets->desc_ring, texts = ring + offsets->text_ring;
	const struct {
		uint64_t address;
		uint64_t *value;
	} words[] = {
		{ descs + offsets->descs, &place->descs },
		{ descs + offsets->infos, &place->infos },
		{ texts + offsets->data, &place->texts },
		{ descs + offsets->head_id + offsets->counter, &place->head_id },
		{ descs + offsets->tail_id + offsets->counter, &place->tail_id },
	};

	if (!read_bits(dump, descs + offsets->count_bits, "prb_desc_ring.count_bits", RING_COUNT_BITS_LEAST,
		       RING_COUNT_BITS_MOST, &place->count_bits, error) ||
	    !read_bits(dump, texts + offsets->size_bits, "prb_data_ring.size_bits", RING_SIZE_BITS_LEAST,
		       RING_SIZE_BITS_MOST, &place->size_bits, error))
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (dump_read_number(dump, words[i].address, dump->word, words[i].value, error) != MEMORY_OK)
			return false;
	return true;
}

struct log_reader *ring_open(struct dump *dump, struct kernel_log_report *report, struct error *error)
{
	struct ring_layout layout = { 0 };
	struct ring_place place = { 0 };
	struct offsets offsets;
	uint64_t pointer, ring;

	if (!vmcoreinfo_symbol(dump->vmcoreinfo, "prb", &pointer)) {
		error_set(error, "VMCOREINFO has no SYMBOL(prb)");
		return NULL;
	}
	if (!read_offsets(dump->vmcoreinfo, &offsets, error) || !read_layout(dump, &layout, offsets.counter, error) ||
	    !check_fields(&layout, &offsets, dump->word, error) ||
	    dump_read_number(dump, pointer, dump->word, &ring, error) != MEMORY_OK ||
	    !read_place(dump, ring, &offsets, &place, error) || !check_sizes(dump, &layout, &place, error))
		return NULL;
	return ring_open_at(dump, &layout, &place, report, error);
}

/*
 * struct prb_desc { unsigned long state; unsigned long begin, next; };
 * struct printk_info { u64 seq, ts_nsec; u16 text_len; u8 facility; u8 flags:5, level:3; u32 caller_id; char [64]; };
 */
void ring_usual_layout(const struct dump *dump, struct ring_layout *layout)
{
	*layout = (struct ring_layout){
		.desc_size = dump->word * 3,
		.begin = dump->word,
		.next = dump->word * 2,
		.info_size = 88,
		.has_sequence = true,
		.time = 8,
		.text_length = 16,
		.caller = 20,
		.has_caller = true,
	};
}
