/* Walks over a log's records and finds its crashes: where one begins, which records are its own, where it ends. */
#include "crash/crash.h"

#include "base/cut.h"
#include "crash/draft.h"
#include "crash/headline.h"
#include "crash/hosts.h"
#include "crash/lanes.h"
#include "crash/list.h"
#include "crash/panicking.h"

#include <stdlib.h>
#include <string.h>

/* A crash's report is over when so many records in a row are no part of it, or when the log's clock has gone on so far. */
enum { IDLE_RECORDS = 40, IDLE_SECONDS = 30, CUT_HERE_RECORDS = 8, EARLY_RECORDS = 5 };

/* ... or so many of other callers', where the log says whose each is. */
enum { STRANGERS = 400 };

struct finder {
	struct crash_list *list;
	struct lanes lanes;
	size_t boot;
	size_t *boots; /* the log's latest, of any machine */
	size_t records;
	char release[66]; /* of the boot's banner, __NEW_UTS_LEN is 64 */
	char version[256];
	struct panicking panicking;
	bool failed; /* out of memory */
};

static void finish(struct finder *finder, struct draft *draft)
{
	struct crash *crash = draft_close(draft);

	if (!crash)
		return;
	if (panicking_says(&finder->panicking, crash)) {
		crash_free(crash);
		return;
	}
	if (!crash->release.length)
		crash->release = arena_copy(&crash->arena, text_from(finder->release));
	/* The banner's version is the whole of what a crash names a piece of. */
	if (text_is(crash->release, finder->release) && finder->version[0])
		crash->version = arena_copy(&crash->arena, text_from(finder->version));
	finder->failed |= crash->arena.failed;
	finder->failed |= !crash_list_add(finder->list, crash);
}

static void finish_lane(struct finder *finder, struct lane *lane)
{
	finish(finder, &lane->draft);
	finish(finder, &lane->other);
}

static void finish_all(struct finder *finder)
{
	for (size_t i = 0; i < LANES_MOST; i++)
		finish_lane(finder, &finder->lanes.items[i]);
}

static bool open_draft(struct finder *finder, struct lane *lane)
{
	bool opened = draft_open(&lane->draft, finder->boot);

	finder->failed |= !opened;
	lane->helper_count = 0;
	lane->draft.early = finder->records <= EARLY_RECORDS;
	return opened;
}

