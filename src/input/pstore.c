/* From pieces to a log: sorted into records, of which the latest is read forwards. */
#include "input/pstore.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	RECORD_SECONDS = 60, /* at most between two pieces of one record: writing one to flash takes its time */
	LISTED_MOST = 100,   /* bytes of a list of missing parts */
};

/* The pieces of one record, by index. */
struct run {
	size_t first, count;
	int64_t time;
	bool orderly; /* no crash: the machine was shut down */
};

/* kernel/printk/printk.c, kmsg_dump_reason_str(), with those of kernels before 5.8. */
static const char *const orderly_ends[] = { "Shutdown", "Restart", "Halt", "Poweroff" };

static bool is_orderly(struct text reason)
{
	for (size_t i = 0; i < sizeof orderly_ends / sizeof *orderly_ends; i++)
		if (text_is(reason, orderly_ends[i]))
			return true;
	return false;
}

static bool eat_letters(struct text *t, struct text *letters)
{
	size_t length = 0;

	while (length < t->length && ((t->data[length] | 0x20) >= 'a' && (t->data[length] | 0x20) <= 'z'))
		length++;
	*letters = text_first(*t, length);
	*t = text_from_offset(*t, length);
	return length > 0;
}

/* "Panic: Total 1 times", which fs/pstore/zone.c puts before the header. */
static void eat_total(struct text *t)
{
	struct text rest = *t, letters;
	uint64_t times;

	if (eat_letters(&rest, &letters) && text_eat(&rest, ": Total ") && text_eat_decimal(&rest, &times) &&
	    text_eat(&rest, " times\n"))
		*t = rest;
}

bool pstore_eat_header(struct text *t, struct pstore_piece *piece)
{
	struct text rest = *t, reason;
	uint64_t count, part;

	eat_total(&rest);
	if (!eat_letters(&rest, &reason) || !text_eat_char(&rest, '#') || !text_eat_decimal(&rest, &count) ||
	    !text_eat(&rest, " Part") || !text_eat_decimal(&rest, &part))
		return false;
	text_eat_char(&rest, '\r');
	if (!text_eat_char(&rest, '\n'))
		return false;
	piece->reason = reason;
	piece->count = count;
	if (part > 0 && part <= UINT32_MAX)
		piece->part = (unsigned)part;
	*t = rest;
	return true;
}

void pstore_add(struct pstore *pstore, const char *file, int64_t modified, struct text bytes)
{
	struct pstore_name name;
	bool cut = bytes.length > PSTORE_PIECE_MOST;

	if (!pstore_name_parse(file, &name))
		return;
	bytes = name.compressed ? TEXT_NONE : text_first(bytes, PSTORE_PIECE_MOST);
	if (pstore->left_out || pstore->count == PSTORE_PIECES_MOST || bytes.length > PSTORE_BYTES_MOST - pstore->bytes) {
		pstore->left_out++;
		return;
	}
	struct pstore_piece *piece = arena_push(&pstore->arena, &pstore->pieces, &pstore->count, sizeof *piece);
	if (!piece)
		return;
	*piece = (struct pstore_piece){ .name = name, .cut = cut, .part = name.part ? name.part : 1 };
	piece->file = arena_copy(&pstore->arena, text_from(file)).data;
	piece->time = name.time ? name.time : modified;
	piece->content = arena_copy(&pstore->arena, bytes);
	pstore->bytes += bytes.length;
	if (!name.console)
		pstore_eat_header(&piece->content, piece);
}

void pstore_refuse(struct pstore *pstore, const char *file, const struct error *why)
{
	if (!pstore->unread++)
		pstore->refusal = arena_print(&pstore->arena, "%.100s (%s)", file, why->message);
}

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

/* What can be read before what cannot; pieces of one record side by side, the end of its log first. */
static int compare(const void *x, const void *y)
{
	const struct pstore_piece *a = x, *b = y;
	int order = compare_numbers(a->name.compressed, b->name.compressed);

	order = order ? order : compare_numbers(a->name.console, b->name.console);
	order = order ? order : compare_numbers(a->name.backend, b->name.backend);
	order = order ? order : text_compare(a->reason, b->reason);
	order = order ? order : compare_numbers(a->count, b->count);
	order = order ? order : (a->time > b->time) - (a->time < b->time);
	order = order ? order : compare_numbers(a->part, b->part);
	return order ? order : compare_numbers(a->name.number, b->name.number);
}

