/* One crash, from its first record to its last. */
#include "crash/draft.h"

#include "crash/culprit.h"
#include "crash/headline.h"

#include <stdlib.h>

enum { RECORD_BYTES_MOST = 16 * 1024, HOST_BYTES_MOST = 255, CRASH_BYTES_MOST = 512 * 1024, PAGE_SIZE_X86 = 4096 };

bool draft_open(struct draft *draft, size_t boot)
{
	struct crash *crash = calloc(1, sizeof *crash);

	*draft = (struct draft){ .crash = crash, .part_time_ns = RECORD_NO_TIME };
	if (!crash)
		return false;
	crash->cpu = -1;
	crash->pid = -1;
	crash->out_of_memory.killed_pid = -1;
	crash->time_ns = RECORD_NO_TIME;
	crash->wall_time = RECORD_NO_TIME;
	crash->consequence_of = SIZE_MAX;
	crash->boot = boot;
	crash->kind_record = CRASH_NO_RECORD;
	crash->culprit_record = CRASH_NO_RECORD;
	crash->comm_record = CRASH_NO_RECORD;
	crash->taint_record = CRASH_NO_RECORD;
	crash->instruction_pointer_record = CRASH_NO_RECORD;
	crash->fault_address_record = CRASH_NO_RECORD;
	crash->panic_record = CRASH_NO_RECORD;
	return true;
}

void draft_discard(struct draft *draft)
{
	if (draft->aside) {
		draft_discard(draft->aside);
		free(draft->aside);
	}
	if (draft->crash)
		arena_free(&draft->crash->arena);
	free(draft->crash);
	*draft = (struct draft){ 0 };
}

size_t draft_add(struct draft *draft, const struct record *record)
{
	struct crash *crash = draft->crash;

	if (crash->record_count >= CRASH_RECORDS_MOST || crash->arena.used >= CRASH_BYTES_MOST)
		return CRASH_NO_RECORD;
	struct crash_record *copy = arena_push(&crash->arena, &crash->records, &crash->record_count, sizeof *copy);
	if (!copy)
		return CRASH_NO_RECORD;
	copy->text = arena_copy(&crash->arena, text_first(record->text, RECORD_BYTES_MOST));
	copy->line = record->line;
	return crash->record_count - 1;
}

/* Who wrote the record and when; the headline's counts more than that of lines before it. */
static void take_origin(struct crash *crash, const struct record *record, bool headline)
{
	bool timed = record->wall_time != RECORD_NO_TIME || record->clock.month;

	if (record->host.length && (headline || !crash->host.length))
		crash->host = arena_copy(&crash->arena, text_first(record->host, HOST_BYTES_MOST));
	if (!timed || (!headline && (crash->wall_time != RECORD_NO_TIME || crash->clock.month)))
		return;
	crash->wall_time = record->wall_time;
	crash->clock = record->clock;
	crash->zone_said = record->zone_said;
}

static void was_part(struct draft *draft, const struct record *record)
{
	struct crash *crash = draft->crash;

	draft->part_records = crash->record_count;
	draft->idle = 0;
	if (record->time_ns != RECORD_NO_TIME)
		draft->part_time_ns = record->time_ns;
	crash->end_line = record->line;
	if (!crash->line) {
		crash->line = record->line;
		crash->time_ns = record->time_ns;
	}
	take_origin(crash, record, false);
}

/* The title of a panic is its reason. */
static void take_reason(struct draft *draft, struct text text, size_t record)
{
	struct crash *crash = draft->crash;

	if (text_eat(&text, "Kernel panic - not syncing: ") && !crash->panic.length) {
		crash->panic = arena_copy(&crash->arena, text_trim(text));
		crash->panic_record = record;
	}
}

static void tell_kind(struct draft *draft, const struct crash_headline *headline, size_t record)
{
	struct crash *crash = draft->crash;

	if (headline->subkind || headline->kind != CRASH_UNKNOWN_KIND)
		crash->subkind = headline->subkind ? text_from(headline->subkind) : TEXT_NONE;
	if (headline->kind == CRASH_UNKNOWN_KIND)
		return;
	crash->kind = headline->kind;
	draft->title = headline->title;
	crash->kind_record = record;
}

void draft_refine(struct draft *draft, const struct crash_headline *headline, const struct record *record)
{
	size_t index = draft_add(draft, record);

	draft->line = record->line;
	tell_kind(draft, headline, index);
	headline_details(draft, headline->kind, record->text, index);
	was_part(draft, record);
}

void draft_await(struct draft *draft, const struct crash_headline *headline, const struct record *record)
{
	draft->awaits_record = draft_add(draft, record);
	draft->awaits = headline;
	draft->cut_here = true;
	draft->idle = 0;
}

void draft_headline(struct draft *draft, const struct crash_headline *headline, const struct record *record)
{
	struct crash *crash = draft->crash;
	size_t index = draft_add(draft, record);

	stack_close(draft);
	draft->line = record->line;
	draft->caller_kind = record->caller_kind;
	draft->caller = record->caller;
	draft->sure |= !headline->of_programs;
	if (!draft->has_headline) {
		draft->has_headline = true;
		tell_kind(draft, headline, index);
		if (draft->awaits && crash_kinds_hold(draft->awaits->refines, headline->kind))
			tell_kind(draft, draft->awaits, draft->awaits_record);
		crash->headline = arena_copy(&crash->arena, text_trim(text_first(record->text, RECORD_BYTES_MOST)));
		crash->line = record->line;
		crash->time_ns = record->time_ns;
		take_origin(crash, record, true);
	}
	headline_details(draft, headline->kind, record->text, index);
	take_reason(draft, record->text, index);
	was_part(draft, record);
}