/* The one before it ends with that, perhaps too early. */
static bool begin_report(struct finder *finder, struct lane *lane, const struct record *record)
{
	bool beside = !record->caller_kind && draft_is_cut_by(&lane->draft, record);

	finish_lane(finder, lane);
	if (!open_draft(finder, lane))
		return false;
	lane->draft.beside = beside;
	return true;
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
	finish_all(finder);
	if (finder->release[0] || finder->list->count)
		finder->boot = ++*finder->boots;
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

static bool ends_in(const struct draft *draft, crash_kinds kinds)
{
	return draft->crash && draft->has_headline && crash_kinds_hold(kinds, draft->crash->kind) &&
	       !draft->crash->panic.length;
}

/* Which of the open reports a panic is the end of: its own caller's, or another's; NULL: of none. */
static struct draft *draft_panicked(struct finder *finder, struct lane *lane, crash_kinds kinds)
{
	if (lane && ends_in(&lane->draft, kinds))
		return &lane->draft;
	for (size_t i = 0; i < LANES_MOST; i++)
		if (ends_in(&finder->lanes.items[i].draft, kinds))
			return &finder->lanes.items[i].draft;
	return NULL;
}

/* A panic whose row is of the crash's kind says more of it than a headline that has neither subkind nor title. */
static void learn_from_panic(struct draft *draft, const struct crash_headline *panic)
{
	struct crash *crash = draft->crash;

	if (!panic || panic->kind != crash->kind || !panic->title || draft->title || crash->subkind.length)
		return;
	draft->title = panic->title;
	crash->subkind = text_from(panic->subkind);
}

/* A panic that a crash ends in is no crash of its own, and neither is the trace behind it. */
static bool take_panic(struct finder *finder, struct lane *lane, const struct record *record)
{
	struct text reason = record->text;

	if (!text_eat(&reason, "Kernel panic - not syncing: "))
		return false;
	panicking_begin(&finder->panicking, record, finder->boot);
	crash_kinds kinds = crash_panic_follows(reason);
	if (!kinds)
		return false;
	struct draft *draft = draft_panicked(finder, lane, kinds);
	if (draft) {
		struct crash *open = draft->crash;
		open->panic = arena_copy(&open->arena, text_trim(reason));
		learn_from_panic(draft, crash_headline_of(record->text));
		draft_record(draft, record);
		open->panic_record = open->record_count ? open->record_count - 1 : CRASH_NO_RECORD;
		return true;
	}
	finish_all(finder);
	struct crash *crash = crash_list_panicked(finder->list, kinds, finder->boot, record->time_ns);
	if (!crash)
		return false;
	add_panic(crash, reason, record);
	lane = lanes_new(&finder->lanes, record);
	lane->draft.sink = open_draft(finder, lane);
	return true;
}

/* Another CPU's report of the stall that is being reported: both are open until either's trace. */
static bool is_second_report(const struct lane *lane, const struct crash_headline *headline)
{
	const struct crash *open = lane->draft.crash;

	return open && !lane->other.crash && headline->kind == CRASH_RCU_STALL && open->kind == CRASH_RCU_STALL &&
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
static bool take_line_of_report(struct finder *finder, struct lane *lane, const struct crash_headline *headline,
				const struct record *record)
{
	struct draft *draft = &lane->draft;
	bool open = draft->crash && draft->has_headline;

	if (open && !draft->ended && !draft->crash->frame_count && crash_kinds_hold(headline->refines, draft->crash->kind)) {
		draft_refine(draft, headline, record);
		return true;
	}
	/* Of a sanitizer's headlines, one for each function that was inlined, all come before the trace; so does what the
	   CPU says that powerpc's watchdog has found on another. */
	const crash_kinds several = CRASH_KIND_BIT(CRASH_HARD_LOCKUP) | CRASH_KIND_BIT(CRASH_KASAN) |
				    CRASH_KIND_BIT(CRASH_KFENCE) | CRASH_KIND_BIT(CRASH_KMSAN);
	if (open && crash_kinds_hold(several, headline->kind) && draft->crash->frame_count)
		return false;
	if (open && (!draft->ended || goes_on(draft)) && draft->idle <= CUT_HERE_RECORDS &&
	    crash_headline_joins(headline, draft->crash->kind)) {
		draft_headline(draft, headline, record);
		return true;
	}
	if (!headline->waits)
		return false;
	if (!awaits_headline(draft) && !begin_report(finder, lane, record))
		return true;
	draft_await(draft, headline, record);
	return true;
}

static void take_headline(struct finder *finder, struct lane *lane, const struct crash_headline *headline,
			  const struct record *record)
{
	struct draft *draft = &lane->draft;

	if (take_line_of_report(finder, lane, headline, record))
		return;
	/* In 3.10 a hard lockup is the text of a warning, which is none of its own. */
	if (headline->kind == CRASH_HARD_LOCKUP && draft->crash && draft->crash->kind == CRASH_WARNING &&
	    text_starts(draft->crash->instruction_pointer.function, "watchdog_overflow_callback") &&
	    !draft->crash->frame_count)
		draft_discard(draft);
	bool adopt = awaits_headline(draft);
	if (is_second_report(lane, headline)) {
		lane->other = *draft;
		*draft = (struct draft){ 0 };
		if (!open_draft(finder, lane))
			return;
	} else if (!adopt && !begin_report(finder, lane, record)) {
		return;
	}
	draft_headline(draft, headline, record);
}

static void choose_report(struct lane *lane, struct text text)
{
	int reporter = lane->other.crash ? rcu_reporter(text) : -1;

	if (reporter >= 0 && lane->draft.other_cpu != (reporter == 1) && lane->other.other_cpu == (reporter == 1)) {
		struct draft draft = lane->draft;
		lane->draft = lane->other;
		lane->other = draft;
	}
}

static bool is_over(const struct draft *draft, const struct record *record)
{
	bool late = record->time_ns != RECORD_NO_TIME && draft->part_time_ns != RECORD_NO_TIME &&
		    record->time_ns - draft->part_time_ns > IDLE_SECONDS * INT64_C(1000000000);

	return late || draft->idle >= IDLE_RECORDS ||
	       (draft->cut_here && !draft->has_headline && draft->idle > CUT_HERE_RECORDS);
}

static void finish_those_over(struct finder *finder, const struct record *record)
{
	for (size_t i = 0; i < LANES_MOST; i++) {
		struct lane *lane = &finder->lanes.items[i];
		if (lane->draft.crash && (lane->strangers >= STRANGERS || is_over(&lane->draft, record)))
			finish_lane(finder, lane);
	}
}

/* The lane that a record goes to; NULL: it is of somebody who has no report, and begins none. */
static struct lane *lane_for(struct finder *finder, const struct record *record, bool begins)
{
	struct lane *lane = lanes_of(&finder->lanes, record, begins);

	if (!lane && (begins || part_is_telling(record->text))) {
		lane = lanes_new(&finder->lanes, record);
		finish_lane(finder, lane);
	}
	for (size_t i = 0; i < LANES_MOST; i++)
		finder->lanes.items[i].strangers += &finder->lanes.items[i] != lane;
	return lane;
}

static void take_record(struct finder *finder, const struct record *as_logged)
{
	/* Mails and reports indent a log; what the kernel indents itself, its parts know. */
	struct record trimmed = *as_logged;
	const struct record *record = &trimmed;

	finder->records++;
	trimmed.text = text_trim_start(as_logged->text);
	finish_those_over(finder, record);
	if (take_banner(finder, record->text))
		return;
	const struct crash_headline *headline = crash_headline_of(record->text);
	bool cut_here = text_starts(record->text, "------------[ cut here ]");
	struct lane *lane = lane_for(finder, record, headline || cut_here);
	if (take_panic(finder, lane, record) || !lane)
		return;
	if (headline) {
		take_headline(finder, lane, headline, record);
		return;
	}
	bool begins = lane->draft.crash ? cut_here && !awaits_headline(&lane->draft) && !goes_on(&lane->draft)
					: cut_here || part_is_telling(record->text);
	if (begins) {
		if (!begin_report(finder, lane, record))
			return;
		lane->draft.cut_here = cut_here;
	}
	if (!lane->draft.crash)
		return;
	choose_report(lane, record->text);
	draft_record(&lane->draft, as_logged);
}

struct finder *finder_new(struct crash_list *list, size_t *boots, const struct finder *like)
{
	struct finder *finder = calloc(1, sizeof *finder);

	if (!finder)
		return NULL;
	finder->list = list;
	finder->boots = boots;
	finder->boot = like ? like->boot : ++*boots;
	if (like) {
		copy_bounded(finder->release, sizeof finder->release, text_from(like->release));
		copy_bounded(finder->version, sizeof finder->version, text_from(like->version));
	}
	return finder;
}

void finder_take(struct finder *finder, const struct record *record)
{
	take_record(finder, record);
}

bool finder_is_open(const struct finder *finder)
{
	return lanes_busy(&finder->lanes);
}

void finder_finish(struct finder *finder)
{
	finish_all(finder);
}

bool finder_failed(const struct finder *finder)
{
	return finder->failed;
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

	list->release = crash ? crash->release : arena_copy(&list->arena, text_from(finder ? finder->release : NULL));
	list->version = crash ? crash->version : arena_copy(&list->arena, text_from(finder ? finder->version : NULL));
}

/* By registers and forms of places; the release may say it as well, which triage/ knows how to read. */
static void know_architecture(struct crash_list *list)
{
	for (size_t i = 0; i < list->count && !list->arch; i++)
		list->arch = list->items[i]->arch;
}

/*
 * For as long as the program runs: to make it takes longer than to read a log of a few kilobytes, and a fleet's are many.
 * NULL when out of memory.
 */
static const struct scanner *headline_scanner(void)
{
	static const struct scanner *scanner;

	if (!scanner) {
		size_t count;
		const char *const *words = crash_headline_words(&count);
		scanner = scanner_new(words, count);
	}
	return scanner;
}

bool crash_find(struct log *log, struct crash_list *list, struct error *error)
{
	const struct scanner *scanner = headline_scanner();
	struct hosts hosts = { .list = list, .boots = SIZE_MAX }; /* the first is 0 */
	enum log_status status = LOG_FAILED;
	struct record record;

	*list = (struct crash_list){ .deciding = SIZE_MAX };
	if (!scanner)
		return error_out_of_memory(error);
	log_skip_quiet(log, scanner);
	while (!hosts.failed && (status = log_next(log, &record, error)) == LOG_RECORD) {
		if (log_is_inside_line(log))
			record.text = cut_before_number(record.text);
		hosts_take(&hosts, &record);
		if (!hosts_are_open(&hosts))
			log_skip_quiet(log, scanner);
	}
	hosts_finish(&hosts);
	list->lines = log_lines(log);
	crash_list_decide(list);
	share_release(list);
	know_kernel(list, hosts_latest(&hosts));
	know_architecture(list);
	hosts_free(&hosts);
	if (hosts.failed || list->arena.failed)
		return error_out_of_memory(error);
	return status == LOG_END;
}
