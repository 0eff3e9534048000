/* Splits a file at the pieces' headers, and sorts them. */
#include "input/pstore_text.h"

#include "base/cut.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_BYTES_MOST = 16 * 1024 * 1024 };

/* "==> dmesg-efi_pstore-1 <==", which tail and head print; "====1234567.123456-D" of ramoops. */
static bool eat_line_between(struct text *t)
{
	size_t feed = text_find_char(text_first(*t, 300), '\n');
	struct text line = text_trim(text_first(*t, feed));

	if (feed == SIZE_MAX || (line.length && !text_starts(line, "==> ") && !text_starts(line, "====")))
		return false;
	*t = text_from_offset(*t, feed + 1);
	return true;
}

bool pstore_text_begins(struct text beginning)
{
	enum { LINES_BETWEEN = 4 };
	struct pstore_piece piece = { 0 };

	for (int i = 0; i < LINES_BETWEEN && eat_line_between(&beginning); i++)
		;
	return pstore_eat_header(&beginning, &piece);
}

/* A piece of the file: its header and what follows it. */
struct section {
	struct pstore_piece piece;
	struct text bytes;
	size_t index;
	unsigned repeat; /* how often the same piece stood before it: another boot's */
};

static bool same_piece(const struct pstore_piece *a, const struct pstore_piece *b)
{
	return a->count == b->count && a->part == b->part && text_equal(a->reason, b->reason);
}

/* The next beginning of a line where a piece's header stands, from `from` on; t.length: none. */
static size_t next_header(struct text t, size_t from, struct pstore_piece *piece)
{
	while (from < t.length) {
		struct text rest = text_from_offset(t, from);
		if (pstore_eat_header(&rest, piece))
			return from;
		size_t feed = text_find_char(rest, '\n');
		from = feed == SIZE_MAX ? t.length : from + feed + 1;
	}
	return t.length;
}

/* False: more pieces than are sorted; the last holds the rest. */
static bool split(struct text t, struct arena *arena, struct section **sections, size_t *count)
{
	struct pstore_piece piece = { 0 };
	size_t at = next_header(t, 0, &piece);

	while (at < t.length && *count < PSTORE_PIECES_MOST) {
		struct section *section = arena_push(arena, sections, count, sizeof *section);
		if (!section)
			return true;
		section->piece = piece;
		section->index = *count - 1;
		for (size_t i = 0; i + 1 < *count; i++)
			section->repeat += same_piece(&(*sections)[i].piece, &piece);
		struct text rest = text_from_offset(t, at);
		size_t feed = text_find_char(rest, '\n');
		piece = (struct pstore_piece){ 0 };
		size_t next = next_header(t, at + feed + 1, &piece);
		section->bytes = text_first(rest, next - at);
		at = next;
	}
	if (at < t.length && *count)
		(*sections)[*count - 1].bytes.length += t.length - at;
	return at >= t.length;
}

static int compare(const void *x, const void *y)
{
	const struct section *a = x, *b = y;

	if (a->repeat != b->repeat)
		return a->repeat < b->repeat ? -1 : 1;
	if (a->piece.count != b->piece.count)
		return a->piece.count < b->piece.count ? -1 : 1;
	if (a->piece.part != b->piece.part)
		return a->piece.part > b->piece.part ? -1 : 1;
	return a->index < b->index ? -1 : 1;
}

static bool is_same_record(const struct section *a, const struct section *b)
{
	return a->repeat == b->repeat && a->piece.count == b->piece.count && text_equal(a->piece.reason, b->piece.reason);
}

/* Of each record, the parts that are not there: pstore.c looks at pieces by rising numbers. */
static void note_missing(struct arena *arena, struct pstore_log *log, const struct section *sections, size_t count)
{
	struct pstore_piece *pieces = arena_alloc(arena, (count ? count : 1) * sizeof *pieces);

	for (size_t first = 0, end; pieces && first < count; first = end) {
		for (end = first + 1; end < count && is_same_record(&sections[first], &sections[end]); end++)
			;
		for (size_t i = first; i < end; i++)
			pieces[end - 1 - i] = sections[i].piece;
		pstore_find_missing(arena, log, pieces, end - first);
	}
}