/* Parts are written one after the other, by rising numbers. */
static bool is_same_record(const struct pstore_piece *last, const struct pstore_piece *next)
{
	return next->name.backend == last->name.backend && text_equal(next->reason, last->reason) &&
	       next->count == last->count && next->part > last->part &&
	       next->time / 2 - last->time / 2 <= RECORD_SECONDS / 2;
}

static bool is_later(const struct run *a, const struct run *b, const struct pstore_piece *pieces)
{
	if (a->orderly != b->orderly)
		return b->orderly;
	if (a->time != b->time)
		return a->time > b->time;
	if (pieces[a->first].count != pieces[b->first].count)
		return pieces[a->first].count > pieces[b->first].count;
	return pieces[a->first].name.number > pieces[b->first].name.number;
}

/* Of the records among these pieces, which are sorted. Their number. */
static size_t find_latest(const struct pstore_piece *pieces, size_t count, struct run *latest)
{
	size_t records = 0;

	for (size_t first = 0, end; first < count; first = end) {
		struct run record = { first, 1, pieces[first].time, is_orderly(pieces[first].reason) };
		for (end = first + 1; end < count && is_same_record(&pieces[end - 1], &pieces[end]); end++)
			record.count++;
		if (records++ == 0 || is_later(&record, latest, pieces))
			*latest = record;
	}
	return records;
}

/* All of them in one block, the last first. */
static bool join(struct arena *arena, const struct pstore_piece *pieces, size_t count, struct text *joined)
{
	size_t length = 0, at = 0;

	for (size_t i = 0; i < count; i++)
		length += pieces[i].content.length + 1;
	char *bytes = arena_alloc(arena, length);
	if (!bytes)
		return false;
	for (size_t i = count; i-- > 0;) {
		struct text content = pieces[i].content;
		if (content.length)
			memcpy(bytes + at, content.data, content.length);
		at += content.length;
		if (content.length && bytes[at - 1] != '\n')
			bytes[at++] = '\n';
	}
	*joined = (struct text){ bytes, at };
	return true;
}

void pstore_add_note(struct arena *arena, struct pstore_log *log, struct text note)
{
	struct text *item = arena_push(arena, &log->notes, &log->note_count, sizeof *item);

	if (item)
		*item = note;
}

static void note_pieces(struct arena *arena, struct pstore_log *log, const struct pstore_piece *pieces, size_t count)
{
	struct text record = TEXT_NONE;

	if (pieces->reason.length)
		record = arena_print(arena, " (%.*s#%" PRIu64 ")", TEXT_ARGS(text_first(pieces->reason, 20)), pieces->count);
	if (count == 1)
		pstore_add_note(
			arena, log,
			arena_print(arena, "Read from the piece of pstore %s%.*s.", pieces->file, TEXT_ARGS(record)));
	else
		pstore_add_note(arena, log,
				arena_print(arena, "Put together from %zu pieces of pstore%.*s, %s to %s.", count,
					    TEXT_ARGS(record), pieces[count - 1].file, pieces[0].file));
}

void pstore_add_cut(struct arena *arena, struct pstore_log *log, struct text why)
{
	log->cut = log->cut.length ? arena_print(arena, "%.*s; %.*s", TEXT_ARGS(log->cut), TEXT_ARGS(why)) : why;
}

/* Numbers that are left out, from 1 to the highest that is there; behind that nobody knows. */
void pstore_find_missing(struct arena *arena, struct pstore_log *log, const struct pstore_piece *pieces, size_t count)
{
	struct text list = TEXT_NONE;
	unsigned expected = 1;

	for (size_t i = 0; i < count; expected = pieces[i++].part + 1) {
		unsigned last = pieces[i].part - 1;
		if (pieces[i].part <= expected || list.length > LISTED_MOST)
			continue;
		list = arena_print(arena, "%.*s%s%u", TEXT_ARGS(list), list.length ? ", " : "", expected);
		if (last > expected)
			list = arena_print(arena, "%.*s to %u", TEXT_ARGS(list), last);
	}
	if (list.length)
		pstore_add_cut(
			arena, log,
			arena_print(arena, "pieces of pstore are missing: part %.*s (part 1 is the end)", TEXT_ARGS(list)));
	for (size_t i = 0; i < count; i++)
		if (pieces[i].cut)
			pstore_add_cut(arena, log,
				       arena_print(arena, "of %s, more than %d bytes were left out", pieces[i].file,
						   PSTORE_PIECE_MOST));
}

