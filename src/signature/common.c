/* What crashes have in common, and whether that is enough. */
#include "signature/common.h"

#include "crash/kind.h"
#include "crash/plumbing.h"
#include "signature/headline_pattern.h"

enum {
	ADDRESS_MOST =
		0xffff,       /* of a member behind a NULL pointer; above it lie addresses that another boot has elsewhere */
	ADDRESS_RANGE = 0x100 /* how far a structure's member moves from kernel to kernel */
};

static void find_kinds(const struct crash *const *crashes, size_t count, struct common *common)
{
	bool occurs[CRASH_KIND_COUNT] = { false };

	for (size_t i = 0; i < count; i++)
		occurs[crashes[i]->kind < CRASH_KIND_COUNT ? crashes[i]->kind : CRASH_UNKNOWN_KIND] = true;
	if (occurs[CRASH_UNKNOWN_KIND])
		return;
	for (int kind = CRASH_UNKNOWN_KIND + 1; kind < CRASH_KIND_COUNT; kind++)
		if (occurs[kind])
			common->kinds[common->kind_count++] = (enum crash_kind)kind;
}

static struct text instruction_pointer(const struct crash *crash)
{
	return crash->instruction_pointer.canonical;
}

static struct text culprit(const struct crash *crash)
{
	return crash->culprit;
}

static const struct crash_location *location_of(const struct crash *crash, struct text function)
{
	if (text_equal(crash->instruction_pointer.canonical, function))
		return &crash->instruction_pointer;
	for (size_t i = 0; i < crash->frame_count; i++)
		if (crash->frames[i].reliable && text_equal(crash->frames[i].location.canonical, function))
			return &crash->frames[i].location;
	return NULL;
}

/* Of the fault, where that is the culprit's too. */
static struct text module(const struct crash *crash)
{
	const struct crash_location *location = crash->culprit.length ? location_of(crash, crash->culprit) : NULL;
	struct text name = crash->instruction_pointer.module;

	return location && text_equal(location->module, name) ? name : TEXT_NONE;
}

/* The text that all crashes have, or none. */
static struct text same(struct text (*get)(const struct crash *crash), const struct crash *const *crashes, size_t count)
{
	struct text first = get(crashes[0]);

	for (size_t i = 1; i < count; i++)
		if (!text_equal(get(crashes[i]), first))
			return TEXT_NONE;
	return first;
}

/* Where a watchdog found the CPU is chance as far as it is in plumbing; where a fault was is not, plumbing or no. */
static bool is_chance(const struct crash *crash)
{
	return crash_kind_row(crash->kind)->reporter != CRASH_NO_TICK &&
	       is_plumbing(crash->instruction_pointer.canonical, crash->kind);
}

static void find_functions(struct arena *arena, const struct crash *const *crashes, size_t count, struct common *common)
{
	common->instruction_pointer = same(instruction_pointer, crashes, count);
	for (size_t i = 0; i < count; i++)
		if (is_chance(crashes[i]))
			common->instruction_pointer = TEXT_NONE;
	if (!common_is_usable(arena, common->instruction_pointer))
		common->instruction_pointer = TEXT_NONE;
	common->culprit = same(culprit, crashes, count);
	if (!common_is_usable(arena, common->culprit))
		common->culprit = TEXT_NONE;
}

static void find_fault_address(const struct crash *const *crashes, size_t count, struct common *common)
{
	uint64_t low = UINT64_MAX, high = 0;

	for (size_t i = 0; i < count; i++) {
		if (!crashes[i]->has_fault_address)
			return;
		if (crashes[i]->fault_address < low)
			low = crashes[i]->fault_address;
		if (crashes[i]->fault_address > high)
			high = crashes[i]->fault_address;
	}
	common->has_fault_address = high <= ADDRESS_MOST && high - low <= ADDRESS_RANGE;
	common->low = low;
	common->high = high;
}

/* In all of the crashes' eyes. */
static bool is_always_plumbing(struct text function, const struct crash *const *crashes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!is_plumbing(function, crashes[i]->kind))
			return false;
	return true;
}

/* Does some function tell this bug from others? */
static bool function_tells(const struct crash *const *crashes, size_t count, const struct common *common)
{
	if (common->culprit.length && !is_always_plumbing(common->culprit, crashes, count))
		return true;
	if (common->instruction_pointer.length && !is_always_plumbing(common->instruction_pointer, crashes, count))
		return true;
	for (size_t i = 0; i < common->trace_count; i++)
		if (!is_way_in(common->trace[i]))
			return true;
	return false;
}

/* The pattern of the headlines, where it is the same for all. */
static struct text find_log(struct arena *arena, const struct crash *const *crashes, size_t count)
{
	struct text first = headline_pattern(arena, crashes[0]);

	for (size_t i = 1; i < count && first.length; i++)
		if (!text_equal(headline_pattern(arena, crashes[i]), first))
			return TEXT_NONE;
	return first;
}

/* Why a crash of this kind has no bug behind it, or NULL: it may have. */
static const char *no_bug(enum crash_kind kind)
{
	if (crash_kind_row(kind)->flags & CRASH_IS_HARDWARE)
		return "this crash is a hardware error, not a bug of the kernel's: no signature is ever matched to one";
	if (kind == CRASH_OUT_OF_MEMORY)
		return "memory ran out: the report does not tell why, and there is no bug to describe";
	if (kind == CRASH_SYSRQ)
		return "somebody asked for this crash (sysrq): there is no bug to describe";
	return NULL;
}

static const char *any_without_bug(const struct crash *const *crashes, size_t count)
{
	const char *why = NULL;

	for (size_t i = 0; i < count && !why; i++)
		why = no_bug(crashes[i]->kind);
	return why;
}

static bool too_little(const struct common *common, size_t count, struct error *error)
{
	bool plumbing = common->culprit.length || common->instruction_pointer.length;

	if (count > 1)
		return error_set(error, "these crashes share no more than %s: that does not tell their bug from others",
				 common->trace_count ? "functions that much else passes through"
				 : plumbing          ? "a kind of crash and plumbing"
						     : "a kind of crash");
	return error_set(error, "%s: that does not tell its bug from others",
			 plumbing ? "all that is known of this crash is plumbing"
				  : "no function of this crash is known, and its first line says no more than its kind");
}

bool common_find(struct arena *arena, const struct crash *const *crashes, size_t count, struct common *common,
		 struct error *error)
{
	const char *why = any_without_bug(crashes, count);

	*common = (struct common){ 0 };
	if (why)
		return error_set(error, "%s", why);
	find_kinds(crashes, count, common);
	find_functions(arena, crashes, count, common);
	if (common->kind_count != 1 && !common->culprit.length && count > 1)
		return error_set(error, "these crashes have neither the kind nor the culprit in common: is it one bug?");
	if (!common_find_trace(arena, crashes, count, common))
		return error_out_of_memory(error);
	find_fault_address(crashes, count, common);
	common->module = same(module, crashes, count);
	if (!function_tells(crashes, count, common)) {
		common->log = find_log(arena, crashes, count);
		if (!common->log.length && !arena->failed)
			return too_little(common, count, error);
	}
	return !arena->failed || error_out_of_memory(error);
}
