/* What is said of a dump that is not whole, of its files, and of damage that was lived with. */
#include "vmcore/cause.h"
#include "vmcore/dump_parts.h"
#include "vmcore/flattened.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { REMARKS_MOST = 64 };

/* A sentence has a capital and a full stop. */
static void make_sentence(char *message, size_t size)
{
	size_t length = strlen(message);

	if (message[0] >= 'a' && message[0] <= 'z')
		message[0] = (char)(message[0] - 'a' + 'A');
	if (length > 0 && length + 1 < size && message[length - 1] != '.')
		memcpy(message + length, ".", 2);
}

void dump_remark(struct dump *dump, const char *format, ...)
{
	char message[sizeof((struct error){ 0 }.message) + 1];
	va_list arguments;

	if (dump->remark_count >= REMARKS_MOST)
		return;
	va_start(arguments, format);
	vsnprintf(message, sizeof message - 1, format, arguments);
	va_end(arguments);
	make_sentence(message, sizeof message);
	for (size_t i = 0; i < dump->remark_count; i++)
		if (text_is(dump->remarks[i], message))
			return;
	struct text remark = arena_copy(&dump->arena, text_from(message));
	struct text *place = arena_push(&dump->arena, &dump->remarks, &dump->remark_count, sizeof *place);
	if (place)
		*place = remark;
}

void dump_note_incomplete(struct dump *dump, const char *name, const char *why)
{
	if (dump->incomplete)
		return;
	dump->incomplete = true;
	dump->incomplete_why = arena_print(&dump->arena, "%s%s%s", name, *name ? ": " : "", why);
}

void dump_note_cut(struct dump *dump, const char *name, uint64_t size, uint64_t needed)
{
	struct arena *arena = &dump->arena;

	if (dump->incomplete)
		return;
	dump->incomplete = true;
	if (needed > size)
		dump->incomplete_why = arena_print(arena, "cut short: %s%s%" PRIu64 " of at least %" PRIu64 " bytes", name,
						   *name ? " has " : "", size, needed);
	else
		dump->incomplete_why = arena_print(arena, "cut short: %s ends at byte %" PRIu64, *name ? name : "it", size);
}

void dump_note_gaps(struct dump *dump, const struct flattened_gap *gap, size_t count)
{
	if (dump->incomplete || !count)
		return;
	dump->incomplete = true;
	dump->incomplete_why =
		arena_print(&dump->arena, "bytes %" PRIu64 " to %" PRIu64 " of it are in no block of the flattened file%s",
			    gap->begin, gap->end - 1, count > 1 ? ", nor are others" : "");
}

void dump_note_lost_notes(struct dump *dump, const char *format, ...)
{
	struct error why;
	va_list arguments;

	if (dump->notes_lost.length)
		return;
	va_start(arguments, format);
	vsnprintf(why.message, sizeof why.message, format, arguments);
	va_end(arguments);
	dump->notes_lost = arena_copy(&dump->arena, text_from(why.message));
}

/* That the flattened file is cut, at the end of what came of it, need not be said again. */
static void leave_out(struct text incomplete, struct error *after)
{
	char *again = strstr(after->message, ": the flattened file ");

	text_eat(&incomplete, "cut short: ");
	struct text end = again ? text_from(again) : TEXT_NONE;
	if (end.length >= incomplete.length && text_equal(text_from_offset(end, end.length - incomplete.length), incomplete))
		*again = '\0';
}

/* Why the dump is incomplete, in front of what came of it. */
void dump_explain(struct text incomplete, struct error *error)
{
	struct error after = *error, why;

	if (!incomplete.length || text_starts(text_from(after.message), "the dump is "))
		return;
	error_set(&why, "%.*s", TEXT_ARGS(incomplete));
	leave_out(incomplete, &after);
	error_set(error, "the dump is %s%s",
		  text_starts(incomplete, "cut short") ? "" : "incomplete: ", cause(&why, DUMP_INCOMPLETE_TOLD_MOST).text);
	cause_add(error, cause(&after, CAUSE_MOST - strlen(error->message) - 2).text, CAUSE_MOST);
}

void dump_explain_incomplete(const struct dump *dump, struct error *error)
{
	dump_explain(dump->incomplete_why, error);
}

void dump_file_name(const struct dump_file *files, size_t count, size_t i, char *name, size_t size)
{
	name[0] = '\0';
	if (count > 1 && files[i].name)
		snprintf(name, size, "%s", files[i].name);
	else if (count > 1)
		snprintf(name, size, "file %zu of %zu", i + 1, count);
}

bool dump_refuse_file(const struct dump_file *files, size_t count, size_t i, const struct error *why, struct error *error)
{
	char name[DUMP_FILE_NAME_MOST];

	dump_file_name(files, count, i, name, sizeof name);
	return error_set(error, "%s%s%s", i + 1 < count ? name : "", i + 1 < count ? ": " : "",
			 cause(why, CAUSE_USUAL).text);
}