/* All bytes of the file, the pieces in their order. */
static struct text join(struct arena *arena, struct text front, const struct section *sections, size_t count)
{
	size_t length = front.length, at = front.length;

	for (size_t i = 0; i < count; i++)
		length += sections[i].bytes.length + 1;
	char *bytes = arena_alloc(arena, length ? length : 1);
	if (!bytes)
		return TEXT_NONE;
	if (front.length)
		memcpy(bytes, front.data, front.length);
	for (size_t i = 0; i < count; i++) {
		/* The file's last may end within a number, as a cut file does; at the log's end its reader sees that. */
		bool cut = sections[i].index + 1 == count, end = i + 1 == count;
		struct text piece = cut && !end ? cut_before_number(sections[i].bytes) : sections[i].bytes;
		memcpy(bytes + at, piece.data, piece.length);
		at += piece.length;
		if (!(cut && end) && bytes[at - 1] != '\n')
			bytes[at++] = '\n';
	}
	return (struct text){ bytes, at };
}

static void order(struct text t, struct arena *arena, struct pstore_log *log)
{
	struct section *sections = NULL;
	struct pstore_piece first;
	size_t count = 0, moved = 0;

	if (!split(t, arena, &sections, &count))
		pstore_add_cut(arena, log,
			       arena_print(arena, "of more than %d pieces of pstore, the rest was not put in order",
					   PSTORE_PIECES_MOST));
	if (arena->failed || !count)
		return;
	struct text front = text_first(t, next_header(t, 0, &first));
	qsort(sections, count, sizeof *sections, compare);
	for (size_t i = 0; i < count; i++)
		moved += sections[i].index != i;
	note_missing(arena, log, sections, count);
	struct text joined = join(arena, front, sections, count);
	log->source.data = joined.data;
	log->source.length = joined.length;
	if (moved)
		pstore_add_note(arena, log,
				arena_print(arena,
					    "%zu pieces of pstore in the file were put in the kernel's order; line numbers "
					    "are those of the log that this gives.",
					    count));
}

/* Adds to bytes what of the window is not in them yet; false: out of memory. */
static bool take_window(const struct log_source *source, uint64_t begin, char **bytes, size_t *length)
{
	size_t known = (size_t)(begin + *length - source->offset), fresh = source->length - known;
	char *grown = realloc(*bytes, *length + fresh + 1);

	if (!grown)
		return false;
	*bytes = grown;
	if (fresh)
		memcpy(grown + *length, source->data + known, fresh);
	*length += fresh;
	return true;
}

/* All of the source, bounded; allocated. */
static char *read_all(struct log_source *source, size_t *length, bool *whole, struct error *error)
{
	uint64_t begin = source->offset;
	char *bytes = NULL;
	bool read = true;

	*length = 0;
	while (read && take_window(source, begin, &bytes, length)) {
		*whole = *length <= TEXT_BYTES_MOST;
		if (source->ended || !*whole)
			return bytes;
		read = source->more(source, begin + *length, error);
	}
	free(bytes);
	if (read)
		error_out_of_memory(error);
	return NULL;
}

static bool no_more(struct log_source *source, uint64_t keep, struct error *error)
{
	(void)keep;
	(void)error;
	source->ended = true;
	return true;
}

bool pstore_text_order(struct log_source *source, struct arena *arena, struct pstore_log *log, struct error *error)
{
	size_t length;
	bool whole;
	char *bytes = read_all(source, &length, &whole, error);

	*log = (struct pstore_log){ 0 };
	if (!bytes)
		return false;
	struct text t = arena_copy(arena, (struct text){ bytes, length });
	free(bytes);
	log->source = (struct log_source){ .data = t.data, .length = t.length, .ended = true, .more = no_more };
	if (!whole)
		pstore_add_cut(arena, log,
			       arena_print(arena, "of pieces of pstore in one file, more than %d MiB were left out",
					   TEXT_BYTES_MOST / (1024 * 1024)));
	order(t, arena, log);
	return !arena->failed || error_out_of_memory(error);
}
