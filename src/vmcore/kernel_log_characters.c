/*
 * The character buffer before 3.5 (kernel/printk.c): a ring of bytes, lines with their level marks as the console got them.
 * log_end counts all bytes ever written; the newest is before it.
 */
#include "vmcore/kernel_log_format.h"

#include "vmcore/vmcoreinfo.h"

#include <inttypes.h>
#include <stdlib.h>

struct characters {
	struct log_reader reader;
	struct memory_window window;
	uint64_t at;   /* the next byte, an offset in the ring */
	uint64_t left; /* bytes to go */
};

static bool next(struct log_reader *reader, struct log_entry *entry)
{
	struct characters *characters = (struct characters *)reader;
	uint64_t size = characters->window.size;

	while (characters->left) {
		struct error error = { 0 };
		uint64_t most = size - characters->at < characters->left ? size - characters->at : characters->left;
		size_t wanted = most < LOG_TEXT_MOST ? (size_t)most : LOG_TEXT_MOST, available;
		const unsigned char *bytes =
			memory_window_peek(&characters->window, characters->at, wanted, &available, &error);
		uint64_t step = available;
		if (!bytes) {
			uint64_t lost_end = characters->window.lost_end;
			step = lost_end > characters->at ? lost_end - characters->at : 1;
			step = step < most ? step : most;
			report_lost(reader->report, 1, &error);
		}
		characters->at = (characters->at + step) % size;
		characters->left -= step;
		if (bytes) {
			*entry = (struct log_entry){ .bytes = true, .text = { (const char *)bytes, available } };
			return true;
		}
	}
	return false;
}

static void close_characters(struct log_reader *reader)
{
	struct characters *characters = (struct characters *)reader;

	memory_window_close(&characters->window);
	free(characters);
}

static bool read_variable(struct dump *dump, const char *name, size_t size, uint64_t *value, struct error *error)
{
	uint64_t address;

	if (!vmcoreinfo_symbol(dump->vmcoreinfo, name, &address))
		return error_set(error, "VMCOREINFO has no SYMBOL(%s)", name);
	return dump_read_number(dump, address, size, value, error) == MEMORY_OK;
}

struct log_reader *characters_open_at(struct dump *dump, const struct characters_place *place,
				      struct kernel_log_report *report, struct error *error)
{
	struct characters *characters = calloc(1, sizeof *characters);

	if (!characters) {
		error_out_of_memory(error);
		return NULL;
	}
	characters->reader = (struct log_reader){ "characters", report, next, close_characters, .rewind = NULL };
	characters->at = place->first;
	characters->left = place->length;
	if (memory_window_open(&characters->window, dump, place->physical, place->buffer, place->size, LOG_TEXT_WINDOW,
			       error))
		return &characters->reader;
	close_characters(&characters->reader);
	return NULL;
}

struct log_reader *characters_open(struct dump *dump, struct kernel_log_report *report, struct error *error)
{
	struct characters_place place = { 0 };
	uint64_t end;

	if (!read_variable(dump, "log_buf", dump->word, &place.buffer, error) ||
	    !read_variable(dump, "log_buf_len", 4, &place.size, error) || !read_variable(dump, "log_end", 4, &end, error))
		return NULL;
	if (place.size == 0 || place.size > UINT64_C(1) << 31) {
		error_set(error, "log_buf_len of %" PRIu64 " makes no sense: 1 to 2147483648 bytes expected", place.size);
		return NULL;
	}
	if (!log_size_fits(dump, "log_buf_len", place.size, error))
		return NULL;
	/* Not logged_chars, which counts from the last `dmesg -c`: what lies before that is still there. */
	place.length = end < place.size ? end : place.size;
	place.first = (end - place.length) % place.size;
	return characters_open_at(dump, &place, report, error);
}
