/* Where the records of 3.5 to 5.9 lie, by VMCOREINFO (kernel/printk/printk.c, log_buf_kexec_setup()). */
#include "vmcore/kernel_log_records.h"

#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <stdio.h>

enum { HEADER_MOST = 256 };

/* The struct was renamed in 3.11. */
static const char *const struct_names[] = { "printk_log", "log" };

static bool find_offset(struct text info, const char *structure, const char *field, uint64_t *offset)
{
	char name[64];

	snprintf(name, sizeof name, "%s.%s", structure, field);
	return vmcoreinfo_offset(info, name, offset);
}

static bool inside(uint64_t offset, uint64_t length, uint64_t size)
{
	return offset <= size && length <= size - offset;
}

static bool read_layout(const struct dump *dump, struct records_layout *layout, struct error *error)
{
	struct text info = dump->vmcoreinfo, release;
	const char *name = NULL;

	for (size_t i = 0; !name && i < sizeof struct_names / sizeof *struct_names; i++)
		if (vmcoreinfo_size(info, struct_names[i], &layout->header))
			name = struct_names[i];
	if (!name)
		return error_set(error, "VMCOREINFO has neither SIZE(printk_log) nor SIZE(log)");
	if (!find_offset(info, name, "ts_nsec", &layout->time) || !find_offset(info, name, "len", &layout->length) ||
	    !find_offset(info, name, "text_len", &layout->text_length))
		return error_set(error, "VMCOREINFO lacks one of OFFSET(%s.ts_nsec), .len and .text_len", name);
	if (layout->header < RECORDS_HEADER_LEAST || layout->header > HEADER_MOST ||
	    !inside(layout->time, 8, layout->header) || !inside(layout->length, 2, layout->header) ||
	    !inside(layout->text_length, 2, layout->header))
		return error_set(error, "VMCOREINFO's struct %s of %" PRIu64 " bytes makes no sense", name, layout->header);
	layout->has_dict =
		find_offset(info, name, "dict_len", &layout->dict_length) && inside(layout->dict_length, 2, layout->header);
	const struct log_field fields[] = { { layout->time, 8, true },
					    { layout->length, 2, true },
					    { layout->text_length, 2, true },
					    { layout->dict_length, 2, layout->has_dict } };
	if (layout->header % 4 || !log_fields_fit(fields, sizeof fields / sizeof *fields, dump->word))
		return error_set(error, "VMCOREINFO's size of and offsets in struct %s make no sense together", name);
	/* What VMCOREINFO does not name is known where all that it names is where it always was. */
	layout->has_priority = layout->time == 0 && layout->length == 8 && layout->text_length == 10;
	layout->has_caller = layout->has_priority && layout->header >= RECORDS_CALLER + 4;
	layout->early_level = vmcoreinfo_find(info, "OSRELEASE", &release) &&
			      (text_is(release, "3.5") || text_starts(release, "3.5.") || text_starts(release, "3.5-"));
	return true;
}

static bool read_place(struct dump *dump, const struct records_layout *layout, struct records_place *place,
		       struct error *error)
{
	const struct {
		const char *name;
		size_t size;
		uint64_t *value;
	} variables[] = {
		{ "log_buf", dump->word, &place->buffer },
		{ "log_buf_len", 4, &place->size },
		{ "log_first_idx", 4, &place->first },
		{ "log_next_idx", 4, &place->next },
	};

	for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
		uint64_t address;
		if (!vmcoreinfo_symbol(dump->vmcoreinfo, variables[i].name, &address))
			return error_set(error, "VMCOREINFO has no SYMBOL(%s)", variables[i].name);
		if (dump_read_number(dump, address, variables[i].size, variables[i].value, error) != MEMORY_OK)
			return false;
	}
	if (place->size < layout->header || place->size > UINT64_C(1) << 31)
		return error_set(error,
				 "log_buf_len of %" PRIu64 " makes no sense: %" PRIu64 " to 2147483648 bytes expected",
				 place->size, layout->header);
	if (!log_size_fits(dump, "log_buf_len", place->size, error))
		return false;
	if (place->first > place->size - layout->header || place->next > place->size)
		return error_set(error,
				 "log_first_idx of %" PRIu64 " and log_next_idx of %" PRIu64
				 " make no sense in a log of %" PRIu64 " bytes",
				 place->first, place->next, place->size);
	return true;
}

struct log_reader *records_open(struct dump *dump, struct kernel_log_report *report, struct error *error)
{
	struct records_layout layout = { 0 };
	struct records_place place = { 0 };

	if (!read_layout(dump, &layout, error) || !read_place(dump, &layout, &place, error))
		return NULL;
	return records_open_at(dump, &layout, &place, report, error);
}
