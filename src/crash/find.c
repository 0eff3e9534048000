/* Walks over a log's records and finds its crashes: where one begins, which records are its own, where it ends. */
#include "crash/crash.h"

#include "crash/cut.h"
#include "crash/draft.h"
#include "crash/headline.h"
#include "crash/list.h"

#include <string.h>

/* A crash's report is over when so many records in a row are no part of it, or when the log's clock has gone on so far. */
enum { IDLE_RECORDS = 40, IDLE_SECONDS = 30, CUT_HERE_RECORDS = 8, EARLY_RECORDS = 5 };

struct finder {
	struct crash_list *list;
	struct draft draft; /* the report that is being read; its crash is NULL when there is none */
	struct draft other; /* that of a stall which another CPU reports at the same time */
	size_t boot;
	size_t records;
	char release[66]; /* of the boot's banner, __NEW_UTS_LEN is 64 */
	char version[256];
	bool failed; /* out of memory */
};

static void finish(struct finder *finder, struct draft *draft)
{
	struct crash *crash = draft_close(draft);

	if (!crash)
		return;
	if (!crash->release.length)
		crash->release = arena_copy(&crash->arena, text_from(finder->release));
	/* The banner's version is the whole of what a crash names a piece of. */
	if (text_is(crash->release, finder->release) && finder->version[0])
		crash->version = arena_copy(&crash->arena, text_from(finder->version));
	finder->failed |= crash->arena.failed;
	finder->failed |= !crash_list_add(finder->list, crash);
}

static void finish_both(struct finder *finder)
{
	bool other_first =
		finder->other.crash && finder->draft.crash && finder->other.crash->line < finder->draft.crash->line;

	if (other_first)
		finish(finder, &finder->other);
	finish(finder, &finder->draft);
	finish(finder, &finder->other);
}

static bool open_draft(struct finder *finder)
{
	bool opened = draft_open(&finder->draft, finder->boot);

	finder->failed |= !opened;
	finder->draft.early = finder->records <= EARLY_RECORDS;
	return opened;
}

static void copy_bounded(char *to, size_t size, struct text from)
{
	from = text_first(from, size - 1);
	if (from.length)
		memcpy(to, from.data, from.length);
	to[from.length] = '\0';
}

/* "Linux version 4.18.0-80.el8.x86_64 (mockbuild@...) (gcc ...) #1 SMP Wed Mar 13 12:02:46 UTC 2019": another boot begins.
 */
static bool take_banner(struct finder *finder, struct text text)
{
	struct text release;

	if (!text_eat(&text, "Linux version ") || !text_eat_word(&text, &release))
		return false;
	finish_both(finder);
	if (finder->release[0] || finder->list->count)
		finder->boot++;
	size_t version = text_find(text, " #");
	copy_bounded(finder->release, sizeof finder->release, release);
	copy_bounded(finder->version, sizeof finder->version,
		     version == SIZE_MAX ? TEXT_NONE : text_from_offset(text, version + 1));
	return true;
}

static void add_panic(struct crash *crash, struct text reason, const struct record *record)
{
	struct draft draft = { .crash = crash };

	crash->panic = arena_copy(&crash->arena, text_trim(reason));
	crash->panic_record = draft_add(&draft, record);
	crash->end_line = record->line;
}

/* A panic that a crash ends in is no crash of its own, and neither is the trace behind it. */
static bool take_panic(struct finder *finder, const struct record *record)
{
	struct text reason = record->text;
	struct crash *open = finder->draft.crash;

	if (!text_eat(&reason, "Kernel panic - not syncing: "))
		return false;
	crash_kinds kinds = crash_panic_follows(reason);
	if (!kinds)
		return false;
	if (open && finder->draft.has_headline && crash_kinds_hold(kinds, open->kind) && !open->panic.length) {
		open->panic = arena_copy(&open->arena, text_trim(reason));
		draft_record(&finder->draft, record);
		open->panic_record = open->record_count ? open->record_count - 1 : CRASH_NO_RECORD;
		return true;
	}
	finish_both(finder);
	struct crash *crash = crash_list_panicked(finder->list, kinds, finder->boot, record->time_ns);
	if (!crash)
		return false;
	add_panic(crash, reason, record);
	finder->draft.sink = open_draft(finder);
	return true;
}

/* Another CPU's report of the stall that is being reported: both are open until either's trace. */
static bool is_second_report(const struct finder *finder, const struct crash_headline *headline)
{
	const struct crash *open = finder->draft.crash;

	return open && !finder->other.crash && headline->kind == CRASH_RCU_STALL && open->kind == CRASH_RCU_STALL &&
	       !open->frame_count;
}

/* Is only what comes before a headline seen so far, and is that near? */
static bool awaits_headline(const struct draft *draft)
{
	return draft->crash && draft->cut_here && !draft->has_headline && draft->idle <= CUT_HERE_RECORDS;
}

/* The kernel said it first, on a line of its own, and dies of it now: the BUG, or the warning, is of the same report. */
static bool goes_on(const struct draft *draft)
{
	return draft->crash && draft->has_headline && draft->idle == 0 &&
	       crash_kinds_hold(CRASH_BEFORE_BUG, draft->crash->kind);
}

