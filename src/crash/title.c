/* What a crash is called in one line: what happened, and where. */
#include "crash/title.h"

#include "crash/canonical.h"
#include "crash/kind.h"

#include <string.h>

enum { REASON_MOST = 256 };

/* What stands behind a panic's reason and differs from machine to machine: kernel/exit.c, arch/x86/kernel/cpu/mce/core.c. */
static const char *const reason_ends[] = { " exitcode=", " System is deadlocked on memory", " on CPU" };

static bool is_digit(char c, bool hex)
{
	return (c >= '0' && c <= '9') || (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

static bool is_word_char(char c)
{
	return is_digit(c, false) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The length of the number that t begins with, "12" or "0x12ab"; 0 where it begins with none, or with a word like "3rd". */
static size_t number_length(struct text t)
{
	bool hex = text_starts(t, "0x");
	size_t length = hex ? 2 : 0;

	while (length < t.length && is_digit(t.data[length], hex))
		length++;
	return length == (hex ? 2U : 0U) || (length < t.length && is_word_char(t.data[length])) ? 0 : length;
}

/* Numbers that stand alone are of this machine and boot: "unknown-block(NUM,NUM)". */
static struct text without_numbers(struct arena *arena, struct text reason)
{
	char kept[REASON_MOST];
	size_t length = 0;

	for (size_t i = 0; i < reason.length && length + 3 <= sizeof kept;) {
		bool begins = i == 0 || !is_word_char(reason.data[i - 1]);
		size_t number = begins ? number_length(text_from_offset(reason, i)) : 0;
		if (number) {
			memcpy(kept + length, "NUM", 3);
			length += 3;
			i += number;
		} else {
			kept[length++] = reason.data[i++];
		}
	}
	return text_trim(arena_copy(arena, (struct text){ kept, length }));
}

static struct text title_reason(struct crash *crash)
{
	struct text reason = crash->panic;

	for (size_t i = 0; i < sizeof reason_ends / sizeof *reason_ends; i++) {
		size_t end = text_find(reason, reason_ends[i]);
		if (end != SIZE_MAX && end > 0)
			reason = text_first(reason, end);
	}
	return without_numbers(&crash->arena, reason);
}

/* The function that the headline names behind a mark. */
static struct text function_behind(struct crash *crash, const char *mark)
{
	size_t at = text_find(crash->headline, mark);
	struct text rest = text_from_offset(crash->headline, at == SIZE_MAX ? at : at + text_from(mark).length), word;

	if (!text_eat_word(&rest, &word))
		return TEXT_NONE;
	return crash_canonical_name(&crash->arena, text_first(word, text_find_char(word, '+')));
}

static struct text beginning(struct crash *crash, const char *begins)
{
	const struct crash_kind_row *row = crash_kind_row(crash->kind);
	struct text title = text_from(begins ? begins : row->title);
	const char *access = crash->access.type == CRASH_READ ? " Read" : crash->access.type == CRASH_WRITE ? " Write" : "";

	if (!begins && row->flags & CRASH_TITLE_HAS_SUBKIND && crash->subkind.length)
		title = arena_print(&crash->arena, "%.*s: %.*s", TEXT_ARGS(title), TEXT_ARGS(crash->subkind));
	return row->flags & CRASH_TITLE_HAS_ACCESS ? arena_print(&crash->arena, "%.*s%s", TEXT_ARGS(title), access) : title;
}

struct text crash_title(struct crash *crash, const char *begins)
{
	struct text title = beginning(crash, begins);

	/* KCSAN's headline names who raced, in the order of their names: "BUG: KCSAN: data-race in foo / bar". */
	if (crash->kind == CRASH_KCSAN && function_behind(crash, " / ").length)
		return arena_print(&crash->arena, "%.*s in %.*s / %.*s", TEXT_ARGS(title),
				   TEXT_ARGS(function_behind(crash, " in ")), TEXT_ARGS(function_behind(crash, " / ")));
	/* A panic's reason is its title; those that many machines have differ by numbers, and their rows have it without. */
	if (crash->kind == CRASH_PANIC && !begins && crash->panic.length)
		return arena_print(&crash->arena, "%.*s: %.*s", TEXT_ARGS(title), TEXT_ARGS(title_reason(crash)));
	if (crash->culprit.length && !(crash->kind == CRASH_PANIC && begins))
		return arena_print(&crash->arena, "%.*s in %.*s", TEXT_ARGS(title), TEXT_ARGS(crash->culprit));
	return arena_copy(&crash->arena, title);
}
