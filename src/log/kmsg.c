/* The extended form's header, and the pieces of long records. */
#include "log/kmsg.h"

#include "log/wrapping.h"

#include <string.h>

/* "6.4.0-rc1," of netconsole with release_prepend. */
static void eat_release(struct text *t)
{
	size_t comma = text_find_char(text_first(*t, 66), ',');
	struct text release = text_first(*t, comma);
	uint64_t number;

	if (comma != SIZE_MAX && text_eat_decimal(&release, &number) && text_eat_char(&release, '.') &&
	    text_eat_decimal(&release, &number) && text_find_char(release, ' ') == SIZE_MAX)
		*t = text_from_offset(*t, comma + 1);
}

static void take_caller(struct text flags, struct record *record)
{
	size_t at = text_find(flags, "caller=");
	struct text id = text_from_offset(flags, at == SIZE_MAX ? flags.length : at + strlen("caller="));
	char kind = id.length ? id.data[0] : '\0';
	uint64_t number;

	id = text_from_offset(id, 1);
	if ((kind == 'T' || kind == 'C') && text_eat_decimal(&id, &number) && number <= UINT32_MAX) {
		record->caller_kind = kind;
		record->caller = (uint32_t)number;
	}
}

static bool eat_place(struct text *t, uint64_t *offset, uint64_t *total)
{
	return text_eat(t, KMSG_FRAGMENT) && text_eat_decimal(t, offset) && text_eat_char(t, '/') &&
	       text_eat_decimal(t, total) && text_eat_char(t, ';') && *offset <= *total;
}

bool kmsg_eat_header(struct text *t, struct record *record)
{
	struct text rest = *t, flags;
	uint64_t priority, sequence, micros, offset, total;

	if (!rest.length || rest.data[0] < '0' || rest.data[0] > '9')
		return false;
	eat_release(&rest);
	if (!text_eat_decimal(&rest, &priority) || priority > 191 || !text_eat_char(&rest, ',') ||
	    !text_eat_decimal(&rest, &sequence) || !text_eat_char(&rest, ',') || !text_eat_decimal(&rest, &micros) ||
	    !text_eat_char(&rest, ','))
		return false;
	size_t end = text_find_char(text_first(rest, 128), ';');
	if (end == SIZE_MAX || micros > INT64_MAX / 1000)
		return false;
	flags = text_first(rest, end + 1);
	record->level = (int)(priority & 7);
	record->time_ns = (int64_t)micros * 1000;
	take_caller(flags, record);
	size_t place = text_find(flags, KMSG_FRAGMENT);
	flags = text_from_offset(flags, place);
	record->continued = place != SIZE_MAX && eat_place(&flags, &offset, &total) && offset > 0;
	*t = text_from_offset(rest, end + 1);
	return true;
}

/* The last word of a text that ends in it, or in blanks behind it. */
static struct text last_word(struct text t)
{
	size_t begin;

	t = text_trim(t);
	for (begin = t.length; begin && t.data[begin - 1] != ' ' && t.data[begin - 1] != '\t'; begin--)
		;
	return text_from_offset(t, begin);
}

static bool copy(char *to, size_t size, struct text from)
{
	if (from.length >= size)
		return false;
	if (from.length)
		memcpy(to, from.data, from.length);
	to[from.length] = '\0';
	return true;
}

bool kmsg_first_fragment(struct text line, struct kmsg_fragment *fragment, struct text *text)
{
	size_t mark = text_find(line, KMSG_FRAGMENT);
	struct text front = text_first(line, mark), id = last_word(front);
	struct text sender = last_word(text_first(front, front.length - id.length)), header;
	struct record record;

	if (mark == SIZE_MAX || !copy(fragment->id, sizeof fragment->id, id) ||
	    !copy(fragment->sender, sizeof fragment->sender, sender))
		return false;
	header = text_from_offset(line, mark - id.length);
	*text = text_from_offset(line, mark);
	fragment->header = mark;
	return kmsg_eat_header(&header, &record) && eat_place(text, &fragment->offset, &fragment->total) &&
	       text->data == header.data;
}

/* Where the header of a piece of the same record stands; *offset is the place that it names. */
static size_t find_header(struct text t, const struct kmsg_fragment *fragment, uint64_t *offset, struct text *after)
{
	size_t mark = text_find(t, KMSG_FRAGMENT), length = strlen(fragment->id);
	uint64_t total;

	if (mark == SIZE_MAX || mark < length || memcmp(t.data + mark - length, fragment->id, length) != 0)
		return SIZE_MAX;
	*after = text_from_offset(t, mark);
	return eat_place(after, offset, &total) && total == fragment->total ? mark - length : SIZE_MAX;
}

size_t kmsg_next_fragment(struct text text, const struct kmsg_fragment *fragment, struct text *after)
{
	uint64_t offset;
	size_t at = find_header(text, fragment, &offset, after);

	return at != SIZE_MAX && at > 0 && offset == fragment->offset + at ? at : SIZE_MAX;
}

size_t kmsg_find_fragment(struct text line, const struct kmsg_fragment *fragment, struct text *after)
{
	uint64_t offset;
	size_t at = find_header(line, fragment, &offset, after);

	if (at == SIZE_MAX || offset != fragment->offset || !text_is(last_word(text_first(line, at)), fragment->sender))
		return SIZE_MAX;
	return at;
}
