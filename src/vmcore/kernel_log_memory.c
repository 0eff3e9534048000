/* A window that moves over memory. Where a large read fails, it is done again in pieces up to the one that is missing. */
#include "vmcore/kernel_log_memory.h"

#include "vmcore/address.h"

#include <inttypes.h>
#include <stdlib.h>

/* Bytes that are still read on their own; and how often that is tried of pieces that follow each other. */
enum { FINEST = 4, BEGINNINGS_MOST = 256 };

bool memory_window_open(struct memory_window *window, struct dump *dump, bool physical, uint64_t begin, uint64_t size,
			size_t capacity, struct error *error)
{
	uint64_t last = dump->word == 4 && !physical ? UINT32_MAX : UINT64_MAX;

	*window = (struct memory_window){ .dump = dump, .physical = physical, .begin = begin, .size = size };
	if (begin > last || size == 0 || size - 1 > last - begin)
		return error_set(error, "%" PRIu64 " bytes at 0x%" PRIx64 " do not fit the address space", size, begin);
	window->capacity = size < capacity ? (size_t)size : capacity;
	window->buffer = malloc(window->capacity);
	return window->buffer || error_out_of_memory(error);
}

void memory_window_close(struct memory_window *window)
{
	free(window->buffer);
	*window = (struct memory_window){ 0 };
}

/* Whether the run still may be what it should be, by where it goes on in physical memory. */
static bool is_in_few_pieces(struct memory_window *window, uint64_t address, struct error *error)
{
	uint64_t physical, length;
	struct error ignored;

	/* What cannot be translated cannot be read either. */
	if (window->physical || window->dump->reader->read_virtual ||
	    address_translate(window->dump, address, &physical, &length, &ignored) != MEMORY_OK)
		return true;
	window->turns += address - physical != window->difference;
	window->difference = address - physical;
	if (window->turns <= MEMORY_TURNS_MOST)
		return true;
	return error_set(error,
			 "what should be the log, %" PRIu64 " bytes at 0x%" PRIx64
			 ", lies in more than %d pieces of physical memory",
			 window->size, window->begin, MEMORY_TURNS_MOST);
}

static bool read_at(struct memory_window *window, uint64_t offset, void *buffer, size_t length, struct error *error)
{
	uint64_t address = window->begin + offset;

	if (window->physical)
		return dump_read_physical(window->dump, address, buffer, length, error) == MEMORY_OK;
	return dump_read(window->dump, address, buffer, length, error) == MEMORY_OK;
}

/* How many bytes can be read of a piece that cannot as a whole: the file may have been cut in the middle of it. */
static size_t read_beginning(struct memory_window *window, uint64_t offset, unsigned char *buffer, size_t length)
{
	size_t there = 0, step = length / 2;
	struct error ignored;

	while (step >= FINEST)
		if (step <= length - there && read_at(window, offset + there, buffer + there, step, &ignored))
			there += step;
		else
			step /= 2;
	return there;
}

static void lose(struct memory_window *window, uint64_t begin, uint64_t end)
{
	window->lost_begin = begin;
	window->lost_end = end;
	if (++window->losses <= MEMORY_LOSSES_MOST)
		return;
	window->lost_end = window->size;
	dump_remark(window->dump,
		    "of what should be the kernel log, %" PRIu64 " bytes at 0x%" PRIx64
		    ", more than %d pages are missing: those behind them were not read",
		    window->size, window->begin, MEMORY_LOSSES_MOST);
}

static void fill(struct memory_window *window, uint64_t offset)
{
	uint64_t left = window->size - offset;
	size_t wanted = left < window->capacity ? (size_t)left : window->capacity;

	window->at = offset;
	window->length = 0;
	if (!is_in_few_pieces(window, window->begin + offset, &window->lost)) {
		window->lost_begin = offset;
		window->lost_end = window->size;
		return;
	}
	if (read_at(window, offset, window->buffer, wanted, &window->lost)) {
		window->length = wanted;
		return;
	}
	while (window->length < wanted) {
		uint64_t begin = offset + window->length;
		unsigned char *to = window->buffer + window->length;
		size_t piece = MEMORY_PIECE - (size_t)((window->begin + begin) % MEMORY_PIECE);
		if (piece > wanted - window->length)
			piece = wanted - window->length;
		if (read_at(window, begin, to, piece, &window->lost)) {
			window->length += piece;
			continue;
		}
		/* Nearly always, what follows a piece that was lost is lost from its beginning on. */
		bool follows = begin == window->lost_end && window->losses >= BEGINNINGS_MOST;
		size_t there = follows ? 0 : read_beginning(window, begin, to, piece);
		window->length += there;
		lose(window, begin + there, begin + piece);
		return;
	}
}

static size_t buffered(const struct memory_window *window, uint64_t offset)
{
	if (offset < window->at || offset - window->at >= window->length)
		return 0;
	return window->length - (size_t)(offset - window->at);
}

/* Whether no more than `available` bytes can be had at an offset, because the lost piece is what comes then. */
static bool is_before_lost(const struct memory_window *window, uint64_t offset, size_t available)
{
	return offset + available >= window->lost_begin && offset + available < window->lost_end;
}

const unsigned char *memory_window_peek(struct memory_window *window, uint64_t offset, size_t wanted, size_t *available,
					struct error *error)
{
	*available = 0;
	if (offset >= window->size) {
		error_set(error, "byte %" PRIu64 " lies behind the end of %" PRIu64 " bytes at 0x%" PRIx64, offset,
			  window->size, window->begin);
		return NULL;
	}
	if (wanted > window->size - offset)
		wanted = (size_t)(window->size - offset);
	if (wanted > window->capacity)
		wanted = window->capacity;
	if (buffered(window, offset) < wanted && !is_before_lost(window, offset, buffered(window, offset)))
		fill(window, offset);
	*available = buffered(window, offset);
	if (*available < wanted)
		*error = window->lost;
	if (*available > wanted)
		*available = wanted;
	return *available ? window->buffer + (offset - window->at) : NULL;
}

const unsigned char *memory_window_get(struct memory_window *window, uint64_t offset, size_t length, struct error *error)
{
	size_t available;

	if (offset > window->size || length > window->size - offset || length > window->capacity) {
		error_set(error, "%zu bytes at byte %" PRIu64 " lie outside of %" PRIu64 " bytes at 0x%" PRIx64, length,
			  offset, window->size, window->begin);
		return NULL;
	}
	const unsigned char *bytes = memory_window_peek(window, offset, length, &available, error);
	return available == length ? bytes : NULL;
}