/* Pieces that nobody can read. May they be of this record, or a later one? */
static void note_compressed(struct arena *arena, struct pstore_log *log, const struct pstore_piece *pieces, size_t count,
			    int64_t time)
{
	size_t concerned = 0;

	if (!count)
		return;
	for (size_t i = 0; i < count; i++)
		concerned += !pieces[i].name.console && pieces[i].time / 2 >= time / 2 - RECORD_SECONDS / 2;
	pstore_add_note(arena, log,
			arena_print(arena, "Not read: %s%s, which the kernel could not decompress.", pieces[0].file,
				    count > 1 ? " and others" : ""));
	if (concerned)
		pstore_add_cut(
			arena, log,
			TEXT("pieces of pstore of this record, or a later one, could not be decompressed by the kernel"));
}

static bool no_more(struct log_source *source, uint64_t keep, struct error *error)
{
	(void)keep;
	(void)error;
	source->ended = true;
	return true;
}

static bool say_why_nothing(const struct pstore *pstore, struct error *error)
{
	if (pstore->unread)
		return error_set(error, "pieces of pstore that cannot be read: %.*s", TEXT_ARGS(pstore->refusal));
	if (!pstore->count)
		return error_set(error, "no pieces of pstore");
	return error_set(error, "pieces of pstore that the kernel could not decompress, and nothing else: %.200s%s",
			 pstore->pieces[0].file, pstore->count > 1 ? " and others" : "");
}

/* Of the sorted pieces, those of dmesg come first, then those of consoles, then those that cannot be read. */
static void count_pieces(const struct pstore *pstore, size_t *of_dmesg, size_t *readable)
{
	for (*of_dmesg = *readable = 0; *readable < pstore->count && !pstore->pieces[*readable].name.compressed; ++*readable)
		*of_dmesg += !pstore->pieces[*readable].name.console;
}

/* What else lies there. */
static void note_others(struct pstore *pstore, struct pstore_log *log, size_t records, const struct run *latest)
{
	if (records > 1)
		pstore_add_note(&pstore->arena, log,
				arena_print(&pstore->arena, "Of %zu records in pstore, the latest%s was read.", records,
					    latest->orderly ? "" : " of a crash"));
	if (pstore->unread)
		pstore_add_cut(&pstore->arena, log,
			       arena_print(&pstore->arena, "of pstore's pieces, %zu could not be read: %.*s", pstore->unread,
					   TEXT_ARGS(pstore->refusal)));
	if (pstore->left_out)
		pstore_add_cut(&pstore->arena, log,
			       arena_print(&pstore->arena,
					   "more pieces of pstore than the %d (or %d MiB) that are read are there",
					   PSTORE_PIECES_MOST, PSTORE_BYTES_MOST / (1024 * 1024)));
}

bool pstore_assemble(struct pstore *pstore, struct pstore_log *log, struct error *error)
{
	struct arena *arena = &pstore->arena;
	size_t of_dmesg, readable, records = 1;
	struct text joined;

	*log = (struct pstore_log){ 0 };
	if (arena->failed)
		return error_out_of_memory(error);
	if (pstore->count)
		qsort(pstore->pieces, pstore->count, sizeof *pstore->pieces, compare);
	count_pieces(pstore, &of_dmesg, &readable);
	if (!readable)
		return say_why_nothing(pstore, error);
	struct pstore_piece *pieces = pstore->pieces;
	struct run latest = { readable - 1, 1, pieces[readable - 1].time, false };
	if (of_dmesg)
		records = find_latest(pieces, of_dmesg, &latest);
	if (!join(arena, pieces + latest.first, latest.count, &joined))
		return error_out_of_memory(error);
	log->source = (struct log_source){ .data = joined.data, .length = joined.length, .ended = true, .more = no_more };
	note_pieces(arena, log, pieces + latest.first, latest.count);
	pstore_find_missing(arena, log, pieces + latest.first, latest.count);
	note_compressed(arena, log, pieces + readable, pstore->count - readable, latest.time);
	note_others(pstore, log, records, &latest);
	return !arena->failed || error_out_of_memory(error);
}

void pstore_free(struct pstore *pstore)
{
	arena_free(&pstore->arena);
	*pstore = (struct pstore){ 0 };
}
