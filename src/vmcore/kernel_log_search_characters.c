/* The character buffer before 3.5, by lines that begin with level and stamp; and where the ring of bytes begins. */
#include "vmcore/kernel_log_search.h"

enum { STAMPS_LEAST = 4 };

/* "<5>[    0.000000] ": the time in microseconds. */
static bool eat_stamp(struct text t, uint64_t *micros)
{
	uint64_t level, seconds, fraction;

	return text_eat_char(&t, '<') && text_eat_decimal(&t, &level) && level <= LOG_PRIORITY_MOST && text_eat(&t, ">[") &&
	       (text_eat_blanks(&t), text_eat_decimal(&t, &seconds)) && seconds < UINT64_C(1) << 32 &&
	       text_eat_char(&t, '.') && text_eat_decimal(&t, &fraction) && fraction < 1000000 && text_eat(&t, "] ") &&
	       (*micros = seconds * 1000000 + fraction, true);
}

/* The next line that begins with a stamp. SIZE_MAX: none. */
static size_t find_stamp(struct text t, size_t from)
{
	uint64_t micros;

	while (from < t.length) {
		size_t at = text_find_char(text_from_offset(t, from), '<');
		if (at == SIZE_MAX)
			break;
		from += at;
		if ((from == 0 || t.data[from - 1] == '\n') && eat_stamp(text_from_offset(t, from), &micros))
			return from;
		from++;
	}
	return SIZE_MAX;
}

void search_characters_page(const struct search_page *page, struct extents *extents)
{
	struct text text = { (const char *)page->bytes, page->length };
	uint64_t stamps = 0;

	for (size_t at = find_stamp(text, 0); at != SIZE_MAX; at = find_stamp(text, at + 1))
		stamps++;
	if (stamps >= STAMPS_LEAST)
		extents_add(extents, page, stamps, 0);
}

/* Where, in a run of memory, the ring's text begins and ends, and where in it the oldest line is. */
struct ring_of_bytes {
	uint64_t begin, end, oldest;
	uint64_t micros;
	bool begun, ended;
	struct error lost; /* memory that is missing in the midst of the text; empty: none */
};

static void take_stamp(struct ring_of_bytes *ring, uint64_t at, uint64_t micros)
{
	if (!ring->begun || micros + 1000000 < ring->micros)
		ring->oldest = at;
	ring->begun = true;
	ring->micros = micros;
}

static size_t find_no_text(struct text t)
{
	for (size_t i = 0; i < t.length; i++) {
		unsigned char c = (unsigned char)t.data[i];
		if (c < '\t' || (c > '\r' && c < ' ' && c != '\033'))
			return i;
	}
	return SIZE_MAX;
}

/* One line, or what of it comes before a byte that is no text. How far to go on. */
static size_t take_line(struct ring_of_bytes *ring, uint64_t at, struct text text)
{
	size_t feed = text_find_char(text, '\n');
	struct text line = text_first(text, feed == SIZE_MAX ? feed : feed + 1);
	size_t bad = find_no_text(line), step = bad == SIZE_MAX ? line.length : bad + 1;
	bool zero = bad != SIZE_MAX && line.data[bad] == '\0';
	uint64_t micros;

	if (eat_stamp(line, &micros))
		take_stamp(ring, at, micros);
	else if (!ring->begun && bad != SIZE_MAX)
		ring->begin = at + step; /* other text before the first stamp may be the end of the ring's last line */
	ring->end = at + (zero ? bad : step);
	ring->ended = ring->begun && zero;
	return step;
}

/* False: there is no line with a stamp. A NUL byte ends the text. */
static bool find_ends(struct memory_window *window, struct ring_of_bytes *ring)
{
	uint64_t at = 0;

	while (at < window->size && !ring->ended) {
		struct error error = { 0 };
		size_t available;
		const unsigned char *bytes = memory_window_peek(window, at, LOG_WINDOW / 2, &available, &error);
		if (!bytes && ring->begun)
			ring->lost = error;
		if (!bytes && (ring->begun || window->lost_end <= at))
			break;
		if (!bytes) {
			at = window->lost_end;
			ring->begin = at;
			continue;
		}
		at += take_line(ring, at, (struct text){ (const char *)bytes, available });
	}
	return ring->begun;
}

struct log_reader *search_characters_open(struct dump *dump, const struct extents *extents, struct kernel_log_report *report,
					  struct error *error)
{
	const struct extent *extent = extents_heaviest(extents);
	struct memory_window window;
	struct ring_of_bytes ring = { 0 };
	uint64_t begin, size;

	if (!extent || extent->weight < SEARCH_RECORDS_LEAST)
		return NULL;
	extent_surroundings(extent, &begin, &size);
	if (!memory_window_open(&window, dump, true, begin, size, LOG_WINDOW, error))
		return NULL;
	bool found = find_ends(&window, &ring) && ring.end > ring.begin;
	memory_window_close(&window);
	if (!found)
		return NULL;
	/* Where the text ends with a page, it may have ended there. */
	if (ring.lost.message[0] && (begin + ring.end < extent->end || (begin + ring.end) % SEARCH_PAGE))
		report_lost(report, 1, &ring.lost);
	struct characters_place place = {
		.physical = true,
		.buffer = begin + ring.begin,
		.size = ring.end - ring.begin,
		.first = ring.oldest - ring.begin,
		.length = ring.end - ring.begin,
	};
	return characters_open_at(dump, &place, report, error);
}