bool draft_record(struct draft *draft, const struct record *record)
{
	size_t index = draft_add(draft, record);

	draft->line = record->line;
	draft->caller_kind = record->caller_kind;
	draft->caller = record->caller;
	if (!record->caller_kind && draft_is_mixed(draft, record->text)) {
		draft->idle++;
		return false;
	}
	if (part_of_crash(draft, record->text, index)) {
		was_part(draft, record);
		return true;
	}
	draft->idle++;
	return false;
}

static const struct crash_register *find_register(const struct crash *crash, const char *name)
{
	for (size_t i = 0; i < crash->register_count; i++)
		if (text_is(text_from(crash->registers[i].name), name))
			return &crash->registers[i];
	return NULL;
}

static bool is_page_fault(enum crash_kind kind)
{
	return kind == CRASH_NULL_POINTER_DEREFERENCE || kind == CRASH_PAGE_FAULT;
}

/*
 * The address of the fault, where the headline does not name it: what the kernel repeats at the end ("CR2: " on a line of
 * its own); else CR2 among the registers, which by then may be of a later fault (reading the Code: bytes faults too).
 */
static bool cr2_of_fault(const struct draft *draft, uint64_t *value, size_t *record)
{
	const struct crash_register *cr2 = find_register(draft->crash, "cr2");

	if (!draft->lone_cr2 && !cr2)
		return false;
	*value = draft->lone_cr2 ? draft->lone_cr2_value : cr2->value;
	*record = draft->lone_cr2 ? draft->lone_cr2_record : cr2->record;
	return true;
}

/*
 * Only a page fault prints CR2 on a line of its own, and "Oops: " with nothing but an error code; and the kernel calls it a
 * NULL pointer dereference when the address lies in the first page (show_fault_oops() of arch/x86/mm/fault.c).
 */
static void infer_kind(struct draft *draft)
{
	struct crash *crash = draft->crash;
	uint64_t address;
	size_t record;

	if (draft->has_headline || !(draft->lone_cr2 || draft->page_fault_oops) || !cr2_of_fault(draft, &address, &record))
		return;
	crash->kind = address < PAGE_SIZE_X86 ? CRASH_NULL_POINTER_DEREFERENCE : CRASH_PAGE_FAULT;
	crash->kind_record = record;
}

/* At any other crash CR2 is what an earlier fault left there. */
static void take_address_from_cr2(struct draft *draft)
{
	struct crash *crash = draft->crash;

	if (crash->has_fault_address || !is_page_fault(crash->kind))
		return;
	crash->has_fault_address = cr2_of_fault(draft, &crash->fault_address, &crash->fault_address_record);
}

/* A place of which the kernel gives the address alone, where a frame of the trace names it. */
static void name_place(struct crash *crash)
{
	struct crash_location *place = &crash->instruction_pointer;

	for (size_t i = 0; i < crash->frame_count && place->has_address && !place->function.length; i++) {
		const struct crash_location *location = &crash->frames[i].location;
		if (location->has_address && location->address == place->address && location->address)
			*place = *location;
	}
}

static bool has_place(const struct crash *crash)
{
	return crash->instruction_pointer.function.length || crash->instruction_pointer.has_address;
}

static size_t reliable_frames(const struct crash *crash)
{
	size_t count = 0;

	for (size_t i = 0; i < crash->frame_count; i++)
		count += crash->frames[i].reliable;
	return count;
}

/* Without a headline: is it a crash, and not one of the many other reports that have a trace or registers? */
static bool is_crash(const struct draft *draft)
{
	const struct crash *crash = draft->crash;
	bool anything = has_place(crash) || crash->frame_count || crash->register_count > 1;

	if (draft->has_headline && (draft->sure || crash->frame_count))
		return true;
	if (draft->proven || draft->lone_cr2)
		return anything;
	/*
	 * Cut off at the log's beginning: a place in the kernel, with registers or a trace. Behind frames a place is of what
	 * an interrupt interrupted, as in a warning that allocating memory failed.
	 */
	bool own_place =
		has_place(crash) && (!crash->frame_count || crash->instruction_pointer_record < crash->frames[0].record);
	return draft->early && own_place && (crash->register_count > 3 || reliable_frames(crash) > 1);
}

struct crash *draft_close(struct draft *draft)
{
	struct crash *crash = draft->crash;

	if (crash)
		stack_close(draft);
	if (!crash || draft->sink || !is_crash(draft)) {
		draft_discard(draft);
		return NULL;
	}
	crash->record_count = draft->part_records;
	infer_kind(draft);
	if (!hardware_close(draft)) {
		draft_discard(draft);
		return NULL;
	}
	out_of_memory_close(draft);
	take_address_from_cr2(draft);
	name_place(crash);
	draft_infer_fault(draft);
	crash->arch = crash_arch_name(&draft->seen);
	crash->corrupt |= !draft->has_headline;
	crash_name(crash, draft->title);
	*draft = (struct draft){ 0 };
	return crash;
}