/* Headlines that are lines of the report that is being read, or that wait for one. */
static bool take_line_of_report(struct finder *finder, const struct crash_headline *headline, const struct record *record)
{
	struct draft *draft = &finder->draft;
	bool open = draft->crash && draft->has_headline;

	if (open && !draft->ended && !draft->crash->frame_count && crash_kinds_hold(headline->refines, draft->crash->kind)) {
		draft_refine(draft, headline, record);
		return true;
	}
	if (open && (!draft->ended || goes_on(draft)) && draft->idle <= CUT_HERE_RECORDS &&
	    crash_headline_joins(headline, draft->crash->kind)) {
		draft_headline(draft, headline, record);
		return true;
	}
	if (!headline->waits)
		return false;
	if (!awaits_headline(draft)) {
		finish_both(finder);
		if (!open_draft(finder))
			return true;
	}
	draft_await(draft, headline, record);
	return true;
}

static void take_headline(struct finder *finder, const struct crash_headline *headline, const struct record *record)
{
	struct draft *draft = &finder->draft;

	if (take_line_of_report(finder, headline, record))
		return;
	/* In 3.10 a hard lockup is the text of a warning, which is none of its own. */
	if (headline->kind == CRASH_HARD_LOCKUP && draft->crash && draft->crash->kind == CRASH_WARNING &&
	    text_starts(draft->crash->instruction_pointer.function, "watchdog_overflow_callback") &&
	    !draft->crash->frame_count)
		draft_discard(draft);
	bool adopt = awaits_headline(draft);
	if (is_second_report(finder, headline)) {
		finder->other = *draft;
		*draft = (struct draft){ 0 };
	} else if (!adopt) {
		finish_both(finder);
	}
	if (!adopt && !open_draft(finder))
		return;
	draft_headline(draft, headline, record);
}

static void choose_report(struct finder *finder, struct text text)
{
	int reporter = finder->other.crash ? rcu_reporter(text) : -1;

	if (reporter >= 0 && finder->draft.other_cpu != (reporter == 1) && finder->other.other_cpu == (reporter == 1)) {
		struct draft draft = finder->draft;
		finder->draft = finder->other;
		finder->other = draft;
	}
}

static bool is_over(const struct draft *draft, const struct record *record)
{
	bool late = record->time_ns != RECORD_NO_TIME && draft->part_time_ns != RECORD_NO_TIME &&
		    record->time_ns - draft->part_time_ns > IDLE_SECONDS * INT64_C(1000000000);

	return late || draft->idle >= IDLE_RECORDS ||
	       (draft->cut_here && !draft->has_headline && draft->idle > CUT_HERE_RECORDS);
}

static void take_record(struct finder *finder, const struct record *as_logged)
{
	/* Mails and reports indent a log; what the kernel indents itself, its parts know. */
	struct record trimmed = *as_logged;
	const struct record *record = &trimmed;
	const struct crash_headline *headline;

	finder->records++;
	trimmed.text = text_trim_start(as_logged->text);
	if (finder->draft.crash && is_over(&finder->draft, record))
		finish_both(finder);
	if (take_banner(finder, record->text) || take_panic(finder, record))
		return;
	headline = crash_headline_of(record->text);
	if (headline) {
		take_headline(finder, headline, record);
		return;
	}
	bool cut_here = text_starts(record->text, "------------[ cut here ]");
	if (cut_here && !awaits_headline(&finder->draft) && !goes_on(&finder->draft))
		finish_both(finder);
	if (!finder->draft.crash) {
		if (!cut_here && !part_is_telling(record->text))
			return;
		if (!open_draft(finder))
			return;
		finder->draft.cut_here = cut_here;
	}
	choose_report(finder, record->text);
	draft_record(&finder->draft, as_logged);
}

/* A stall's report names no release; the lockup's behind it, in the same boot, does. */
static void share_release(struct crash_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		for (size_t j = 0; j < list->count && !list->items[i]->release.length; j++) {
			if (list->items[j]->boot != list->items[i]->boot || !list->items[j]->release.length)
				continue;
			list->items[i]->release = list->items[j]->release;
			list->items[i]->version = list->items[j]->version;
		}
	}
}

static void know_kernel(struct crash_list *list, const struct finder *finder)
{
	const struct crash *crash = list->deciding == SIZE_MAX ? NULL : list->items[list->deciding];

	list->release = crash ? crash->release : arena_copy(&list->arena, text_from(finder->release));
	list->version = crash ? crash->version : arena_copy(&list->arena, text_from(finder->version));
}

/* By registers and forms of places; the release may say it as well, which triage/ knows how to read. */
static void know_architecture(struct crash_list *list)
{
	for (size_t i = 0; i < list->count && !list->arch; i++)
		list->arch = list->items[i]->arch;
}

bool crash_find(struct log *log, struct crash_list *list, struct error *error)
{
	size_t word_count;
	const char *const *words = crash_headline_words(&word_count);
	struct scanner *scanner = scanner_new(words, word_count);
	struct finder finder = { .list = list };
	enum log_status status = LOG_FAILED;
	struct record record;

	*list = (struct crash_list){ .deciding = SIZE_MAX };
	if (!scanner)
		return error_out_of_memory(error);
	log_skip_quiet(log, scanner);
	while (!finder.failed && (status = log_next(log, &record, error)) == LOG_RECORD) {
		if (log_is_inside_line(log))
			record.text = cut_before_number(record.text);
		take_record(&finder, &record);
		if (!finder.draft.crash)
			log_skip_quiet(log, scanner);
	}
	scanner_free(scanner);
	finish_both(&finder);
	list->lines = log_lines(log);
	crash_list_decide(list);
	share_release(list);
	know_kernel(list, &finder);
	know_architecture(list);
	if (finder.failed || list->arena.failed)
		return error_out_of_memory(error);
	return status == LOG_END;
}
